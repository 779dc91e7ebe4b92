import Determinism
import WireProtocols

/// What a fault does to the counts of tokens that a stream reports.
enum UsageEdit: String, Hashable, CaseIterable {
    /// They are not there.
    case drop = "drop-usage"
    /// They are all zero.
    case zero = "usage-zero"
    /// They are null.
    case null = "usage-null"

    /// The event after the edit; nil when it is left out.
    func applied(to event: StreamEvent, _ shape: DeltaShape) -> StreamEvent? {
        if self == .drop, shape.saysUsageOnly(event) { return nil }
        let edited = shape.edited(event) { json in
            for path in shape.usagePaths { json.edit(at: path[...], apply) }
        }
        return edited ?? event
    }

    private func apply(_ object: inout JSONValue, _ name: String) {
        guard let usage = object[name], !usage.isNull else { return }
        switch self {
        case .drop: object[name] = nil
        case .zero: object[name] = .some(usage.withNumbersZero)
        case .null: object[name] = .some(.null)
        }
    }
}

extension DeltaShape {
    /// The members that count tokens.
    fileprivate var usagePaths: [[String]] {
        switch self {
        case .chat: [["usage"]]
        case .responses: [["response", "usage"]]
        case .anthropic:
            [["usage"], ["message", "usage"], ["amazon-bedrock-invocationMetrics"]]
        case .gemini: [["usageMetadata"]]
        case .ollamaChat, .ollamaGenerate: [["prompt_eval_count"], ["eval_count"]]
        case .cohere: [["delta", "usage"]]
        case .converse: [["usage"]]
        }
    }

    /// Whether the event is there for its usage alone: the last chunk of chat completions.
    fileprivate func saysUsageOnly(_ event: StreamEvent) -> Bool {
        guard self == .chat, let json = event.json, json["usage"]?.objectValue != nil else {
            return false
        }
        return json["choices"]?.arrayValue?.isEmpty ?? true
    }
}

extension JSONValue {
    /// Changes the last member of a path in the object that holds it, where there is one.
    mutating func edit(
        at path: ArraySlice<String>, _ change: (inout JSONValue, _ name: String) -> Void
    ) {
        guard let name = path.first, var child = self[name] else { return }
        guard path.count > 1 else { return change(&self, name) }
        child.edit(at: path.dropFirst(), change)
        self[name] = .some(child)
    }

    /// The value with each number at any depth as 0.
    var withNumbersZero: JSONValue {
        switch self {
        case .number: .int(0)
        case .array(let elements): .array(elements.map(\.withNumbersZero))
        case .object(let members):
            .object(members.map { JSONMember($0.key, $0.value.withNumbersZero) })
        default: self
        }
    }
}
