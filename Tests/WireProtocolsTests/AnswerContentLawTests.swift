import Testing
import WireProtocols

extension AnswerContent {
    /// The content whose kept parts are counted from 0, as a reader does.
    var countedAnew: AnswerContent {
        var content = self
        var count = 0
        for (place, part) in parts.enumerated() {
            guard case .kept = part else { continue }
            content.parts[place] = .kept(count)
            count += 1
        }
        return content
    }

    /// Expects that a summary says the same.
    func expectSaid(by summary: AnswerSummary, _ name: String = "") {
        #expect(summary.terminated, "\(name)")
        #expect(summary.text == text, "\(name)")
        let calls = calls.map { call in
            ToolCall(id: call.id ?? "", name: call.name, arguments: call.arguments ?? "")
        }
        #expect(summary.toolCalls == calls, "\(name)")
    }
}

extension AnswerPart {
    /// Whether it is kept as it is.
    var isKept: Bool { if case .kept = self { true } else { false } }
}

@Suite("An answer written from its content")
struct AnswerContentLawTests {
    /// The samples that are one whole answer; in the others something is missing on purpose.
    static let whole = WireSample.all.filter { sample in
        !["a blocked prompt", "no end of it"].contains { sample.testDescription.contains($0) }
    }

    @Test("is none where nothing was said, or its end is missing")
    func others() {
        let others = WireSample.all.filter { sample in
            !Self.whole.contains { $0.testDescription == sample.testDescription }
        }
        #expect(others.count == 3)
        for sample in others { #expect(sample.wire.content(of: sample.events) == nil) }
    }

    @Test("says what its summary says", arguments: whole)
    func reading(_ sample: WireSample) throws {
        let content = try #require(sample.wire.content(of: sample.events))
        content.expectSaid(by: sample.wire.summary(of: sample.events))
    }

    @Test("stays byte for byte where it says the same", arguments: whole)
    func same(_ sample: WireSample) throws {
        let content = try #require(sample.wire.content(of: sample.events))
        #expect(sample.wire.rewritten(sample.events, saying: content) == sample.events)
    }

    @Test("reads back as what it was told to say", arguments: whole)
    func edited(_ sample: WireSample) throws {
        let content = try #require(sample.wire.content(of: sample.events))
        for edit in AnswerEdit.all {
            guard let edited = edit.apply(content),
                let events = sample.wire.rewritten(sample.events, saying: edited)
            else { continue }
            let bytes = StreamEvent.bytes(of: events)
            let again = sample.framing.events(of: bytes)
            #expect(again == events, "\(edit.name)")
            #expect(sample.wire.content(of: again) == edited.countedAnew, "\(edit.name)")
            edited.expectSaid(by: sample.wire.summary(of: again), edit.name)
        }
    }

    @Test("keeps a part that it has, and has no other", arguments: whole)
    func kept(_ sample: WireSample) throws {
        var content = try #require(sample.wire.content(of: sample.events))
        content.parts.append(.kept(10_000))
        #expect(sample.wire.rewritten(sample.events, saying: content) == nil)
        content.parts[content.parts.count - 1] = .kept(-1)
        #expect(sample.wire.rewritten(sample.events, saying: content) == nil)
        content.parts.removeLast()
        for part in content.parts.filter(\.isKept) {
            var doubled = content
            doubled.parts.append(part)
            #expect(sample.wire.rewritten(sample.events, saying: doubled) == nil)
        }
    }

    @Test("has kept parts in some samples")
    func keptParts() {
        let some = Self.whole.filter { sample in
            sample.wire.content(of: sample.events)?.parts.contains { $0.isKept } == true
        }
        #expect(some.count > 10)
    }

    @Test("is none where the stream is cut", arguments: WireSample.all)
    func cut(_ sample: WireSample) {
        let end = sample.events.indices.first { place in
            sample.wire.summary(of: Array(sample.events[...place])).terminated
        }
        let cut = Array(sample.events[..<(end ?? 0)])
        #expect(sample.wire.content(of: cut) == nil)
    }

    @Test("has a form for texts, parts, calls and ends", arguments: Self.identifiers)
    func support(_ id: String) {
        var supported: [AnswerEdit.Subject: Int] = [:]
        var asked: [AnswerEdit.Subject: Int] = [:]
        for sample in WireSample.all where sample.wire.id == id {
            guard let content = sample.wire.content(of: sample.events) else { continue }
            for edit in AnswerEdit.all {
                guard let edited = edit.apply(content) else { continue }
                asked[edit.subject, default: 0] += 1
                let events = sample.wire.rewritten(sample.events, saying: edited)
                if events != nil { supported[edit.subject, default: 0] += 1 }
            }
        }
        let subjects: [AnswerEdit.Subject] = [.text, .part, .call, .arguments, .finish, .model]
        let counts = subjects.map { subject in
            "\(subject.rawValue) \(supported[subject] ?? 0) of \(asked[subject] ?? 0)"
        }.joined(separator: ", ")
        #expect(supported[.text] == asked[.text], "\(counts)")
        for subject in subjects where asked[subject] != nil {
            #expect((supported[subject] ?? 0) > 0, "\(subject): \(counts)")
        }
    }

    /// The protocols of the samples, each once.
    private static let identifiers = WireSample.all.map(\.wire.id).reduce(into: [String]()) {
        if !$0.contains($1) { $0.append($1) }
    }
}
