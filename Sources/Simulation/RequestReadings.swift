internal import Cassette
internal import Synchronization

/// Readings by the raw bytes of the request.
///
/// A reading is a function of request and tape, so nothing that is decided depends on what happens
/// to be in here.
final class RequestReadings: Sendable {
    /// How many bytes of requests are remembered; a storm asks for few different ones.
    static let bytesMax = 8 << 20

    private struct Known: Sendable {
        /// One cassette can be read under several rules.
        let normalisers: [Normaliser]
        let reading: RequestReading
    }

    private struct State: Sendable {
        var known: [UInt64: [Known]] = [:]
        var byteCount = 0
    }

    private let state = Mutex(State())

    func reading(
        of request: RecordedRequest, upstream: String, tape: Tape
    ) -> RequestReading {
        let key = request.sketch
        let normalisers = tape.rules.normalisers
        let known = state.withLock { state in
            state.known[key]?.first { known in
                known.reading.isFor(request, upstream: upstream)
                    && known.normalisers == normalisers
            }?.reading
        }
        if let known { return known }
        let reading = RequestReading(request, upstream: upstream, tape: tape)
        let size =
            256 + request.body.count
            + request.headers.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        state.withLock { state in
            guard state.byteCount + size <= RequestReadings.bytesMax else { return }
            state.byteCount += size
            state.known[key, default: []].append(Known(normalisers: normalisers, reading: reading))
        }
        return reading
    }
}
