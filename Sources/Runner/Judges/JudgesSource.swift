internal import Cassette
package import CassetteStore
package import Determinism
internal import Judgement

/// The cassette with the answers of judges that a command works with.
package struct JudgesSource: Hashable, Sendable {
    /// The file, which need not be there yet.
    package var path: String
    /// The hash of the cassette; nil as long as no judge was asked.
    package var hash: Digest?
    /// How many interactions it held when the command began.
    private var count: Int
    /// The digest of the answers in these.
    private var answers: Digest

    /// Looks at the file; `path` is its name once the folder of the configuration is entered,
    /// `read` that until then.
    package init(_ path: String, read: String) throws(RunnerError) {
        self.path = path
        let reader = try JudgesSource.open(read)
        hash = reader?.hash
        count = reader?.count ?? 0
        answers = try JudgesSource.tape(of: reader, count).digest
    }

    /// The files that judging writes, which are no part of an agent.
    var files: [String] { [path, OpenQuestions(besides: path).path] }

    private static func tape(
        of reader: CassetteReader?, _ count: Int
    ) throws(RunnerError) -> JudgeTape {
        guard let reader else { return JudgeTape([]) }
        return JudgeTape(try interactions(of: reader).prefix(count))
    }

    /// Opens the cassette; nil where there is none.
    package static func open(_ path: String) throws(RunnerError) -> CassetteReader? {
        guard System.exists(path) else { return nil }
        let reader = try CassetteAccess.open(path)
        guard reader.isPacked else {
            throw RunnerError(
                .usage,
                "\(path) was never finished; the answers of judges stand in a cassette that "
                    + "`stormtape judge` wrote")
        }
        return reader
    }

    /// The recorded answers.
    ///
    /// They are those that the command began with: its runs are all judged by the same. What
    /// `judge` records meanwhile stands behind them, and waits for the next command.
    func tape() throws(RunnerError) -> JudgeTape {
        let tape = try JudgesSource.tape(of: try JudgesSource.open(path), count)
        guard tape.digest == answers else {
            throw RunnerError(
                .usage,
                "\(path) was replaced while runs were judged by it: the answers that it held are "
                    + "no longer its first ones; run the command again")
        }
        return tape
    }

    /// All interactions of a cassette.
    static func interactions(
        of reader: CassetteReader
    ) throws(RunnerError) -> [Interaction] {
        var interactions: [Interaction] = []
        do {
            for ordinal in 0..<reader.count {
                interactions.append(try reader.interaction(ordinal + 1))
            }
        } catch {
            throw RunnerError(.usage, error.description)
        }
        return interactions
    }
}

extension JudgesSource {
    /// The JSON form.
    var json: JSONValue {
        [
            "path": .string(path), "hash": hash.map { .string($0.hex) } ?? .null,
            "count": .int(Int64(count)), "answers": .string(answers.hex),
        ]
    }

    /// Reads the JSON form; nil when it is not one, which is our bug.
    init?(json: JSONValue) {
        guard let path = json["path"]?.stringValue, let count = json["count"]?.intValue,
            let answers = json["answers"]?.stringValue.flatMap(Digest.init(hex:))
        else { return nil }
        (self.path, self.count, self.answers) = (path, Int(count), answers)
        hash = json["hash"]?.stringValue.flatMap(Digest.init(hex:))
    }
}
