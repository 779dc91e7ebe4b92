import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    /// A kind that changes what a tool answers.
    init(
        result id: String, _ summary: String, signature: FaultSignature, weight: Int,
        parameters: [ParameterSpec] = [], documentation: FaultDocumentation,
        _ change:
            @escaping @Sendable (ToolResult, FaultParameters, FaultContext)
            throws(Inapplicable) -> [UInt8]
    ) {
        self.init(
            id: id, summary: summary, layer: .semantic, target: .tool, signature: signature,
            weight: weight, replaces: false, parameters: parameters, documentation: documentation,
            apply: FaultKind.edit { (delivery, parameters, context) throws(Inapplicable) in
                let result = try ToolResult(delivery, context)
                result.write(try change(result, parameters, context), to: &delivery)
            })
    }

    /// A result with one member more, or one line more where it is no JSON.
    static func added(
        _ text: String, as key: String, to result: ToolResult
    ) throws(Inapplicable) -> [UInt8] {
        guard var json = try? result.json() else {
            guard let old = result.text else { throw Inapplicable("the result is no text") }
            return Array((old + "\n" + text).utf8)
        }
        guard json.objectValue != nil else {
            throw Inapplicable("the result is JSON without a place for one member more")
        }
        json[key] = .string(text)
        return json.encoded()
    }
}

extension FaultParameters {
    /// The form of a fault that the parameter `variant` names.
    func variant<Word: RawRepresentable>(
        _ type: Word.Type = Word.self
    ) throws(Inapplicable) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: text("variant")) else {
            throw Inapplicable("there is no variant \(text("variant"))")
        }
        return word
    }
}

extension Delivery {
    /// Becomes the recorded answer to an earlier request of the same route, which must say
    /// something else.
    ///
    /// What counts as the same route is decided where the earlier answer is chosen.
    mutating func becomeStale(_ context: FaultContext) throws(Inapplicable) {
        let current = context.interaction
        guard let earlier = context.earlier, earlier.response != nil,
            earlier.ending == .complete, earlier.upstream == current.upstream,
            earlier.request.method == current.request.method
        else { throw Inapplicable("no earlier answer of this route was recorded") }
        let stale = Delivery(earlier)
        let says = (stale.head?.status, stale.bodyBytes)
        guard says != (head?.status, bodyBytes) else {
            throw Inapplicable("the earlier answer of this route says the same")
        }
        self = stale
    }
}
