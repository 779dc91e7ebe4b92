import Determinism

/// A converse stream as clients read it: up to `messageStop`, a failure or a broken message.
struct BedrockConverseStream {
    /// A block of content: the places of its events.
    struct Block {
        /// The index that its events name.
        var index: Int
        /// The kind; nil until an event tells, since texts and reasoning have no start.
        var kind: BedrockConverseBlock.Kind?
        /// The call with the arguments so far, in a block of one of the agent's tools.
        var call: ToolCall?
        /// The place of its first event.
        var first: Int
        /// The place of the event that closes it.
        var stop: Int?

        /// Whether it has begun before a place and not ended.
        func isOpen(at place: Int) -> Bool {
            first < place && (stop ?? place) >= place
        }
    }

    /// The events that were read, each in its place.
    private(set) var events: [BedrockConverseEvent?]
    /// The blocks in the order in which they begin.
    private(set) var blocks: [Block] = []
    /// The number of the block to which each event belongs.
    private(set) var blockOf: [Int?]
    /// What the stream says.
    private(set) var summary = AnswerSummary()

    /// Reads a stream.
    init(_ stream: [StreamEvent]) {
        events = Array(repeating: nil, count: stream.count)
        blockOf = events.map { _ in nil }
        for (place, event) in stream.enumerated() {
            guard event.isReadable else { break }
            guard let decoded = BedrockConverseEvent(event) else { continue }
            events[place] = decoded
            take(decoded, at: place)
            if decoded.isStop {
                summary.finishReason = decoded.stopReason
                summary.terminated = true
                break
            }
        }
        summary.toolCalls = toolBlocks.compactMap { blocks[$0].call }.map { call in
            // Clients read a call without arguments, for which an empty piece is sent, as {}.
            var call = call
            if call.arguments.isEmpty { call.arguments = "{}" }
            return call
        }
    }

    /// Whether it can be edited: whole, and finished for a reason.
    var isEditable: Bool { summary.terminated && summary.finishReason != nil }

    /// The numbers of the blocks of the agent's tools, by index.
    var toolBlocks: [Int] {
        blocks.indices.filter { blocks[$0].call != nil }.sorted {
            (blocks[$0].index, $0) < (blocks[$1].index, $1)
        }
    }

    /// The blocks from the first that is no signed reasoning.
    var unsignedBlocks: ArraySlice<Block> {
        blocks.drop { $0.kind == .reasoning }
    }

    private mutating func take(_ event: BedrockConverseEvent, at place: Int) {
        if event.type == "contentBlockStart" {
            let kind = event.start.map { BedrockConverseBlock.kind(of: $0) }
            blockOf[place] = blocks.count
            blocks.append(
                Block(
                    index: event.index, kind: kind == .other ? nil : kind, call: event.startedCall,
                    first: place))
        } else if event.continuesBlock {
            let number = openBlock(event.index, at: place)
            blockOf[place] = number
            if event.type == "contentBlockStop" { blocks[number].stop = place }
            if event.isReasoning { blocks[number].kind = .reasoning }
            if let text = event.textDelta {
                summary.text += text
                blocks[number].kind = blocks[number].kind ?? .text
            }
            if let input = event.inputDelta { blocks[number].call?.arguments += input }
        }
    }

    /// The number of the open block with an index; a new one where there is none.
    private mutating func openBlock(_ index: Int, at place: Int) -> Int {
        if let number = blocks.lastIndex(where: { $0.index == index && $0.stop == nil }) {
            return number
        }
        blocks.append(Block(index: index, first: place))
        return blocks.count - 1
    }
}
