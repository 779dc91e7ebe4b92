/// Whether a match is about a person or opens a door.
package enum SensitiveClass: String, Hashable, Sendable, CaseIterable {
    case personal
    case secret
}

/// What the scanner of sensitive data knows; the raw values are stable ids.
package enum SensitiveKind: String, Hashable, Sendable, CaseIterable {
    // People and their numbers.
    case email
    case phone
    case dateOfBirth = "date-of-birth"
    case passport
    case paymentCard = "payment-card"
    case iban
    case usRoutingNumber = "us-routing-number"
    case usSSN = "us-ssn"
    case ukNINO = "uk-nino"
    case nhsNumber = "nhs-number"
    case canadaSIN = "ca-sin"
    case germanTaxID = "de-steuer-id"
    case frenchNIR = "fr-nir"
    case spanishDNI = "es-dni"
    case italianFiscalCode = "it-codice-fiscale"
    case brazilCPF = "br-cpf"
    case brazilCNPJ = "br-cnpj"
    case indiaAadhaar = "in-aadhaar"
    case indiaPAN = "in-pan"
    case australiaTFN = "au-tfn"
    case dutchBSN = "nl-bsn"
    case ipv4
    case ipv6
    case mac
    case btcAddress = "btc-address"
    case ethAddress = "eth-address"
    case gps

    // Keys, tokens and passwords.
    case jwt
    case pemPrivateKey = "pem-private-key"
    case awsAccessKey = "aws-access-key"
    case awsSecretKey = "aws-secret-key"
    case githubToken = "github-token"
    case gitlabToken = "gitlab-token"
    case slackToken = "slack-token"
    case stripeKey = "stripe-key"
    case googleAPIKey = "google-api-key"
    case googleOAuthToken = "google-oauth-token"
    case openaiKey = "openai-key"
    case anthropicKey = "anthropic-key"
    case openrouterKey = "openrouter-key"
    case huggingfaceToken = "huggingface-token"
    case groqKey = "groq-key"
    case xaiKey = "xai-key"
    case perplexityKey = "perplexity-key"
    case replicateToken = "replicate-token"
    case npmToken = "npm-token"
    case pypiToken = "pypi-token"
    case sendgridKey = "sendgrid-key"
    case twilioSID = "twilio-sid"
    case azureSAS = "azure-sas"
    case azureStorageKey = "azure-storage-key"
    case databaseURL = "database-url"
    case highEntropy = "high-entropy"

    /// Whether it is about a person or opens a door.
    package var sensitiveClass: SensitiveClass {
        SensitiveKind.secrets.contains(self) ? .secret : .personal
    }

    /// The kinds of a class, in the order of their declaration.
    package static func kinds(of sensitiveClass: SensitiveClass) -> [SensitiveKind] {
        allCases.filter { $0.sensitiveClass == sensitiveClass }
    }

    private static let secrets: Set<SensitiveKind> = {
        let start = allCases.firstIndex(of: .jwt) ?? allCases.endIndex
        return Set(allCases[start...])
    }()

    /// The place in the declaration, by which matches that begin together are ordered.
    var order: Int { SensitiveKind.orders[self] ?? 0 }

    private static let orders: [SensitiveKind: Int] = {
        var orders: [SensitiveKind: Int] = [:]
        for (place, kind) in allCases.enumerated() { orders[kind] = place }
        return orders
    }()
}
