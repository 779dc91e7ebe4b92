internal import Cassette
internal import Determinism
internal import Faults

/// One object of a certificate, whose members are all known.
struct CertificateReader {
    let path: String
    private let value: JSONValue

    init(_ value: JSONValue, at path: String, members: [String]) throws(CertificateError) {
        self.path = path
        self.value = value
        guard let present = value.objectValue else {
            throw CertificateError(.invalidValue, at: path, "must be an object")
        }
        for member in present where !members.contains(member.key) {
            let question = Suggestion.question(for: member.key, in: members) ?? "remove it."
            throw CertificateError(
                .unknownMember, at: path,
                "unknown member '\(member.key)'; \(question) "
                    + "Allowed: " + members.joined(separator: ", "))
        }
    }

    func has(_ name: String) -> Bool { value[name] != nil }

    func required(_ name: String) throws(CertificateError) -> JSONValue {
        guard let member = value[name] else {
            throw CertificateError(
                .missingMember, at: path, "the member '\(name)' is missing; it was cut or edited")
        }
        return member
    }

    func object(
        _ name: String, members: [String]
    ) throws(CertificateError) -> CertificateReader {
        try CertificateReader(required(name), at: "\(path).\(name)", members: members)
    }

    /// The elements of a list with their paths.
    func list(_ name: String) throws(CertificateError) -> [(JSONValue, String)] {
        guard let elements = try required(name).arrayValue else {
            throw invalid(name, "must be a list")
        }
        return elements.enumerated().map { ($1, "\(path).\(name)[\($0)]") }
    }

    func text(_ name: String) throws(CertificateError) -> String {
        guard let text = try required(name).stringValue else {
            throw invalid(name, "must be a text")
        }
        return text
    }

    func flag(_ name: String) throws(CertificateError) -> Bool {
        guard let flag = try required(name).boolValue else {
            throw invalid(name, "must be true or false")
        }
        return flag
    }

    func whole(_ name: String, in range: ClosedRange<Int>) throws(CertificateError) -> Int {
        try Self.whole(required(name), at: "\(path).\(name)", in: range)
    }

    func digest(_ name: String) throws(CertificateError) -> Digest {
        let text = try text(name)
        guard let digest = Digest(hex: text), digest.hex == text else {
            throw invalid(name, "must be 64 hexadecimal digits in lower case")
        }
        return digest
    }

    func fingerprint(_ name: String) throws(CertificateError) -> Fingerprint {
        let text = try text(name)
        guard let fingerprint = Fingerprint(hex: text), fingerprint.hex == text else {
            throw invalid(name, "must be 32 hexadecimal digits in lower case")
        }
        return fingerprint
    }

    func seed(_ name: String) throws(CertificateError) -> Seed {
        try Self.seed(required(name), at: "\(path).\(name)")
    }

    func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, as type: Word.Type
    ) throws(CertificateError) -> Word where Word.RawValue == String {
        try Self.word(required(name), at: "\(path).\(name)", as: type)
    }

    func invalid(_ name: String, _ message: String) -> CertificateError {
        CertificateError(.invalidValue, at: "\(path).\(name)", message)
    }

    // MARK: Single values

    static func whole(
        _ value: JSONValue, at path: String, in range: ClosedRange<Int>
    ) throws(CertificateError) -> Int {
        guard let number = value.intValue, let whole = Int(exactly: number), range.contains(whole)
        else {
            let limit = range.upperBound == .max ? "" : " and at most \(range.upperBound)"
            throw CertificateError(
                .invalidValue, at: path,
                "must be a whole number of at least \(range.lowerBound)\(limit)")
        }
        return whole
    }

    /// A place in a list with so many elements.
    static func place(
        _ value: JSONValue, at path: String, of count: Int, _ list: String
    ) throws(CertificateError) -> Int {
        guard let number = value.intValue, let place = Int(exactly: number), place >= 0,
            place < count
        else {
            throw CertificateError(
                .inconsistent, at: path, "must be a place in '\(list)', which has \(count)")
        }
        return place
    }

    static func seed(_ value: JSONValue, at path: String) throws(CertificateError) -> Seed {
        guard let text = value.stringValue, let seed = Seed(text: text), seed.description == text
        else {
            throw CertificateError(
                .invalidValue, at: path, "must be a whole number of 64 bits, written as a text")
        }
        return seed
    }

    static func word<Word: RawRepresentable & CaseIterable>(
        _ value: JSONValue, at path: String, as type: Word.Type
    ) throws(CertificateError) -> Word where Word.RawValue == String {
        guard let word = value.stringValue.flatMap({ Word(rawValue: $0) }) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw CertificateError(.invalidValue, at: path, "must be one of \(words)")
        }
        return word
    }
}
