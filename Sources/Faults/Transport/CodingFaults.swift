import Cassette
import Determinism

/// How a coded body is broken.
enum GzipDamage: String, CaseIterable {
    /// Its first byte is another.
    case magic
    /// Its checksum is another.
    case checksum = "crc"
    /// Its second half is missing.
    case truncated

    /// The body with the damage.
    func damage(_ chunks: [Chunk]) -> [Chunk] {
        var damaged = chunks
        switch self {
        case .magic: Self.flip(0, of: &damaged)
        case .checksum:
            let count = damaged.reduce(0) { $0 + $1.bytes.count }
            Self.flip(count - Gzip.trailerCount, of: &damaged)
        case .truncated:
            var left = damaged.reduce(0) { $0 + $1.bytes.count } / 2
            for place in damaged.indices {
                damaged[place].bytes = Array(damaged[place].bytes.prefix(left))
                left -= damaged[place].bytes.count
            }
            damaged.removeAll(where: \.bytes.isEmpty)
        }
        return damaged
    }

    private static func flip(_ offset: Int, of chunks: inout [Chunk]) {
        var left = offset
        for place in chunks.indices {
            if left < chunks[place].bytes.count {
                chunks[place].bytes[left] ^= 0xFF
                return
            }
            left -= chunks[place].bytes.count
        }
    }
}

// Both change the head, and what arrives cannot be read: the retry gets the recorded answer. So
// they replace it, although the body is made of the recorded one.
extension FaultKind {
    static let gzipCorrupt = FaultKind(
        id: "gzip-corrupt",
        summary: "The body comes in the gzip coding, and the coding is broken.",
        layer: .status, target: .any, signature: .loud, weight: 2, replaces: true,
        parameters: [.variant(GzipDamage.allCases.map(\.rawValue), "What is broken.")],
        documentation: FaultDocumentation(
            wireForm: "content-encoding: gzip; the recorded body in stored blocks with a wrong "
                + "first byte, a wrong checksum, or only its first half.",
            clients: "httpx raises DecodingError, zlib `incorrect header check`, which SDKs retry "
                + "when no stream was asked for. Half a coded stream may pass for a whole one.",
            robustAgent: "Retries within a budget, asking for accept-encoding: identity.",
            evidence: ["gateway#398", "dify#9275", "psf/requests#3849"]),
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            guard let variant = GzipDamage(rawValue: parameters.text("variant")) else {
                throw Inapplicable("no damage is called \(parameters.text("variant"))")
            }
            try demandPlainBody(of: delivery)
            delivery.edit(body: variant.damage(Gzip.coded(delivery.body)))
            delivery.head?.headers.set("content-encoding", "gzip")
        })

    static let encodingHeaderLie = FaultKind(
        id: "encoding-header-lie",
        summary: "The head is wrong about the coding of the body.",
        layer: .status, target: .any, signature: .loud, weight: 2, replaces: true,
        parameters: [
            .variant(
                ["plain-as-gzip", "gzip-as-plain"],
                "A plain body is announced as gzip, or one in gzip is not announced.")
        ],
        documentation: FaultDocumentation(
            wireForm: "content-encoding: gzip over the recorded bytes, or a whole gzip body "
                + "without the header.",
            clients: "The first as gzip-corrupt; the second gives binary noise to the parser.",
            robustAgent: "Treats it as a failure of the answer, and does not retry for ever."),
        apply: edit { (delivery, parameters, _) throws(Inapplicable) in
            try demandPlainBody(of: delivery)
            if parameters.text("variant") == "gzip-as-plain" {
                delivery.edit(body: Gzip.coded(delivery.body))
            } else {
                delivery.head?.headers.set("content-encoding", "gzip")
            }
        })

    private static func demandPlainBody(of delivery: Delivery) throws(Inapplicable) {
        guard let head = delivery.head, delivery.bodyCount > 0 else {
            throw Inapplicable("the answer has no body that could be coded")
        }
        let coding = head.headers.first("content-encoding") ?? "identity"
        guard asciiEqual(coding, "identity") else {
            throw Inapplicable("the recorded body is in the coding \(coding) already")
        }
    }
}
