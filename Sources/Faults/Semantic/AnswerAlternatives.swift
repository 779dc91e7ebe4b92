import Cassette
import WireProtocols

/// The takes of one fingerprint, by what their answers say.
struct AnswerAlternatives: Sendable {
    /// What an answer says: what is new in each answer, such as identifiers, makes no difference.
    private enum Saying: Hashable {
        case summary(AnswerSummary)
        case bytes(status: Int, [UInt8])
    }

    private struct Key: Hashable {
        let exact: Fingerprint
        let saying: Saying
    }

    /// The first ordinal of each different answer to equal requests, identifiers and all.
    private var different: [Fingerprint: [Int]] = [:]
    /// The first ordinal that says the same.
    private var first: [Int: Int] = [:]

    /// Reads the takes, of which only whole answers without an error count.
    init(_ fingerprint: Fingerprint, on tape: Tape) {
        var known: [Key: Int] = [:]
        for take in 0..<tape.takeCount(fingerprint) {
            guard let ordinal = tape.ordinal(of: fingerprint, take: take + 1) else { continue }
            let row = tape.entry(ordinal)
            guard row.succeeded, let saying = AnswerAlternatives.saying(ordinal, on: tape) else {
                continue
            }
            let key = Key(exact: row.exact, saying: saying)
            if let same = known[key] {
                first[ordinal] = same
            } else {
                known[key] = ordinal
                first[ordinal] = ordinal
                different[row.exact, default: []].append(ordinal)
            }
        }
    }

    /// The answer with this number among those that say something else than that of a row.
    func ordinal(_ number: Int, besides row: TapeEntry) -> Int? {
        guard let own = first[row.ordinal], let group = different[row.exact],
            number >= 1, number < group.count
        else { return nil }
        return group[group.prefix(number).contains(own) ? number : number - 1]
    }

    private static func saying(_ ordinal: Int, on tape: Tape) -> Saying? {
        guard let interaction = try? tape.interaction(ordinal),
            let response = interaction.response
        else { return nil }
        let request = interaction.request
        let bytes = Saying.bytes(status: response.status, response.body)
        guard
            let wire = WireProtocols.of(
                request, upstream: tape.manifest.upstream(interaction.upstream))
        else { return bytes }
        let framing = WireProtocols.framing(of: request, headers: response.headers, wire: wire)
        var summary = wire.summary(of: response.body, framing: framing)
        if summary.text.isEmpty, summary.toolCalls.isEmpty { return bytes }
        for place in summary.toolCalls.indices { summary.toolCalls[place].id = "" }
        return .summary(summary)
    }
}
