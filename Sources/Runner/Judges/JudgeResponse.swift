internal import Cassette
internal import Judgement

/// What came back to a question.
enum JudgeResponse {
    /// The body of an answer.
    case answer([UInt8])
    /// This question is refused, and others may not be.
    case refusal(String)
    /// Every question will be.
    case unauthorized(String)
    /// This question is refused, and all others may be.
    case denied(String)
    /// The judge fails at this question, and may at all others.
    case failing(String)
    /// A success that is no answer.
    case unreadable(String)
    /// Too many questions; after so many seconds there may be room.
    case busy(Int?)
    /// There is no response.
    case failed(String)

    init(_ interaction: Interaction?, _ question: JudgeQuestion) {
        guard let interaction, interaction.ending == .complete,
            let response = interaction.response
        else {
            let ending = interaction?.ending ?? .unreachable
            self = .failed("did not answer (\(ending.rawValue))")
            return
        }
        let excerpt = String(decoding: response.body.prefix(300), as: UTF8.self)
        let told = "answered \(response.status): \(excerpt)"
        switch response.status {
        case ..<400:
            self =
                question.isAnswered(by: response.body)
                ? .answer(response.body)
                : response.status < 300 && question.isForm(of: response.body)
                    ? .refusal("said nothing: \(excerpt)") : .unreadable("this: \(excerpt)")
        case 429, 503, 529:
            let wait = response.headers.first("retry-after").flatMap { Int($0) }
            self = .busy(wait.map { min(max($0, 0), 60) })
        case 400, 413, 422: self = .refusal(told)
        case 401, 407: self = .unauthorized(told)
        case 500...: self = .failing(told)
        default: self = .denied(told)
        }
    }
}

/// The key of a judge.
struct JudgeKey {
    private let key: String?

    /// Reads the variable; nil for a judge without a key.
    init(variable: String?) throws(RunnerError) {
        guard let variable else {
            key = nil
            return
        }
        let value = System.environment.first { $0.name == variable }?.value ?? ""
        guard !value.isEmpty, value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw RunnerError(
                .usage,
                "--key-variable \(variable): the variable is not set, or no key: a key has no "
                    + "blanks")
        }
        key = value
    }

    /// The header in which a protocol wants it.
    func header(for wire: JudgeProtocol) -> HeaderField? {
        key.map { key in
            wire == .anthropicMessages
                ? HeaderField("x-api-key", key) : HeaderField("authorization", "Bearer \(key)")
        }
    }
}
