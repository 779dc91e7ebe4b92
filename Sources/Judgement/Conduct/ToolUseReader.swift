internal import Cassette
internal import Determinism
internal import Simulation
internal import WireProtocols

/// Collects the uses of tools in the order of the exchanges.
struct ToolUseReader {
    /// How a call over the wire is found that a model is told of.
    private enum ToldKey: Hashable {
        case name(String)
        case call(String, PlainValue)
    }

    private var uses: [ToolUse] = []
    private var seenIDs: Set<String> = []
    /// How many results without identifiers each conversation had told already, by how it begins.
    private var toldWithoutID: [Int: Int] = [:]
    /// What was called over the wire and not yet told to a model.
    private var untold = PlaceQueues<ToldKey>()
    private var askers: [String: ExchangeID] = [:]

    var sorted: [ToolUse] {
        uses.enumerated().sorted { left, right in
            (left.element.exchange, left.offset) < (right.element.exchange, right.offset)
        }.map(\.element)
    }

    mutating func beginTurns() {
        for (place, use) in uses.enumerated() where !use.name.contains(" ") {
            var keys = [ToldKey.name(use.name)]
            if let arguments = use.arguments { keys.append(.call(use.name, PlainValue(arguments))) }
            untold.append(place, under: keys)
        }
    }

    // MARK: Calls over the wire

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

    // MARK: Results that models are told

    /// Reads a request to a model; `beginning` tells conversations apart.
    mutating func read(_ turn: ModelTurn, beginning: Int) {
        var withoutID = 0
        var calls = CallsOfRequest()
        for message in turn.conversation?.messages ?? [] {
            for part in message.parts {
                switch part {
                case .toolCall(let call): calls.append(call)
                case .toolResult(let result):
                    let call = calls.take(result)
                    guard let id = result.callID, !id.isEmpty else {
                        withoutID += 1
                        if withoutID > toldWithoutID[beginning, default: 0] {
                            add(result, call, turn)
                        }
                        continue
                    }
                    // Numbered anew in each conversation by some, so the call tells them apart.
                    let key = "\(id) \(call?.name ?? "") \(call?.arguments ?? "")"
                    if seenIDs.insert(key).inserted { add(result, call, turn) }
                case .text, .other: continue
                }
            }
        }
        toldWithoutID[beginning] = max(toldWithoutID[beginning, default: 0], withoutID)
        guard turn.isWhole else { return }
        for call in turn.answer?.toolCalls ?? [] where askers[call.id] == nil && !call.id.isEmpty {
            askers[call.id] = turn.id
        }
    }

    private mutating func add(_ result: ToolResultPart, _ call: ToolCall?, _ turn: ModelTurn) {
        let name = call?.name ?? result.name ?? ""
        let arguments = call.flatMap { try? JSONValue.parse(text: $0.arguments) }
        let given = [result.callID, call?.id].compactMap(\.self).first { !$0.isEmpty }
        let askedBy = given.flatMap { askers[$0] }
        let key = arguments.map { ToldKey.call(name, PlainValue($0)) } ?? .name(name)
        // The first that is free; those behind it came later still.
        if let told = untold.first(key), uses[told].exchange < turn.id {
            uses[told].callID = given
            uses[told].askedBy = askedBy
            untold.take(told)
            return
        }
        uses.append(
            ToolUse(
                name: name, callID: given, arguments: arguments, result: result.text,
                isError: result.isError, evidence: .result(turn.id), askedBy: askedBy))
    }
}

/// The calls that one request repeats, each of which one result answers.
private struct CallsOfRequest {
    private enum Key: Hashable {
        case any
        case name(String)
    }

    private var calls: [ToolCall] = []
    private var byID: [String: Int] = [:]
    private var open = PlaceQueues<Key>()

    mutating func append(_ call: ToolCall) {
        if !call.id.isEmpty { byID[call.id] = calls.count }
        open.append(calls.count, under: [.any, .name(call.name)])
        calls.append(call)
    }

    /// The call that a result answers: by its identifier, else the first open one of its name.
    mutating func take(_ result: ToolResultPart) -> ToolCall? {
        let place: Int?
        if let id = result.callID, !id.isEmpty {
            place = byID[id]
        } else {
            place = open.first(result.name.map { .name($0) } ?? .any)
        }
        guard let place else { return nil }
        open.take(place)
        return calls[place]
    }
}

/// Places in the order in which they came, found by keys; each is given out once.
private struct PlaceQueues<Key: Hashable> {
    private struct Queue {
        var places: [Int] = []
        var head = 0
    }

    private var queues: [Key: Queue] = [:]
    private var taken: Set<Int> = []

    mutating func append(_ place: Int, under keys: [Key]) {
        for key in keys { queues[key, default: Queue()].places.append(place) }
    }

    /// The first place under the key that was not taken.
    mutating func first(_ key: Key) -> Int? {
        guard let queue = queues[key] else { return nil }
        var head = queue.head
        while head < queue.places.count, taken.contains(queue.places[head]) { head += 1 }
        queues[key]?.head = head
        return head < queue.places.count ? queue.places[head] : nil
    }

    mutating func take(_ place: Int) { taken.insert(place) }
}
