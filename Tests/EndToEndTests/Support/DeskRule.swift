import Determinism
import Testing

/// A rule, with a run of the desk agent that keeps it and one that breaks it.
struct DeskRule: Sendable, CustomTestStringConvertible {
    let name: String
    let argument: JSONValue
    let keeps: DeskRun
    let breaks: DeskRun
    /// Whether the end or the output proves it, and no exchange is named.
    var isProvenByOutput = false

    init(_ name: String, _ argument: JSONValue, _ keeps: DeskRun = .right, breaks: DeskRun) {
        self.name = name
        self.argument = argument
        self.keeps = keeps
        self.breaks = breaks
    }

    /// As in a scenario.
    var invariant: JSONValue { .object([JSONMember(name, argument)]) }

    var testDescription: String { name }

    /// What the report of a run says of it.
    func result(in run: Run) -> JSONValue? {
        run.list("invariants").first { $0["invariant"]?[name] != nil }
    }

    static let all = output + tools + failures + budgets

    /// Proven by the end and the output.
    private static let output = [
        DeskRule("exit_code", 0, breaks: .leftBlank),
        DeskRule("completes", true, breaks: .aborted),
        DeskRule("output_matches", "order", breaks: .saidNothing),
        DeskRule("output_not_matches", "sorry", breaks: .saidTooMuch),
        DeskRule("output_json", true, breaks: .saidNothing),
        DeskRule(
            "output_json_schema", ["type": "object", "required": ["answer"]],
            breaks: .saidNothing),
        DeskRule("valid_json", true, breaks: .saidNothing),
        DeskRule("contains", ["value": "order"], breaks: .saidNothing),
        DeskRule("contains_any", ["values": ["refund", "money back"]], breaks: .saidNothing),
        DeskRule("equals", ["value": .string(DeskRun.output)], breaks: .saidNothing),
        DeskRule("starts_with", ["value": #"{"answer": "Done"#], breaks: .saidNothing),
        DeskRule("ends_with", ["value": #"follows."}"#], breaks: .saidNothing),
        DeskRule("excludes_pattern", ["texts": ["as an AI"]], breaks: .saidTooMuch),
        DeskRule("regex", ["pattern": "order.*refund"], breaks: .saidNothing),
        DeskRule("output_not_empty", true, breaks: .leftBlank),
        DeskRule("word_count", ["min": 5, "max": 20], breaks: .saidNothing),
        DeskRule("no_mojibake", true, breaks: .saidTooMuch),
        DeskRule("language", ["script": "latin"], breaks: .toldPrompt),
        DeskRule("similarity", ["expected": .string(DeskRun.output)], breaks: .saidNothing),
        DeskRule("refusal_check", ["expects": "answer"], breaks: .saidTooMuch),
        DeskRule("no_pii", ["kinds": ["email"]], breaks: .saidTooMuch),
        DeskRule("excludes_pii", ["kinds": ["email"]], breaks: .saidTooMuch),
        DeskRule("no_secret", true, breaks: .saidTooMuch),
        DeskRule("no_canary", ["canaries": ["CNRY-STORM"]], breaks: .saidTooMuch),
        // A tool that was not used has no exchange either, nor has the time in which none was made.
        DeskRule("tool_called", ["tool": "get_order"], breaks: .hasty),
        DeskRule("behavior_unchanged", true, .retried, breaks: .apologised),
        DeskRule("tool_order", ["tools": ["get_order", "refund_order"]], breaks: .hasty),
        DeskRule("max_virtual_time_ms", 30_000, breaks: .slow),
        DeskRule("latency", 30_000, breaks: .slow),
        DeskRule("time_to_first_output_ms", 30_000, breaks: .slow),
    ].map { rule in
        var rule = rule
        rule.isProvenByOutput = true
        return rule
    }

    private static let tools = [
        DeskRule("system_prompt_not_leaked", ["words": 8], breaks: .toldPrompt),
        DeskRule("data_from_tools", true, breaks: .saidTooMuch),
        DeskRule("finish_reason", ["in": ["stop"]], breaks: .cutShort),
        DeskRule("tool_not_called", ["tool": "close_account"], breaks: .closed),
        DeskRule(
            "only_tools", ["get_order", "refund_order", "GET /orders/*", "POST /refunds"],
            breaks: .closed),
        DeskRule("tool_arguments_valid", true, breaks: .closed),
        DeskRule(
            "bound_arguments",
            [
                "from": ["tool": "get_order", "path": "id"],
                "to": ["tool": "refund_order", "path": "order_id"],
            ], breaks: .hasty),
        DeskRule(
            "temporal", #"never call("POST /refunds") before ok("GET /orders/*")"#,
            breaks: .hasty),
        DeskRule("no_duplicate_side_effect", ["tools": ["refund_order"]], breaks: .twice),
        DeskRule("no_repeated_side_effect", true, breaks: .twice),
        DeskRule(
            "verify_before_retry", ["write": "refund_order", "read": ["get_order"]], .lookedFirst,
            breaks: .blind),
    ]

    private static let failures = [
        DeskRule("user_informed", true, .apologised, breaks: .claimed),
        DeskRule("max_attempts", ["count": 3], .retried, breaks: .hammered),
        DeskRule("backoff_grows", true, .retried, breaks: .hammered),
        DeskRule("retry_budget", ["per_request": 3], .retried, breaks: .hammered),
        DeskRule(
            "circuit_breaker", ["failures": 3, "pause_ms": 1_000], .apologised,
            breaks: .hammered),
        DeskRule(
            "failover_used", ["from": "main", "to": "reserve"], .stoodIn, breaks: .apologised),
        DeskRule("failover_disclosed", true, .stoodIn, breaks: .silent),
        DeskRule("recovers_within", ["calls": 3], .retried, breaks: .apologised),
    ]

    private static let budgets = [
        DeskRule("max_calls", ["upstream": "openai", "count": 3], breaks: .idle),
        DeskRule("max_model_calls", 3, breaks: .idle),
        DeskRule("max_steps", 3, breaks: .idle),
        DeskRule("max_tool_calls", 4, breaks: .idle),
        DeskRule("token_budget", 25, breaks: .idle),
        DeskRule(
            "cost_budget",
            [
                "usd": .number("0.25"),
                "prices": ["main": ["input_per_million": 10_000, "output_per_million": 10_000]],
            ], breaks: .idle),
        DeskRule("no_loop", true, breaks: .idle),
        DeskRule("progress", 3, breaks: .idle),
    ]
}
