import Determinism
import Judgement
import Testing

@Suite("The JSON Schema of an output")
struct JSONSchemaTests {
    @Test(
        "each keyword, on what fits and what does not",
        arguments: [
            (#"{"type":["string","null"]}"#, "null", nil),
            (#"{"type":["string","null"]}"#, "1", "$: expected string or null, found number"),
            (#"{"type":"integer"}"#, "1.50e1", nil),
            (#"{"type":"integer"}"#, "1.5", "$: expected integer, found number"),
            (#"{"type":"number"}"#, "1", nil),
            (#"{"properties":{"a":{"type":"string"}}}"#, #"{"a":1}"#, "$.a: expected string"),
            (#"{"properties":{"a":{"type":"string"}}}"#, #"{"b":1}"#, nil),
            (#"{"required":["a","b"]}"#, #"{"a":1}"#, "$: lacks b"),
            (#"{"required":["a"]}"#, "[]", nil),
            (#"{"enum":[1,"x"]}"#, "1.0", nil),
            (#"{"enum":[1,"x"]}"#, #""y""#, #"$: "y" is none of [1,"x"]"#),
            (#"{"items":{"type":"string"}}"#, #"["a","b",3]"#, "$[2]: expected string"),
            (
                #"{"properties":{"a":{}},"additionalProperties":false}"#, #"{"a":1,"b":2}"#,
                "$.b: is not allowed here"
            ),
            (
                #"{"additionalProperties":{"type":"null"},"properties":{"a":true}}"#,
                #"{"a":1,"b":null}"#, nil
            ),
            (#"{"const":{"a":100,"b":[1]}}"#, #"{"b":[1.0],"a":1e2}"#, nil),
            (#"{"const":{"a":1}}"#, #"{"a":1,"b":2}"#, "is not"),
            (#"{"pattern":"^a+$"}"#, #""aab""#, "does not match"),
            (#"{"pattern":"^a+$"}"#, "7", nil),
            (#"{"minimum":0.1}"#, "0.10", nil),
            (#"{"minimum":0.1}"#, "0.09999999999999999999999", "breaks minimum 0.1"),
            (#"{"maximum":-1}"#, "-1e0", nil),
            (#"{"maximum":-1}"#, "-0.5", "breaks maximum -1"),
            (#"{"exclusiveMinimum":0}"#, "-0.0", "breaks exclusiveMinimum 0"),
            (#"{"exclusiveMaximum":1e400}"#, "9e399", nil),
            (#"{"exclusiveMaximum":10}"#, "1e1", "breaks exclusiveMaximum 10"),
            (#"{"maximum":1}"#, "1e99999999999999999999", "exponent"),
            (#"{"maxLength":2}"#, #""👩‍🚀""#, "has 3, breaks maxLength 2"),
            (#"{"minLength":2}"#, #""é""#, "has 1, breaks minLength 2"),
            (#"{"minItems":1}"#, "[]", "has 0, breaks minItems 1"),
            (#"{"maxItems":1}"#, "[1]", nil),
            (#"{"title":"t","description":"d","$comment":"c","$schema":"s"}"#, "0", nil),
        ] as [(String, String, String?)])
    func keywords(schema: String, output: String, failure: String?) throws {
        let rule = try invariant(#"{"output_json_schema":\#(schema)}"#)
        let result = rule.evaluate(TraceBuilder().ended(output: output))
        #expect(result.passed == (failure == nil), "\(result.message)")
        if let failure { #expect(result.message.contains(failure), "\(result.message)") }
    }
}
