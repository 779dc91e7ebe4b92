/// Finds addresses of databases and brokers that carry a password.
enum DatabaseURLFinder {
    private static let mark = Array("://".utf8)
    private static let schemes: Set<String> = [
        "postgres", "postgresql", "mysql", "mysql2", "mariadb", "mongodb", "mongodb+srv", "redis",
        "rediss", "amqp", "amqps", "mssql", "sqlserver", "clickhouse", "cockroachdb", "nats",
        "oracle", "cassandra", "neo4j", "bolt", "couchdb", "ldap", "ldaps", "smtp", "smtps", "ftp",
        "ftps", "sftp", "http", "https",
    ]
    private static let schemeMax = 20
    private static let userMax = 256
    private static let restMax = 512
    private static let placeholders: Set<String> = [
        "password", "pass", "passwd", "pwd", "secret", "redacted", "changeme", "your-password",
        "your_password", "yourpassword", "xxx", "xxxx", "xxxxx", "...",
    ]

    static func scan(_ bytes: [UInt8], _ sink: inout SensitiveSink) {
        var place = 0
        while place < bytes.count {
            guard bytes[place] == 0x3A, bytes.has(mark, at: place),
                let start = schemeStart(bytes, place), let end = end(bytes, place + mark.count)
            else {
                place += 1
                continue
            }
            sink.add(.databaseURL, start..<end, in: bytes)
            place = end
        }
    }

    private static func schemeStart(_ bytes: [UInt8], _ mark: Int) -> Int? {
        var start = mark
        while start > 0, mark - start < schemeMax,
            bytes[start - 1].isASCIIAlphanumeric || bytes[start - 1] == UInt8(ascii: "+")
        {
            start -= 1
        }
        let scheme = String(decoding: bytes[start..<mark].lowered, as: UTF8.self)
        // SQLAlchemy writes the driver behind a plus: `postgresql+asyncpg`.
        let base = scheme.split(separator: "+").first.map(String.init) ?? scheme
        return schemes.contains(scheme) || schemes.contains(base) ? start : nil
    }

    /// The end of the address, when it has a user, a password that is one, and a host.
    private static func end(_ bytes: [UInt8], _ start: Int) -> Int? {
        let stop = bytes.runEnd(from: start, limit: userMax) {
            !$0.isASCIISpace && !"/\"'<>`@".utf8.contains($0)
        }
        guard bytes.byte(stop) == UInt8(ascii: "@"),
            let colon = bytes[start..<stop].firstIndex(of: UInt8(ascii: ":")),
            isPassword(bytes[(colon + 1)..<stop]),
            bytes.byte(stop + 1).map({ $0.isASCIIWord || $0 == UInt8(ascii: "[") }) == true
        else { return nil }
        return bytes.runEnd(from: stop, limit: restMax) {
            !$0.isASCIISpace && !"\"'<>`,;)".utf8.contains($0)
        }
    }

    private static func isPassword(_ password: ArraySlice<UInt8>) -> Bool {
        guard Set(password).count > 1, let first = password.first,
            !"${<[*%".utf8.contains(first) || first == UInt8(ascii: "%") && password.count > 6
        else { return false }
        let word = String(decoding: password.lowered, as: UTF8.self)
        return !placeholders.contains(word) && !word.hasPrefix("redacted")
    }
}
