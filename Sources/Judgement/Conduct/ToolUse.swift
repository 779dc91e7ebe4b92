internal import Cassette
internal import Determinism
internal import Simulation
internal import WireProtocols

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
        for turn in conduct.turns { reader.read(turn) }
        return reader.sorted
    }
}

/// Collects the uses of tools in the order of the exchanges.
private struct ToolUseReader {
    private var uses: [ToolUse] = []
    /// How many results each conversation without identifiers had told already.
    private var seenIDs: Set<String> = []
    private var toldWithoutID = 0
    /// What was called over the wire and not yet told to a model.
    private var untold: [Int] = []
    private var askers: [String: ExchangeID] = [:]

    var sorted: [ToolUse] {
        uses.enumerated().sorted { left, right in
            (left.element.exchange, left.offset) < (right.element.exchange, right.offset)
        }.map(\.element)
    }

    mutating func beginTurns() {
        untold = uses.indices.filter { !uses[$0].name.contains(" ") }
    }

    mutating func readCall(_ exchange: ExchangeRecord) {
        guard MCP.speaks(exchange.request) else {
            uses.append(
                ToolUse(
                    name: Wording.route(exchange),
                    arguments: try? JSONValue.parse(exchange.request.body),
                    result: exchange.sentCount > 0
                        ? String(decoding: exchange.sentBody, as: UTF8.self) : nil,
                    isError: (exchange.status ?? 599) >= 400, evidence: .call(exchange.id)))
            return
        }
        guard let json = try? JSONValue.parse(exchange.request.body) else { return }
        for message in MCPMessage.all(in: json) where message.method == "tools/call" {
            let answer = ToolUseReader.answer(to: message, in: exchange)
            uses.append(
                ToolUse(
                    name: message.name ?? "", arguments: message.params?["arguments"],
                    result: answer.map(ToolUseReader.text),
                    isError: answer?.result.map { $0["isError"]?.boolValue == true } ?? true,
                    evidence: .call(exchange.id)))
        }
    }

    /// The message of the delivered body that answers; nil where none does.
    private static func answer(
        to message: MCPMessage, in exchange: ExchangeRecord
    ) -> MCPMessage? {
        let body = Array(exchange.sentBody)
        let framing = StreamFraming(announcedBy: exchange.headers)
        let documents =
            framing.map { $0.events(of: body).map(\.json) } ?? [try? JSONValue.parse(body)]
        for json in documents.compactMap(\.self) {
            let found = MCPMessage.all(in: json).first { $0.isAnswer && $0.id == message.id }
            if let found { return found }
        }
        return nil
    }

    /// What a tool of an MCP server says: its texts, else the whole result.
    private static func text(_ answer: MCPMessage) -> String {
        guard let result = answer.result else {
            return answer.json["error"]?["message"]?.stringValue ?? ""
        }
        let texts = (result["content"]?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }
        return texts.isEmpty ? result.canonicalText() : texts.joined(separator: "\n")
    }

    mutating func read(_ turn: ModelTurn) {
        var withoutID = 0
        var calls: [String: ToolCall] = [:]
        for message in turn.conversation?.messages ?? [] {
            for part in message.parts {
                switch part {
                case .toolCall(let call): calls[call.id] = call
                case .toolResult(let result):
                    guard let id = result.callID else {
                        withoutID += 1
                        if withoutID > toldWithoutID { add(result, nil, turn) }
                        continue
                    }
                    // Numbered anew in each conversation by some, so the call tells them apart.
                    let key = "\(id) \(calls[id]?.name ?? "") \(calls[id]?.arguments ?? "")"
                    if seenIDs.insert(key).inserted { add(result, calls[id], turn) }
                case .text, .other: continue
                }
            }
        }
        toldWithoutID = max(toldWithoutID, withoutID)
        guard turn.isWhole else { return }
        for call in turn.answer?.toolCalls ?? [] where askers[call.id] == nil {
            askers[call.id] = turn.id
        }
    }

    private mutating func add(_ result: ToolResultPart, _ call: ToolCall?, _ turn: ModelTurn) {
        let name = call?.name ?? result.name ?? ""
        let arguments = call.flatMap { try? JSONValue.parse(text: $0.arguments) }
        let askedBy = result.callID.flatMap { askers[$0] }
        let told = untold.firstIndex { place in
            uses[place].name == name && uses[place].exchange < turn.id
                && (arguments == nil || uses[place].arguments == arguments)
        }
        if let told {
            uses[untold[told]].callID = result.callID
            uses[untold[told]].askedBy = askedBy
            untold.remove(at: told)
            return
        }
        uses.append(
            ToolUse(
                name: name, callID: result.callID, arguments: arguments, result: result.text,
                isError: result.isError, evidence: .result(turn.id), askedBy: askedBy))
    }
}
