internal import Determinism

/// JSON as text that YAML reads as the same value.
///
/// YAML refuses characters that JSON may hold as they are: those are escaped.
enum FlowText {
    static func of(_ value: JSONValue) -> String {
        var text = ""
        for scalar in value.encodedText().unicodeScalars {
            switch scalar.value {
            case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
