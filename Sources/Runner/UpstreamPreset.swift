/// A well-known upstream: its address, and the variables by which SDKs learn another one.
package struct UpstreamPreset: Sendable {
    /// The name that selects it.
    package let name: String
    /// The provider's address.
    package let address: String
    /// The variables that take the address of the mount.
    package let variables: [String]
    /// The variables that SDKs want a key in.
    package let keyVariables: [String]

    /// The presets, in the order of the documentation.
    package static let all: [UpstreamPreset] = [
        UpstreamPreset(
            name: "openai", address: "https://api.openai.com/v1",
            variables: ["OPENAI_BASE_URL", "OPENAI_API_BASE"], keyVariables: ["OPENAI_API_KEY"]),
        UpstreamPreset(
            name: "anthropic", address: "https://api.anthropic.com",
            variables: ["ANTHROPIC_BASE_URL"], keyVariables: ["ANTHROPIC_API_KEY"]),
        UpstreamPreset(
            name: "groq", address: "https://api.groq.com", variables: ["GROQ_BASE_URL"],
            keyVariables: ["GROQ_API_KEY"]),
        UpstreamPreset(
            name: "mistral", address: "https://api.mistral.ai", variables: ["MISTRAL_BASE_URL"],
            keyVariables: ["MISTRAL_API_KEY"]),
        UpstreamPreset(
            name: "openrouter", address: "https://openrouter.ai/api/v1",
            variables: ["OPENROUTER_BASE_URL"], keyVariables: ["OPENROUTER_API_KEY"]),
        UpstreamPreset(
            name: "ollama", address: "http://127.0.0.1:11434", variables: ["OLLAMA_HOST"],
            keyVariables: []),
    ]

    /// The preset with this name.
    package static func named(_ name: String) -> UpstreamPreset? {
        all.first { $0.name == name }
    }

    /// The variable that holds the key of the provider at this address; nil for an unknown one: no
    /// key is sent to somebody it is not meant for.
    package static func keyVariable(of address: String) -> String? {
        all.first { $0.address == address || $0.address + "/v1" == address }?.keyVariables.first
    }

    /// Every variable that an SDK wants a key in.
    static var keyVariables: [String] { all.flatMap(\.keyVariables) }
}
