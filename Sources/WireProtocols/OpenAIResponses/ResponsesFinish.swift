import Determinism

/// The words of responses for why an answer ended.
///
/// A response that calls tools is `completed` like any other.
enum ResponsesFinish {
    /// What a status, or the reason of an incomplete response, means.
    static func meaning(of word: String?) -> AnswerFinish {
        switch word {
        case nil: .unsaid
        case "completed": .stop
        case ResponsesEnding.length: .length
        case "content_filter": .contentFilter
        case .some(let word): .other(word)
        }
    }

    /// Says in a response why it ended; false where there is no word for it.
    static func write(_ finish: AnswerFinish, into response: inout JSONValue) -> Bool {
        let reason: String
        switch finish {
        case .stop:
            ResponsesEnding.finish(&response, isComplete: true)
            finishItems(&response, isComplete: true)
            return true
        case .length: reason = ResponsesEnding.length
        case .contentFilter: reason = "content_filter"
        case .other(let word): reason = word
        default: return false
        }
        ResponsesEnding.finish(&response, isComplete: false)
        response["incomplete_details"] = ["reason": .string(reason)]
        finishItems(&response, isComplete: false)
        return true
    }

    private static func finishItems(_ response: inout JSONValue, isComplete: Bool) {
        guard let output = response["output"]?.arrayValue, let last = output.last else { return }
        response["output"]?[output.count - 1] = finished(last, isComplete: isComplete)
    }

    /// The last item of a response, which an end before the time leaves incomplete.
    static func finished(_ item: JSONValue, isComplete: Bool) -> JSONValue {
        let kind = ResponsesItemKind(item)
        guard kind == .message || kind.argumentsKey != nil, item["status"]?.stringValue != nil
        else { return item }
        var item = item
        item["status"] = isComplete ? "completed" : "incomplete"
        return item
    }
}
