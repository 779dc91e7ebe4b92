import Testing

/// The official SDKs under the faults: the table in docs/SDK-MATRIX.md, held against real runs.
@Suite("The SDK matrix")
struct SDKMatrixTests {
    private func matrix(_ arguments: [String]) async throws -> CommandResult {
        try await Shell.run(
            [Checkout.python(), Checkout.root + "/scripts/sdk-matrix"] + arguments, timeout: 300)
    }

    #if os(Linux)
        @Test("OpenAI's and Anthropic's SDKs do what the table says, under faults of each family")
        func coreSDKs() async throws {
            let result = try await matrix(["--core", "--stormtape", Checkout.stormtape()])
            #expect(result.status == 0, "\(result.err)")
            #expect(result.err.contains("sdk-matrix: 0 differences"))
        }
    #endif

    @Test("The document is what the expectations say")
    func document() async throws {
        let result = try await matrix(["--document"])
        #expect(result.status == 0, "\(result.out)\(result.err)")
        #expect(result.out.isEmpty)
    }
}
