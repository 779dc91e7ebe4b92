import Cassette
import Determinism
import Faults
import Testing
import WireProtocols

@Suite("Every fault of the Model Context Protocol on any answer")
struct MCPTotalityTests {
    private static let kinds = FaultCatalogue.all.filter {
        FaultCatalogue.family(of: $0)?.name == "mcp"
    }

    @Test("fires exactly when it changes the delivery, and breaks nothing else", arguments: 0..<4)
    func total(slice: Int) {
        var fired = [Int](repeating: 0, count: Self.kinds.count)
        for number in (slice * 100)..<((slice + 1) * 100) {
            var draws = Draws(seed: 28, number: number)
            let (before, context) = draws.mcp()
            for (place, kind) in Self.kinds.enumerated() {
                var parameters = draws.parameters(of: kind, before, context)
                // Megabytes take minutes in a build for debugging.
                parameters.members = parameters.members.map { member in
                    member.key == "bytes" ? JSONMember("bytes", 2_048) : member
                }
                var after = before
                let outcome = kind.apply(&after, parameters, context)
                let label = "seed 28, case \(number), \(kind.id) \(parameters.members)"
                switch outcome {
                case .fired:
                    fired[place] += 1
                    if after == before { Issue.record("fired, changed nothing: \(label)") }
                case .inapplicable(let reason):
                    if after != before || reason.isEmpty {
                        Issue.record("inapplicable, but changed: \(label)")
                    }
                }
                if let flaw = FaultLaws.flaw(in: after, from: before, kind, parameters, context) {
                    Issue.record("\(flaw): \(label)")
                }
            }
        }
        for (place, kind) in Self.kinds.enumerated() where fired[place] < 2 {
            Issue.record("\(kind.id) fired only \(fired[place]) times in slice \(slice)")
        }
    }
}

extension Draws {
    /// Any answer to any call of the protocol: whole or cut, in each form and era.
    mutating func mcp() -> (Delivery, FaultContext) {
        let era: MCPEra = int(0...1) == 0 ? .legacy : .modern
        let stdio = int(0...2) == 0
        let context: FaultContext
        let result: JSONValue
        switch int(0...5) {
        case 0:
            (context, result) = (
                MCPSample.context("initialize", era: era, stdio: stdio), MCPSample.initialized
            )
        case 1:
            var tools = MCPSample.tools
            tools["ttlMs"] = 0
            (context, result) = (
                MCPSample.context("tools/list", era: era, stdio: stdio), tools
            )
        case 2:
            (context, result) = (
                MCPSample.context(
                    "tools/call", params: ["name": "refund", "requestState": "s"], era: era,
                    stdio: stdio), MCPSample.refunded
            )
        default:
            (context, result) = (
                MCPSample.call(era: era, stdio: stdio), MCPSample.refunded
            )
        }
        let form: MCPSample.Form = stdio ? .lines : (int(0...2) == 0 ? .document : .events)
        var delivery = MCPSample.answer(
            [MCPSample.progress, MCPSample.response(result)], form)
        switch int(0...7) {
        case 0: delivery.body.removeLast()
        case 1: delivery = Delivery(head: nil, ending: .reset)
        case 2: delivery = MCPSample.answer([["jsonrpc": "2.0"]], form)
        default: break
        }
        delivery.refitLength()
        return (delivery, context)
    }
}
