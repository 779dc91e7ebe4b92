import Determinism

/// Writes the events of tool calls, each under an index of its own.
struct OpenAIChatCallStrands {
    let writer: OpenAIChatWriter
    let recording: OpenAIChatRecording
    /// The atom that opens a recorded call, for the form of a new one.
    let example: Int?
    private var lastIndex = -1

    init(writer: OpenAIChatWriter, recording: OpenAIChatRecording, example: Int?) {
        (self.writer, self.recording, self.example) = (writer, recording, example)
    }

    /// What says this call; nil where no index is left for it.
    mutating func threads(of call: AnswerCall, like pair: Int?) -> [StreamWeaver.Strand]? {
        let next = lastIndex.addingReportingOverflow(1)
        let old = pair.map { recording.parts[$0].index } ?? -1
        guard old > lastIndex || !next.overflow else { return nil }
        lastIndex = old > lastIndex ? old : next.partialValue
        guard let pair, case .call(let recorded) = recording.parts[pair].said else {
            return fresh(call)
        }
        var titled = recorded
        titled.arguments = call.arguments
        let isSame = lastIndex == old && titled.isExactly(call)
        return edited(call, pair, recorded: recorded, hasSameTitle: isSame)
    }

    private func fresh(_ call: AnswerCall) -> [StreamWeaver.Strand] {
        let form = OpenAIChatCallForm.opening(like: example.flatMap(delta))
        let opening = OpenAIChatCallForm.retitled(form, call, index: lastIndex, isFirst: true)
        let place = example.map { recording.atoms[$0].event }
        guard let arguments = call.arguments, writer.streamsArguments else {
            let whole = OpenAIChatCallForm.piece(opening, arguments: call.arguments)
            return [.fresh(writer.event(.call(whole), like: place))]
        }
        return [.fresh(writer.event(.call(opening), like: place))]
            + pieces(TextPieces.cut(arguments, like: [])[...], place)
    }

    private func pieces(_ pieces: ArraySlice<String>, _ place: Int?) -> [StreamWeaver.Strand] {
        pieces.map { piece in
            let delta = OpenAIChatCallForm.piece(piece, index: lastIndex)
            return .fresh(writer.event(.call(delta), like: place))
        }
    }

    private func delta(_ atom: Int) -> JSONValue? {
        if case .call(let json) = recording.atoms[atom].facet { json } else { nil }
    }

    private func edited(
        _ call: AnswerCall, _ pair: Int, recorded: AnswerCall, hasSameTitle: Bool
    ) -> [StreamWeaver.Strand] {
        let atoms = recording.parts[pair].atoms
        let fragments = recording.fragments(of: pair)
        let place = atoms.last.map { recording.atoms[$0].event }
        let isSaid = (call.arguments == nil) == (recorded.arguments == nil)
        var pieces = TextPieces.cut(call.arguments ?? "", like: fragments)[...]
        if !writer.streamsArguments, !pieces.elementsEqual(fragments.filter { !$0.isEmpty }) {
            pieces = [call.arguments ?? ""]
        }
        var threads: [StreamWeaver.Strand] = []
        for (number, atom) in atoms.enumerated() {
            guard let old = delta(atom) else { continue }
            let fragment = fragments[number]
            let isKept = fragment.isEmpty || pieces.first?.utf8.elementsEqual(fragment.utf8) == true
            if !isKept, number > 0 { break }
            if hasSameTitle, isSaid, isKept {
                threads.append(.recorded(atom, part: pair))
                if !fragment.isEmpty { pieces = pieces.dropFirst() }
                continue
            }
            // Behind the first piece there is nothing to say of arguments that are not there.
            if call.arguments == nil, number > 0 { break }
            var delta = OpenAIChatCallForm.retitled(
                old, call, index: lastIndex, isFirst: number == 0)
            if !fragment.isEmpty, isKept {
                pieces = pieces.dropFirst()
            } else if number == 0, !isKept || !isSaid {
                delta = opening(delta, call, &pieces)
            }
            threads.append(
                .fresh(writer.event(.call(delta), like: recording.atoms[atom].event)))
        }
        return threads + self.pieces(pieces, place)
    }

    /// The piece that opens a call whose arguments begin in another way.
    private func opening(
        _ delta: JSONValue, _ call: AnswerCall, _ pieces: inout ArraySlice<String>
    ) -> JSONValue {
        guard call.arguments != nil else {
            pieces = []
            return OpenAIChatCallForm.piece(delta, arguments: nil)
        }
        guard !writer.streamsArguments else {
            return OpenAIChatCallForm.piece(delta, arguments: "")
        }
        pieces = []
        return OpenAIChatCallForm.piece(delta, arguments: call.arguments)
    }
}
