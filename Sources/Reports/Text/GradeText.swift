internal import Judgement

/// A grade in words.
enum GradeText {
    static func text(_ grade: Grade) -> String {
        let reasons = grade.reasons.map(SafeText.line).joined(separator: "; ")
        return reasons.isEmpty ? grade.letter.rawValue : "\(grade.letter.rawValue)  \(reasons)"
    }
}
