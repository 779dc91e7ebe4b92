internal import Judgement

extension RunSummary {
    /// What makes two failures the same, in words: the verdict, the gravest fault before the
    /// witness, and what is broken; nil when the run did not fail.
    package var failureSignature: String? {
        guard verdict.isFailure else { return nil }
        let cause = FailureGroup.cause(of: self).map { " after " + $0 } ?? ""
        let broken = self.broken.map(\.id)
        return verdict.rawValue + cause
            + (broken.isEmpty ? "" : ": " + broken.joined(separator: ", "))
    }
}
