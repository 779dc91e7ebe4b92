import NIOCore

/// Watches the first bytes of an upstream for the sign that it speaks HTTP/2 only.
///
/// Nothing of a request was taken then: a client that insists on HTTP/1.1 is refused in the TLS
/// handshake, and one that speaks it over a connection for HTTP/2 gets the server's settings, with
/// which every such connection begins, while its own first bytes are no preface.
final class UpstreamSign: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    enum Kind {
        /// In front of TLS: the fatal alert no_application_protocol (RFC 7301, 3.2).
        case alert
        /// Behind it: the frame SETTINGS of stream 0 (RFC 9113, 3.4). HTTP/1.1 begins with a letter.
        case settings

        /// The bytes that it is told by; nil for any.
        var bytes: [UInt8?] {
            switch self {
            case .alert: [0x15, 0x03, nil, 0x00, 0x02, 0x02, 0x78]
            case .settings: [0x00, nil, nil, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00]
            }
        }
    }

    private let kind: Kind
    private let onSign: () -> Void
    private var place = 0
    private var isOver = false
    private var held = ByteBuffer()

    init(_ kind: Kind, onSign: @escaping () -> Void) {
        self.kind = kind
        self.onSign = onSign
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return context.fireChannelRead(data) }
        var part = unwrapInboundIn(data)
        var isOther = false
        for byte in part.readableBytesView {
            if let wanted = kind.bytes[place], wanted != byte { isOther = true }
            place += 1
            isOver = isOther || place == kind.bytes.count
            if isOver { break }
        }
        held.writeBuffer(&part)
        guard isOver else { return }
        isOther ? pass(context) : onSign()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isOver { pass(context) }
        context.fireChannelInactive()
    }

    private func pass(_ context: ChannelHandlerContext) {
        isOver = true
        let bytes = held
        held = ByteBuffer()
        if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
    }
}
