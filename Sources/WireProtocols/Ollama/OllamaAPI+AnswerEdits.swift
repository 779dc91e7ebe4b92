import Determinism

extension OllamaAPI {
    /// The answer with its text cut to `characters` Unicode scalars and `done_reason` `length`.
    ///
    /// Tool calls, which follow the text, are dropped; thinking, which precedes it, stays. Nil
    /// when there is no text or it is shorter.
    public func finishedForLength(_ answer: JSONValue, characters: Int) -> JSONValue? {
        guard let line = OllamaLine(answer, route), !line.text.isEmpty else { return nil }
        let total = ScalarPrefix.count(line.text)
        let isLong = line.doneReason != "length" || characters < total
        guard characters >= 0, characters <= total, isLong else { return nil }
        let text = ScalarPrefix.of(line.text, count: characters)
        guard let short = OllamaLine(line.shortened(to: text), route) else { return nil }
        let json = short.finished("length")
        let isWhole = characters == total && line.calls.isEmpty
        return isWhole ? json : OllamaLine.withoutCopies(json)
    }

    /// The answer with no content, `done_reason` `stop` and one token of output.
    ///
    /// Nil when there is no content to lose.
    public func emptied(_ answer: JSONValue) -> JSONValue? {
        guard let line = OllamaLine(answer, route), !line.text.isEmpty || !line.calls.isEmpty else {
            return nil
        }
        return emptied(line)
    }

    /// The answer whose last tool call keeps the first `members` members of its arguments.
    ///
    /// As in a stream. Nil when there is no tool call, or it has no more members.
    public func toolArgumentsTruncated(_ answer: JSONValue, members: Int) -> JSONValue? {
        OllamaLine(answer, route)?.truncatingArguments(members: members)
    }
}
