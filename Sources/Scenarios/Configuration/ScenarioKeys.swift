internal import Cassette
internal import Faults

/// The keys of a scenario.
enum ScenarioKeys {
    static let root = KeyTable(
        summary: "Which faults, aimed where, how often; and what must hold.",
        keys: [
            KeySpec("scenario", .text, "Its name; it decides nothing.", isRequired: true)
        ] + body)

    /// What a scenario has beside its name.
    static let body = [
        KeySpec("faults", .list(.reference("fault")), "The faults.", standard: "none"),
        invariants,
        KeySpec(
            "off_tape", .words(OffTapePolicy.allCases.map(\.rawValue)),
            "What happens to a request that is not on the tape.", standard: "echo"),
        KeySpec("stubs", .list(.table(stub)), "Scripted answers for 'off_tape: stub'."),
        KeySpec(
            "normalise", .list(.table(normaliser)),
            "Parts of requests that do not matter, or matter less."),
    ]

    static let invariants = KeySpec(
        "invariants", .list(.reference("invariant")), "What must hold in every run.",
        standard: "exit_code: 0")

    /// The keys of a fault beside its parameters.
    static let entry = KeyTable(
        summary: "A fault with its aim.",
        keys: [
            KeySpec(
                "fault", .reference("fault-id"), "The identifier; 'stormtape faults' lists them.",
                isRequired: true),
            KeySpec("on", .table(selector), "Where it is aimed.", standard: "everywhere"),
            KeySpec(
                "times", .either([.whole(1...Int64(Selector.timesMax)), .words(["forever"])]),
                "How many consecutive attempts it hits.", standard: "1"),
        ])

    static let selector = KeyTable(
        summary: "Conditions on recorded calls; all of them must hold.",
        keys: [
            KeySpec("upstream", .text, "The upstream of this name."),
            KeySpec(
                "kind", .words(UpstreamKind.allCases.map(\.rawValue)), "Upstreams of this kind."),
            KeySpec("tool", .route, "A tool by its route, as POST /refunds."),
            KeySpec("route", .route, "Any call by method and path."),
            KeySpec(
                "protocol", .words(["http", "mcp"] + FaultContext.protocols),
                "Requests that speak this protocol."),
            KeySpec("model", .text, "Requests that name this model."),
            KeySpec("stream", .boolean, "Whether a stream is asked for."),
            KeySpec("call", .whole(1...counted), "The n-th recorded call of the upstream."),
            KeySpec(
                "attempt", .whole(1...Int64(Selector.attemptMax)), "The attempt it hits first.",
                standard: "1"),
            KeySpec("every", .whole(1...counted), "Of those selected, every n-th."),
            KeySpec("first", .whole(1...counted), "Of those selected, the first n."),
            KeySpec("after", .whole(0...counted), "Of those selected, all but the first n."),
            KeySpec("window", .table(window), "Calls recorded in this time."),
            KeySpec(
                "probability", .share, "The chance with which it fires at each.",
                standard: "always"),
            KeySpec(
                "args", .map(.anything),
                "Requests with these values in their JSON body, by JSON Pointer."),
        ])

    static let counted = Int64(Int32.max)

    static let window = KeyTable(
        summary: "A time of the recording.",
        keys: [
            KeySpec("from_ms", .whole(0 ... .max), "Its begin."),
            KeySpec("to_ms", .whole(0 ... .max), "Its end."),
        ])

    static let range = KeyTable(
        summary: "A range to draw from.",
        keys: [
            KeySpec("from", .whole(.min ... .max), "The least.", isRequired: true),
            KeySpec("to", .whole(.min ... .max), "The greatest.", isRequired: true),
        ])

    static let stub = KeyTable(
        summary: "A scripted answer.",
        keys: [
            KeySpec("upstream", .text, "The upstream it is for.", standard: "all"),
            KeySpec("route", .route, "The route it is for.", standard: "all"),
            KeySpec("contains", .text, "A text that the request's body must hold."),
            KeySpec(
                "status",
                .whole(Int64(Stub.statuses.lowerBound)...Int64(Stub.statuses.upperBound)),
                "The status.", standard: "200"),
            KeySpec("content_type", .text, "The type of the answer."),
            KeySpec("body", .anyText, "The answer as text."),
            KeySpec("json", .anything, "The answer as YAML that becomes JSON."),
        ])

    static let normaliser = KeyTable(
        summary: "A part of requests that does not matter, or matters less.",
        keys: [
            KeySpec("upstream", .text, "The upstream it is for.", standard: "all"),
            KeySpec("path", .text, "A JSON path, as $.metadata.", isRequired: true),
            KeySpec(
                "as", .words(Normaliser.Kind.allCases.map(\.rawValue)), "How it is compared.",
                isRequired: true),
        ])
}
