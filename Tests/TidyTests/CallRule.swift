/// What the pure core must not mention, and what to take in its place.
enum CallRule {
    static let banned: [(text: String, instead: String)] = [
        ("Date()", "take a SimInstant from the caller"),
        ("Date.now", "take a SimInstant from the caller"),
        ("UUID()", "draw from KeyedRandom, with a purpose of its own"),
        ("ContinuousClock", "take a SimInstant from the caller"),
        ("SuspendingClock", "take a SimInstant from the caller"),
        ("SystemRandomNumberGenerator", "draw from KeyedRandom"),
        (".random(", "draw from KeyedRandom"),
        (".randomElement(", "draw from KeyedRandom"),
        (".shuffle(", "sort by a draw from KeyedRandom"),
        (".shuffled(", "sort by a draw from KeyedRandom"),
        ("Task {", "return an action; the shell carries it out"),
        ("Task.detached", "return an action; the shell carries it out"),
        ("Task.sleep", "schedule on the EventQueue"),
        ("Task.yield", "schedule on the EventQueue"),
        ("DispatchQueue", "return an action; the shell carries it out"),
        ("Thread", "return an action; the shell carries it out"),
        ("print(", "return what is to be said; the shell says it"),
        ("readLine(", "take the bytes from the caller"),
        ("getenv(", "take the value from the caller"),
        ("ProcessInfo", "take the value from the caller"),
        ("FileManager", "take the bytes from the caller"),
        ("hashValue", "use Digest: hash values change from process to process"),
        ("Hasher", "use RollingDigest: hash values change from process to process"),
        ("Double", "use Int64 or Ratio: text and rounding of floats are not ours to decide"),
        ("Float", "use Int64 or Ratio: text and rounding of floats are not ours to decide"),
    ]

    /// A conformance to Hashable has to name the hasher.
    private static let conformance = "func hash(into hasher: inout Hasher)"

    static func findings(in file: SourceFile, layout: Layout) -> [Finding] {
        guard let name = file.module, layout.module(name)?.ring == 1 else { return [] }
        return file.source.code.enumerated().flatMap { line, code in
            let code = code.replacing(conformance, with: "")
            return banned.filter { code.mentions($0.text) }.map {
                file.finding(line, "\($0.text) is banned in ring 1: \($0.instead)")
            }
        }
    }
}

extension String {
    /// Whether a text occurs that is not a part of a longer identifier.
    func mentions(_ text: String) -> Bool {
        ranges(of: text).contains { range in
            let before = range.lowerBound > startIndex ? self[index(before: range.lowerBound)] : " "
            let after = range.upperBound < endIndex ? self[range.upperBound] : " "
            return !(text.first?.continuesIdentifier == true && before.continuesIdentifier)
                && !(text.last?.continuesIdentifier == true && after.continuesIdentifier)
        }
    }
}

extension Character {
    /// Whether an identifier can go on with this character.
    var continuesIdentifier: Bool { isLetter || isNumber || self == "_" }
}
