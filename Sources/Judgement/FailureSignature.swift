public import Simulation
internal import Cassette

/// What makes two failures the same bug, whatever plan led there.
///
/// It names what is broken, at which kind of call, and for which cause, without the numbers, names
/// and texts that differ from run to run. Search never takes one bug for another: a smaller plan
/// counts only when it fails with the same signature.
public struct FailureSignature: Hashable, Sendable {
    /// `violated`, `hung` or `crashed`.
    public var verdict: Verdict
    /// The identifier of the broken invariant; empty when the end of the run decides.
    public var rule: String
    /// The kind of call that shows it, as `shop POST /orders/*`; empty for the run as a whole.
    public var call: String
    /// The type of the exception, the signal, or what was exceeded; empty where nothing says it.
    public var cause: String

    /// Creates a signature.
    public init(verdict: Verdict, rule: String = "", call: String = "", cause: String = "") {
        self.verdict = verdict
        self.rule = rule
        self.call = call
        self.cause = cause
    }

    /// The signature in words.
    public var text: String {
        var text = verdict.rawValue
        if !rule.isEmpty { text += " \(rule)" }
        if !call.isEmpty { text += " at \(call)" }
        if !cause.isEmpty { text += ": \(cause)" }
        return text
    }
}

extension FailureSignature {
    /// The signature of a run; nil when it did not fail.
    ///
    /// A run that gave two different digests has none: nothing can be said of it.
    public init?(_ trace: Trace, _ results: [InvariantResult]) {
        guard trace.end != nil, let failure = Judge.decisive(trace, results),
            failure.ruling.verdict.isFailure
        else { return nil }
        self.init(
            verdict: failure.ruling.verdict, rule: failure.rule ?? "",
            call: FailureSignature.call(failure, trace),
            cause: FailureSignature.cause(failure, trace))
    }

    private static func call(_ failure: Judge.Failure, _ trace: Trace) -> String {
        let id: ExchangeID?
        switch failure.position {
        case .request(let shown), .delivery(let shown): id = shown
        case .beginning: id = nil
        // What a run waits for when it hangs, or was doing when it crashed, is its last call. A
        // rule about the end of the run is about the whole of it.
        case .end: id = failure.rule == nil ? trace.exchanges.last?.id : nil
        }
        guard let id, let exchange = trace.exchanges.first(where: { $0.id == id }) else {
            return ""
        }
        let path = exchange.request.path.split(separator: "/", omittingEmptySubsequences: false)
            .map { isVolatile($0) ? "*" : String($0) }
            .joined(separator: "/")
        return "\(exchange.upstream) \(exchange.request.method) \(path)"
    }

    /// Whether a segment of a path names one thing among many: it holds a digit beside `v1`.
    private static func isVolatile(_ segment: Substring) -> Bool {
        let bytes = Array(segment.utf8)
        guard bytes.contains(where: isDigit) else { return false }
        return !(bytes.count <= 3 && bytes.first == UInt8(ascii: "v"))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func cause(_ failure: Judge.Failure, _ trace: Trace) -> String {
        guard failure.rule == nil else { return "" }
        switch (failure.ruling.verdict, trace.end) {
        case (.hung, .wallLimit): return "the limit of real time"
        case (.crashed, .exited(.signal(let signal))): return "signal \(signal)"
        case (.crashed, .exited): return CrashSignature.exceptionType(trace)
        case (_, .stopped(.limit(let text))), (_, .stopped(.exhausted(let text))):
            return withoutNumbers(text)
        default: return ""
        }
    }

    /// A text with `#` in place of each number.
    private static func withoutNumbers(_ text: String) -> String {
        var bytes: [UInt8] = []
        var isNumber = false
        for byte in text.utf8 {
            if isDigit(byte) {
                if !isNumber { bytes.append(UInt8(ascii: "#")) }
                isNumber = true
            } else {
                isNumber = false
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
