internal import Determinism
internal import Judgement

extension BisectReport {
    /// The report in lines; a width is kept where lines are columns.
    public func lines(width: Int = 100) -> [String] {
        var lines = headline
        if let signature { lines.append("  failure   \(EventWords.visible(signature.text))") }
        if let repetition {
            lines.append(
                "  repeated  it failed in \(repetition.failures) of \(repetition.runs) runs at the "
                    + "bad version; good means \(repetition.needed) of \(repetition.needed) passed")
        }
        if !trials.isEmpty { lines += [""] + table() }
        for note in notes { lines.append("  note      \(EventWords.visible(note))") }
        if let difference, let lastGood {
            lines += ["", "  the last good run beside the first bad one"]
            lines += difference.words.map { "  \($0)" } + [""]
            lines += difference.columns(
                width: width - 2, first: "good: \(lastGood.short)", second: "bad: \(badName)"
            ).map { "  \($0)" }
        }
        if !check.isEmpty { lines += ["", "check: \(check)"] }
        return lines
    }

    private var badName: String {
        switch outcome {
        case .found(let version): version.short
        case .between(let versions): versions.last?.short ?? ""
        case .refused: ""
        }
    }

    private var headline: [String] {
        switch outcome {
        case .found(let version):
            return ["The first bad \(subject.word) is \(version.title)"] + version.details
        case .between(let versions):
            let count = versions.count
            return [
                "The first bad \(subject.word) is one of these \(count); "
                    + (count == 2
                        ? "the one before the last says nothing:"
                        : "those before the last say nothing:")
            ] + versions.map { "  \($0.title)" }
        case .refused(let reason): return ["Nothing to bisect: \(EventWords.visible(reason))"]
        }
    }

    private func table() -> [String] {
        trials.flatMap { trial in
            var text = "  \(trial.answer.word)".padded(to: 8) + trial.version.title
            if trial.runs > 2 { text += " (\(trial.runs) runs)" }
            guard let skip = trial.answer.skip else { return [text] }
            return [text, "          " + EventWords.visible(skip.text)]
        }
    }
}

extension BisectReport.Subject {
    fileprivate var word: String {
        switch self {
        case .commits: "commit"
        case .cassettes: "cassette"
        case .values: "value"
        }
    }
}

extension BisectReport.Version {
    /// The name; a commit's is shortened.
    var short: String {
        let isCommit = name.utf8.count >= 40 && name.allSatisfy(\.isHexDigit)
        return EventWords.visible(isCommit ? String(name.prefix(12)) : name)
    }

    /// The name with what a commit says of itself.
    public var title: String {
        text.isEmpty ? short : "\(short) \(EventWords.visible(text))"
    }

    fileprivate var details: [String] {
        var lines: [String] = []
        if short != name, !author.isEmpty { lines.append("  commit    \(name)") }
        if !author.isEmpty { lines.append("  author    \(EventWords.visible(author))") }
        if !date.isEmpty { lines.append("  date      \(EventWords.visible(date))") }
        return lines
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
