import Testing

/// An input that once broke a law of `Fuzz`, or one of the kind that does.
struct FuzzRegression: CustomTestStringConvertible, Sendable {
    /// The laws whose inputs are run again here.
    enum Law: String, Sendable {
        case framing, json, protocols, writing
    }

    let name: String
    let law: Law
    /// The body, and behind it the eight numbers that chose what was done with it.
    let bytes: [UInt8]

    var testDescription: String { "\(law.rawValue): \(name)" }
}

extension FuzzRegression {
    /// An input that is a text.
    private init(_ name: String, _ law: Law, _ text: String, _ numbers: [UInt8] = []) {
        self.init(
            name: name, law: law,
            bytes: Array(text.utf8) + numbers + [UInt8](repeating: 0, count: 8 - numbers.count))
    }

    /// The inputs, those that `scripts/fuzz keep` takes at the end.
    static let all: [FuzzRegression] = [
        FuzzRegression(
            "chat completions name two models", .protocols,
            #"data: {"model":"a","choices":[{"index":0,"delta":{"content":"x"}}]}"# + "\n\n"
                + #"data: {"model":"b","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
                + "\n\ndata: [DONE]\n\n", [19, 0, 1, 1]),
        FuzzRegression(
            "lines name two models", .protocols,
            #"{"model":"a","message":{"role":"assistant","content":"x"},"done":false}"# + "\n"
                + #"{"model":"b","message":{"role":"assistant","content":""},"done":true,"#
                + #""done_reason":"stop"}"# + "\n", [4, 1, 1, 1]),
        FuzzRegression(
            "a response names two models", .protocols,
            #"data: {"type":"response.created","response":{"model":"a","output":[]}}"# + "\n\n"
                + #"data: {"type":"response.completed","response":{"model":"b","#
                + #""status":"completed","output":[]}}"# + "\n\n", [7, 0, 1, 1]),
        FuzzRegression(
            "an item's text is another when it is closed", .protocols,
            #"data: {"type":"response.output_item.added","output_index":0,"item":"#
                + #"{"type":"message","content":[]}}"# + "\n\n"
                + #"data: {"type":"response.output_text.done","output_index":0,"text":"x"}"#
                + "\n\n" + #"data: {"type":"response.output_item.done","output_index":0,"item":"#
                + #"{"type":"message","content":[{"type":"output_text","text":"y"}]}}"# + "\n\n"
                + #"data: {"type":"response.completed","response":{"status":"completed"}}"#
                + "\n\n", [7, 0, 1, 1]),
        FuzzRegression(
            "an item without an index", .protocols,
            #"data: {"type":"response.output_item.done","item":{"type":"message","content":"#
                + #"[{"type":"output_text","text":"x"}]}}"# + "\n\n"
                + #"data: {"type":"response.completed","response":{"status":"completed"}}"#
                + "\n\n", [7, 0, 1, 1]),
        FuzzRegression("nothing", .framing, ""),
        FuzzRegression("line endings of all kinds", .framing, "\r\r\n\n\rdata\r\n\r\r: \n\r\n"),
        FuzzRegression("byte order marks", .framing, "\u{FEFF}\n\u{FEFF}data: \u{FEFF}\n\n"),
        FuzzRegression("brackets that never meet", .framing, #"]}[{"]\"},,[[}{"x":[1,"#),
        FuzzRegression("numbers at the edge", .json, "[-0,1e999,-9223372036854775809,0.0e-0]"),
        FuzzRegression(
            name: "a message of four gigabytes", law: .framing,
            bytes: [
                0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                0x03, 0x00, 0x05, 0x00, 0x09, 0x01, 0x00, 0x00,
            ]),
        FuzzRegression(
            name: "a message shorter than its checksums", law: .framing,
            bytes: [
                0x00, 0x00, 0x00, 0x0F, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                0x00, 0x00, 0x00, 0x00, 0x03, 0x00, 0x02, 0x00, 0x03, 0x01, 0x00, 0x00,
            ]),
    ]
}
