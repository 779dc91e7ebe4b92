import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let eventstreamCRC = FaultKind(
        id: "eventstream-crc",
        summary: "A binary message of the stream is damaged: its checksum, length or a header.",
        layer: .stream, target: .model, signature: .loud, weight: 3, replaces: false,
        parameters: [
            numbered("at", "Which message is damaged, from 1.") { delivery, context in
                (try? messageStream(delivery, context))?.places
            },
            .variant(
                AWSEventDamage.allCases.map(\.rawValue),
                "eventstream-crc: the checksum is wrong; eventstream-len: the length is above what "
                    + "clients take; eventstream-unknown-header: a header of an undefined type."),
        ],
        documentation: FaultDocumentation(
            wireForm: "application/vnd.amazon.eventstream: the last byte of a message is off by "
                + "one bit; or its total length is 32 MiB with a true checksum of the prelude; or "
                + "a header x-unknown has type 10, all checksums true.",
            clients: "botocore raises ChecksumMismatch, InvalidPayloadLength or KeyError: parser "
                + "errors that are no ClientError, so that no handler for service errors sees "
                + "them.",
            robustAgent: "Treats it as a failure of the transport and runs the turn again.",
            evidence: [
                "botocore 1.44.5, read", "https://smithy.io/2.0/aws/amazon-eventstream.html",
            ]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            var (stream, places) = try messageStream(delivery, context)
            let place = try place("at", parameters, among: places, "whole messages")
            guard let message = stream.timed[place].event.message,
                let damage = AWSEventDamage(rawValue: parameters.text("variant"))
            else { throw Inapplicable("no damage is called \(parameters.text("variant"))") }
            stream.timed[place].event = .noise(
                message.damaged(damage), framing: .awsEventStream)
            stream.write(to: &delivery)
        })

    /// A stream of binary messages, and the places of those that are whole.
    private static func messageStream(
        _ delivery: Delivery, _ context: FaultContext
    ) throws(Inapplicable) -> (stream: EventStreamBody, places: [Int]) {
        let stream = try EventStreamBody(delivery, context)
        guard stream.timed[0].event.framing == .awsEventStream else {
            throw Inapplicable("the stream does not consist of binary messages")
        }
        let places = stream.timed.indices.filter { stream.timed[$0].event.isTerminated }
        return (stream, places)
    }
}
