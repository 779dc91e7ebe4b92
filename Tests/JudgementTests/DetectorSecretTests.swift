import Judgement
import Testing

@Suite("Keys and tokens in texts")
struct DetectorSecretTests {
    /// Letters and digits that look drawn at random and are plainly made up.
    static func made(_ count: Int) -> String {
        String((0..<count).map { place in Array("a1B2c3D4e5F6g7H8i9J0kLmN")[place * 7 % 24] })
    }

    static func hex(_ count: Int) -> String {
        String((0..<count).map { place in Array("0123456789abcdef")[place * 7 % 16] })
    }

    // The prefixes are cut in two, so that no scanner of a hosting site takes these for keys.
    static let tokens: [(SensitiveKind, String)] = [
        (.anthropicKey, "sk-" + "ant-api03-" + made(40)), (.openaiKey, "sk-" + "proj-" + made(40)),
        (.openaiKey, "sk-" + made(48)), (.openrouterKey, "sk-" + "or-v1-" + hex(64)),
        (.groqKey, "gs" + "k_" + made(52)), (.huggingfaceToken, "h" + "f_" + made(34)),
        (.xaiKey, "xa" + "i-" + made(80)), (.perplexityKey, "ppl" + "x-" + made(48)),
        (.replicateToken, "r" + "8_" + made(37)),
        (.awsAccessKey, "AK" + "IA" + "Z3MGB5KQ7XW2RT4D"),
        (.awsAccessKey, "A3" + "TX" + "Z3MGB5KQ7XW2RT4D"),
        (.githubToken, "gh" + "p_" + made(36)), (.githubToken, "github" + "_pat_" + made(82)),
        (.gitlabToken, "gl" + "pat-" + made(20)), (.slackToken, "xo" + "xb-" + made(24)),
        (.slackToken, "hooks." + "slack.com/services/T" + "0A1B2C3D/B0A1B2C3D/" + made(24)),
        (.stripeKey, "sk" + "_live_" + made(24)), (.stripeKey, "wh" + "sec_" + made(32)),
        (.googleAPIKey, "AI" + "za" + made(35)), (.googleOAuthToken, "ya" + "29." + made(40)),
        (.npmToken, "np" + "m_" + made(36)), (.pypiToken, "py" + "pi-AgE" + made(60)),
        (.sendgridKey, "S" + "G." + made(22) + "." + made(43)),
        (.twilioSID, "A" + "C" + hex(32)),
    ]

    @Test("a token with a known prefix is found whole, and as its own kind only", arguments: tokens)
    func token(kind: SensitiveKind, token: String) {
        for text in ["use \(token), please", "{\"k\":\"\(token)\"}", "a\\n\(token)", token] {
            let matches = SensitiveScanner.matches(
                in: text, kinds: SensitiveKind.kinds(of: .secret))
            #expect(matches.map(\.kind) == [kind], "\(text)")
            let bytes = Array(text.utf8)
            #expect(
                matches.map { String(decoding: bytes[$0.range], as: UTF8.self) } == [token])
            #expect(matches.allSatisfy { $0.excerpt.utf8.count < 30 })
        }
    }

    @Test("a token inside a word, or cut to a few characters, is none", arguments: tokens)
    func noToken(kind: SensitiveKind, token: String) {
        let short = String(token.prefix(12))
        #expect(SensitiveScanner.matches(in: "x\(token)", kinds: [kind]) == [])
        #expect(SensitiveScanner.matches(in: "use \(short) x", kinds: [kind]) == [])
    }

    @Test(
        "a placeholder is no secret",
        arguments: [
            "sk-" + "ant-api03-" + String(repeating: "x", count: 40),
            "AK" + "IAIOSFODNN7EXAMPLE", "sk-" + "REDACTED-openai-key-xxxxxxxxxxxx",
            "gh" + "p_" + String(repeating: "0", count: 36),
            "postgres://user:${DB_PASSWORD}@db.example.org/app",
            "postgres://user:password@db.example.org/app", "postgres://user@db.example.org/app",
            "redis://localhost:6379/0", "postgres://user:****@db.example.org/app",
            "-----BEGIN PRIVATE KEY-----", "sk-learn-and-other-long-words-in-a-row",
            "password: correct-horse-battery-staple-again", "token = \(made(12))",
            "the key 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "key sha256:\(hex(64))",
            "auth call_\(made(24))", "nextPageToken: \(made(30))", "AccountKey=\(made(20))==",
            "eyJhbGciOiJ",
            "eyJhIjoxfQ.eyJzdWIiOiIxIn0.\(made(24))",
            "https://x.example/?sig=\(made(43))%3D",
        ])
    func placeholder(text: String) {
        #expect(SensitiveScanner.matches(in: text, kinds: SensitiveKind.kinds(of: .secret)) == [])
    }

    @Test(
        "secrets known by their form",
        arguments: [
            (SensitiveKind.jwt, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.\(made(43))", ""),
            (.jwt, "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0"),
            (.databaseURL, "postgres://app:s3cr3t@db.example.org:5432/app", ""),
            (.databaseURL, "mongodb+srv://app:s3cr3t@cluster.example.org", ""),
            (.databaseURL, "postgresql+asyncpg://app:s3cr3t@db/app", ""),
            (.pemPrivateKey, pem("\n"), ""), (.pemPrivateKey, pem("\\n"), ""),
            (.pemPrivateKey, encryptedPEM, ""),
            (.azureStorageKey, "AccountKey=" + made(86) + "==", made(86) + "=="),
            (
                .azureSAS, "https://x.example/c?sv=2024-01-01&sig=" + made(43) + "%3D",
                made(43) + "%3D"
            ),
            (.highEntropy, "password: " + made(24), made(24)),
            (.highEntropy, "API_TOKEN=" + made(32), made(32)),
            (.highEntropy, "\"secret\": \"" + hex(32) + "\"", hex(32)),
            (.awsSecretKey, "aws_secret_access_key = " + made(40), made(40)),
        ])
    func form(kind: SensitiveKind, text: String, whole: String) {
        let text = "see \(text) and"
        let bytes = Array(text.utf8)
        let matches = SensitiveScanner.matches(in: text, kinds: SensitiveKind.kinds(of: .secret))
        #expect(matches.map(\.kind) == [kind])
        let wanted = whole.isEmpty ? String(text.dropFirst(4).dropLast(4)) : whole
        #expect(matches.map { String(decoding: bytes[$0.range], as: UTF8.self) } == [wanted])
    }

    @Test("a point or slash behind a token is not its own")
    func sentenceEnd() {
        let token = "S" + "G." + Self.made(22) + "." + Self.made(43)
        for end in [".", "./", "...", "/ and"] {
            let matches = SensitiveScanner.matches(
                in: token + end, kinds: SensitiveKind.kinds(of: .secret))
            #expect(matches.map(\.kind) == [.sendgridKey])
            #expect(matches.map(\.range) == [0..<token.utf8.count])
        }
    }

    /// As OpenSSL writes a key with a pass phrase in its traditional form.
    static let encryptedPEM =
        "-----BEGIN RSA PRIVATE" + " KEY-----\nProc-Type: 4,ENCRYPTED\n"
        + "DEK-Info: DES-EDE3-CBC,\(hex(16))\n\n\(made(64))\n-----END RSA PRIVATE" + " KEY-----"

    static func pem(_ lineEnd: String) -> String {
        "-----BEGIN RSA PRIVATE" + " KEY-----\(lineEnd)\(made(64))\(lineEnd)"
            + "-----END RSA PRIVATE" + " KEY-----"
    }
}
