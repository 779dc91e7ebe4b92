import Cassette
import Determinism
import Testing
import WireProtocols

@Suite("What a request says")
struct ConversationTests {
    @Test("is read from what the SDKs send", arguments: ConversationSample.all)
    func reading(_ sample: ConversationSample) {
        let read = sample.wire.conversation(of: ConversationSample.request(sample.body))
        #expect(read == sample.expected)
    }

    @Test("is nothing where the body is none of the protocol", arguments: WireProtocols.all)
    func broken(_ wire: any WireProtocol) {
        let bodies = [
            "", "null", "[]", "{}", "7", #"{"messages":"#, #"{"messages":{}}"#,
            #"{"messages":"hi","contents":7,"input":{},"prompt":1}"#, "\u{FEFF}{",
        ]
        for body in bodies {
            #expect(wire.conversation(of: ConversationSample.request(body)) == nil, "\(body)")
        }
        let whole = ConversationSample.all.first { $0.wire.id == wire.id }
        guard let whole, let end = whole.body.lastIndex(of: "}") else {
            #expect(wire.id.hasSuffix("-resource"))
            return
        }
        let cut = String(whole.body[..<end])
        #expect(wire.conversation(of: ConversationSample.request(cut)) == nil)
    }

    @Test("is nothing in lists of models and in embeddings", arguments: WireProtocols.all)
    func resources(_ wire: any WireProtocol) {
        guard wire.id.hasSuffix("-resource") else { return }
        for sample in ConversationSample.all {
            #expect(wire.conversation(of: ConversationSample.request(sample.body)) == nil)
        }
        #expect(wire.usage(of: Array(#"{"usage":{"prompt_tokens":1}}"#.utf8), framing: nil) == nil)
    }

    @Test("of another vendor's model on Bedrock is not read")
    func otherVendor() {
        let body = #"{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}"#
        #expect(BedrockInvoke().conversation(of: ConversationSample.request(body)) == nil)
    }

    @Test("is read as far as it goes where members have another form", arguments: WireProtocols.all)
    func strange(_ wire: any WireProtocol) {
        guard !wire.id.hasSuffix("-resource") else { return }
        let junk =
            #"[7,null,"x",[],{},{"type":7,"role":7,"id":7,"text":7,"name":{},"#
            + #""function":7,"toolUse":7,"toolResult":{},"functionCall":7,"functionResponse":{}}]"#
        let message =
            #"{"role":"assistant","content":\#(junk),"parts":\#(junk),"#
            + #""tool_calls":\#(junk),"function_call":[]}"#
        let result = #"{"role":"tool","content":\#(junk),"parts":7}"#
        let list = #"[7,null,"x",{},\#(message),\#(result)]"#
        let body =
            #"{"model":"m","anthropic_version":"v","messages":\#(list),"input":\#(list),"#
            + #""contents":\#(list),"system":\#(junk),"instructions":7,"tools":\#(junk),"#
            + #""functions":7,"toolConfig":{"tools":\#(junk)},"systemInstruction":\#(junk),"#
            + #""images":7,"prompt":"p"}"#
        let read = wire.conversation(of: ConversationSample.request(body))
        #expect(read?.messages.isEmpty == false)
        #expect(read?.tools == [])
    }

    @Test("keeps structured results as canonical JSON, whoever sends them")
    func structured() {
        let results = [
            (#"{"b":1,"a":[2]}"#, #"{"a":[2],"b":1}"#), ("7", "7"), ("null", ""), ("[]", ""),
            (#"[{"b":1,"a":2}]"#, #"{"a":2,"b":1}"#), (#"["x","y"]"#, "xy"),
            (#"[{"type":"image_url","image_url":{"url":"u"}}]"#, ""),
        ]
        for (content, text) in results {
            let body = #"{"messages":[{"role":"tool","tool_call_id":"c","content":\#(content)}]}"#
            let read = OpenAIChat().conversation(of: ConversationSample.request(body))
            #expect(read?.messages == [.tool(.result("c", text))])
        }
    }
}
