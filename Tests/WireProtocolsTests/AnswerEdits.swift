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
        appending("a refusal is added", [.refusal("No.")]),
        appending("two refusals are added", [.refusal("No."), .refusal("No.")]),
        appending("two texts are added", [.text("one"), .text("two")]),
    ]

    private static func appending(_ name: String, _ parts: [AnswerPart]) -> AnswerEdit {
        AnswerEdit(name: name, subject: .part) { content in
            var content = content
            content.parts += parts
            return content
        }
    }

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
