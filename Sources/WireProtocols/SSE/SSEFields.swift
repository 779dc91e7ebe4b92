/// Collects the fields of one frame by the rules of the standard.
struct SSEFields {
    private(set) var event: String?
    private(set) var data: String?
    private(set) var id: String?
    private(set) var retry: Int?
    private(set) var comments: [String] = []

    /// Takes a field; an unknown name is ignored, an empty one is a comment.
    mutating func add(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: name, as: UTF8.self) {
        case "": comments.append(text)
        case "event": event = text
        case "data": data = data.map { $0 + "\n" + text } ?? text
        case "id": if !value.contains(0) { id = text }
        case "retry":
            let isNumber = !value.isEmpty && value.allSatisfy { (0x30...0x39).contains($0) }
            if isNumber, let milliseconds = Int(text) { retry = milliseconds }
        default: break
        }
    }
}
