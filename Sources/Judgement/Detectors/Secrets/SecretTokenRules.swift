/// A key or token known by its prefix.
struct SecretTokenRule: Sendable {
    enum Alphabet: Sendable {
        case alphanumeric
        case upperAlphanumeric
        case base64URL
        case hex
        case path

        func contains(_ byte: UInt8) -> Bool {
            switch self {
            case .alphanumeric: byte.isASCIIAlphanumeric
            case .upperAlphanumeric: byte.isASCIIUpper || byte.isASCIIDigit
            case .base64URL: byte.isBase64URLDigit
            case .hex: byte.hexValue != nil
            case .path: byte.isBase64URLDigit || byte == 0x2E || byte == 0x2F
            }
        }
    }

    let kind: SensitiveKind
    let prefix: [UInt8]
    let alphabet: Alphabet
    /// The least number of characters after the prefix; for an exact rule also the most.
    let lengthMin: Int
    let isExact: Bool

    init(
        _ kind: SensitiveKind, _ prefix: String, _ alphabet: Alphabet, _ lengthMin: Int,
        isExact: Bool = false
    ) {
        self.kind = kind
        self.prefix = Array(prefix.utf8)
        self.alphabet = alphabet
        self.lengthMin = lengthMin
        self.isExact = isExact
    }

    /// Longer prefixes before shorter ones, so that the first that matches names the token.
    static let all: [SecretTokenRule] = models + clouds + packages + services

    private static let models: [SecretTokenRule] = [
        SecretTokenRule(.anthropicKey, "sk-ant-", .base64URL, 20),
        SecretTokenRule(.openrouterKey, "sk-or-v1-", .hex, 64, isExact: true),
        SecretTokenRule(.openaiKey, "sk-proj-", .base64URL, 20),
        SecretTokenRule(.openaiKey, "sk-svcacct-", .base64URL, 20),
        SecretTokenRule(.openaiKey, "sk-admin-", .base64URL, 20),
        // Several providers took over the oldest form.
        SecretTokenRule(.openaiKey, "sk-", .alphanumeric, 20),
        SecretTokenRule(.groqKey, "gsk_", .alphanumeric, 40),
        SecretTokenRule(.huggingfaceToken, "hf_", .alphanumeric, 30),
        SecretTokenRule(.xaiKey, "xai-", .alphanumeric, 40),
        SecretTokenRule(.perplexityKey, "pplx-", .alphanumeric, 40),
        SecretTokenRule(.replicateToken, "r8_", .alphanumeric, 37),
    ]

    private static let clouds: [SecretTokenRule] =
        ["AKIA", "ASIA", "ABIA", "ACCA"].map {
            SecretTokenRule(.awsAccessKey, $0, .upperAlphanumeric, 16, isExact: true)
        } + [
            SecretTokenRule(.awsAccessKey, "A3T", .upperAlphanumeric, 17, isExact: true),
            SecretTokenRule(.googleAPIKey, "AIza", .base64URL, 35, isExact: true),
            SecretTokenRule(.googleOAuthToken, "ya29.", .base64URL, 20),
        ]

    private static let packages: [SecretTokenRule] =
        ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map {
            SecretTokenRule(.githubToken, $0, .alphanumeric, 36)
        }
        + ["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glagent-"].map {
            SecretTokenRule(.gitlabToken, $0, .base64URL, 20)
        } + [
            SecretTokenRule(.githubToken, "github_pat_", .base64URL, 22),
            SecretTokenRule(.npmToken, "npm_", .alphanumeric, 36),
            SecretTokenRule(.pypiToken, "pypi-AgE", .base64URL, 50),
        ]

    private static let services: [SecretTokenRule] =
        ["xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"].map {
            SecretTokenRule(.slackToken, $0, .base64URL, 10)
        }
        + ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "pk_test_", "whsec_"].map {
            SecretTokenRule(.stripeKey, $0, .alphanumeric, 16)
        } + [
            SecretTokenRule(.slackToken, "hooks.slack.com/services/T", .path, 30),
            SecretTokenRule(.sendgridKey, "SG.", .path, 66, isExact: true),
            SecretTokenRule(.twilioSID, "AC", .hex, 32, isExact: true),
            SecretTokenRule(.twilioSID, "SK", .hex, 32, isExact: true),
        ]
}
