/// A secret known by its prefix, followed by a run of bytes of one alphabet.
struct TokenPattern: Sendable {
    enum Alphabet: Sendable {
        case alphanumeric
        case upperAlphanumeric
        case base64URL

        func contains(_ byte: UInt8) -> Bool {
            switch self {
            case .alphanumeric: isAlphanumeric(byte)
            case .upperAlphanumeric: isDigit(byte) || (byte >= 0x41 && byte <= 0x5A)
            case .base64URL: isBase64URL(byte)
            }
        }
    }

    let kind: SecretKind
    let prefix: [UInt8]
    let alphabet: Alphabet
    let lengthMin: Int
    let isExact: Bool
    let looksRandom: Bool

    /// How far the demand for a random look is followed, so that the search stays linear.
    private static let lookedAtMax = 256
    private static let randomRunMin = 12

    init(
        _ kind: SecretKind, _ prefix: String, _ alphabet: Alphabet, _ lengthMin: Int,
        isExact: Bool = false, looksRandom: Bool = false
    ) {
        self.kind = kind
        self.prefix = Array(prefix.utf8)
        self.alphabet = alphabet
        self.lengthMin = lengthMin
        self.isExact = isExact
        self.looksRandom = looksRandom
    }

    /// Sources: the services' pages on secret scanning; where one is silent, keys as issued.
    static let all: [TokenPattern] =
        [
            TokenPattern(.anthropicKey, "sk-ant-", .base64URL, 16, looksRandom: true),
            TokenPattern(.openaiKey, "sk-", .base64URL, 20, looksRandom: true),
            TokenPattern(.awsKey, "AKIA", .upperAlphanumeric, 16, isExact: true),
            TokenPattern(.awsKey, "ASIA", .upperAlphanumeric, 16, isExact: true),
            TokenPattern(.githubToken, "github_pat_", .base64URL, 22),
            TokenPattern(.gitlabToken, "glpat-", .base64URL, 20),
            TokenPattern(.googleKey, "AIza", .base64URL, 35),
            TokenPattern(.googleKey, "ya29.", .base64URL, 20),
            TokenPattern(.serviceToken, "hf_", .alphanumeric, 30),
            TokenPattern(.serviceToken, "gsk_", .alphanumeric, 40),
            TokenPattern(.serviceToken, "xai-", .alphanumeric, 40),
            TokenPattern(.serviceToken, "pplx-", .alphanumeric, 40),
            TokenPattern(.serviceToken, "npm_", .alphanumeric, 36),
            TokenPattern(.serviceToken, "r8_", .alphanumeric, 37),
            TokenPattern(.serviceToken, "pypi-AgE", .base64URL, 50),
        ]
        + ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"].map {
            TokenPattern(.stripeKey, $0, .alphanumeric, 16)
        }
        + ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map {
            TokenPattern(.githubToken, $0, .alphanumeric, 30)
        }
        + ["xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"].map {
            TokenPattern(.slackToken, $0, .base64URL, 10, looksRandom: true)
        }

    /// The end of the token that begins at `start`; nil when none does.
    func match(_ bytes: [UInt8], at start: Int) -> Int? {
        let bodyStart = start + prefix.count
        guard bodyStart + lengthMin <= bytes.count,
            bytes[start..<bodyStart].elementsEqual(prefix)
        else { return nil }
        var end = bodyStart
        let required = bodyStart + lengthMin
        while end < required {
            guard alphabet.contains(bytes[end]) else { return nil }
            end += 1
        }
        if isExact {
            return end < bytes.count && isAlphanumeric(bytes[end]) ? nil : end
        }
        if looksRandom && !isRandom(bytes, from: bodyStart) { return nil }
        while end < bytes.count, alphabet.contains(bytes[end]) { end += 1 }
        return end
    }

    /// Words joined by hyphens have no digit, or no long run without a hyphen.
    private func isRandom(_ bytes: [UInt8], from start: Int) -> Bool {
        var run = 0
        var runMax = 0
        var hasDigit = false
        var position = start
        while position < min(bytes.count, start + Self.lookedAtMax),
            alphabet.contains(bytes[position])
        {
            hasDigit = hasDigit || isDigit(bytes[position])
            run = isAlphanumeric(bytes[position]) ? run + 1 : 0
            runMax = max(runMax, run)
            position += 1
        }
        return hasDigit && runMax >= min(Self.randomRunMin, lengthMin)
    }
}
