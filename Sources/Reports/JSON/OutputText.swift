internal import Determinism
internal import Foundation

/// Output of an agent as JSON: its text, or `{"base64": ...}` when it is not UTF-8.
enum OutputText {
    static func json(_ bytes: [UInt8]) -> JSONValue {
        if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return .object([JSONMember("base64", .string(Data(bytes).base64EncodedString()))])
    }

    static func bytes(_ value: JSONValue) -> [UInt8]? {
        if let text = value.stringValue { return Array(text.utf8) }
        return value["base64"]?.stringValue.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
    }
}
