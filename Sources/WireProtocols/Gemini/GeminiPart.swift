import Determinism

/// The kinds of parts that the content of a candidate is made of.
enum GeminiPart {
    /// The visible text of a part; empty for a thought and for parts of other kinds.
    static func text(_ part: JSONValue) -> String {
        isThought(part) ? "" : part["text"]?.stringValue ?? ""
    }

    /// Whether it is a summary of the model's thoughts, which is not for the reader.
    static func isThought(_ part: JSONValue) -> Bool {
        part["thought"]?.boolValue == true
    }

    /// Whether it shows nothing: an empty text, which may carry the signature of the thoughts.
    static func isEmptyText(_ part: JSONValue) -> Bool {
        !isThought(part) && part["text"]?.stringValue?.isEmpty == true && call(part) == nil
    }

    /// Whether it is part of the answer itself: visible text, a call, an image, code.
    static func isOfAnswer(_ part: JSONValue) -> Bool {
        !isThought(part) && !isEmptyText(part)
    }

    /// The call that it asks for, or a piece of one.
    static func call(_ part: JSONValue) -> JSONValue? {
        guard let call = part["functionCall"], call.objectValue != nil else { return nil }
        return call
    }

    /// Whether it is visible text and a call at once, of which the content would lose one.
    static func isMixed(_ part: JSONValue) -> Bool {
        !text(part).isEmpty && call(part) != nil
    }

    /// Whether it names a call or has whole arguments; later pieces of a call have neither.
    static func opensCall(_ call: JSONValue) -> Bool {
        call["name"]?.stringValue?.isEmpty == false || call["args"]?.objectValue != nil
    }
}
