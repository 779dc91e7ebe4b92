/// One block of a recorded stream: a text, a tool call or what is kept, with its events.
struct AnswerBlock {
    /// The kinds of blocks that are told apart.
    enum Kind: Hashable {
        /// Visible text.
        case text
        /// A call of one of the agent's tools.
        case call
        /// What is never edited.
        case kept
    }

    /// What an event does for its block.
    enum Role {
        /// Opens it; may hold a first piece.
        case start
        /// Adds a piece of its text or its arguments.
        case piece
        /// Says something about the pieces so far, such as a citation.
        case note
        /// As a note, but with an index of its own.
        case quote
        /// Closes it.
        case stop
        /// Nothing: it only stands there, as a ping does.
        case loose
    }

    /// One of its events.
    struct Member {
        /// The place in the stream.
        let place: Int
        /// What it does.
        let role: Role
        /// The piece in it.
        let piece: String
    }

    /// The kind.
    let kind: Kind
    /// The index that its events name; nil where they name none.
    let index: Int?
    /// The call with its arguments, in a block of that kind.
    var call: AnswerCall?
    /// Its events in their order.
    var members: [Member] = []
    /// Whether it needs no more events.
    var isClosed = false

    /// All pieces, joined.
    var joined: String {
        members.reduce(into: "") { $0 += $1.piece }
    }

    /// The pieces that are not empty.
    var pieces: [String] {
        members.compactMap { $0.piece.isEmpty ? nil : $0.piece }
    }
}

/// A recorded stream whose answer is a row of blocks: what stands before, in and behind them.
///
/// A reader feeds it in the order of the stream. Whatever makes no sense spoils it, and then there
/// is no content to edit.
struct AnswerBlocks {
    /// The places of the events before the first block.
    private(set) var head: [Int] = []
    /// The blocks in the order in which they were opened.
    private(set) var blocks: [AnswerBlock] = []
    /// The places from the event that says why the answer ended.
    private(set) var tail: [Int] = []
    /// The model that the answer names.
    var model: String?
    /// Why it ended.
    var finish = AnswerFinish.unsaid

    private let areCallsCountedApart: Bool
    private var isSpoiled = false
    /// The numbers of the open blocks and the last index of each row of indices.
    private var open: [Place: Int] = [:]
    private var last: [Bool: Int] = [:]
    /// The number of the text that was opened last.
    private var lastText: Int?

    private struct Place: Hashable {
        var isCall: Bool
        var index: Int
    }

    /// Creates an empty one; some providers count tool calls apart from the other blocks.
    init(areCallsCountedApart: Bool = false) {
        self.areCallsCountedApart = areCallsCountedApart
    }

    /// Opens a block; indices must rise, as clients order blocks by them.
    mutating func open(
        _ kind: AnswerBlock.Kind, index: Int, call: AnswerCall? = nil, at place: Int,
        as role: AnswerBlock.Role = .start, piece: String = ""
    ) {
        let row = isCallRow(kind)
        if index <= last[row] ?? -1 || !tail.isEmpty { isSpoiled = true }
        last[row] = index
        open[Place(isCall: row, index: index)] = blocks.count
        if kind == .text { lastText = blocks.count }
        let member = AnswerBlock.Member(place: place, role: role, piece: piece)
        blocks.append(AnswerBlock(kind: kind, index: index, call: call, members: [member]))
    }

    /// Adds to what has neither index nor end and is kept, such as a plan.
    mutating func keep(at place: Int) {
        if blocks.last?.index != nil || blocks.isEmpty {
            if !tail.isEmpty { isSpoiled = true }
            blocks.append(AnswerBlock(kind: .kept, index: nil, isClosed: true))
        }
        add(.note, to: blocks.count - 1, at: place)
    }

    /// The number of the open block with an index; `isCall` tells rows of indices apart.
    func openBlock(_ index: Int, isCall: Bool = false) -> Int? {
        open[Place(isCall: isCall && areCallsCountedApart, index: index)]
    }

    /// Adds an event to a block.
    mutating func add(
        _ role: AnswerBlock.Role, to number: Int, at place: Int, piece: String = ""
    ) {
        guard blocks.indices.contains(number) else { return spoil() }
        blocks[number].members.append(.init(place: place, role: role, piece: piece))
        // Clients that join all pieces as they come would read another text than block by block.
        if blocks[number].kind == .text, number != lastText, !piece.isEmpty { isSpoiled = true }
        if role == .stop {
            blocks[number].isClosed = true
            let row = isCallRow(blocks[number].kind)
            blocks[number].index.map { _ = open.removeValue(forKey: Place(isCall: row, index: $0)) }
        }
    }

    /// Takes an event that belongs to no block.
    mutating func pass(_ place: Int, as role: AnswerBlock.Role = .loose) {
        if !tail.isEmpty {
            tail.append(place)
        } else if blocks.isEmpty {
            head.append(place)
        } else {
            add(role, to: blocks.count - 1, at: place)
        }
    }

    /// Takes the event behind which no block is opened.
    mutating func end(at place: Int) {
        tail.append(place)
    }

    /// Says that the stream is not understood.
    mutating func spoil() {
        isSpoiled = true
    }

    /// Sets the arguments of the calls from their pieces; `none` gives those of a call without any.
    mutating func finishCalls(none: (AnswerBlock) -> String?) {
        for number in blocks.indices where blocks[number].kind == .call {
            let block = blocks[number]
            let joined = block.joined
            blocks[number].call?.arguments = joined.isEmpty ? none(block) : joined
        }
    }

    /// What the stream says; nil when it was spoiled or a block is open.
    var content: AnswerContent? {
        guard !isSpoiled, blocks.allSatisfy({ $0.isClosed }) else { return nil }
        let parts: [AnswerPart] = blocks.map { block in
            if let call = block.call { return .call(call) }
            return block.kind == .text ? .text(block.joined) : .kept(0)
        }
        return AnswerContent(parts: parts, finish: finish, model: model).renumbered
    }

    /// Whether blocks of a kind have a row of indices of their own.
    func isCallRow(_ kind: AnswerBlock.Kind) -> Bool {
        areCallsCountedApart && kind == .call
    }
}
