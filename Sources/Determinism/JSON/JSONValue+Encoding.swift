extension JSONValue {
    /// The compact encoding in UTF-8, members in their order, numbers as written.
    public func encoded() -> [UInt8] {
        JSONWriter.bytes(of: self, style: .compact)
    }

    /// The compact encoding as text.
    public func encodedText() -> String {
        String(decoding: encoded(), as: UTF8.self)
    }

    /// The one encoding that is hashed, stored and compared, in UTF-8.
    ///
    /// Compact, members sorted by the UTF-8 bytes of their names, numbers as written. Escaped are
    /// only `"`, `\` and control characters: `\b \t \n \f \r`, the rest as `\u00xx` in lower case.
    public func canonical() -> [UInt8] {
        JSONWriter.bytes(of: self, style: .canonical)
    }

    /// The canonical encoding as text.
    public func canonicalText() -> String {
        String(decoding: canonical(), as: UTF8.self)
    }

    /// The text that Python's `json.dumps` gives by default: spaced, all but ASCII as `\uxxxx`.
    public func pythonStyle() -> String {
        String(decoding: JSONWriter.bytes(of: self, style: .python), as: UTF8.self)
    }

    /// The text that Python's `json.dumps` gives with `ensure_ascii=False`.
    public func pythonStyleRaw() -> String {
        String(decoding: JSONWriter.bytes(of: self, style: .pythonRaw), as: UTF8.self)
    }
}
