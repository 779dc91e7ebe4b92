/// Finds the facts of a final text that stand in none of its sources.
///
/// Facts are numbers, dates, times, identifiers (letters with digits), URLs and e-mail addresses.
/// They are compared by value: 1,234.50 is 1234.5, 12 % is 12% and 0.12, "March 5, 2024" is
/// 2024-03-05, a URL may lose its slash, `ORD-10293` is `ord 10293` in a source as one token.
/// Not claims: small whole numbers, the numbers of a list, words without digits. Not seen: sums and
/// other numbers that the agent worked out; put these on the allow-list.
package struct FabricationCheck: Sendable {
    /// What counts as no fabrication.
    package struct Exemptions: Hashable, Sendable {
        /// Whole numbers up to this one are free: counts, steps, ratings.
        package var smallNumberMax: Int
        /// Whether `1.` or `1)` at the beginning of a line is free.
        package var exemptsListNumbers: Bool
        /// Whether a source's number may be rounded or cut to the places that the text gives.
        package var acceptsRounding: Bool
        /// The kinds that are looked at.
        package var kinds: [Claim.Kind]

        package init(
            smallNumberMax: Int = 10, exemptsListNumbers: Bool = true,
            acceptsRounding: Bool = true, kinds: [Claim.Kind] = Claim.Kind.allCases
        ) {
            self.smallNumberMax = smallNumberMax
            self.exemptsListNumbers = exemptsListNumbers
            self.acceptsRounding = acceptsRounding
            self.kinds = kinds
        }
    }

    private let exemptions: Exemptions
    private let facts: SourceFacts

    /// Takes the prompt, the results of tools and the allow-list as sources.
    package init(sources: [String], exemptions: Exemptions = Exemptions()) {
        self.exemptions = exemptions
        facts = SourceFacts(sources)
    }

    /// The claims that no source supports, from left to right.
    package func fabrications(in text: String) -> [Claim] {
        let bytes = Array(text.utf8)
        return ClaimReader.claims(in: text).filter { claim in
            exemptions.kinds.contains(claim.kind) && !isExempt(claim, in: bytes)
                && !isSupported(claim)
        }
    }

    /// As it stands, or as several numbers with spaces between them.
    private func isSupported(_ claim: Claim) -> Bool {
        if facts.support(claim, acceptsRounding: exemptions.acceptsRounding) { return true }
        guard claim.kind == .number, claim.text.contains(" ") else { return false }
        let parts = ClaimReader.claims(in: claim.text, spacesGroup: false)
        return parts.count > 1
            && parts.allSatisfy { part in
                isExempt(part, in: Array(claim.text.utf8))
                    || facts.support(part, acceptsRounding: exemptions.acceptsRounding)
            }
    }

    private func isExempt(_ claim: Claim, in bytes: [UInt8]) -> Bool {
        guard claim.kind == .number else { return false }
        if case .number(let value)? = claim.forms.first, claim.forms.count == 1,
            let whole = value.smallWhole, whole <= exemptions.smallNumberMax
        {
            return true
        }
        return exemptions.exemptsListNumbers && isListNumber(claim.range, in: bytes)
    }

    /// Behind spaces at the beginning of a line, and before a point or parenthesis and a space.
    private func isListNumber(_ range: Range<Int>, in bytes: [UInt8]) -> Bool {
        guard range.count <= 3, let mark = bytes.byte(range.upperBound),
            mark == UInt8(ascii: ".") || mark == UInt8(ascii: ")"),
            bytes.byte(range.upperBound + 1)?.isASCIISpace == true
        else { return false }
        var place = range.lowerBound - 1
        // Deep indentation and quotes of mark-up; further back no list begins.
        while place >= max(0, range.lowerBound - 16), " \t>*#(-".utf8.contains(bytes[place]) {
            place -= 1
        }
        return place < 0 || bytes[place] == 0x0A
    }
}
