internal import Cassette
internal import Determinism
package import Simulation

/// What was asked and answered in one exchange, byte by byte, within bounds.
package struct ExchangeDetail: Hashable, Sendable {
    /// How many bytes of a request are kept.
    static let requestBytesMax = 16_384
    /// How many bytes of an answer are kept.
    static let answerBytesMax = 32_768
    /// How many steps are kept.
    static let stepsMax = 1_000
    /// How many header lines are kept.
    static let headersMax = 60

    package var id: ExchangeID
    /// The identity of what was asked, by which two runs are laid side by side.
    package var fingerprint: String
    /// The recorded interaction that answered.
    package var ordinal: Int?
    package var request: BoundedBytes
    /// What the tape holds; nil when nothing recorded answered.
    package var recorded: BoundedBytes?
    package var recordedStatus: Int?
    package var recordedHeaders: [HeaderLine]
    /// What was to be delivered.
    package var delivered: BoundedBytes
    package var headers: [HeaderLine]
    package var steps: [StepRecord]
    /// How many steps there were.
    package var stepCount: Int
    /// How many of them were written; nil when the clock is real, as chance decides it then.
    package var sentCount: Int?

    /// A header line.
    package struct HeaderLine: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    init(
        _ record: ExchangeRecord, clock: ClockMode, recorded: Interaction?,
        budget: inout DetailBudget
    ) {
        func bounded(_ body: [UInt8], _ most: Int) -> BoundedBytes {
            BoundedBytes(body, max: budget.bytes(body.count, max: most))
        }
        id = record.id
        fingerprint = record.fingerprint.hex
        ordinal = record.ordinal
        request = bounded(record.request.body, ExchangeDetail.requestBytesMax)
        let response = recorded?.response
        self.recorded = response.map { bounded($0.body, ExchangeDetail.answerBytesMax) }
        recordedStatus = response?.status
        recordedHeaders = ExchangeDetail.lines(response?.headers)
        delivered = bounded(record.body, ExchangeDetail.answerBytesMax)
        headers = ExchangeDetail.lines(record.headers)
        let stepsKept = budget.items(record.steps.count, max: ExchangeDetail.stepsMax)
        steps = Array(record.steps.prefix(stepsKept))
        stepCount = record.steps.count
        sentCount = clock == .virtual ? record.sentCount : nil
    }

    private static func lines(_ headers: HeaderFields?) -> [HeaderLine] {
        (headers?.fields ?? []).prefix(headersMax).map {
            HeaderLine(name: $0.name, value: $0.value)
        }
    }
}
