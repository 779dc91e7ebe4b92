import Cassette
import Determinism
import WireProtocols

/// The answer to a call: its messages, one of which is the response.
///
/// It comes as one JSON document, as server-sent events, or as the lines of a program.
struct MCPAnswer {
    let call: MCPCall
    private var stream: EventStreamBody?
    /// The place of the response among the events; 0 for a document.
    private var place: Int
    /// The response, a result or an error.
    private(set) var response: JSONValue
    /// Whether anything is other than it was read; only then is it written.
    private var isEdited = false

    /// Reads a delivery, which must hold the response to the request of the context.
    init(_ delivery: Delivery, _ context: FaultContext) throws(Inapplicable) {
        call = try MCPCall(context)
        guard let head = delivery.head, head.status < 400 else {
            throw Inapplicable("the answer is no success of HTTP, so it holds no message")
        }
        guard StreamFraming(announcedBy: head.headers) != nil else {
            let document = try delivery.jsonAnswer()
            guard MCPMessage(document)?.isAnswer == true else {
                throw Inapplicable("the answer is no message of the protocol")
            }
            (stream, place, response) = (nil, 0, document)
            return
        }
        let stream = try EventStreamBody(delivery, context)
        let id = call.id
        let found = stream.timed.firstIndex { timed in
            guard let message = timed.event.json.flatMap({ MCPMessage($0) }) else { return false }
            return message.isAnswer && (message.id == id || message.id == nil)
        }
        guard let found, let response = stream.timed[found].event.json else {
            throw Inapplicable("the stream holds no response to the request")
        }
        (self.stream, place, self.response) = (stream, found, response)
    }

    /// The result; a call that failed has none.
    func result() throws(Inapplicable) -> JSONValue {
        guard let result = response["result"], result.objectValue != nil else {
            throw Inapplicable("the answer is an error, not a result")
        }
        return result
    }

    /// Puts another response in place of the old one.
    mutating func replaceResponse(_ json: JSONValue) {
        guard json != response else { return }
        response = json
        isEdited = true
        guard let event = stream?.timed[place].event else { return }
        stream?.timed[place].event = event.replacingJSON(json)
    }

    /// Puts another result into the response.
    mutating func replaceResult(_ result: JSONValue) {
        var json = response
        json["result"] = result
        replaceResponse(json)
    }

    /// Adds messages that come right before the response, at its instant.
    mutating func insert(_ messages: [JSONValue]) throws(Inapplicable) {
        try add(messages, at: place)
        place += messages.count
    }

    /// Adds messages that come right after the response.
    mutating func append(_ messages: [JSONValue]) throws(Inapplicable) {
        if let last = stream?.timed[place].event.bytes.last, last != 0x0A, last != 0x0D {
            throw Inapplicable("the line of the response is not ended")
        }
        try add(messages, at: place + 1)
    }

    /// Writes the messages into the delivery that they were read from, where one was changed.
    func write(to delivery: inout Delivery) {
        guard isEdited else { return }
        if let stream {
            stream.write(to: &delivery)
        } else {
            delivery.edit(bodyBytes: response.encoded())
        }
    }

    private mutating func add(_ messages: [JSONValue], at index: Int) throws(Inapplicable) {
        guard var stream else {
            throw Inapplicable("the answer is one document; other messages need a stream")
        }
        let like = stream.timed[place]
        guard like.event.isTerminated else {
            throw Inapplicable("the stream breaks off in its response")
        }
        let added = messages.map { json in
            EventStreamBody.Timed(event: MCPAnswer.event(json, like: like.event), at: like.at)
        }
        stream.timed.insert(contentsOf: added, at: index)
        self.stream = stream
        isEdited = isEdited || !added.isEmpty
    }

    /// A fresh event in the form of another one, without its identifier.
    private static func event(_ json: JSONValue, like event: StreamEvent) -> StreamEvent {
        guard case .sse = event else { return .line(JSONLine(data: json.encoded())) }
        let ending: SSELineEnding = event.bytes.contains(0x0D) ? .crlf : .lf
        return StreamEvent(event: "message", data: json.encodedText(), lineEnding: ending)
    }
}

extension MCPAnswer {
    /// The chunks of a stream before its response, and the instant of the response; nothing and the
    /// instant of the answer where it is one document.
    func before(in delivery: Delivery) -> (chunks: [Chunk], at: SimDuration) {
        guard let stream else { return ([], delivery.head?.at ?? delivery.endAt) }
        let chunks = stream.timed[..<place].map { Chunk(at: $0.at, bytes: $0.event.bytes) }
        return (chunks, stream.timed[place].at)
    }

    /// Whether an event before the response has an identifier, by which a client would resume.
    var isNumberedBefore: Bool {
        stream?.timed[..<place].contains { timed in
            if case .sse(let event) = timed.event { event.id != nil } else { false }
        } ?? false
    }

    /// Where the bytes of the response lie in the body: its event or line, or all of it.
    func responseRange(in delivery: Delivery) -> Range<Int> {
        guard let stream else { return 0..<delivery.bodyCount }
        let start = stream.timed[..<place].reduce(0) { $0 + $1.event.bytes.count }
        return start..<(start + stream.timed[place].event.bytes.count)
    }
}
