extension TemporalFormula {
    /// Reads a formula.
    package init(parsing text: String) throws(TemporalError) {
        self = try TemporalParser.parse(text)
    }
}
