/// Texts measured in Unicode scalars, whose number does not depend on a version of Unicode as that
/// of grapheme clusters does.
enum ScalarPrefix {
    /// How many scalars a text has.
    static func count(_ text: String) -> Int {
        text.unicodeScalars.count
    }

    /// The first scalars of a text.
    static func of(_ text: String, count: Int) -> String {
        String(text.unicodeScalars.prefix(count))
    }
}
