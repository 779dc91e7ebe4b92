/// What is taken for a secret.
public struct RedactionRules: Sendable {
    /// Headers whose value is always replaced, in lower case.
    public var headers: [String]
    /// Query and form fields whose value is always replaced, in lower case.
    public var queryFields: [String]
    /// Query and form fields whose value is replaced where it looks random, in lower case.
    public var ambiguousQueryFields: [String]
    /// JSON members whose value is replaced; case, hyphens and underscores make no difference.
    public var members: [String]
    /// Values that are replaced wherever they stand, of at least 8 bytes.
    public var literals: [String]

    /// Rules for all that is known to carry credentials, and for values from the environment.
    ///
    /// Of `environment` those variables count whose name looks secret.
    public init(environment: [(name: String, value: String)] = []) {
        headers = Self.secretHeaders
        queryFields = Self.secretQueryFields
        ambiguousQueryFields = ["key", "token", "sig", "signature", "auth", "code"]
        members = Self.secretMembers
        literals = environment.filter { Self.isSecretVariable($0.name, value: $0.value) }
            .map(\.value)
    }

    private static let secretHeaders = [
        "authorization", "proxy-authorization", "x-api-key", "api-key", "apikey", "x-goog-api-key",
        "cookie", "set-cookie", "x-amz-security-token", "x-auth-token", "x-access-token",
        "x-csrf-token", "x-xsrf-token", "x-github-token", "private-token", "x-gitlab-token",
        "x-vault-token", "x-functions-key", "ocp-apim-subscription-key", "x-subscription-token",
        "helicone-auth", "x-portkey-api-key", "dd-api-key", "dd-application-key",
        "x-honeycomb-team",
        "authentication", "x-amz-content-signature", "cf-access-client-secret",
        "cf-access-jwt-assertion", "x-forwarded-access-token", "mcp-session-token",
    ]

    private static let secretQueryFields = [
        "api_key", "apikey", "api-key", "x-api-key", "access_token", "refresh_token", "id_token",
        "auth_token", "client_secret", "password", "passwd", "secret", "x-amz-signature",
        "x-amz-credential", "x-amz-security-token", "x-goog-signature", "x-goog-credential",
        "subscription-key", "assertion", "client_assertion",
    ]

    // Not `token`, which is a piece of text in log probabilities; not `signature`, which signs
    // a model's thinking; not `key`.
    private static let secretMembers = [
        "api_key", "x_api_key", "password", "passwd", "passphrase", "secret", "client_secret",
        "access_token", "refresh_token", "id_token", "auth_token", "bearer_token", "session_token",
        "api_token", "api_secret", "secret_key", "secret_access_key", "aws_secret_access_key",
        "private_key", "signing_secret", "webhook_secret", "authorization", "proxy_authorization",
        "connection_string", "client_assertion", "x_goog_api_key",
    ]

    private static let secretWords = [
        "KEY", "APIKEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASS", "PASSPHRASE",
        "CREDENTIAL", "CREDENTIALS", "PAT", "AUTH", "DSN",
    ]

    /// Whether the value of a variable is taken for a secret.
    ///
    /// One word of the name says so, and the value is of at least 8 bytes and no path.
    public static func isSecretVariable(_ name: String, value: String) -> Bool {
        guard value.utf8.count >= LiteralSecrets.lengthMin, !isPath(value) else { return false }
        return name.uppercased().split(separator: "_").contains {
            secretWords.contains(String($0))
        }
    }

    private static func isPath(_ value: String) -> Bool {
        value.hasPrefix("/") && value.utf8.count { $0 == UInt8(ascii: "/") } >= 2
            && !value.utf8.contains { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "=") }
    }

    /// Whether a header's value is a secret whatever it is.
    func isSecretHeader(_ name: String) -> Bool {
        let name = asciiLowercased(name)
        return headers.contains(name) || name.hasSuffix("-api-key") || name.hasSuffix("-secret")
            || name.hasSuffix("-password") || name.hasSuffix("-access-token")
            || name.hasSuffix("-auth-token")
    }
}
