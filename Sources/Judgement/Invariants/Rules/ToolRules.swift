internal import Determinism

/// Rules about which tools are used, with what, and in which order.
enum ToolRules {
    static let all = callKinds + argumentKinds + effectKinds

    static let toolParameter = InvariantParameter(
        "tool", "text",
        "The name of the tool, or `METHOD /path` for one over plain HTTP; `*` stands for any text "
            + "of a path.")
    private static let argumentsParameter = InvariantParameter(
        "arguments", "JSON pattern", standard: "any arguments",
        "Members that must be there and be equal, numbers by value; `{\"$matches\": \"...\"}` is "
            + "a regular expression for a text. Other members may stand beside them. Over plain "
            + "HTTP the body is looked at, not the query.")

    private static let callKinds = [
        InvariantKind(
            "tool_called", .tools,
            summary: "A tool is used: its call went over the wire, or a model was told its result.",
            parameters: [
                toolParameter, argumentsParameter,
                InvariantParameter("at_least", "whole number", standard: "1", "The fewest uses."),
                InvariantParameter(
                    "at_most", "whole number", standard: "no limit", "The most uses."),
            ],
            example: #"{"tool": "search", "arguments": {"query": {"$matches": "(?i)refund"}}}"#
        ) { (arguments) throws(InvariantError) in
            try arguments.allow(["tool", "arguments", "at_least", "at_most"])
            return try Called(arguments)
        },
        InvariantKind(
            "tool_not_called", .tools,
            summary: "A tool is not used, or not with these arguments; that a model asks for it is "
                + "fine as long as nothing shows that it was run: a result that is an error says "
                + "that the agent refused it.",
            parameters: [toolParameter, argumentsParameter],
            example: #"{"tool": "delete_account"}"#
        ) { (arguments) throws(InvariantError) in
            try arguments.allow(["tool", "arguments"])
            return NotCalled(selection: try ToolSelection(arguments))
        },
        InvariantKind(
            "tool_order", .tools,
            summary: "Tools are used in this order: those that run at the same time count in the "
                + "order in which they were seen.",
            parameters: [
                InvariantParameter("tools", "list of texts", "Names, or `METHOD /path` patterns."),
                InvariantParameter(
                    "mode", "`subsequence`, `exact` or `any_order`", standard: "subsequence",
                    "`exact`: these uses and no other. `subsequence`: others may stand between "
                        + "them. `any_order`: each as often as it stands in the list, or more."),
            ],
            example: #"{"tools": ["find_order", "refund"], "mode": "subsequence"}"#
        ) { (arguments) throws(InvariantError) in
            try arguments.allow(["tools", "mode"])
            let mode = try arguments.optional("mode")?.word(of: Order.Mode.allCases.map(\.rawValue))
            return Order(
                tools: try arguments.required("tools").texts(),
                mode: mode.flatMap(Order.Mode.init(rawValue:)) ?? .subsequence)
        },
        InvariantKind(
            "only_tools", .tools,
            summary: "No other tools than these are used. What a model asks for and the agent does "
                + "not run, or refuses with an error as the result, is fine.",
            parameters: [
                InvariantParameter(
                    "", "list of texts", "Names, or `METHOD /path` patterns for plain HTTP.")
            ],
            example: #"["search", "GET /orders/*"]"#
        ) { (arguments) throws(InvariantError) in
            Only(tools: try arguments.texts())
        },
    ]

    /// The most witnesses of one finding: more prove nothing more.
    static let witnessesMax = 50

    /// Text of an agent, short enough for a message.
    static func quoted(_ text: String) -> String { "`\(PlainText.clipped(text))`" }

    /// What a message adds where requests to models could not be read.
    static func unreadNote(_ conduct: Conduct) -> String {
        let count = conduct.turns.count { $0.conversation == nil }
        return count == 0 ? "" : "; \(count) of the requests to models could not be read"
    }
}
