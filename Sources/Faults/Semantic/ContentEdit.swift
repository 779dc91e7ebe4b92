import Cassette
import Determinism
import WireProtocols

/// A change of what a model's answer says.
///
/// It gives the forms that the changed answer may take, the best one first: providers differ in
/// what they have a place for.
typealias ContentEdit =
    @Sendable (AnswerContent, FaultParameters, FaultContext) throws(Inapplicable) -> [AnswerContent]

extension FaultKind {
    /// A kind that puts other words into the mouth of a model.
    init(
        says id: String, _ summary: String, signature: FaultSignature, weight: Int,
        parameters: [ParameterSpec] = [], documentation: FaultDocumentation,
        _ change: @escaping ContentEdit
    ) {
        self.init(
            id: id, summary: summary, layer: .semantic, target: .model, signature: signature,
            weight: weight, replaces: false, parameters: parameters, documentation: documentation,
            apply: FaultKind.edit { (delivery, parameters, context) throws(Inapplicable) in
                let answer = try ModelAnswer(delivery, context)
                let forms = try change(answer.content, parameters, context)
                try answer.write(forms, to: &delivery)
            })
    }

    /// A parameter that counts something of what the answer says.
    static func counted(
        _ name: String, _ summary: String,
        of count: @escaping @Sendable (AnswerContent) -> ClosedRange<Int64>?
    ) -> ParameterSpec {
        .place(name, summary) { delivery, context in
            (try? ModelAnswer(delivery, context)).flatMap { count($0.content) }
        }
    }
}

extension Delivery {
    /// Changes the JSON document that the body is, or the JSON of each event of a stream; nil from
    /// the change leaves one as it is.
    ///
    /// What is the same after the change is not written anew, so that no blank of it moves.
    mutating func editJSON(
        _ context: FaultContext, otherwise reason: String, _ change: (JSONValue) -> JSONValue?
    ) throws(Inapplicable) {
        guard context.framing(of: self) != nil else {
            let answer = try jsonAnswer()
            guard let edited = change(answer) else { throw Inapplicable(reason) }
            if edited != answer { edit(bodyBytes: edited.encoded()) }
            return
        }
        var body = try EventStreamBody(self, context)
        var fits = false
        var isEdited = false
        for (place, timed) in body.timed.enumerated() {
            guard let old = timed.event.json, let edited = change(old) else { continue }
            fits = true
            guard edited != old else { continue }
            body.timed[place].event = timed.event.replacingJSON(edited)
            isEdited = true
        }
        guard fits else { throw Inapplicable(reason) }
        if isEdited { body.write(to: &self) }
    }
}

/// The answer of a model that is about to be edited.
struct ModelAnswer {
    /// What it says.
    let content: AnswerContent
    private let wire: any WireProtocol
    private let form: Form

    private enum Form {
        case stream(EventStreamBody)
        case document(JSONValue)
    }

    init(_ delivery: Delivery, _ context: FaultContext) throws(Inapplicable) {
        guard let wire = context.wire else {
            throw Inapplicable("the answer speaks no known protocol of a model")
        }
        self.wire = wire
        let content: AnswerContent?
        if context.framing(of: delivery) != nil {
            let body = try EventStreamBody(delivery, context)
            form = .stream(body)
            content = wire.content(of: body.events)
        } else {
            let answer = try delivery.jsonAnswer()
            form = .document(answer)
            content = wire.content(of: answer)
        }
        guard let content else {
            throw Inapplicable("the answer is not one whole answer of a model")
        }
        self.content = content
    }

    /// Writes the first of these forms that the provider has a place for; nothing where the best
    /// one is what the answer says already.
    func write(_ forms: [AnswerContent], to delivery: inout Delivery) throws(Inapplicable) {
        if forms.first == content { return }
        for form in forms where write(form, to: &delivery) { return }
        throw Inapplicable("\(wire.id) has no form for such an answer")
    }

    private func write(_ content: AnswerContent, to delivery: inout Delivery) -> Bool {
        switch form {
        case .stream(var body):
            guard let events = wire.rewritten(body.events, saying: content) else { return false }
            body.replace(by: events)
            body.write(to: &delivery)
        case .document(let answer):
            guard let edited = wire.rewritten(answer, saying: content) else { return false }
            delivery.edit(bodyBytes: edited.encoded())
        }
        return true
    }
}

extension AnswerContent {
    /// The visible text replaced by another, in the place of the first; empty text has no part.
    func saying(_ text: String) -> AnswerContent {
        var changed = self
        let place = parts.firstIndex { part in
            if case .text = part { true } else { false }
        }
        changed.parts.removeAll { part in
            if case .text = part { true } else { false }
        }
        guard !text.isEmpty else { return changed }
        let kept = parts.prefix(place ?? 0).count
        let end = changed.parts.firstIndex { part in
            if case .call = part { true } else { false }
        }
        changed.parts.insert(.text(text), at: place == nil ? end ?? changed.parts.count : kept)
        return changed
    }

    /// Without its tool calls.
    var withoutCalls: AnswerContent {
        var changed = self
        changed.parts.removeAll { part in
            if case .call = part { true } else { false }
        }
        return changed
    }

    /// Another reason for its end.
    func finished(_ finish: AnswerFinish) -> AnswerContent {
        var changed = self
        changed.finish = finish
        return changed
    }

    /// The tool calls replaced one by one; a call may become several or none.
    func mappingCalls(_ change: (Int, AnswerCall) -> [AnswerCall]) -> AnswerContent {
        var changed = self
        var number = -1
        changed.parts = parts.flatMap { part -> [AnswerPart] in
            guard case .call(let call) = part else { return [part] }
            number += 1
            return change(number, call).map { .call($0) }
        }
        return changed
    }

    /// The last tool call changed.
    func mappingLastCall(_ change: (inout AnswerCall) -> Void) -> AnswerContent {
        let last = calls.count - 1
        return mappingCalls { number, call in
            guard number == last else { return [call] }
            var changed = call
            change(&changed)
            return [changed]
        }
    }
}
