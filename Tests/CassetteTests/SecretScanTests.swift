import Cassette
import Testing

@Suite struct SecretScanTests {
    // Built from parts, so that no scanner of repositories takes these for real ones.
    static let run = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4"
    static let secrets: [(SecretKind, String)] = [
        (.openaiKey, "sk-" + run),
        (.openaiKey, "sk-" + "proj-" + run + "_-" + run),
        (.anthropicKey, "sk-" + "ant-api03-" + run + "-AA"),
        (.stripeKey, "sk_" + "live_" + run.prefix(24)),
        (.awsKey, "AKIA" + "IOSFODNN7ABCDEFG"),
        (.githubToken, "ghp_" + run.prefix(36)),
        (.githubToken, "github_pat_" + run),
        (.gitlabToken, "glpat-" + run.prefix(20)),
        (.slackToken, "xoxb-" + "123456789012-" + run.prefix(24)),
        (.googleKey, "AIza" + run.prefix(35)),
        (.serviceToken, "hf_" + run.prefix(34)),
        (.jsonWebToken, "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0" + ".c2lnbmF0dXJlc2ln"),
        (
            .privateKey,
            "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE\nab+/=\n-----END RSA PRIVATE KEY-----"
        ),
        (.privateKey, "-----BEGIN " + "PRIVATE KEY-----\\nMIIE\\nab\\n-----END PRIVATE KEY-----"),
    ]

    @Test("A secret is found wherever it may stand", arguments: secrets)
    func found(kind: SecretKind, secret: String) {
        let frames = [
            ("", ""), ("key: ", "\n"), (#"{"a":""#, #""}"#), (#"{\"a\":\""#, #"\"}"#),
            ("\\n", "\\n"),
            ("\\u000a", " "), ("k%3D", "&b=1"), ("(", ")"), ("é", "é"), ("=", ","),
        ]
        for (before, after) in frames {
            let text = Array((before + secret + after).utf8)
            let expected = SecretFinding(
                kind: kind, offset: before.utf8.count, length: secret.utf8.count)
            #expect(Redactor().scan(text) == [expected], "\(before)...\(after)")
        }
    }

    @Test("What follows Bearer is found, the word stays", arguments: ["Bearer ", "bearer  "])
    func bearer(word: String) {
        let text = word + "abcdefgh12345678.~+/=="
        let findings = Redactor().scan(Array(text.utf8))
        #expect(findings.map(\.kind) == [.bearerToken])
        #expect(findings.first?.offset == word.utf8.count)
        #expect(findings.first?.end == text.utf8.count)
    }

    @Test(
        "Ordinary identifiers and prose are no secrets",
        arguments: [
            "chatcmpl-" + "9aBcDeFgHiJkLmNoPqRsTuVwXyZ01", "call_" + run, "msg_01" + run,
            "toolu_01A09q90qw90lq917835lq9", "req_011CQabcdefghij0123456789",
            "550e8400-e29b-41d4-a716-446655440000", "resp_" + run + run,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "sk-loading-indicator-container-wrapper", "sk-short1", "task-" + run, "disk-" + run,
            "Bearer authentication-is-required", "a bearer of good news 1234567890123456",
            "AKIA is the prefix", "AKIAIOSFODNN7ABCDEFGH1", "eyJub3QiOiJhIHRva2VuIn0",
            "eyJhbGciOiJIUzI1NiJ9.short", "ghp_short", "-----BEGIN CERTIFICATE-----\nMIIE",
            "-----BEGIN PUBLIC KEY-----\nMIIE\n-----END PUBLIC KEY-----", "xoxb-", "hf_hub",
            "fp_44709d6fcb", "gpt-4o-mini-2024-07-18", "REDACTED-openai-key-xxxxxxxx",
            "data: {\"id\":\"chatcmpl-AbC123\",\"object\":\"chat.completion.chunk\"}",
        ])
    func ordinary(text: String) {
        for frame in [text, "\"\(text)\"", "id=\(text) "] {
            #expect(Redactor().scan(Array(frame.utf8)) == [], "\(frame)")
        }
    }

    @Test("A value of the environment is found in every form in which it travels")
    func literals() {
        let value = #"p@ss"w\rd/é 1"#
        let rules = RedactionRules(environment: [("DB_PASSWORD", value)])
        let forms = [
            value, #"p@ss\"w\\rd/é 1"#, #"p@ss\\\"w\\\\rd/é 1"#, #"p@ss\"w\\rd/\u00e9 1"#,
            "p%40ss%22w%5Crd%2F%C3%A9%201", "p%40ss%22w%5crd%2f%c3%a9%201",
        ]
        for form in forms {
            let findings = Redactor(rules).scan(Array("a=\(form);".utf8))
            #expect(findings.map(\.kind) == [.environmentValue], "\(form)")
            #expect(findings.first?.length == form.utf8.count, "\(form)")
        }
    }

    @Test("A value is found in base64 at every alignment", arguments: 0..<6)
    func base64(before: Int) throws {
        let rules = RedactionRules(environment: [("API_TOKEN", "correct horse battery")])
        let plain = String(repeating: "u", count: before) + "correct horse battery"
        // The canonical text writes bodies that are not UTF-8 in base64.
        let interaction = Interaction(
            ordinal: 1, upstream: "a",
            request: RecordedRequest(
                method: "POST", target: "/", body: Array(plain.utf8) + [0xFF]), response: nil)
        let findings = Redactor(rules).scan(CanonicalText.encode(interaction: interaction))
        #expect(findings.map(\.kind) == [.environmentValue])
    }

    @Test(
        "Only variables with a secret-looking name and value count",
        arguments: [
            ("OPENAI_API_KEY", "abcdefgh", true), ("GH_TOKEN", "abcdefgh", true),
            ("DB_PASSWORD", "hunter22", true), ("TOKEN", "short", false),
            ("HOME", "/srv/abcdefgh", false), ("KEYBOARD", "us-international", false),
            ("SSH_AUTH_SOCK", "/tmp/ssh/agent.1", false), ("MONKEY", "abcdefghij", false),
        ])
    func variables(name: String, value: String, isSecret: Bool) {
        #expect(RedactionRules.isSecretVariable(name, value: value) == isSecret)
    }

    // Quadratic time would be minutes.
    @Test(
        "Hostile texts are searched in linear time", .timeLimit(.minutes(1)),
        arguments: [
            "sk-", "eyJ", "-eyJ", "-----BEGIN ", "Bearer ", "\\\"", "\"api_key\":", "AIza-",
        ])
    func linear(_ unit: String) {
        let text = Array(String(repeating: unit, count: 400_000 / unit.utf8.count).utf8)
        _ = Redactor().redact(body: text)
        _ = Redactor().scan(text)
    }
}
