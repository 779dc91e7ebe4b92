extension WireProtocols {
    /// The protocols in the order in which they are tried: those with a route of their own first.
    public static let all: [any WireProtocol] = [AnthropicMessages(), OpenAIChat()]
}
