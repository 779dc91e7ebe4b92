internal import Determinism

/// Rules about the words of the output.
///
/// The output is what the agent wrote to standard output, or, when it is a server, each of its
/// answers. Blanks and line ends around it do not count.
enum TextRules {
    static let all =
        containing + [equals, startsWith, endsWith, excludesPattern, regex, validJSON] + shapes
        + [similarity, behaviorUnchanged, refusalCheck, latency]

    private static let containing = [
        InvariantKind(
            "contains", .output, summary: "The output contains this text.",
            parameters: [
                InvariantParameter("value", "text", "The text; the short form is the text alone."),
                caseParameter,
            ],
            example: #"{"value": "refund"}"#
        ) { (arguments) throws(InvariantError) in
            let (value, isExact) = try subject(arguments)
            return Contains(
                name: "contains", texts: [try value.text()], isCaseSensitive: isExact)
        },
        InvariantKind(
            "contains_any", .output, summary: "The output contains one of these texts.",
            parameters: [
                InvariantParameter(
                    "values", "texts", "The texts; the short form is the list alone."),
                caseParameter,
            ],
            example: #"{"values": ["refund", "money back"]}"#
        ) { (arguments) throws(InvariantError) in
            let (values, isExact) = try subject(arguments, "values")
            return Contains(
                name: "contains_any", texts: try values.texts(), isCaseSensitive: isExact)
        },
    ]

    private static let equals = whole("equals", "The output is this text.") { $0 == $1 }
    private static let startsWith = whole("starts_with", "The output begins with this text.") {
        $0.starts(with: $1)
    }
    private static let endsWith = whole("ends_with", "The output ends with this text.") {
        $0.suffix($1.count).elementsEqual($1)
    }

    private static let excludesPattern = InvariantKind(
        "excludes_pattern", .output,
        summary: "None of these regular expressions and texts is in the output.",
        parameters: [
            InvariantParameter(
                "patterns", "regular expressions", standard: "none",
                "The expressions; the short form is their list alone."),
            InvariantParameter("texts", "texts", standard: "none", "Plain texts."),
            InvariantParameter(
                "case_sensitive", "true or false", standard: "false",
                "Whether capital letters differ from small ones, in the expressions as in the "
                    + "texts. Without it each expression begins with `(?i)`."),
        ],
        example: #"{"patterns": ["\\d{16}"], "texts": ["as an AI"]}"#
    ) { (arguments) throws(InvariantError) in
        let source = arguments.isObject ? arguments.optional("patterns") : arguments
        if arguments.isObject { try arguments.allow(["patterns", "texts", "case_sensitive"]) }
        let texts = try arguments.optional("texts")?.texts() ?? []
        guard source != nil || !texts.isEmpty else {
            throw InvariantError(
                .missingArgument, at: arguments.path, "give `patterns`, `texts` or both")
        }
        let isExact = try arguments.optional("case_sensitive")?.flag() ?? false
        return Excludes(
            patterns: try source.map { (list) throws(InvariantError) in
                try expressions(list, isCaseSensitive: isExact)
            } ?? [],
            texts: texts, isCaseSensitive: isExact)
    }

    private static let regex = InvariantKind(
        "regex", .output,
        summary: "The output matches this regular expression, in which a point is any character.",
        parameters: [
            InvariantParameter(
                "pattern", "regular expression",
                "The expression; the short form is the expression alone.")
        ],
        example: #"{"pattern": "order \\d+"}"#
    ) { (arguments) throws(InvariantError) in
        if arguments.isObject { try arguments.allow(["pattern"]) }
        let text = arguments.isObject ? try arguments.required("pattern") : arguments
        return Expression(
            text: try text.text(), pattern: try Pattern("(?s)" + text.text(), at: text.path))
    }

    private static let validJSON = InvariantKind(
        "valid_json", .output, summary: "The output is JSON.", example: "true"
    ) { (arguments) throws(InvariantError) in
        _ = try arguments.options([])
        return OutputRules.IsJSON(schema: nil)
    }

    // MARK: Reading arguments

    static let caseParameter = InvariantParameter(
        "case_sensitive", "true or false", standard: "false",
        "Whether capital letters differ from small ones.")

    /// The main argument, alone or as a member, and whether capital letters count.
    static func subject(
        _ arguments: InvariantArguments, _ name: String = "value"
    ) throws(InvariantError) -> (value: InvariantArguments, isCaseSensitive: Bool) {
        guard arguments.isObject else { return (arguments, false) }
        try arguments.allow([name, "case_sensitive"])
        return (
            try arguments.required(name),
            try arguments.optional("case_sensitive")?.flag() ?? false
        )
    }

    /// One regular expression, or a list of them.
    private static func expressions(
        _ arguments: InvariantArguments, isCaseSensitive: Bool
    ) throws(InvariantError) -> [Expression] {
        var expressions: [Expression] = []
        for (index, text) in try arguments.texts().enumerated() {
            let isList = arguments.value.arrayValue != nil
            let path = isList ? "\(arguments.path)[\(index)]" : arguments.path
            let written = try Pattern(text, at: path)
            expressions.append(
                Expression(
                    text: text,
                    pattern: isCaseSensitive ? written : try Pattern("(?i)" + text, at: path)))
        }
        return expressions
    }

    private static func whole(
        _ name: String, _ summary: String,
        _ holds: @escaping @Sendable ([UInt8], [UInt8]) -> Bool
    ) -> InvariantKind {
        InvariantKind(
            name, .output, summary: summary,
            parameters: [
                InvariantParameter("value", "text", "The text; the short form is the text alone."),
                caseParameter,
            ],
            example: #"{"value": "Done."}"#
        ) { (arguments) throws(InvariantError) in
            let (value, isExact) = try subject(arguments)
            return Whole(
                name: name, text: try value.text(), isCaseSensitive: isExact, holds: holds)
        }
    }
}
