internal import Cassette
internal import Synchronization

/// Readings by the raw bytes of the request, for one tape.
///
/// A reading is a function of request and tape, so nothing that is decided depends on what happens
/// to be in here.
final class RequestReadings: Sendable {
    private struct State: Sendable {
        /// In the order in which they were first asked for.
        private(set) var readings: [RequestReading] = []
        private var places: [UInt64: [Int]] = [:]
        private(set) var byteCount = 0
        /// The place of the one that is asked for next, if this run asks in the order of the first.
        private var guess = 0

        /// The one that is guessed, where it is for this request: nearly always, and no key is made.
        mutating func guessed(_ request: RecordedRequest, _ upstream: String) -> RequestReading? {
            guard guess < readings.count, readings[guess].isFor(request, upstream: upstream) else {
                return nil
            }
            return take(guess)
        }

        mutating func reading(
            _ key: UInt64, _ request: RecordedRequest, _ upstream: String
        ) -> RequestReading? {
            places[key]?.first { readings[$0].isFor(request, upstream: upstream) }.map { take($0) }
        }

        mutating func add(_ reading: RequestReading, _ key: UInt64, _ size: Int) {
            byteCount += size
            places[key, default: []].append(readings.count)
            readings.append(reading)
        }

        private mutating func take(_ place: Int) -> RequestReading {
            guess = place + 1 < readings.count ? place + 1 : 0
            return readings[place]
        }
    }

    private let bytesMax: Int
    private let state = Mutex(State())

    /// Remembers about so many bytes; a storm asks for few different requests.
    ///
    /// Where a header differs in every run there is no end of them: when there are more, all are
    /// forgotten.
    init(bytesMax: Int = 32 << 20) {
        self.bytesMax = bytesMax
    }

    /// How many are remembered.
    var count: Int { state.withLock { $0.readings.count } }

    func reading(
        of request: RecordedRequest, upstream: String, tape: Tape
    ) -> RequestReading {
        if let guessed = state.withLock({ $0.guessed(request, upstream) }) { return guessed }
        let key = RequestReadings.key(of: request)
        let known = state.withLock { $0.reading(key, request, upstream) }
        if let known { return known }
        let reading = RequestReading(request, upstream: upstream, tape: tape)
        let size = reading.byteCount
        // One that is too large must not drive out all others.
        guard size <= bytesMax else { return reading }
        state.withLock { state in
            guard state.reading(key, request, upstream) == nil else { return }
            if state.byteCount + size > bytesMax { state = State() }
            state.add(reading, key, size)
        }
        return reading
    }

    /// The sketch of the request, and all of its header lines.
    ///
    /// Requests may be alike but for a date or a number in a header: in one bucket, every look at
    /// it would take longer than the one before.
    static func key(of request: RecordedRequest) -> UInt64 {
        var key = request.sketch
        func mix(_ text: String) {
            // FNV-1a, as in the sketch.
            for byte in text.utf8 { key = (key ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
        for field in request.headers.fields {
            mix(field.name)
            mix(field.value)
        }
        return key
    }
}
