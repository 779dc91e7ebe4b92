internal import Cassette
internal import Determinism
internal import Faults

/// The same events as `digestEvents` of a run under the virtual clock, written straight as the
/// bytes that are hashed: a run has many, and only a divergence needs them as values.
extension Trace {
    /// Members of events, in the order of their names.
    private enum Piece {
        static let at = Array(#"{"at_ns":"#.utf8)
        static let agentClosed = Array(#"{"agent_closed":"#.utf8)
        static let atNext = Array(#","at_ns":"#.utf8)
        static let attempt = Array(#","exchange":{"attempt":"#.utf8)
        static let bytes = Array(#","bytes":"#.utf8)
        static let delivery = Array(#","delivery":"#.utf8)
        static let duration = Array(#","duration_ns":"#.utf8)
        static let ending = Array(#","ending":"#.utf8)
        static let faults = Array(#","faults":"#.utf8)
        static let fingerprint = Array(#","fingerprint":"#.utf8)
        static let miss = Array(#","miss":"#.utf8)
        static let output = Array(#","output":"#.utf8)
        static let request = Array(#","request":"#.utf8)
        static let source = Array(#","source":"#.utf8)
        static let status = Array(#","status":"#.utf8)
        static let take = Array(#","take":"#.utf8)
        static let until = Array(#","until_ns":"#.utf8)
        static let upstream = Array(#","upstream":"#.utf8)
        static let waits = Array(#","waits":"#.utf8)
        static let woke = Array(#","woke":"#.utf8)
        static let noFaults = Array(#"[]"#.utf8)
        static let null = Array("null".utf8)
        static let end = Array("}".utf8)
        static let endOfBoth = Array("}}".utf8)
        static let endOfExchange = Array(#"},"request":"#.utf8)
    }

    /// The forms of the events of steps, by the kinds of nearly all.
    private struct StepForms {
        static let known = StepForms()

        let body: CanonicalForm = StepForms.made(of: "body")
        let head: CanonicalForm = StepForms.made(of: "head")
        let end: CanonicalForm = StepForms.made(of: "end")

        func form(of kind: String) -> CanonicalForm {
            switch kind {
            case "body": body
            case "head": head
            case "end": end
            default: StepForms.made(of: kind)
            }
        }

        private static func made(of kind: String) -> CanonicalForm {
            let name = JSONValue.string(kind).canonicalText()
            return CanonicalForm(
                #"{"at_ns":"#, #","bytes":"#, #","kind":\#(name),"of":"#, #","step":"#, "}")
        }
    }

    /// Whether every exchange stands at the place that its number says, as the world writes them.
    var isNumberedInOrder: Bool {
        exchanges.indices.allSatisfy { exchanges[$0].id.number == $0 + 1 }
    }

    /// Appends the events of the log, up to the end.
    func appendLog(to rolling: inout RollingDigest) {
        let forms = StepForms.known
        for row in entries.rows[..<endOfLog] {
            rolling.append { out in
                switch row.kind {
                case .step: write(step: row, forms, to: &out)
                case .request: write(request: row, to: &out)
                case .agentClosed:
                    out.write(Piece.agentClosed)
                    out.write(number: place(row))
                    out.write(Piece.atNext)
                    out.write(number: row.at.nanoseconds)
                    out.write(Piece.end)
                case .waits:
                    Trace.write(row, Piece.until, row.detail, to: &out)
                    out.write(Piece.waits)
                    out.write(number: Int64(row.number))
                    out.write(Piece.end)
                case .woke:
                    Trace.write(row, Piece.woke, Int64(row.number), to: &out)
                    out.write(Piece.end)
                case .standardOutput: Trace.write(row, of: .standardOutput, to: &out)
                case .standardError: Trace.write(row, of: .standardError, to: &out)
                case .other: out.write(event(at: row.at, entries.others[row.number], [:]))
                }
            }
        }
    }

    /// The number of an exchange that is numbered in order; 0 for one that is not in the trace.
    private func place(_ row: TraceLog.Row) -> Int64 {
        row.number > 0 && row.number <= exchanges.count ? Int64(row.number) : 0
    }

    private static func write(
        _ row: TraceLog.Row, _ name: [UInt8], _ number: Int64, to out: inout CanonicalWriter
    ) {
        out.write(Piece.at)
        out.write(number: row.at.nanoseconds)
        out.write(name)
        out.write(number: number)
    }

    private static func write(
        _ row: TraceLog.Row, of stream: OutputStream, to out: inout CanonicalWriter
    ) {
        write(row, Piece.bytes, Int64(row.number), to: &out)
        out.write(Piece.output)
        out.write(string: stream.rawValue)
        out.write(Piece.end)
    }

    private func write(
        step row: TraceLog.Row, _ forms: StepForms, to out: inout CanonicalWriter
    ) {
        let number = place(row)
        guard number > 0 else {
            out.write(event(at: row.at, .step(ExchangeID(0), index: Int(row.detail)), [:]))
            return
        }
        let place = Int(number) - 1
        let index = Int(row.detail)
        let count = Int64(exchanges[place].steps[index].byteCount)
        let form = forms.form(of: exchanges[place].steps[index].kind)
        out.write(form, row.at.nanoseconds, count, number, row.detail)
    }

    private func write(request row: TraceLog.Row, to out: inout CanonicalWriter) {
        let number = place(row)
        guard number > 0 else {
            out.write(event(at: row.at, .request(ExchangeID(row.number)), [:]))
            return
        }
        out.write(Piece.at)
        out.write(number: row.at.nanoseconds)
        write(exchange: exchanges[Int(number) - 1], to: &out)
        out.write(Piece.endOfExchange)
        out.write(number: number)
        out.write(Piece.end)
    }

    private func write(exchange: ExchangeRecord, to out: inout CanonicalWriter) {
        out.write(Piece.attempt)
        out.write(number: Int64(exchange.attempt))
        if let delivery = exchange.delivery {
            out.write(Piece.delivery)
            out.write(delivery)
            out.write(Piece.duration)
            out.write(number: exchange.duration.nanoseconds)
        }
        out.write(Piece.ending)
        out.write(string: exchange.ending.rawValue)
        out.write(Piece.faults)
        let fired = exchange.faults.isEmpty ? [] : exchange.fired
        if fired.isEmpty {
            out.write(Piece.noFaults)
        } else {
            out.write(.array(fired.map(Trace.faultEvent)))
        }
        out.write(Piece.fingerprint)
        out.write(hexadecimal: [exchange.fingerprint.high, exchange.fingerprint.low])
        if let miss = exchange.miss {
            out.write(Piece.miss)
            out.write(string: miss.path ?? miss.route)
        }
        out.write(Piece.request)
        out.write(string: "\(exchange.request.method) \(exchange.request.path)")
        out.write(Piece.source)
        out.write(string: exchange.source.rawValue)
        out.write(Piece.status)
        if let status = exchange.status {
            out.write(number: Int64(status))
        } else {
            out.write(Piece.null)
        }
        out.write(Piece.take)
        out.write(number: Int64(exchange.take))
        out.write(Piece.upstream)
        out.write(string: exchange.upstream)
    }
}
