internal import Determinism
internal import Faults
internal import Simulation

/// What became of a call of a tool, as far as the trace shows it.
enum ToolOutcome {
    case done
    /// An error says that it was not carried out.
    case refused
    /// It failed, and may have been carried out all the same.
    case unclear
}

/// The words by which results of tools tell that they are errors.
private enum ErrorWords {
    /// How the text of an error begins, in lower case; a letter behind it makes it another word.
    static let beginnings = [
        "error", "exception", "traceback (most recent call last)", "failed to", "failure:",
        "unknown tool", "tool not found", "tool error", "invalid arguments", "invalid input",
    ]
    /// Members that mark a JSON result as an error when they hold this.
    static let members: [(name: String, value: JSONValue)] = [
        ("isError", true), ("is_error", true), ("success", false), ("ok", false),
        ("status", "error"),
    ]
    /// An error with one of these leaves open whether the call was carried out.
    static let doubts = [
        "timeout", "timed out", "time-out", "time out", "deadline", "connection", "reset by peer",
        "disconnect", "closed", "aborted", "interrupted", "unavailable", "gateway",
        "internal server error", "internal error", "no response", "500", "502", "503", "504",
    ]
    /// How much of an error is looked at.
    static let bytesMax = 4096
}

extension Conduct {
    /// The exchange with this number; numbers count the exchanges from 1.
    func record(of id: ExchangeID) -> ExchangeRecord? {
        var (low, high) = (0, exchanges.count)
        while low < high {
            let middle = (low + high) / 2
            if exchanges[middle].id < id { low = middle + 1 } else { high = middle }
        }
        guard low < exchanges.count, exchanges[low].id == id else { return nil }
        return exchanges[low]
    }
}

extension ToolUse {
    /// Whether it went as plain HTTP.
    var isPlainHTTP: Bool { name.contains(" ") && callID == nil }

    /// Whether the result is an error: it is marked as one, or it reads like one.
    ///
    /// Some protocols have no mark, so agents write an error into the text.
    var saysItFailed: Bool {
        if isError { return true }
        guard let result else { return false }
        if let json = try? JSONValue.parse(text: result), json.objectValue != nil {
            if let error = json["error"], !error.isNull, error.boolValue != false { return true }
            return ErrorWords.members.contains { json[$0.name] == $0.value }
        }
        let start = String(result.unicodeScalars.prefix(64).drop { $0.properties.isWhitespace })
            .lowercased()
        return ErrorWords.beginnings.contains { beginning in
            start.hasPrefix(beginning)
                && start.dropFirst(beginning.count).first?.isLetter != true
        }
    }

    /// What became of it: for plain HTTP by the status, else by the result and its words.
    func outcome(_ conduct: Conduct) -> ToolOutcome {
        if case .call(let id) = evidence, let exchange = conduct.record(of: id) {
            if isPlainHTTP { return ToolUse.outcome(of: exchange) }
            if result == nil {
                return ToolUse.outcome(of: exchange) == .refused ? .refused : .unclear
            }
        }
        guard saysItFailed else { return .done }
        let start = Array((result ?? "").utf8.prefix(ErrorWords.bytesMax))
        let text = String(decoding: start, as: UTF8.self).lowercased()
        return result == nil || ErrorWords.doubts.contains { text.contains($0) }
            ? .unclear : .refused
    }

    /// Whether it was run, as far as one can tell: an agent that refuses a call tells the model of
    /// an error, while what went over the wire was tried at least.
    func wasRun(_ conduct: Conduct) -> Bool {
        guard case .result = evidence else { return true }
        return outcome(conduct) != .refused
    }

    /// A time-out (408), a conflict (409), a server's error and a cut connection prove nothing.
    private static func outcome(of exchange: ExchangeRecord) -> ToolOutcome {
        guard exchange.sentCount > 0, let status = exchange.status else { return .unclear }
        if status >= 400 {
            return status < 500 && status != 408 && status != 409 ? .refused : .unclear
        }
        let isWhole =
            exchange.ending == .complete
            && exchange.sentBody.count == exchange.body.count
        return isWhole ? .done : .unclear
    }
}
