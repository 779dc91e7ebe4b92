import Testing
import WireProtocols

/// A change of what an answer says.
struct AnswerEdit: CustomTestStringConvertible, Sendable {
    /// What it changes, for the count of what a protocol can write.
    enum Subject: String, Sendable {
        case text, part, call, arguments, finish, model
    }

    let name: String
    let subject: Subject
    /// Gives nil where there is nothing to change.
    let apply: @Sendable (AnswerContent) -> AnswerContent?

    var testDescription: String { name }

    static let all =
        texts + (0..<4).map(dropping) + parts + calls + arguments.map(arguing)
        + finishes.map(finishing) + [model]

    private static let texts = [
        text("text is appended") { $0 + " And more than sixteen characters." },
        text("text is of several bytes a character") { _ in "Grüße 👋🏽, \"é\" \\ \r\n ende 🌤️ noch" },
        text("text is cut") { text in
            let count = text.unicodeScalars.count / 2
            return count == 0 ? nil : String(text.unicodeScalars.prefix(count))
        },
        text("text is long") { $0 + String(repeating: "é🌤️ and so on. ", count: 700) },
    ]

    private static func text(
        _ name: String, _ change: @escaping @Sendable (String) -> String?
    ) -> AnswerEdit {
        AnswerEdit(name: name, subject: .text) { content in
            for (place, part) in content.parts.enumerated() {
                guard case .text(let text) = part, !text.isEmpty else { continue }
                return change(text).map { changed in
                    var content = content
                    content.parts[place] = .text(changed)
                    return content
                }
            }
            return nil
        }
    }

    private static func dropping(_ place: Int) -> AnswerEdit {
        AnswerEdit(name: "part \(place) is dropped", subject: .part) { content in
            guard content.parts.indices.contains(place) else { return nil }
            var content = content
            content.parts.remove(at: place)
            return content
        }
    }

    private static let parts = [
        AnswerEdit(name: "all parts are dropped", subject: .part) { content in
            var content = content
            content.parts = []
            return content
        },
        AnswerEdit(name: "parts are reversed", subject: .part) { content in
            guard content.parts.count > 1 else { return nil }
            var content = content
            content.parts.reverse()
            return content
        },
        AnswerEdit(name: "a refusal is all", subject: .part) { content in
            var content = content
            content.parts = [.refusal("I'm sorry, but I can't help with that.")]
            return content
        },
    ]

    private static let calls = [
        call("the last call is repeated") { [$0, $0] },
        call("the name is another") {
            [AnswerCall(id: $0.id, name: "x_é", arguments: $0.arguments)]
        },
        call("the name is empty") { [AnswerCall(id: $0.id, name: "", arguments: $0.arguments)] },
        call("the identifier is absent") {
            [AnswerCall(id: nil, name: $0.name, arguments: $0.arguments)]
        },
        call("the identifier is empty") {
            [AnswerCall(id: "", name: $0.name, arguments: $0.arguments)]
        },
        AnswerEdit(name: "a call is added", subject: .part) { content in
            var content = content
            let id = content.calls.last?.id == nil && !content.calls.isEmpty ? nil : "call_added"
            content.parts.append(
                .call(AnswerCall(id: id, name: "added", arguments: #"{"n":[1,{"é":"🌤️"}]}"#)))
            return content
        },
    ]

    private static func call(
        _ name: String, subject: Subject = .call,
        _ change: @escaping @Sendable (AnswerCall) -> [AnswerCall]
    ) -> AnswerEdit {
        AnswerEdit(name: name, subject: subject) { content in
            let isCall = { (part: AnswerPart) in if case .call = part { true } else { false } }
            guard let place = content.parts.lastIndex(where: isCall),
                case .call(let call) = content.parts[place]
            else { return nil }
            var content = content
            content.parts.replaceSubrange(place...place, with: change(call).map { .call($0) })
            return content
        }
    }

    private static let arguments: [String?] = [
        "", nil, "[1]", "{\"a\":", "{}", #"{"a":1,"b":"é"}"#,
    ]

    private static func arguing(_ arguments: String?) -> AnswerEdit {
        call("the arguments are \(arguments ?? "absent")", subject: .arguments) {
            [AnswerCall(id: $0.id, name: $0.name, arguments: arguments)]
        }
    }

    private static let finishes: [AnswerFinish] = [
        .stop, .length, .toolCalls, .contentFilter, .refusal, .recitation, .malformedCall, .pause,
        .contextFull, .other("odd"), .unsaid,
    ]

    private static func finishing(_ finish: AnswerFinish) -> AnswerEdit {
        AnswerEdit(name: "the end is \(finish)", subject: .finish) { content in
            var content = content
            content.finish = finish
            return content
        }
    }

    private static let model = AnswerEdit(name: "the model is another", subject: .model) {
        content in
        guard content.model != nil else { return nil }
        var content = content
        content.model = "another-model"
        return content
    }
}

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
        expect(content, saidBy: sample.wire.summary(of: sample.events))
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
            expect(edited, saidBy: sample.wire.summary(of: again), edit.name)
        }
    }

    @Test("keeps a part that it has, and has no other", arguments: whole)
    func kept(_ sample: WireSample) throws {
        var content = try #require(sample.wire.content(of: sample.events))
        content.parts.append(.kept(10_000))
        #expect(sample.wire.rewritten(sample.events, saying: content) == nil)
        content.parts[content.parts.count - 1] = .kept(-1)
        #expect(sample.wire.rewritten(sample.events, saying: content) == nil)
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
        print("\(id): \(counts)")
        #expect(supported[.text] == asked[.text], "\(counts)")
        for subject in subjects where asked[subject] != nil {
            #expect((supported[subject] ?? 0) > 0, "\(subject): \(counts)")
        }
    }

    /// The protocols of the samples, each once.
    private static let identifiers = WireSample.all.map(\.wire.id).reduce(into: [String]()) {
        if !$0.contains($1) { $0.append($1) }
    }

    private func expect(
        _ content: AnswerContent, saidBy summary: AnswerSummary, _ name: String = ""
    ) {
        #expect(summary.terminated, "\(name)")
        #expect(summary.text == content.text, "\(name)")
        let calls = content.calls.map { call in
            ToolCall(id: call.id ?? "", name: call.name, arguments: call.arguments ?? "")
        }
        #expect(summary.toolCalls == calls, "\(name)")
    }
}
