import Cassette
import Determinism
import Faults
import Scenarios
import Testing

@Suite("A scenario file")
struct ScenarioFileTests {
    @Test("the example of the documentation is read")
    func example() throws {
        let scenario = try ScenarioFixture.parse(
            """
            scenario: flaky-provider
            faults:
              - fault: rate-limit-429
                on: { upstream: openai, probability: 1/3 }
                retry_after_ms: 1
              - fault: reorder-chunks
                on: { kind: model, call: 2 }
            invariants:
              - exit_code: 0
              - max_calls: { upstream: openai, count: 8 }
            off_tape: echo
            """)
        var first = FaultEntry(
            fault: "rate-limit-429", settings: [("retry_after_ms", .fixed(1))])
        first.selector.upstream = "openai"
        first.selector.probability = try #require(Ratio(1, 3))
        var second = FaultEntry(fault: "reorder-chunks")
        second.selector.kind = .model
        second.selector.call = 2
        #expect(
            scenario
                == Scenario(
                    name: "flaky-provider", faults: [first, second],
                    invariants: [
                        ["exit_code": 0], ["max_calls": ["count": 8, "upstream": "openai"]],
                    ]))
    }

    @Test("every key is read")
    func everything() throws {
        let scenario = try ScenarioFixture.parse(
            """
            # a comment
            scenario: "all"
            faults:
              - fault: rate-limit-429
                on:
                  upstream: openai
                  kind: model
                  model: 4
                  stream: true
                  call: 1
                  attempt: 2
                  every: 3
                  first: 4
                  after: 0
                  window: { from_ms: 5 }
                  probability: 25%
                  args: { /a/b: [1, "2", null, true, {x: 1.50}] }
                times: 3
                retry_after_ms: { from: 1, to: 9 }
                variant: long
                note: 007
              - fault: tool-error
                on: { tool: POST /refunds/* }
                times: forever
            off_tape: stub
            stubs:
              - { upstream: shop, route: GET /x, contains: y, status: 404, json: { b: 1, a: [] } }
              - { content_type: text/csv, body: "1,2" }
              - { body: 12 }
            normalise:
              - { upstream: openai, path: "$.messages[*].content", as: timestamp }
            """)
        let entry = scenario.faults[0]
        #expect(entry.selector.model == "4")
        #expect(entry.selector.stream == true)
        #expect(entry.selector.attempt == 2)
        #expect(entry.selector.every == 3)
        #expect(entry.selector.first == 4)
        #expect(entry.selector.after == 0)
        #expect(entry.selector.windowMilliseconds == 5...(.max))
        #expect(entry.selector.probability == Ratio(1, 4))
        #expect(
            entry.selector.arguments == [
                JSONMember("/a/b", [1, "2", .null, true, ["x": .number("1.50")]])
            ])
        #expect(entry.times == 3)
        #expect(entry.settings.map(\.name) == ["retry_after_ms", "variant", "note"])
        #expect(
            entry.settings.map(\.setting) == [.range(1...9), .fixed("long"), .fixed("007")])
        #expect(scenario.faults[1].times == nil)
        #expect(scenario.faults[1].selector.tool == "POST /refunds/*")
        #expect(
            scenario.stubs == [
                Stub(
                    upstream: "shop", route: "GET /x", contains: "y", status: 404,
                    body: "{\"b\":1,\"a\":[]}"),
                Stub(contentType: "text/csv", body: "1,2"),
                Stub(contentType: "text/plain; charset=utf-8", body: "12"),
            ])
        #expect(
            scenario.normalisers == [
                Normaliser(upstream: "openai", path: "$.messages[*].content", kind: .timestamp)
            ])
    }

    @Test("an alias repeats a selector")
    func alias() throws {
        let scenario = try ScenarioFixture.parse(
            """
            scenario: s
            faults:
              - { fault: reorder-chunks, on: &there { call: 2 } }
              - { fault: tool-error, on: *there }
            """)
        #expect(scenario.faults.map(\.selector.call) == [2, 2])
    }

    @Test("the template is a scenario, for any names of upstreams")
    func template() throws {
        let upstreams = [
            Upstream(name: "openai", kind: .model, address: "https://api.openai.com"),
            Upstream(name: "a: {b} \"c\" # \n d", kind: .tool, address: "http://x"),
        ]
        let text = ScenarioTemplate.text(
            upstreams: upstreams, catalogue: ScenarioFixture.catalogue)
        let scenario = try ScenarioFixture.parse(text)
        #expect(
            scenario.faults.map(\.fault) == [
                "rate-limit-429", "stream-truncated-no-terminator", "tool-error",
                "lost-response-after-commit",
            ])
        #expect(scenario.faults[3].selector.upstream == upstreams[1].name)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
        let real = try ScenarioFile.parse(
            text: ScenarioTemplate.text(upstreams: upstreams), file: "x")
        #expect(real.name == "first-storm")
        #expect(real.faults.count == 4)
        #expect(try ScenarioFixture.parse(ScenarioTemplate.text(upstreams: [])).faults.isEmpty)
    }
}
