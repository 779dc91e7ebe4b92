internal import Cassette
internal import Determinism

/// Why bytes are no run summary of this version.
package struct ReportFormatError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The member that is wrong.
    package let path: String
    /// What was expected there.
    package let message: String

    /// The path and the message in one line.
    package var description: String {
        "not a run summary of this version: \(path): \(message); run the same build everywhere"
    }
}

/// Reads typed members of an object, with the path for errors.
struct ReportFields {
    let value: JSONValue
    let path: String

    init(_ value: JSONValue, path: String = "$") {
        self.value = value
        self.path = path
    }

    func wrong(_ name: String, _ expected: String) -> ReportFormatError {
        ReportFormatError(path: "\(path).\(name)", message: "expected \(expected)")
    }

    func member(_ name: String) throws(ReportFormatError) -> ReportFields {
        guard let member = value[name] else { throw wrong(name, "a value") }
        return ReportFields(member, path: "\(path).\(name)")
    }

    func text(_ name: String) throws(ReportFormatError) -> String {
        guard let text = value[name]?.stringValue else { throw wrong(name, "a text") }
        return text
    }

    func flag(_ name: String) throws(ReportFormatError) -> Bool {
        guard let flag = value[name]?.boolValue else { throw wrong(name, "true or false") }
        return flag
    }

    func long(_ name: String) throws(ReportFormatError) -> Int64 {
        guard let number = value[name]?.intValue else { throw wrong(name, "a whole number") }
        return number
    }

    func number(_ name: String) throws(ReportFormatError) -> Int {
        Int(try long(name))
    }

    /// Null is nil.
    func optionalNumber(_ name: String) throws(ReportFormatError) -> Int? {
        try member(name).value.isNull ? nil : try number(name)
    }

    func choice<Value: RawRepresentable<String>>(
        _ name: String, _ type: Value.Type
    ) throws(ReportFormatError) -> Value {
        guard let value = Value(rawValue: try text(name)) else { throw wrong(name, "\(type)") }
        return value
    }

    func digest(_ name: String) throws(ReportFormatError) -> Digest {
        guard let digest = Digest(hex: try text(name)) else { throw wrong(name, "a digest") }
        return digest
    }

    func fingerprint(_ name: String) throws(ReportFormatError) -> Fingerprint {
        guard let fingerprint = Fingerprint(hex: try text(name)) else {
            throw wrong(name, "a fingerprint")
        }
        return fingerprint
    }

    func list<Element>(
        _ name: String, _ read: (ReportFields) throws(ReportFormatError) -> Element
    ) throws(ReportFormatError) -> [Element] {
        guard let elements = value[name]?.arrayValue else { throw wrong(name, "a list") }
        var list: [Element] = []
        for (index, element) in elements.enumerated() {
            list.append(try read(ReportFields(element, path: "\(path).\(name)[\(index)]")))
        }
        return list
    }

    func texts(_ name: String) throws(ReportFormatError) -> [String] {
        try list(name) { (item) throws(ReportFormatError) in
            guard let text = item.value.stringValue else {
                throw ReportFormatError(path: item.path, message: "expected a text")
            }
            return text
        }
    }

    func bytes(_ name: String) throws(ReportFormatError) -> [UInt8] {
        guard let bytes = try OutputText.bytes(member(name).value) else {
            throw wrong(name, "a text or base64")
        }
        return bytes
    }
}
