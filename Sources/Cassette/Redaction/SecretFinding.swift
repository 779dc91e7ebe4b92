/// What kind of secret something looks like; it labels the placeholder.
public enum SecretKind: String, Hashable, Sendable, CaseIterable {
    /// A key of the Anthropic API.
    case anthropicKey = "anthropic-key"
    /// A key of the OpenAI API, or of one that took over its form.
    case openaiKey = "openai-key"
    /// A key of Stripe.
    case stripeKey = "stripe-key"
    /// An access key id of AWS.
    case awsKey = "aws-key"
    /// A token of GitHub.
    case githubToken = "github-token"
    /// A token of GitLab.
    case gitlabToken = "gitlab-token"
    /// A token of Slack.
    case slackToken = "slack-token"
    /// A key or an access token of Google.
    case googleKey = "google-key"
    /// A token of another service, known by its prefix.
    case serviceToken = "service-token"
    /// A JSON web token.
    case jsonWebToken = "json-web-token"
    /// A private key in PEM form.
    case privateKey = "private-key"
    /// What follows the word `Bearer`.
    case bearerToken = "bearer-token"
    /// The value of a secret-looking environment variable.
    case environmentValue = "environment-value"
    /// The value of a header that carries credentials.
    case headerValue = "header"
    /// The value of a query or form field that carries credentials.
    case queryValue = "query"
    /// The value of a JSON member that carries credentials.
    case memberValue = "json-member"
}

/// Where a secret is.
public struct SecretFinding: Hashable, Sendable {
    /// What it looks like.
    public let kind: SecretKind
    /// The first byte.
    public let offset: Int
    /// How many bytes it has.
    public let length: Int

    /// Creates a finding.
    public init(kind: SecretKind, offset: Int, length: Int) {
        self.kind = kind
        self.offset = offset
        self.length = length
    }

    /// The first byte after it.
    public var end: Int { offset + length }

    /// Findings in order without overlaps: what overlaps becomes one, named by what begins first.
    static func merged(_ findings: [SecretFinding]) -> [SecretFinding] {
        let sorted = findings.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            if first.offset != second.offset { return first.offset < second.offset }
            if first.length != second.length { return first.length > second.length }
            return left.offset < right.offset
        }
        var merged: [SecretFinding] = []
        for (_, finding) in sorted {
            guard let last = merged.last, finding.offset < last.end else {
                merged.append(finding)
                continue
            }
            merged[merged.count - 1] = SecretFinding(
                kind: last.kind, offset: last.offset,
                length: max(last.end, finding.end) - last.offset)
        }
        return merged
    }
}
