internal import CassetteStore
internal import Determinism
internal import Judgement
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The questions to judges that runs left open: a file beside the cassette of judges.
///
/// Each question stands there once, on a line of its own, in an order that depends on nothing but
/// the questions.
package struct OpenQuestions {
    /// The member of a worker's answer that holds the questions of its run.
    static let member = "open_questions"

    /// The file.
    package let path: String

    /// The file beside a cassette of judges.
    package init(besides judges: String) {
        path = judges + ".open.json"
    }

    /// The questions; none where there is no file.
    func read() throws(RunnerError) -> [JudgeQuestion] {
        guard System.exists(path) else { return [] }
        guard let bytes = System.contents(of: path), let json = try? JSONValue.parse(bytes),
            json["format"]?.intValue == 1, let listed = json["questions"]?.arrayValue
        else { throw refusal("is no list of open questions of this version") }
        var questions: [JudgeQuestion] = []
        for (place, item) in listed.enumerated() {
            guard let question = JudgeQuestion(json: item) else {
                throw refusal("its question \(place + 1) cannot be read")
            }
            questions.append(question)
        }
        return OpenQuestions.ordered(questions)
    }

    /// How many there are.
    package var count: Int {
        get throws(RunnerError) { try read().count }
    }

    /// The member of a worker's answer, where there is something to say.
    static func members(_ open: [JudgeQuestion]) -> [JSONMember] {
        open.isEmpty ? [] : [JSONMember(member, .array(open.map(\.json)))]
    }

    /// Adds the questions of runs; where they cannot be kept, the runs count all the same.
    func keep(_ answers: [JSONValue]) {
        do {
            try add(answers)
        } catch {
            let text = "warning: \(error); the questions to judges are open, and lost\n"
            System.write(Array(text.utf8), to: 2)
        }
    }

    /// Adds the questions of runs, by the answers of workers; one that stands there stays.
    func add(_ answers: [JSONValue]) throws(RunnerError) {
        let asked = answers.flatMap { $0[OpenQuestions.member]?.arrayValue ?? [] }
        let questions = asked.compactMap(JudgeQuestion.init(json:))
        guard !questions.isEmpty else { return }
        try change { $0 + questions }
    }

    /// Takes out the questions that were answered.
    func remove(where isAnswered: (JudgeQuestion) -> Bool) throws(RunnerError) {
        guard System.exists(path) else { return }
        try change { questions in questions.filter { !isAnswered($0) } }
    }

    /// Rewrites the file in one step, while no other process does; no file stands for no question.
    private func change(_ edit: ([JudgeQuestion]) -> [JudgeQuestion]) throws(RunnerError) {
        let lock = try holdFolder()
        defer { close(lock) }
        let before = try read()
        let after = OpenQuestions.ordered(edit(before))
        guard after != before else { return }
        guard !after.isEmpty else {
            unlink(path)
            return
        }
        let temporary = "\(path).\(getpid())"
        do {
            guard System.replaceFile(temporary, OpenQuestions.bytes(of: after)) else {
                throw RunnerError(.usage, "cannot write \(path): \(System.errorText(errno))")
            }
            try synchronize(path: temporary)
            guard rename(temporary, path) == 0 else {
                throw RunnerError(.usage, "cannot write \(path): \(System.errorText(errno))")
            }
        } catch {
            unlink(temporary)
            throw error as? RunnerError ?? RunnerError(.usage, "\(error)")
        }
    }

    /// A lock on the folder, since the file itself is replaced.
    private func holdFolder() throws(RunnerError) -> Int32 {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let folder = parts.isEmpty ? "." : parts.joined(separator: "/") + "/"
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw RunnerError(
                .usage, "cannot write \(path): \(System.errorText(errno)); make the folder first")
        }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { break }
        }
        return descriptor
    }

    private static func ordered(_ questions: [JudgeQuestion]) -> [JudgeQuestion] {
        var sorted: [JudgeQuestion] = []
        for question in questions.sorted() where sorted.last?.fingerprint != question.fingerprint {
            sorted.append(question)
        }
        return sorted
    }

    private static func bytes(of questions: [JudgeQuestion]) -> [UInt8] {
        let lines = questions.map { $0.json.canonicalText() }.joined(separator: ",\n")
        return Array("{\"format\":1,\"questions\":[\n\(lines)\n]}\n".utf8)
    }

    private func refusal(_ reason: String) -> RunnerError {
        RunnerError(
            .usage,
            "\(path): \(reason); delete it, and let a storm write it again")
    }
}

extension System {
    /// Whether something is at the path.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
