/// How much a file may hold, so that no file from elsewhere takes all the memory.
struct SourceLimits: Hashable, Sendable {
    /// The bytes that all packed files within it unfold to.
    var unfoldedBytesMax = 512 << 20
    /// The values of one JSON document.
    var valuesMax = 4_000_000

    static let standard = SourceLimits()

    /// Refuses a JSON document with too many values, before it is read.
    func checkValues(_ json: some Sequence<UInt8>) throws(ImportError) {
        guard Self.values(json) <= valuesMax else {
            throw ImportError(
                .tooLarge, "the JSON has more than \(valuesMax) values; split the recording")
        }
    }

    /// At least as many as the values of the first document: each but the first of a list or an
    /// object has a comma before it.
    static func values(_ json: some Sequence<UInt8>) -> Int {
        var (count, depth) = (1, 0)
        var (isText, isEscaped) = (false, false)
        for byte in json {
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: ","): count += 1
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                count += 1
                depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                if depth <= 0 { return count }
            default: break
            }
        }
        return count
    }
}

/// Whether a line begins with one of the words; the lines are never held all at once.
func hasLine(_ text: ArraySlice<UInt8>, beginningWith words: [String]) -> Bool {
    var rest = text
    while !rest.isEmpty {
        if words.contains(where: { rest.starts(with: $0.utf8) }) { return true }
        guard let end = rest.firstIndex(of: 0x0A) else { return false }
        rest = rest[(end + 1)...]
    }
    return false
}
