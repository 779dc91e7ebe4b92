import Cassette
import Determinism
import Faults
import Testing

@Suite("What identifies a request of JSON-RPC")
struct MCPIdentityTests {
    private func fingerprint(_ body: String) -> Fingerprint {
        let request = RecordedRequest(method: "POST", target: "/mcp", body: Array(body.utf8))
        return RequestIdentity(request, upstream: "shop", rules: IdentityRules()).fingerprint
    }

    @Test(
        "numbers that only tie an answer to its request decide nothing",
        arguments: [
            (
                #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
                #"{"jsonrpc":"2.0","id":"b","method":"tools/list"}"#
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{"progressToken":1}}}"#,
                #"{"jsonrpc":"2.0","id":2,"method":"m","params":{"_meta":{"progressToken":2}}}"#
            ),
            (
                #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#,
                #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}"#
            ),
            (
                #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1}}"#,
                #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":2}}"#
            ),
            (
                #"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#,
                #"[{"jsonrpc":"2.0","id":2,"method":"ping"}]"#
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1}}"#,
                #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1,"requestState":"#
                    + #""stormtape-state-1","inputResponses":{"x":1}}}"#
            ),
        ])
    func ignored(left: String, right: String) {
        #expect(fingerprint(left) == fingerprint(right))
    }

    @Test(
        "everything else tells requests apart",
        arguments: [
            (
                #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
                #"{"jsonrpc":"2.0","id":1,"method":"prompts/list"}"#
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"requestId":1}}"#,
                #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"requestId":2}}"#
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"requestState":"a"}}"#,
                #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"requestState":"b"}}"#
            ),
            (#"{"id":1,"method":"m"}"#, #"{"id":2,"method":"m"}"#),
            (
                #"{"jsonrpc":"2.0","id":1,"method":"m"}"#, #"{"jsonrpc":"2.0","method":"m"}"#
            ),
        ])
    func kept(left: String, right: String) {
        #expect(fingerprint(left) != fingerprint(right))
    }
}
