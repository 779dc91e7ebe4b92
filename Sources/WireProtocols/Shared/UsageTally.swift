import Determinism

/// Counts the tokens that an answer says it cost, document by document.
///
/// A later count replaces an earlier one of the same name. What is negative or no integer that
/// fits is no count. Where an answer counts only one side, the other is 0.
struct UsageTally {
    private let inputKeys: [String]
    private let outputKeys: [String]
    private var counts: [String: Int] = [:]

    /// A tally of counters, those of each side to be added up.
    init(input: [String], output: [String]) {
        inputKeys = input
        outputKeys = output
    }

    /// What was counted; nil where nothing was.
    var usage: AnswerUsage? {
        let input = sum(inputKeys)
        let output = sum(outputKeys)
        guard input != nil || output != nil else { return nil }
        return AnswerUsage(inputTokens: input ?? 0, outputTokens: output ?? 0)
    }

    /// Takes the counters of a document.
    mutating func take(_ counters: JSONValue?) {
        guard let counters else { return }
        for key in inputKeys + outputKeys {
            if let count = Self.count(counters[key]) { counts[key] = count }
        }
    }

    /// Takes the counters of a whole body, which `place` finds in each of its documents.
    ///
    /// A stream is read to its end, since some count behind what ends the answer.
    consuming func reading(
        _ body: [UInt8], _ framing: StreamFraming?, in place: (JSONValue) -> JSONValue?
    ) -> AnswerUsage? {
        guard let framing else {
            take((try? JSONValue.parse(body)).flatMap(place))
            return usage
        }
        for event in framing.events(of: body) {
            // Behind a broken frame a client reads nothing.
            guard event.isTerminated else { break }
            take(event.json.flatMap(place))
        }
        return usage
    }

    private func sum(_ keys: [String]) -> Int? {
        keys.compactMap { counts[$0] }.reduce(nil) { total, count in
            let (sum, overflows) = (total ?? 0).addingReportingOverflow(count)
            return overflows ? .max : sum
        }
    }

    /// A count; some providers write it as a number with a fraction of nothing.
    private static func count(_ value: JSONValue?) -> Int? {
        guard let text = value?.numberText else { return nil }
        let halves = text.split(separator: ".", maxSplits: 1)
        guard let whole = halves.first.flatMap({ Int($0) }), whole >= 0,
            halves.dropFirst().allSatisfy({ $0.allSatisfy { $0 == "0" } })
        else { return nil }
        return whole
    }
}
