internal import Gateway

/// Where this user's local authority is, and how an agent comes to trust it.
package enum LocalAuthority {
    /// The variable that names its folder.
    package static let variable = "STORMTAPE_AUTHORITY"

    /// The variables by which programs learn which authorities to trust.
    package static let trustVariables = [
        "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS",
        "AWS_CA_BUNDLE", "GIT_SSL_CAINFO", "DENO_CERT",
    ]

    /// The file of an agent's folder that holds the certificates.
    static let bundleName = "authorities.pem"

    /// Where systems keep the authorities that they trust.
    private static let systemBundles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    /// The folder: the one that is named, or the place where this user's programs keep data.
    package static func folder(
        _ environment: [(name: String, value: String)]
    ) throws(RunnerError) -> String {
        func value(_ name: String) -> String? {
            environment.last { $0.name == name && !$0.value.isEmpty }?.value
        }
        if let named = value(variable) { return named }
        if let data = value("XDG_DATA_HOME") { return data + "/stormtape/authority" }
        if let home = value("HOME") { return home + "/.local/share/stormtape/authority" }
        throw RunnerError(
            .cannotStart,
            "the proxy's authority has no folder, since HOME is not set; name one with "
                + "\(variable)")
    }

    /// Opens it; makes it on first use.
    static func open(
        _ environment: [(name: String, value: String)]
    ) throws(RunnerError) -> CertificateAuthority {
        let folder = try folder(environment)
        do {
            return try CertificateAuthority.open(folder)
        } catch {
            throw RunnerError(.cannotStart, "\(error)")
        }
    }

    /// The file of authorities that the user trusts besides those of the system, as for agents.
    static func trustedByUser(_ environment: [(name: String, value: String)]) -> [String] {
        let named = environment.last { $0.name == "SSL_CERT_FILE" }?.value
        return [named].compactMap { $0 }.filter { !$0.isEmpty }
    }

    /// What an agent trusts: what this system trusts, and the authority before it.
    ///
    /// It is the same in a recording and in a replay on one machine.
    static func bundle(
        _ authority: CertificateAuthority, _ environment: [(name: String, value: String)]
    ) -> [UInt8] {
        for path in trustedByUser(environment) + systemBundles {
            if let trusted = System.contents(of: path) { return authority.certificate + trusted }
        }
        return authority.certificate
    }
}

extension AgentEnvironment {
    /// Leads the agent through the proxy, and makes it trust the authority.
    ///
    /// An agent that has mounts as well goes to these directly.
    package mutating func enterProxy(port: Int, bundle: String, hasMounts: Bool) {
        let address = "http://\(Self.loopback):\(port)"
        for name in Self.proxyVariables {
            self[name] = name.lowercased() == "all_proxy" ? nil : address
        }
        let direct = hasMounts ? "\(Self.loopback),.\(MountPoint.domain)" : nil
        self["NO_PROXY"] = direct
        self["no_proxy"] = direct
        // Node reads the variables only when it is told to.
        self["NODE_USE_ENV_PROXY"] = "1"
        for name in LocalAuthority.trustVariables { self[name] = bundle }
    }
}
