/// Finds personal data and secrets in a text: by shape, check digits and words nearby.
///
/// The time is linear in the length of the text, also of a hostile one: every finder looks a
/// bounded way ahead of places where a match can begin, or goes on behind what it read. What is
/// deliberately not found is part of the contract:
///
/// - numbers whose check digits are wrong, of one digit only, or within longer numbers, UUIDs and
///   words; bare runs of 9 to 12 digits without a word that says what they are;
/// - the Social Security numbers that were printed in advertisements;
/// - dotted versions and section numbers, and addresses that name no one on the Internet (private,
///   loopback, documentation), unless the options ask for these;
/// - dates as telephone numbers; national telephone numbers without a word such as "phone";
/// - `git@host:` and names of files such as `icon@2x.png` as e-mail addresses;
/// - secrets that are placeholders: `sk-xxxxxxxx`, `AKIA…EXAMPLE`, `${PASSWORD}`.
///
/// A well-formed example, such as the card 4111 1111 1111 1111, is found: tests plant those.
package enum SensitiveScanner {
    /// What a caller may widen.
    package struct Options: Hashable, Sendable {
        /// Whether private, loopback, link-local and documentation addresses count.
        package var includesReservedAddresses: Bool

        package init(includesReservedAddresses: Bool = false) {
            self.includesReservedAddresses = includesReservedAddresses
        }
    }

    /// The matches by their beginning, then by kind in the order of its declaration.
    package static func matches(
        in text: String, kinds: [SensitiveKind] = SensitiveKind.allCases,
        options: Options = Options()
    ) -> [SensitiveMatch] {
        matches(in: Array(text.utf8), kinds: kinds, options: options)
    }

    /// As for a text; bytes that are not UTF-8 match nothing.
    package static func matches(
        in bytes: [UInt8], kinds: [SensitiveKind] = SensitiveKind.allCases,
        options: Options = Options()
    ) -> [SensitiveMatch] {
        var sink = SensitiveSink(kinds: kinds, options: options)
        for finder in finders where sink.wants(anyOf: finder.kinds) {
            finder.scan(bytes, &sink)
        }
        let sorted = sink.matches.sorted { left, right in
            let (first, second) = (left.range, right.range)
            if first.lowerBound != second.lowerBound { return first.lowerBound < second.lowerBound }
            return left.kind.order < right.kind.order
        }
        return withoutDoubles(sorted)
    }

    /// A secret that is known by its form is not named once more as a random value.
    private static func withoutDoubles(_ matches: [SensitiveMatch]) -> [SensitiveMatch] {
        let guesses: [SensitiveKind] = [.awsSecretKey, .highEntropy]
        let known = matches.filter {
            $0.kind.sensitiveClass == .secret && !guesses.contains($0.kind)
        }
        var next = 0
        return matches.filter { match in
            guard guesses.contains(match.kind) else { return true }
            while next < known.count, known[next].range.upperBound <= match.range.lowerBound {
                next += 1
            }
            return next == known.count || !known[next].range.overlaps(match.range)
        }
    }

    private struct Finder: Sendable {
        let kinds: [SensitiveKind]
        let scan: @Sendable ([UInt8], inout SensitiveSink) -> Void
    }

    private static let finders: [Finder] = [
        Finder(kinds: [.email], scan: EmailFinder.scan),
        Finder(kinds: [.phone], scan: PhoneFinder.scan),
        Finder(kinds: [.dateOfBirth], scan: BirthDateFinder.scan),
        Finder(kinds: NumberFinder.kinds, scan: NumberFinder.scan),
        Finder(kinds: [.ipv4], scan: IPv4Finder.scan),
        Finder(kinds: [.ipv6], scan: IPv6Finder.scan),
        Finder(kinds: [.gps], scan: PlaceFinder.scan),
        Finder(kinds: SecretTokenFinder.kinds, scan: SecretTokenFinder.scan),
        Finder(kinds: [.jwt], scan: WebTokenFinder.scan),
        Finder(kinds: [.pemPrivateKey], scan: PrivateKeyFinder.scan),
        Finder(kinds: [.azureSAS, .azureStorageKey], scan: AzureFinder.scan),
        Finder(kinds: [.databaseURL], scan: DatabaseURLFinder.scan),
        Finder(kinds: [.awsSecretKey, .highEntropy], scan: EntropyFinder.scan),
    ]
}
