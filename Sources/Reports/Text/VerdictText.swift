internal import Judgement

/// How verdicts look.
enum VerdictText {
    static func paint(_ verdict: Verdict) -> TextStyle.Paint {
        switch verdict {
        case .passed: .boldGreen
        case .violated, .hung, .crashed, .nondeterministic: .boldRed
        case .passedAssumed, .offTape, .invalid: .boldYellow
        }
    }

    static func mark(_ verdict: Verdict) -> String {
        switch verdict {
        case .passed: "✓"
        case .violated, .hung, .crashed, .nondeterministic: "✗"
        case .passedAssumed, .offTape, .invalid: "!"
        }
    }

    /// `41 passed · 12 violated`, verdicts that did not occur left out.
    static func counts(_ verdicts: [Verdict], _ style: TextStyle) -> String {
        Verdict.allCases.compactMap { verdict in
            let count = verdicts.count { $0 == verdict }
            guard count > 0 else { return nil }
            return style.paint("\(count) \(verdict.rawValue)", paint(verdict))
        }.joined(separator: " · ")
    }
}
