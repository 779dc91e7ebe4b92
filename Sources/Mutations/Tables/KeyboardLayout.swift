/// The letters of a keyboard, row by row; neighbours follow from their places.
struct KeyboardLayout: Sendable {
    private let rows: [[Character]]

    static let qwerty = KeyboardLayout(["qwertyuiop", "asdfghjkl", "zxcvbnm"])
    static let qwertz = KeyboardLayout(["qwertzuiopü", "asdfghjklöä", "yxcvbnm"])
    static let azerty = KeyboardLayout(["azertyuiop", "qsdfghjklm", "wxcvbn"])

    private init(_ rows: [String]) {
        self.rows = rows.map(Array.init)
    }

    /// The keys around that of a letter, in the case of the letter; none for a foreign letter.
    func neighbours(of letter: Character) -> [String] {
        let small = Character(cased: letter.lowercased()) ?? letter
        for (row, keys) in rows.enumerated() {
            guard let column = keys.firstIndex(of: small) else { continue }
            // Each row stands half a key to the right of the one above it.
            let places = [
                (row, column - 1), (row, column + 1), (row - 1, column), (row - 1, column + 1),
                (row + 1, column - 1), (row + 1, column),
            ]
            return places.compactMap { key(row: $0.0, column: $0.1) }
                .map { letter.isUppercase ? $0.uppercased() : String($0) }
        }
        return []
    }

    private func key(row: Int, column: Int) -> Character? {
        guard rows.indices.contains(row), rows[row].indices.contains(column) else { return nil }
        return rows[row][column]
    }
}

extension Character {
    /// The only character of a text; nil when it has several, as the capital of ß has.
    init?(cased text: String) {
        guard text.count == 1, let only = text.first else { return nil }
        self = only
    }
}
