/// One pair for each invariant of the catalogue.
///
/// A suite for a rule has the cases beyond these; runs that both need are made there.
enum InvariantPairs {
    static let all =
        ends + words + likeness + judges + tools + effects + failures + recoveries
        + budgets + safety

    /// The rules that look at nothing but the end and the output: these are the proof, and no
    /// exchange is named.
    static let provenByOutput: Set<String> = [
        "exit_code", "completes", "output_matches", "output_not_matches", "output_json",
        "output_json_schema", "graceful_error", "contains", "contains_any", "equals",
        "starts_with", "ends_with", "excludes_pattern", "regex", "valid_json", "output_not_empty",
        "word_count", "no_mojibake", "language", "similarity", "refusal_check", "excludes_pii",
    ]
}
