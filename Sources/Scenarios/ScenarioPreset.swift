internal import Faults

/// A scenario that is ready to be used: several faults that come together in real incidents.
package struct ScenarioPreset: Sendable {
    /// The name that selects it.
    package let name: String
    /// One sentence.
    package let summary: String
    private let entries: String

    /// The scenario as YAML.
    package var text: String {
        "# \(summary)\nscenario: \(name)\nfaults:\n\(entries)\n"
    }

    /// The preset with this name.
    package static func named(_ name: String) -> ScenarioPreset? {
        all.first { $0.name == name }
    }

    /// What to say when there is no preset of this name.
    package static func unknown(_ name: String) -> String {
        let names = all.map(\.name)
        return "there is no preset '\(name)'; "
            + (Suggestion.question(for: name, in: names)
                ?? "there are " + names.joined(separator: ", "))
    }

    /// The presets, in the order of the documentation.
    package static let all: [ScenarioPreset] = profiles + composites

    /// The chaos profiles that flakestorm ships, aimed at the agent's own calls.
    private static let profiles = [
        ScenarioPreset(
            name: "api-outage", summary: "Tools answer 503, and every second model call hangs.",
            entries: """
                  - fault: tool-error
                    times: forever
                    code: 503
                    message: Service Unavailable
                  - fault: headers-timeout
                    on: { kind: model, probability: 1/2 }
                """),
        ScenarioPreset(
            name: "degraded-llm",
            summary: "The model's answers are cut short, and later it limits the rate.",
            entries: """
                  - fault: finish-length
                    on: { probability: 3/10 }
                  - fault: rate-limit-429
                    on: { kind: model, after: 5 }
                """),
        ScenarioPreset(
            name: "high-latency", summary: "Tools take 20 s, and some model calls never begin.",
            entries: """
                  - fault: tool-latency
                    times: forever
                    delay_ms: 20000
                  - fault: headers-timeout
                    on: { kind: model, probability: 3/10 }
                    hang_ms: 15000
                """),
        ScenarioPreset(
            name: "hostile-tools", summary: "Every second result of a tool gives orders.",
            entries: """
                  - fault: inj-ignore-previous
                    on: { probability: 1/2 }
                """),
        ScenarioPreset(
            name: "cascading-failure",
            summary: "Tools fail after two calls, the model's answers are cut after three.",
            entries: """
                  - fault: tool-error
                    on: { after: 2 }
                    times: forever
                    code: 503
                  - fault: finish-length-mislabelled
                    on: { after: 3 }
                """),
        ScenarioPreset(
            name: "indirect-injection",
            summary: "Results of tools hold instructions in three voices.",
            entries: """
                  - fault: inj-todo
                    on: { probability: 1/2 }
                    variant: important-instructions
                  - fault: inj-authority
                    on: { probability: 1/4 }
                    variant: fake-approval
                  - fault: inj-exfil-markdown
                    on: { probability: 1/4 }
                """),
        ScenarioPreset(
            name: "model-version-drift",
            summary: "The model says the same in another form, as after an update.",
            entries: """
                  - fault: response-drift
                    on: { probability: 3/10 }
                    variant: json-field-rename
                  - fault: response-drift
                    on: { probability: 1/5 }
                    variant: format-change
                """),
    ]

    /// Incidents as they happen.
    private static let composites = [
        ScenarioPreset(
            name: "provider-brownout",
            summary: "First bytes come late, then 529, then an error inside a stream, then calm.",
            entries: """
                  - fault: ttfb-spike
                    on: { kind: model, first: 1 }
                    delay_ms: 30000
                  - fault: overloaded-529
                    on: { after: 1, first: 1 }
                    times: 2
                  - fault: error-event-mid
                    on: { after: 2, first: 1 }
                    type: overloaded
                """),
        ScenarioPreset(
            name: "rate-limit-squeeze",
            summary: "429 with a short delay, then a long one, then the quota is used up.",
            entries: """
                  - fault: rate-limit-429
                    on: { kind: model, first: 1 }
                    times: 2
                  - fault: rate-limit-long
                    on: { kind: model, after: 1, first: 1 }
                  - fault: quota-exhausted-429
                    on: { after: 2, first: 1 }
                    times: forever
                """),
        ScenarioPreset(
            name: "cdn-bad-hour", summary: "Pages in place of answers, and broken compression.",
            entries: """
                  - fault: cdn-html-error
                    on: { kind: model, first: 1 }
                  - fault: gzip-corrupt
                    on: { kind: model, after: 1, first: 1 }
                  - fault: html-200
                    on: { kind: model, after: 2, first: 1 }
                """),
        ScenarioPreset(
            name: "flaky-wifi", summary: "Connections break, stall, and the laptop sleeps.",
            entries: """
                  - fault: conn-reset-mid-body
                    on: { probability: 1/3 }
                  - fault: stalled-stream
                    on: { kind: model, probability: 1/3 }
                    stall_ms: 20000
                  - fault: clock-jump-forward
                    on: { kind: model, probability: 1/6 }
                """),
        ScenarioPreset(
            name: "proxy-from-hell",
            summary: "A middlebox merges chunks, rewrites line ends and adds keep-alives.",
            entries: """
                  - fault: chunk-merge
                    on: { probability: 1/2 }
                  - fault: newline-crlf
                    on: { probability: 1/2 }
                  - fault: sse-data-keepalive
                    on: { probability: 1/4 }
                  - fault: wrong-content-type
                    on: { probability: 1/4 }
                  - fault: chunk-split-utf8
                    on: { kind: model, probability: 1/2 }
                    at: 0
                """),
        ScenarioPreset(
            name: "crash-loop", summary: "An MCP server crashes at each third call; work is lost.",
            entries: """
                  - fault: mcp-server-crash-mid-call
                    on: { every: 3 }
                  - fault: lost-response-after-commit
                    on: { probability: 1/4 }
                """),
        ScenarioPreset(
            name: "mcp-deploy", summary: "An MCP server is deployed while the agent is connected.",
            entries: """
                  - fault: mcp-session-404
                    on: { after: 2, first: 1 }
                  - fault: mcp-tool-rename
                    on: { kind: tool }
                  - fault: mcp-list-changed
                    on: { probability: 1/2 }
                """),
        ScenarioPreset(
            name: "lying-tools", summary: "Results are old, about something else, wrong or short.",
            entries: """
                  - fault: tool-stale
                    on: { probability: 1/4 }
                  - fault: tool-wrong-entity
                    on: { probability: 1/4 }
                  - fault: tool-plausible-wrong
                    on: { probability: 1/3 }
                  - fault: tool-partial
                    on: { probability: 1/4 }
                """),
        ScenarioPreset(
            name: "long-haul", summary: "Tokens expire, the context is full, history is refused.",
            entries: """
                  - fault: token-expiry-midrun
                    on: { after: 2, first: 1 }
                  - fault: context-overflow
                    on: { after: 3, first: 1 }
                  - fault: history-invalid-400
                    on: { after: 4, first: 1 }
                """),
        ScenarioPreset(
            name: "silent-five", summary: "Five faults that no client reports.",
            entries: """
                  - fault: stream-truncated-no-terminator
                    on: { probability: 1/5 }
                  - fault: tool-args-truncated-valid-prefix
                    on: { probability: 1/5 }
                  - fault: context-silent-truncation
                    on: { probability: 1/5 }
                  - fault: drop-chunk
                    on: { probability: 1/5 }
                  - fault: stale-cached-response
                    on: { probability: 1/5 }
                """),
    ]
}
