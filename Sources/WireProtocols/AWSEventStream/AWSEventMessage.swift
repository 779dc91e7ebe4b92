import Cassette
import Determinism

/// One binary message of an event stream: its exact bytes, and what they say.
///
/// Source: https://smithy.io/2.0/aws/amazon-eventstream.html. Lengths and checksums are big-endian;
/// the prelude (length of all, length of the headers) has a checksum of its own.
public struct AWSEventMessage: Hashable, Sendable {
    /// A header whose value is a text; those of other types are kept but not read.
    public struct Header: Hashable, Sendable {
        /// The name, such as `:event-type`.
        public var name: String
        /// The value.
        public var value: String

        /// Creates a header.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The bytes of the message.
    public let bytes: [UInt8]
    /// Whether lengths and checksums are true; a client refuses the message and the rest otherwise.
    public let isValid: Bool
    /// The headers that are texts, in their order.
    public let headers: [Header]
    private let payload: Range<Int>

    /// What clients take: 128 KiB of headers, 24 MiB of payload.
    private static let headerBytesMax = 128 << 10
    private static let payloadBytesMax = 24 << 20
    private static let preludeCount = 12
    private static let checksumCount = 4

    /// Reads a message.
    init(bytes: [UInt8]) {
        self.bytes = bytes
        let end = bytes.count - Self.checksumCount
        let headerCount = Self.number(bytes, at: 4).map(Int.init) ?? 0
        let headerEnd = Self.preludeCount + headerCount
        guard Self.number(bytes, at: 0) == UInt32(exactly: bytes.count), headerEnd <= end,
            Self.number(bytes, at: 8) == CRC32.checksum(bytes[..<8]),
            Self.number(bytes, at: end) == CRC32.checksum(bytes[..<end]),
            headerCount <= Self.headerBytesMax, end - headerEnd <= Self.payloadBytesMax,
            let headers = Self.headers(in: bytes[Self.preludeCount..<headerEnd])
        else {
            (isValid, headers, payload) = (false, [], 0..<0)
            return
        }
        (isValid, self.headers, payload) = (true, headers, headerEnd..<end)
    }

    /// Builds a message; the headers are written as texts.
    public init(headers: [Header], payload: [UInt8]) {
        var block: [UInt8] = []
        for header in headers {
            let name = Array(header.name.utf8.prefix(255))
            let value = Array(header.value.utf8.prefix(Int(UInt16.max)))
            block.append(UInt8(name.count))
            block += name
            block.append(Self.textType)
            block += [UInt8(value.count >> 8), UInt8(value.count & 0xFF)]
            block += value
        }
        self.init(headerBlock: block[...], payload: payload)
    }

    /// The bytes of the headers; empty where the message is not valid.
    var headerBlock: ArraySlice<UInt8> {
        isValid ? bytes[Self.preludeCount..<payload.lowerBound] : []
    }

    /// The bytes of the payload, wrapped or not.
    var payloadBytes: ArraySlice<UInt8> { bytes[payload] }

    /// Builds a message with true lengths and checksums around these headers.
    init(headerBlock: ArraySlice<UInt8>, payload: [UInt8]) {
        let count = Self.preludeCount + headerBlock.count + payload.count + Self.checksumCount
        var bytes = Self.bytes(UInt32(count)) + Self.bytes(UInt32(headerBlock.count))
        bytes += Self.bytes(CRC32.checksum(bytes[...]))
        bytes += headerBlock
        bytes += payload
        bytes += Self.bytes(CRC32.checksum(bytes[...]))
        self.init(bytes: bytes)
    }

    /// The value of the first header with a name.
    public func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// The type of the event, the exception or the error.
    public var name: String? {
        header(":event-type") ?? header(":exception-type") ?? header(":error-code")
    }

    /// Whether it reports a failure: an exception of the service, or an error of the transport.
    public var isException: Bool {
        header(":message-type").map { $0 != "event" } ?? false
    }

    /// The payload as text; nil when it is empty.
    ///
    /// `InvokeModelWithResponseStream` wraps the model's own event: there it is the inner one.
    public var data: String? {
        guard !payload.isEmpty else { return nil }
        let text = String(decoding: bytes[payload], as: UTF8.self)
        return wrapped(text).map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// The same message with other data, wrapped as before.
    func replacingJSON(_ value: JSONValue) -> AWSEventMessage {
        replacingData(value.encoded())
    }

    /// The same message with other data, JSON or not, wrapped as before.
    func replacingData(_ data: [UInt8]) -> AWSEventMessage {
        guard isValid else { return self }
        var data = data
        let text = String(decoding: bytes[payload], as: UTF8.self)
        if wrapped(text) != nil, var outer = try? JSONValue.parse(text: text) {
            outer["bytes"] = .string(String(decoding: Base64.encode(data), as: UTF8.self))
            data = outer.encoded()
        }
        return AWSEventMessage(headerBlock: headerBlock, payload: data)
    }

    /// What a `chunk` wraps: `{"bytes":"<base64>"}`.
    private func wrapped(_ text: String) -> [UInt8]? {
        guard name == "chunk", let outer = try? JSONValue.parse(text: text) else { return nil }
        return outer["bytes"]?.stringValue.flatMap { Base64.decode($0) }
    }

    private static let textType: UInt8 = 7
    /// How many bytes the values of each type have; the other types say it themselves.
    private static let sizes: [UInt8: Int] = [0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16]

    private static func headers(in block: ArraySlice<UInt8>) -> [Header]? {
        var rest = block
        var headers: [Header] = []
        func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        while let nameCount = take(1)?.first {
            guard let name = take(Int(nameCount)), let type = take(1)?.first else { return nil }
            if let size = sizes[type] {
                guard take(size) != nil else { return nil }
                continue
            }
            guard type == 6 || type == textType, let size = take(2),
                let value = take(size.reduce(0) { $0 << 8 | Int($1) })
            else { return nil }
            if type == textType {
                headers.append(
                    Header(
                        String(decoding: name, as: UTF8.self),
                        String(decoding: value, as: UTF8.self)))
            }
        }
        return headers
    }

    private static func number(_ bytes: [UInt8], at place: Int) -> UInt32? {
        guard place >= 0, place + 4 <= bytes.count else { return nil }
        return bytes[place..<(place + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A number as it is written.
    static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }
}
