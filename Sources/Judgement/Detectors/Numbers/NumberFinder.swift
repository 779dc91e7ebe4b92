/// Finds the numbers with shapes and check digits, IBANs and addresses of coins.
enum NumberFinder {
    static let kinds: [SensitiveKind] =
        NumberRule.all.map(\.kind) + [.iban, .btcAddress, .ethAddress]

    static func scan(_ bytes: [UInt8], _ sink: inout SensitiveSink) {
        let entries = NumberRule.entries
        var place = 0
        while place < bytes.count {
            guard bytes[place].isASCIIWord else {
                place += 1
                continue
            }
            // A run of word bytes is looked at from its start only.
            let end = bytes.runEnd(from: place, \.isASCIIWord)
            if bytes[place] != UInt8(ascii: "_") {
                let length = end - place
                if length < entries.count {
                    match(entries[length], bytes, place, &sink)
                }
                matchLong(bytes, place..<end, &sink)
            }
            place = end
        }
    }

    private static func match(
        _ entries: [NumberRule.Entry], _ bytes: [UInt8], _ place: Int, _ sink: inout SensitiveSink
    ) {
        for entry in entries where sink.wants(entry.rule.kind) {
            guard let characters = entry.shape.characters(in: bytes, at: place),
                entry.shape.isFree(
                    in: bytes, at: place, mayBeFollowed: entry.rule.mayBeFollowed),
                entry.rule.proves(characters)
            else { continue }
            let range = entry.shape.range(at: place)
            guard !entry.isWeak || entry.rule.context.occur(near: range, in: bytes) else {
                continue
            }
            sink.add(entry.rule.kind, range, in: bytes)
        }
    }

    private static func matchLong(
        _ bytes: [UInt8], _ token: Range<Int>, _ sink: inout SensitiveSink
    ) {
        let isGrouped = token.count == 4
        if isGrouped || (15...34).contains(token.count),
            let end = PaymentNumbers.ibanEnd(in: bytes, at: token.lowerBound)
        {
            sink.add(.iban, token.lowerBound..<end, in: bytes)
        }
        guard (14...90).contains(token.count) else { return }
        if CoinAddresses.isBitcoin(bytes[token]) { sink.add(.btcAddress, token, in: bytes) }
        if CoinAddresses.isEthereum(bytes[token]) { sink.add(.ethAddress, token, in: bytes) }
    }
}
