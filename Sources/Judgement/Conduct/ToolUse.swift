internal import Cassette
internal import Determinism
internal import Simulation

/// One use of a tool, as the trace shows it.
///
/// A tool that the agent runs within itself is seen when its result is handed to a model; one behind
/// HTTP or MCP is seen as the call itself. A tool of an MCP server whose result goes to a model is
/// one use, not two.
struct ToolUse {
    /// How it is known.
    enum Evidence: Hashable {
        /// A request to a model brings the result.
        case result(ExchangeID)
        /// The call went over the wire.
        case call(ExchangeID)
    }

    /// The name of the tool; `METHOD /path` for plain HTTP.
    var name: String
    /// The identifier that the model gave the call.
    var callID: String?
    /// The arguments; nil where they are no JSON, or unknown.
    var arguments: JSONValue?
    /// The result as text; nil where none came.
    var result: String?
    /// Whether the agent or the server says that it failed.
    var isError: Bool
    /// How it is known.
    var evidence: Evidence
    /// The exchange in which a model asked for it; nil where none did.
    var askedBy: ExchangeID?

    /// The exchange that shows it.
    var exchange: ExchangeID {
        switch evidence {
        case .result(let id), .call(let id): id
        }
    }

    /// Whether this is the tool that a rule names: by its name, or by `METHOD /path`.
    func isNamed(_ wanted: String) -> Bool {
        guard name != wanted else { return true }
        guard wanted.contains("/"), case .call = evidence,
            let space = name.firstIndex(of: " ")
        else { return false }
        return RoutePattern(wanted).matches(
            method: String(name[..<space]), path: String(name[name.index(after: space)...]))
    }
}

extension ToolUse {
    /// All uses of a run.
    static func all(_ conduct: Conduct) -> [ToolUse] {
        var reader = ToolUseReader()
        for exchange in conduct.exchanges {
            if exchange.kind == .tool {
                reader.readCall(exchange)
            }
        }
        reader.beginTurns()
        for turn in conduct.turns {
            reader.read(turn, beginning: conduct.beginning(of: turn))
        }
        return reader.sorted
    }
}
