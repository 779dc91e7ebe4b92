import Determinism

/// How a provider writes the events of blocks.
protocol BlockForm {
    /// The type of an event and its data.
    typealias Typed = (type: String, json: JSONValue)

    /// The member that holds the index of a block.
    var indexKey: String { get }

    /// What opens an empty block of a kind; nil where such a block has no start.
    func start(_ kind: AnswerBlock.Kind) -> Typed?

    /// What adds an empty piece.
    func piece(_ kind: AnswerBlock.Kind) -> Typed

    /// What closes a block.
    func stop(_ kind: AnswerBlock.Kind) -> Typed

    /// Sets the piece in the data of a piece, or of a start where one may stand there; an empty
    /// one leaves a start without text or arguments.
    func setPiece(_ piece: String, _ kind: AnswerBlock.Kind, _ json: inout JSONValue)

    /// Sets the identifier and the name in the data of a start.
    func setCall(_ call: AnswerCall, _ json: inout JSONValue)

    /// A fresh event in the frame of a recorded one.
    func event(_ typed: Typed, like recorded: StreamEvent) -> StreamEvent
}

extension BlockForm {
    /// The recorded frame under another name.
    func event(_ typed: Typed, like recorded: StreamEvent) -> StreamEvent {
        recorded.replacingJSON(typed.json, name: typed.type)
    }

    /// The data with another index, where it names one or must.
    func indexed(_ json: JSONValue, _ index: Int) -> JSONValue {
        guard (json[indexKey]?.placeValue ?? 0) != index else { return json }
        var json = json
        json[indexKey] = .int(Int64(index))
        return json
    }
}

/// Events of a recorded stream of which fresh ones of one kind of block are made.
struct BlockTemplates {
    /// An event without an index, a piece or a call of its own.
    struct Template {
        /// The frame.
        let event: StreamEvent
        /// The data.
        let json: JSONValue

        /// The event with other data.
        func event(_ edit: (inout JSONValue) -> Void) -> StreamEvent {
            var json = json
            edit(&json)
            return event.replacingJSON(json)
        }
    }

    /// What opens a block; nil where it needs no start.
    let start: Template?
    /// What adds a piece.
    let piece: Template
    /// What closes a block.
    let stop: Template

    /// Takes the templates from a stream; nil when it has no event that could be one.
    init?(
        _ kind: AnswerBlock.Kind, _ form: some BlockForm, _ stream: AnswerBlocks,
        _ events: [StreamEvent]
    ) {
        let frame = events.first { $0.isMovable && $0.json?.objectValue != nil }
        guard let frame else { return nil }
        func recorded(_ role: AnswerBlock.Role) -> StreamEvent? {
            for block in stream.blocks where block.kind == kind {
                let member = block.members.first { $0.role == role }
                if let member, events[member.place].isMovable { return events[member.place] }
            }
            return nil
        }
        /// Blank, so that a template is short whatever was recorded.
        func template(_ role: AnswerBlock.Role, _ typed: BlockForm.Typed, keepsData: Bool)
            -> Template
        {
            guard let event = recorded(role), var json = event.json else {
                return Template(event: form.event(typed, like: frame), json: typed.json)
            }
            if keepsData {
                if role != .stop { form.setPiece("", kind, &json) }
            } else {
                json = typed.json
            }
            return Template(event: event.replacingJSON(json), json: json)
        }
        // A recorded start of a text may say more of that text.
        start = form.start(kind).map { template(.start, $0, keepsData: kind == .call) }
        piece = template(.piece, form.piece(kind), keepsData: true)
        stop = template(.stop, form.stop(kind), keepsData: true)
    }
}
