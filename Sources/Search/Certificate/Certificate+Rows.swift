internal import Determinism
internal import Judgement

/// How long the lists are into which rows point.
struct CertificateRowLimits {
    var sites: Int
    var failures: Int
    var plans: Int
}

/// How the rows of a certificate are read and checked.
extension Certificate {
    static func rows(
        _ reader: CertificateReader, _ limits: CertificateRowLimits
    ) throws(CertificateError) -> [CertificateRow] {
        var rows: [CertificateRow] = []
        for (value, path) in try reader.list("phases") {
            let part = try CertificateReader(
                value, at: path, members: ["phase", "tally", "rows"])
            let phase = try part.word("phase", as: ExplorationPhase.self)
            for (number, (value, path)) in try part.list("rows").enumerated() {
                let row = try row(value, at: path, phase, limits)
                guard row.number == number else {
                    throw CertificateError(
                        .inconsistent, at: "\(path)[0]",
                        "must be \(number): the rows of a rung are numbered from 0")
                }
                rows.append(row)
            }
        }
        return rows
    }

    /// So many verdicts of one run can wait at most, so that no sum of them overflows.
    private static let waitingMax = 1_000_000

    private static func row(
        _ value: JSONValue, at path: String, _ phase: ExplorationPhase,
        _ limits: CertificateRowLimits
    ) throws(CertificateError) -> CertificateRow {
        guard let items = value.arrayValue, (3...9).contains(items.count) else {
            throw CertificateError(
                .invalidValue, at: path,
                "must be a list of number, places, standing, verdict, digest, failure, plan, "
                    + "reason and verdicts that wait, of which what is absent at the end is left "
                    + "out")
        }
        func item(_ place: Int) -> JSONValue? {
            place < items.count && !items[place].isNull ? items[place] : nil
        }
        guard let places = items[1].arrayValue else {
            throw CertificateError(.invalidValue, at: "\(path)[1]", "must be a list of places")
        }
        var sites: [Int] = []
        for place in places {
            sites.append(
                try CertificateReader.place(
                    place, at: "\(path)[1]", of: limits.sites, "places"))
        }
        var row = CertificateRow(
            phase: phase,
            number: try CertificateReader.whole(items[0], at: "\(path)[0]", in: 0...Int.max),
            sites: sites,
            standing: try CertificateReader.word(
                items[2], at: "\(path)[2]", as: Standing.self))
        if let verdict = item(3) {
            row.verdict = try CertificateReader.word(verdict, at: "\(path)[3]", as: Verdict.self)
        }
        if let digest = item(4) { row.digest = try self.digest(digest, at: "\(path)[4]") }
        if let failure = item(5) {
            row.failure = try CertificateReader.place(
                failure, at: "\(path)[5]", of: limits.failures, "failures")
        }
        if let plan = item(6) {
            row.plan = try CertificateReader.place(
                plan, at: "\(path)[6]", of: limits.plans, "plans")
        }
        if let reason = item(7) {
            guard let text = reason.stringValue else {
                throw CertificateError(.invalidValue, at: "\(path)[7]", "must be a text")
            }
            row.reason = text
        }
        if let waiting = item(8) {
            row.waiting = try CertificateReader.whole(
                waiting, at: "\(path)[8]", in: 1...waitingMax)
        }
        try check(row, at: path)
        return row
    }

    private static func digest(
        _ value: JSONValue, at path: String
    ) throws(CertificateError) -> UInt64 {
        guard let text = value.stringValue, let number = UInt64(text, radix: 16),
            hex16(number) == text
        else {
            throw CertificateError(
                .invalidValue, at: path, "must be 16 hexadecimal digits in lower case")
        }
        return number
    }

    private static func check(_ row: CertificateRow, at path: String) throws(CertificateError) {
        guard (row.verdict == nil) == (row.digest == nil) else {
            throw CertificateError(
                .inconsistent, at: path, "a row that was run has a verdict and a digest")
        }
        guard row.verdict != nil || row.waiting == 0 else {
            throw CertificateError(
                .inconsistent, at: path, "verdicts of a row that was not run wait for no judge")
        }
        let mustRun = row.standing == .covered || row.standing == .masked
        let mustNot = row.standing == .left || row.standing == .equivalent
        guard !(mustRun && row.verdict == nil), !(mustNot && row.verdict != nil) else {
            throw CertificateError(
                .inconsistent, at: path,
                "what is \(row.standing.rawValue) was \(mustRun ? "" : "not ")run")
        }
        guard (row.verdict?.isFailure ?? false) == (row.failure != nil) else {
            throw CertificateError(
                .inconsistent, at: path, "a row has a failure when its verdict is one")
        }
    }

    /// Each failure is counted as often as rows show it, and names the first of them.
    func checkFailures() throws(CertificateError) {
        var counts = Array(repeating: 0, count: failures.count)
        for row in rows {
            guard let place = row.failure else { continue }
            let failure = failures[place]
            if counts[place] == 0 {
                guard failure.phase == row.phase, failure.number == row.number,
                    !counts[..<place].contains(0)
                else {
                    throw CertificateError(
                        .inconsistent, at: "$.failures[\(place)]",
                        "the first row that shows it is \(row.name), and failures stand in the "
                            + "order in which they were found")
                }
            }
            guard failure.signature.verdict == row.verdict else {
                throw CertificateError(
                    .inconsistent, at: "$.failures[\(place)].signature",
                    "is another verdict than that of \(row.name)")
            }
            counts[place] += 1
        }
        for (place, failure) in failures.enumerated() where failure.count != counts[place] {
            throw CertificateError(
                .inconsistent, at: "$.failures[\(place)].count",
                "is \(failure.count), but \(counts[place]) rows show it")
        }
    }

    func checkTallies(_ reader: CertificateReader) throws(CertificateError) {
        for (value, path) in try reader.list("phases") {
            let part = try CertificateReader(
                value, at: path, members: ["phase", "tally", "rows"])
            let tally = try part.object("tally", members: StandingTally.members)
            let phase = try part.word("phase", as: ExplorationPhase.self)
            let counted = self.tally(phase).json
            for name in StandingTally.members {
                let told = try tally.whole(name, in: 0...Int.max)
                guard Int64(told) == counted[name]?.intValue else {
                    throw CertificateError(
                        .inconsistent, at: "\(path).tally.\(name)",
                        "is \(told), but the rows come to \(counted[name]?.encodedText() ?? "0")")
                }
            }
        }
    }
}
