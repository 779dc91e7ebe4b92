import Foundation

/// An agent with two mistakes: it tries twice and no more, and nobody catches a time-out.
let searchAgentSource = """
    import json, os, urllib.error, urllib.request

    REFUND = b'{"order_id":"A-1003","amount_cents":100,"reason":"late"}'


    def call(method, path, body=None):
        for attempt in (1, 2):
            request = urllib.request.Request(
                os.environ["TOOL_URL"] + path, data=body, method=method,
                headers={"Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError:
                if attempt == 2:
                    raise


    call("GET", "/orders/A-1003")
    call("POST", "/refunds", REFUND)
    call("GET", "/orders/A-1003")
    print("done")
    """

/// A folder with that agent and a scenario of three faults, and what runs the agent there.
struct SearchPlace {
    let folder: String

    init() throws {
        folder = try Scratch.folder()
        try write(searchAgentSource, "agent.py")
        try write(
            """
            scenario: three
            faults:
              - fault: server-error
                on: { call: 1 }
              - fault: ttfb-spike
                on: { call: 2 }
                delay_ms: 90000
              - fault: server-error
                on: { call: 3 }
            """, "three.yaml")
    }

    func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    func run(_ verb: [String], _ options: [String] = []) async throws -> CommandResult {
        try await Stormtape.run(try await words(verb, options), in: folder)
    }

    func words(_ verb: [String], _ options: [String]) async throws -> [String] {
        verb + ["--cassette", try await ProbeTape.tool.tape.cassette] + options
            + ["--", try Checkout.python(), "agent.py"]
    }
}
