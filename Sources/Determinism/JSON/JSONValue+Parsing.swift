extension JSONValue {
    /// Reads one JSON value from UTF-8 bytes: RFC 8259 and nothing beyond it.
    ///
    /// Refused are also what RFC 8259 leaves open: duplicate names, lone surrogates, a byte order
    /// mark, and text beyond the limits. The error says where.
    public static func parse(
        _ bytes: [UInt8], limits: JSONLimits = .standard
    ) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, limits: limits)
        return try parser.parseDocument()
    }

    /// Reads one JSON value from a slice; offsets in errors count from the slice's first byte.
    public static func parse(
        _ bytes: ArraySlice<UInt8>, limits: JSONLimits = .standard
    ) throws(JSONError) -> JSONValue {
        try parse(Array(bytes), limits: limits)
    }

    /// Reads one JSON value from a text; offsets in errors count UTF-8 bytes.
    public static func parse(
        text: String, limits: JSONLimits = .standard
    ) throws(JSONError) -> JSONValue {
        try parse(Array(text.utf8), limits: limits)
    }
}
