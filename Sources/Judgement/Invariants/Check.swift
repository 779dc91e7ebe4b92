internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation

/// What one check found.
struct Finding {
    var passed: Bool
    var message: String
    var witnesses: [ExchangeID] = []
    var position: WitnessPosition?

    static func holds(_ message: String) -> Finding {
        Finding(passed: true, message: message)
    }

    /// Broken, as the end of the run shows.
    static func brokenAtEnd(_ message: String) -> Finding {
        Finding(passed: false, message: message, position: .end)
    }
}

/// The checks behind the invariants, one function each.
enum Check {
    static func exitCode(_ wanted: Int, _ trace: Trace) -> Finding {
        let seen = EndText.text(of: trace.end) + (trace.unmet.map { "; \($0)" } ?? "")
        let isEndedWell = if case .dismissed = trace.end { wanted == 0 } else { false }
        guard isEndedWell || trace.end == .exited(.code(wanted)) else {
            return .brokenAtEnd("expected exit code \(wanted), but the agent \(seen)")
        }
        // An answer that failed is to a server what its exit code is to a program.
        guard wanted == 0, let failed = trace.asked.first(where: { !$0.isFine }) else {
            return .holds("the agent \(seen)")
        }
        return .brokenAtEnd(
            "expected exit code 0, but the agent \(AskedText.failure(failed)) and \(seen)")
    }

    static func maxCalls(_ upstream: String, _ limit: Int, _ trace: Trace) -> Finding {
        let calls = inOrder(trace).filter { $0.upstream == upstream }
        guard calls.count > limit else {
            return .holds("\(upstream) was called \(times(calls.count))")
        }
        return Finding(
            passed: false,
            message: "\(upstream) was called \(times(calls.count)), at most \(limit) allowed",
            witnesses: [calls[limit].id], position: .request(calls[limit].id))
    }

    /// Attempts at the same request, counted anew after each whole, successful answer.
    static func maxAttempts(_ upstream: String?, _ limit: Int, _ trace: Trace) -> Finding {
        var counts: [String: Int] = [:]
        var most = 0
        for exchange in inOrder(trace) where upstream == nil || upstream == exchange.upstream {
            let key = "\(exchange.upstream) \(exchange.fingerprint.hex)"
            let attempt = max(counts[key, default: 0] + 1, exchange.attempt)
            most = max(most, attempt)
            if attempt > limit {
                return Finding(
                    passed: false,
                    message: "\(route(exchange)) of \(exchange.upstream) was asked for the "
                        + "\(ordinal(attempt)) time, at most \(limit) allowed",
                    witnesses: [exchange.id], position: .request(exchange.id))
            }
            let succeeded = exchange.consumed && (exchange.status ?? 599) < 400
            counts[key] = succeeded ? 0 : attempt
        }
        return .holds("no request was tried more than \(times(most))")
    }

    static func maxVirtualTime(_ limit: Int64, _ trace: Trace) -> Finding {
        let taken = Milliseconds.text(trace.duration)
        guard trace.duration > .milliseconds(limit) else {
            return .holds("the run took \(taken) of virtual time")
        }
        let position = momentBeyond(.milliseconds(limit), trace)
        var witnesses: [ExchangeID] = []
        if case .delivery(let id) = position { witnesses = [id] }
        return Finding(
            passed: false,
            message: "the run took \(taken) of virtual time, at most \(limit) ms allowed",
            witnesses: witnesses, position: position)
    }

    private static func momentBeyond(_ limit: SimDuration, _ trace: Trace) -> WitnessPosition {
        switch trace.clock {
        case .real:
            var sum = SimDuration.zero
            for exchange in trace.exchanges {
                sum += exchange.duration
                if sum > limit { return .delivery(exchange.id) }
            }
            return .end
        case .virtual:
            var position = WitnessPosition.beginning
            for entry in trace.log {
                if SimInstant.zero.duration(to: entry.at) > limit { break }
                if case .request(let id) = entry.event { position = .delivery(id) }
            }
            return position
        }
    }

    static func output(_ pattern: Pattern, _ wanted: Bool, _ trace: Trace) -> Finding {
        let found = outputs(trace).contains {
            pattern.isFound(in: String(decoding: $0, as: UTF8.self))
        }
        let message =
            found ? "the output matches /\(pattern.text)/" : "no match of /\(pattern.text)/"
        return found == wanted ? .holds(message) : .brokenAtEnd(message)
    }

    /// What the agent says: its output, or, when it is a server, each of its answers.
    private static func outputs(_ trace: Trace) -> [[UInt8]] {
        trace.asked.isEmpty ? [trace.standardOutput] : trace.asked.map(\.body)
    }

    static func outputJSON(_ trace: Trace, schema: JSONSchema? = nil) -> Finding {
        let findings = outputs(trace).map { outputJSON($0, schema: schema) }
        return findings.first { !$0.passed } ?? findings[0]
    }

    private static func outputJSON(_ output: [UInt8], schema: JSONSchema?) -> Finding {
        let value: JSONValue
        do {
            value = try JSONValue.parse(output)
        } catch {
            return .brokenAtEnd("the output is no JSON: \(error)")
        }
        guard let schema else { return .holds("the output is JSON") }
        let failures = schema.failures(of: value)
        guard !failures.isEmpty else { return .holds("the output fits the schema") }
        let shown = failures.prefix(3).map { "\($0.path): \($0.message)" }
        let more = failures.count > 3 ? "; and \(failures.count - 3) more" : ""
        return .brokenAtEnd("the output does not fit: " + shown.joined(separator: "; ") + more)
    }

    /// Exchanges in the order in which the agent asked.
    static func inOrder(_ trace: Trace) -> [ExchangeRecord] {
        trace.exchanges.sorted { $0.id < $1.id }
    }

    static func route(_ exchange: ExchangeRecord) -> String {
        "\(exchange.request.method) \(exchange.request.path)"
    }

    private static func times(_ count: Int) -> String {
        count == 1 ? "once" : "\(count) times"
    }

    private static func ordinal(_ number: Int) -> String {
        let suffix =
            switch (number % 100, number % 10) {
            case (11...13, _): "th"
            case (_, 1): "st"
            case (_, 2): "nd"
            case (_, 3): "rd"
            default: "th"
            }
        return "\(number)\(suffix)"
    }
}

/// Exact milliseconds as text, without floating point.
enum Milliseconds {
    static func text(_ duration: SimDuration) -> String {
        let whole = duration.nanoseconds / 1_000_000
        let micros = abs(duration.nanoseconds % 1_000_000) / 1_000
        guard micros > 0 else { return "\(whole) ms" }
        let digits = String(micros)
        return "\(whole)." + String(repeating: "0", count: 3 - digits.count) + digits + " ms"
    }
}
