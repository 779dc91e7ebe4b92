import Determinism

/// A crash as an input that the tests of the main package run again.
enum Regression {
    /// The entry, for the list of `FuzzRegressions.swift`; nil for a fault, which has tests of its
    /// own.
    static func entry(_ law: Law, _ bytes: [UInt8], name: String) -> String? {
        guard law.name != Law.faults.name else { return nil }
        let rows = stride(from: 0, to: bytes.count, by: 12).map { start in
            let row = bytes[start..<min(bytes.count, start + 12)]
            return "            " + row.map(hex).joined(separator: ", ") + ","
        }
        return """
                FuzzRegression(
                    name: \(name.debugDescription), law: .\(law.name),
                    bytes: [
            \(rows.map { "    " + $0 }.joined(separator: "\n"))
                    ]),
            """
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "0x" + (digits.count == 1 ? "0" : "") + digits
    }
}
