/// Finds the signatures of Azure's shared access (`sig=` beside `sv=`) and the keys of its storage.
enum AzureFinder {
    private static let signature = Array("sig=".utf8)
    private static let version = Array("sv=".utf8)
    private static let account = Array("AccountKey=".utf8)
    private static let neighbourhood = 256
    private static let keyLength = 88

    static func scan(_ bytes: [UInt8], _ sink: inout SensitiveSink) {
        var place = 0
        while place < bytes.count {
            if bytes[place] == signature[0], let end = signatureEnd(bytes, place) {
                sink.add(.azureSAS, (place + signature.count)..<end, in: bytes)
                place = end
            } else if bytes[place] == account[0], bytes.has(account, at: place) {
                let start = place + account.count
                let end = bytes.runEnd(from: start, limit: keyLength + 1, isBase64)
                if end - start == keyLength { sink.add(.azureStorageKey, start..<end, in: bytes) }
                place = end
            } else {
                place += 1
            }
        }
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || "+/=".utf8.contains(byte)
    }

    /// 32 bytes in base64, percent-encoded or not, in a query that names its version.
    private static func signatureEnd(_ bytes: [UInt8], _ place: Int) -> Int? {
        guard bytes.has(signature, at: place), let previous = bytes.byte(place - 1),
            "?&;".utf8.contains(previous)
        else { return nil }
        let start = place + signature.count
        let end = bytes.runEnd(from: start, limit: neighbourhood) {
            isBase64($0) || $0 == UInt8(ascii: "%")
        }
        guard end - start >= 43 else { return nil }
        let before = max(0, place - neighbourhood)..<place
        let after = end..<min(bytes.count, end + neighbourhood)
        let isNamed =
            before.contains { bytes.has(version, at: $0) }
            || after.contains { bytes.has(version, at: $0) }
        return isNamed ? end : nil
    }
}
