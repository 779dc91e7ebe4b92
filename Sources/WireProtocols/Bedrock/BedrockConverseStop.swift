import Determinism

/// What an edit changes beside the content: why the answer ended, and what it counts.
enum BedrockConverseStop {
    /// The `messageStop` with another reason.
    static func event(
        _ event: StreamEvent, _ decoded: BedrockConverseEvent, reason: String
    ) -> StreamEvent {
        let json = withReason(reason, decoded.json)
        return json == decoded.json ? event : event.replacingJSON(json)
    }

    /// An answer or `messageStop` with another reason.
    ///
    /// A request may ask for fields in the model's own words, so the reason may be there twice: in
    /// an answer under its name, in a stream under `delta`.
    static func withReason(_ reason: String, _ json: JSONValue) -> JSONValue {
        var json = json
        json["stopReason"] = .string(reason)
        if let fields = json["additionalModelResponseFields"] {
            var fields = withModelReason(reason, fields)
            if let delta = fields["delta"] { fields["delta"] = withModelReason(reason, delta) }
            json["additionalModelResponseFields"] = fields
        }
        return json
    }

    private static func withModelReason(_ reason: String, _ fields: JSONValue) -> JSONValue {
        var fields = fields
        if fields["stop_reason"] != nil { fields["stop_reason"] = .string(reason) }
        if fields["stop_sequence"] != nil { fields["stop_sequence"] = .some(.null) }
        return fields
    }

    /// An answer or `metadata` whose usage counts other output tokens; the total follows.
    static func withOutputTokens(_ count: Int64, _ json: JSONValue) -> JSONValue {
        guard var usage = json["usage"], usage.objectValue != nil else { return json }
        let old = usage["outputTokens"]?.intValue ?? 0
        usage["outputTokens"] = .int(count)
        if let total = usage["totalTokens"]?.intValue, old >= 0, old <= total {
            let (sum, isTooLarge) = (total - old).addingReportingOverflow(count)
            if !isTooLarge { usage["totalTokens"] = .int(sum) }
        }
        var json = json
        json["usage"] = usage
        return json
    }
}
