package import Cassette
internal import Determinism
package import Faults

/// The commented scenario that a user begins with.
package enum ScenarioTemplate {
    /// The text of a scenario for these upstreams; it is a valid scenario as it stands.
    package static func text(
        upstreams: [Upstream], catalogue: [FaultKind] = FaultCatalogue.all
    ) -> String {
        let entries = upstreams.flatMap { upstream in
            examples(for: upstream.kind).compactMap { id, probability in
                catalogue.first { $0.id == id && $0.target.accepts(upstream.kind) }
                    .map { entry($0, upstream: upstream.name, probability: probability) }
            }
        }
        return [header, faults(entries), rules(upstreams.first)].joined(separator: "\n")
    }

    /// Faults that most agents meet sooner or later.
    private static func examples(for kind: UpstreamKind) -> [(id: String, probability: String)] {
        switch kind {
        case .model: [("rate-limit-429", "1/3"), ("stream-truncated-no-terminator", "1/5")]
        case .tool: [("tool-error", "1/4"), ("lost-response-after-commit", "1/5")]
        }
    }

    private static func entry(_ kind: FaultKind, upstream: String, probability: String) -> String {
        """
          # \(kind.summary)
          - fault: \(kind.id)
            on: { upstream: \(JSONValue.string(upstream).encodedText()), \
        probability: \(probability) }

        """
    }

    private static func faults(_ entries: [String]) -> String {
        entries.isEmpty ? "faults: []\n" : "faults:\n" + entries.joined()
    }

    private static let header = """
        # A scenario says which faults strike, where and how often, and what must hold all the same.
        # With a seed it becomes a plan: the same seed gives the same faults, on any machine.
        #   stormtape storm --cassette CASSETTE --scenario THIS-FILE --seeds 1..60 -- YOUR-AGENT
        scenario: first-storm

        # 'stormtape faults' lists every fault with its parameters. 'on' narrows where one strikes:
        #   upstream, kind (model or tool), tool (as POST /refunds), model, stream (true or false),
        #   call (the n-th recorded call of the upstream), attempt (2 strikes the first retry),
        #   after, first, every, window { from_ms, to_ms }, args { /json/pointer: value }, and
        #   probability (1/3, 0.25 or 25%).
        # 'times: 3' strikes three attempts in a row, 'times: forever' all of them.
        # A parameter is a value or a range, as { from: 1, to: 2000 }; the seed draws from a range.

        """

    private static func rules(_ upstream: Upstream?) -> String {
        let name = JSONValue.string(upstream?.name ?? "openai").encodedText()
        return """
            # What must hold in every run.
            invariants:
              - exit_code: 0
            #  - max_calls: { upstream: \(name), count: 8 }

            # What happens when the agent asks for something that was not recorded:
            #   echo     text that a fault of this run put into the request is mapped back; else stop
            #   fail     stop
            #   nearest  the most similar recorded answer of the same route
            #   stub     an answer of the list 'stubs'
            off_tape: echo

            # Parts of a request that differ from run to run and do not matter:
            # normalise:
            #   - { path: "$.metadata.now", as: timestamp }   # or ignore, date, number
            """ + "\n"
    }
}
