import Determinism

extension Law {
    /// JSON that is read and written is read again as the same value.
    static let json = Law(name: "json") { input throws(LawBroken) in
        let limits = JSONLimits(depthMax: 1 + input.number(0), bytesMax: 1 << 20)
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue.parse(input.body, limits: limits)
        } catch {
            try demand(
                (0...input.body.count).contains(error.offset), "an error is outside of the text")
            return
        }
        try same(value.encoded(), as: value, limits, "what is written")
        let text = value.encodedText()
        try demand(Array(text.utf8) == value.encoded(), "the text is not what the bytes are")
        let canonical = value.canonical()
        let sorted: JSONValue
        do throws(JSONError) {
            sorted = try JSONValue.parse(canonical, limits: limits)
        } catch {
            throw LawBroken("the canonical form cannot be read: \(error)")
        }
        try demand(sorted.canonical() == canonical, "the canonical form has another one")
    } seeds: { seed in
        seed.lines.prefix(4).map { FuzzInput.bytes(Array($0.utf8), [127]) }
    }

    private static func same(
        _ bytes: [UInt8], as value: JSONValue, _ limits: JSONLimits, _ what: String
    ) throws(LawBroken) {
        let again: JSONValue
        do throws(JSONError) {
            again = try JSONValue.parse(bytes, limits: limits)
        } catch {
            throw LawBroken("\(what) cannot be read: \(error)")
        }
        try demand(again == value, "\(what) is another value")
    }
}
