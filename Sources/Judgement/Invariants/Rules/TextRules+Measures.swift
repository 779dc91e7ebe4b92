internal import Determinism

/// How alike two texts are, in per mille: by letters and words, with integers only.
enum Likeness {
    enum Method: String, Hashable, Sendable, CaseIterable {
        case trigrams
        case tokens
        case edits
    }

    /// More of a text is not compared, so that sums of squares stay within 64 bits.
    static let scalarsMax = 65_536
    /// The cost of editing is the product of both lengths.
    static let editsMax = 2_000

    /// Capital letters, blanks and line ends do not count; two empty texts are alike.
    static func perMille(_ left: String, _ right: String, _ method: Method) -> Int {
        let (one, other) = (form(left), form(right))
        guard one != other else { return 1000 }
        switch method {
        case .trigrams: return cosine(trigrams(one), trigrams(other))
        case .tokens: return jaccard(words(one), words(other))
        case .edits: return edits(Array(one.prefix(editsMax)), Array(other.prefix(editsMax)))
        }
    }

    static func reaches(_ perMille: Int, _ threshold: Ratio) -> Bool {
        UInt64(perMille) * UInt64(threshold.denominator) >= UInt64(threshold.numerator) * 1000
    }

    /// `97.5 %`.
    static func percent(_ perMille: Int) -> String {
        perMille % 10 == 0 ? "\(perMille / 10) %" : "\(perMille / 10).\(perMille % 10) %"
    }

    private static let blank: Unicode.Scalar = " "

    private static func form(_ text: String) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        for scalar in OutputText.trimmed(text).lowercased().unicodeScalars {
            if scalars.count == scalarsMax { break }
            let plain = scalar.properties.isWhitespace ? blank : scalar
            if plain == blank, scalars.last == blank { continue }
            scalars.append(plain)
        }
        return scalars
    }

    // MARK: Trigrams

    /// Sorted; three code points of 21 bits in one number.
    private static func trigrams(_ scalars: [Unicode.Scalar]) -> [UInt64] {
        // A short text has a beginning and an end too.
        let padded = [blank] + scalars + [blank]
        guard padded.count > 2 else { return [] }
        return (0..<(padded.count - 2)).map { place in
            UInt64(padded[place].value) << 42 | UInt64(padded[place + 1].value) << 21
                | UInt64(padded[place + 2].value)
        }.sorted()
    }

    private static func runs(_ sorted: [UInt64]) -> [(value: UInt64, count: UInt64)] {
        var runs: [(value: UInt64, count: UInt64)] = []
        for value in sorted {
            if let last = runs.indices.last, runs[last].value == value {
                runs[last].count += 1
            } else {
                runs.append((value, 1))
            }
        }
        return runs
    }

    private static func cosine(_ left: [UInt64], _ right: [UInt64]) -> Int {
        let (one, other) = (runs(left), runs(right))
        var (product, place) = (UInt64(0), 0)
        for run in one {
            while place < other.count, other[place].value < run.value { place += 1 }
            if place < other.count, other[place].value == run.value {
                product += run.count * other[place].count
            }
        }
        let squares =
            one.reduce(0) { $0 + $1.count * $1.count }
            .multipliedReportingOverflow(by: other.reduce(0) { $0 + $1.count * $1.count })
        guard !squares.overflow, squares.partialValue > 0 else { return 0 }
        return min(1000, Int(product * 1000 / root(squares.partialValue)))
    }

    /// The whole part of the square root.
    private static func root(_ value: UInt64) -> UInt64 {
        var (low, high) = (UInt64(1), UInt64(UInt32.max))
        while low < high {
            let middle = low + (high - low + 1) / 2
            if middle <= value / middle { low = middle } else { high = middle - 1 }
        }
        return low
    }

    // MARK: Words

    private static func words(_ scalars: [Unicode.Scalar]) -> [String] {
        let pieces = scalars.split {
            !$0.properties.isAlphabetic && $0.properties.numericType == nil
        }
        return pieces.map { String(String.UnicodeScalarView($0)) }.sorted()
            .reduce(into: []) { words, word in if words.last != word { words.append(word) } }
    }

    private static func jaccard(_ left: [String], _ right: [String]) -> Int {
        let common = Set(left).intersection(right).count
        let all = left.count + right.count - common
        return all == 0 ? 1000 : common * 1000 / all
    }

    // MARK: Edits

    private static func edits(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        let longest = max(left.count, right.count)
        guard longest > 0 else { return 1000 }
        var row = Array(0...right.count)
        for (place, scalar) in left.enumerated() {
            var diagonal = row[0]
            row[0] = place + 1
            for (other, wanted) in right.enumerated() {
                let cost = min(
                    row[other] + 1, row[other + 1] + 1, diagonal + (scalar == wanted ? 0 : 1))
                diagonal = row[other + 1]
                row[other + 1] = cost
            }
        }
        return (longest - row[right.count]) * 1000 / longest
    }
}
