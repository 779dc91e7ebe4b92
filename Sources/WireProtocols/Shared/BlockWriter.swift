import Determinism

/// Writes the blocks of a stream anew, as an edited content wants them.
///
/// Events whose block says the same, and those of a common prefix, stay byte for byte but for the
/// index of their block.
struct BlockWriter<Form: BlockForm> {
    private let form: Form
    private let events: [StreamEvent]
    private let stream: AnswerBlocks
    private var templates: [AnswerBlock.Kind: BlockTemplates] = [:]
    /// How many blocks were written, and the recorded indices, in each row of indices.
    private var counts: [Bool: Int] = [:]
    private let indices: [Bool: [Int]]
    /// What was written so far: the events up to the end of the last block.
    private(set) var result: [StreamEvent] = []
    /// The new index for each recorded index of a block that stayed, calls counted apart left out.
    private(set) var movedIndices: [Int: Int] = [:]

    init(_ form: Form, _ events: [StreamEvent], _ stream: AnswerBlocks) {
        self.form = form
        self.events = events
        self.stream = stream
        var indices: [Bool: [Int]] = [:]
        for block in stream.blocks {
            guard let index = block.index else { continue }
            indices[stream.isCallRow(block.kind), default: []].append(index)
        }
        self.indices = indices
    }

    /// Writes what stands before the blocks, and the blocks; whether all had a form.
    mutating func write(_ parts: [AnswerPart], from old: [AnswerPart]) -> Bool {
        guard let sources = PartSources(parts, from: old) else { return false }
        result += stream.head.map { events[$0] }
        var isKept = Array(repeating: false, count: old.count)
        for (part, source) in zip(parts, sources.places) {
            if let source {
                isKept[source] = true
                guard write(part, over: stream.blocks[source], isSame: old[source].isExactly(part))
                else { return false }
            } else {
                guard write(part) else { return false }
            }
        }
        // What was no part of a block stays, such as a ping.
        for (block, isKept) in zip(stream.blocks, isKept) where !isKept {
            for member in block.members where member.role == .loose {
                result.append(events[member.place])
            }
        }
        return true
    }

    /// Writes a part over the recorded block that it goes back to.
    private mutating func write(
        _ part: AnswerPart, over block: AnswerBlock, isSame: Bool
    ) -> Bool {
        let index = block.index.map { nextIndex(block.kind, recorded: $0) }
        guard !isSame else {
            for member in block.members { copy(member, index) }
            return true
        }
        switch part {
        case .text(let text): return write(text, nil, over: block, index)
        case .call(let call):
            guard let arguments = call.arguments, !arguments.isEmpty else { return false }
            let isSaid = ExactText.areSame(arguments, block.call?.arguments)
            return write(isSaid ? nil : arguments, call, over: block, index)
        case .refusal, .kept: return false
        }
    }

    /// Writes a text, or nil for the recorded one, over a block.
    private mutating func write(
        _ text: String?, _ call: AnswerCall?, over block: AnswerBlock, _ index: Int?
    ) -> Bool {
        guard let templates = blanks(block.kind) else { return false }
        let recorded = block.pieces
        let pieces = text.map { TextPieces.cut($0, like: recorded) } ?? recorded
        let same = zip(pieces, recorded).prefix { ExactText.areSame($0, $1) }.count
        var fresh = pieces.dropFirst(same)
        var seen = 0
        var hasPiece = false
        for member in block.members {
            let isLost = !member.piece.isEmpty && seen >= same
            if !member.piece.isEmpty { seen += 1 }
            let isBehind = seen > same
            switch member.role {
            case .start:
                // Arguments that are said anew may stand in a start without being a piece of it.
                let isBlank = isLost || (member.piece.isEmpty && call != nil && text != nil)
                copyStart(member, block.kind, index, call, isBlank: isBlank)
            case .loose: copy(member, index)
            case .note, .quote: if !isBehind { copy(member, index) }
            case .piece:
                if isBehind { continue }
                copy(member, index)
                hasPiece = true
            case .stop:
                // Without a start only a piece, though it is empty, tells that it is a text.
                if templates.start == nil, !hasPiece, fresh.isEmpty { fresh = [""] }
                writePieces(fresh, block.kind, index, templates)
                copy(member, index)
            }
        }
        return true
    }

    /// Writes a part that goes back to nothing.
    private mutating func write(_ part: AnswerPart) -> Bool {
        let kind: AnswerBlock.Kind
        var pieces: [String]
        var call: AnswerCall?
        switch part {
        case .text(let text): (kind, pieces) = (.text, TextPieces.cut(text, like: []))
        case .call(let fresh):
            guard let arguments = fresh.arguments, !arguments.isEmpty else { return false }
            (kind, pieces, call) = (.call, TextPieces.cut(arguments, like: []), fresh)
        case .refusal, .kept: return false
        }
        guard let templates = blanks(kind) else { return false }
        let index = nextIndex(kind, recorded: nil)
        if let start = templates.start {
            result.append(
                start.event { json in
                    if let call { form.setCall(call, &json) }
                    json = form.indexed(json, index)
                })
        } else if pieces.isEmpty {
            pieces = [""]
        }
        writePieces(pieces[...], kind, index, templates)
        result.append(templates.stop.event { $0 = form.indexed($0, index) })
        return true
    }

    private mutating func writePieces(
        _ pieces: ArraySlice<String>, _ kind: AnswerBlock.Kind, _ index: Int?,
        _ templates: BlockTemplates
    ) {
        for piece in pieces {
            result.append(
                templates.piece.event { json in
                    form.setPiece(piece, kind, &json)
                    if let index { json = form.indexed(json, index) }
                })
        }
    }

    private mutating func copyStart(
        _ member: AnswerBlock.Member, _ kind: AnswerBlock.Kind, _ index: Int?, _ call: AnswerCall?,
        isBlank: Bool
    ) {
        let form = form
        copy(member, index) { json in
            if let call { form.setCall(call, &json) }
            if isBlank { form.setPiece("", kind, &json) }
        }
    }

    /// Writes a recorded event, edited where it must be.
    private mutating func copy(
        _ member: AnswerBlock.Member, _ index: Int?, _ edit: (inout JSONValue) -> Void = { _ in }
    ) {
        let event = events[member.place]
        let isNumbered = member.role != .loose && member.role != .quote
        guard isNumbered, let index, let json = event.json else {
            result.append(event)
            return
        }
        var edited = form.indexed(json, index)
        edit(&edited)
        result.append(edited == json ? event : event.replacingJSON(edited))
    }

    private mutating func blanks(_ kind: AnswerBlock.Kind) -> BlockTemplates? {
        if let known = templates[kind] { return known }
        let found = BlockTemplates(kind, form, stream, events)
        templates[kind] = found
        return found
    }

    /// The next index of a row: those that were recorded, in their order, then the ones after.
    private mutating func nextIndex(_ kind: AnswerBlock.Kind, recorded: Int?) -> Int {
        let row = stream.isCallRow(kind)
        let known = indices[row] ?? []
        let count = counts[row] ?? 0
        counts[row] = count + 1
        let after = (known.last ?? -1).addingReportingOverflow(count - known.count + 1)
        let index = count < known.count ? known[count] : after.overflow ? 0 : after.partialValue
        if let recorded, !row { movedIndices[recorded] = index }
        return index
    }
}
