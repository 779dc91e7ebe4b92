// Not by nil: in `condition ? value : nil` it would mean null where absence was meant.
extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// A Boolean literal.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    /// An integer literal.
    public init(integerLiteral value: Int64) {
        self = .int(value)
    }

    /// A string literal.
    public init(stringLiteral value: String) {
        self = .string(value)
    }

    /// An array literal.
    public init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }

    /// A dictionary literal, its members in the order written, each name once.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (place, element) in elements.enumerated() {
            precondition(
                !elements[..<place].contains { $0.0.isByteEqual(to: element.0) },
                "the literal names the member \(element.0) twice")
        }
        self = .object(elements.map { JSONMember($0.0, $0.1) })
    }
}
