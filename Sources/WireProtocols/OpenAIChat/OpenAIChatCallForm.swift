import Determinism

/// The form of tool calls and of their pieces.
enum OpenAIChatCallForm {
    /// A call that says nothing yet.
    static let fresh: JSONValue = [
        "id": "", "type": "function", "function": ["name": "", "arguments": ""],
    ]

    /// What a whole call says.
    static func call(_ json: JSONValue) -> AnswerCall {
        AnswerCall(
            id: json["id"]?.stringValue, name: json["function"]?["name"]?.stringValue ?? "",
            arguments: json["function"]?["arguments"]?.stringValue)
    }

    /// A whole call, with what else the given one holds.
    static func call(_ call: AnswerCall, like form: JSONValue) -> JSONValue {
        var result = form
        setID(&result, call.id)
        setFunction(&result) { function in
            function["name"] = .string(call.name)
            if call.arguments != nil || form["function"]?["arguments"]?.nonNull != nil {
                function["arguments"] = call.arguments.map { .string($0) }
            }
        }
        return result
    }

    /// The members of a piece that every provider reads, without what belongs to one call only.
    static func opening(like form: JSONValue?) -> JSONValue {
        guard let form, form["id"]?.stringValue != nil,
            let names = form["function"]?.objectValue?.map(\.key), names.contains("name")
        else {
            return [
                "index": 0, "id": "", "type": "function",
                "function": ["name": "", "arguments": ""],
            ]
        }
        let known = ["index", "id", "type", "function"]
        return .object(
            (form.objectValue ?? []).filter { known.contains($0.key) }.map { member in
                guard member.key == "function" else { return member }
                return JSONMember("function", ["name": "", "arguments": ""])
            })
    }

    /// A piece that only adds to the arguments of a call.
    static func piece(_ fragment: String, index: Int) -> JSONValue {
        ["index": .int(Int64(index)), "function": ["arguments": .string(fragment)]]
    }

    /// A piece with the index, and with the identifier and the name where it says them or opens the
    /// call.
    static func retitled(
        _ piece: JSONValue, _ call: AnswerCall, index: Int, isFirst: Bool
    ) -> JSONValue {
        var piece = piece
        piece["index"] = .int(Int64(index))
        if isFirst || piece["id"]?.stringValue?.isEmpty == false { setID(&piece, call.id) }
        if isFirst || piece["function"]?["name"]?.stringValue?.isEmpty == false {
            setFunction(&piece) { $0["name"] = .string(call.name) }
        }
        return piece
    }

    /// A piece with other arguments; nil takes them out.
    static func piece(_ piece: JSONValue, arguments: String?) -> JSONValue {
        var piece = piece
        setFunction(&piece) { $0["arguments"] = arguments.map { .string($0) } }
        return piece
    }

    private static func setID(_ json: inout JSONValue, _ id: String?) {
        json["id"] = id.map { .string($0) }
    }

    private static func setFunction(
        _ json: inout JSONValue, _ change: (inout JSONValue) -> Void
    ) {
        var function = json["function"] ?? [:]
        if function.objectValue == nil { function = [:] }
        change(&function)
        json["function"] = function
    }
}
