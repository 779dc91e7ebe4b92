/// Capital letters of five by five signs.
enum BlockFont {
    private static let letters = """
        .###.#...#######...##...# ####.#...#####.#...#####. .#####....#....#.....####
        ####.#...##...##...#####. ######....####.#....##### ######....####.#....#....
        .#####....#..###...#.#### #...##...#######...##...# #####..#....#....#..#####
        ..###...#....#.#..#..##.. #..#.#.#..##...#.#..#..#. #....#....#....#....#####
        #...###.###.#.##...##...# #...###..##.#.##..###...# .###.#...##...##...#.###.
        ####.#...#####.#....#.... .###.#...##.#.##..#..##.# ####.#...#####.#..#.#...#
        .#####.....###.....#####. #####..#....#....#....#.. #...##...##...##...#.###.
        #...##...##...#.#.#...#.. #...##...##.#.###.###...# #...#.#.#...#...#.#.#...#
        #...#.#.#...#....#....#.. #####...#...#...#...#####
        """.split(whereSeparator: \.isWhitespace).map(Array.init)

    /// A word of Latin letters as five lines; other signs are left out.
    static func drawn(_ word: String) -> String {
        let shapes = word.utf8.compactMap { byte -> [Character]? in
            // The fifth bit of a letter is its case.
            let index = Int(byte | 0x20) - 0x61
            return letters.indices.contains(index) ? letters[index] : nil
        }
        return (0..<5).map { row in
            shapes.map { String($0.dropFirst(5 * row).prefix(5)) }.joined(separator: " ")
        }.joined(separator: "\n")
    }

    /// How many signs each letter has: all the same.
    static var sizes: [Int] { letters.map(\.count) }
}
