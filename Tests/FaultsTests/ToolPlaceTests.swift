import Cassette
import Determinism
import Testing
import WireProtocols

@testable import Faults

@Suite("Where a fault strikes in a result that has no places")
struct ToolPlaceTests {
    private static let injections = Injection.all.map(\.id) + ["tool-injection-indirect"]

    /// What an expanded fault makes of the answer that it was expanded on.
    private func planned(_ id: String, _ body: String) throws -> [String] {
        let recorded = ExpansionFixture.tool(1, "GET", "/notes", body: body)
        let tape = ExpansionFixture.tape(of: [recorded])
        let result = try Expansion.expand(
            Scenario(name: "s", faults: [FaultEntry(fault: id)]), seed: Seed(1), tape: tape)
        let kind = try #require(FaultCatalogue.named(id))
        let context = FaultContext(
            interaction: recorded, upstream: ExpansionFixture.upstreams[1], wire: nil)
        return result.plan.faults.map { planned in
            var delivery = Delivery(recorded)
            let outcome = kind.apply(&delivery, planned.parameters, context)
            return outcome == .fired ? delivery.text : "\(outcome)"
        }
    }

    @Test("plain text holds a payload", arguments: injections + ["tool-unicode-noise"])
    func plain(id: String) throws {
        let said = try #require(planned(id, "Paid 12 euros.").first)
        #expect(said != "Paid 12 euros.")
        #expect(!said.hasPrefix("inapplicable"))
    }

    @Test("the plain text of a server holds a payload", arguments: injections)
    func message(id: String) throws {
        let said = try #require(
            planned(id, MCPSample.response(MCPSample.refunded).encodedText()).first)
        let json = try JSONValue.parse(text: said)
        let text = try #require(json[pointer: "/result/content/0/text"]?.stringValue)
        #expect(text.hasPrefix("refunded 5\n"))
        #expect(json[pointer: "/result/structuredContent/result"] == .string(text))
    }

    @Test("an object without a text holds a payload in one more member", arguments: injections)
    func object(id: String) throws {
        let said = try #require(planned(id, #"{"n":1}"#).first)
        #expect(try JSONValue.parse(text: said)["note"]?.stringValue?.isEmpty == false)
    }

    @Test("where there is no room, nothing is planned")
    func none() throws {
        for id in Self.injections { #expect(try planned(id, "[1]") == []) }
        #expect(try planned("tool-unicode-noise", #"{"n":1}"#) == [])
        #expect(try planned("tool-unicode-noise", #"{"n":""}"#) == [])
        #expect(try planned("dst-gap", "2026-01-01") == [])
    }

    @Test("a text is one of those that there are")
    func several() {
        let body = Sample.plain([#"["a",{"b":"c"},1]"#])
        #expect(drawnRange("inj-todo", "place", body, in: Sample.tool()) == 1...2)
        #expect(drawnRange("tool-schema-rename", "member", body, in: Sample.tool()) == 1...1)
    }

    @Test(
        "the structured copy of a text follows it",
        arguments: [
            (#""refunded 5""#, #""refunded 5""#, #"{"result":"refunded 5\nX"}"#),
            (#""[1]""#, #"[ 1 ]"#, #"{"result":"[1]\nX"}"#),
            (#""refunded 5""#, #""else""#, #"{"result":"else"}"#),
        ])
    func structured(text: String, copy: String, expected: String) throws {
        let body =
            #"{"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":\#(text)}],"#
            + #""structuredContent":{"result":\#(copy)}}}"#
        let said = ToolResultFaultTests.said(
            "subagent-failure", [JSONMember("variant", "empty")], body)
        let emptied = try JSONValue.parse(text: said)
        #expect(emptied[pointer: "/result/content/0/text"] == "")
        guard text != #""[1]""# else { return }
        let more = ToolResultFaultTests.said("memory-poison", [JSONMember("text", "X")], body)
        #expect(
            try JSONValue.parse(text: more)[pointer: "/result/structuredContent"]
                == JSONValue.parse(text: expected))
    }

    @Test("values are replaced in one pass, from the outermost on")
    func replacing() throws {
        let json = try JSONValue.parse(text: #"{"a":[1,{"a":2}],"b":{"a":3,"c":[4]}}"#)
        var asked: [String] = []
        let edited = json.replacingValues { key, value in
            asked.append(key ?? "-")
            return value.arrayValue != nil ? [] : value.intValue.map { .int($0 * 10) }
        }
        #expect(edited.encodedText() == #"{"a":[],"b":{"a":30,"c":[]}}"#)
        #expect(asked == ["-", "a", "b", "a", "c"])
    }

    @Test("many places are changed in a time that grows with the text", .timeLimit(.minutes(1)))
    func large() {
        let rows = JSONValue.array((0..<20_000).map { ["id": .int(Int64($0 * 10))] })
        let said = ToolResultFaultTests.said("tool-wrong-entity", [], rows.encodedText())
        #expect(said.hasSuffix(#"{"id":199991}]"#))
    }
}
