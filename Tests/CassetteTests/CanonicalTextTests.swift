import Cassette
import Determinism
import Testing

@Suite struct CanonicalTextTests {
    @Test("Any cassette survives the text form unchanged", arguments: 0..<300)
    func roundTrip(seed: Int) throws {
        var source = SampleSource(state: UInt64(seed))
        let manifest = source.manifest()
        let interactions = (1...(1 + source.below(3))).map { source.interaction($0) }
        let text = CanonicalText.encode(manifest: manifest, interactions: interactions)
        let decoded = try CanonicalText.decode(text)
        #expect(decoded.manifest == manifest)
        #expect(decoded.interactions == interactions)
        let again = CanonicalText.encode(
            manifest: decoded.manifest, interactions: decoded.interactions)
        #expect(again == text)
        let hash = CanonicalText.cassetteHash(manifest: manifest, interactions: interactions)
        #expect(hash == Digest(hashing: text))
    }

    @Test("Chunks that cut a character keep their boundaries, and the body stays readable")
    func splitCharacter() throws {
        let bytes = Array("né😀".utf8)
        let chunks = bytes.enumerated().map {
            Chunk(at: .milliseconds(Int64($0.offset)), bytes: [$0.element])
        }
        let interaction = Interaction(
            ordinal: 1, upstream: "a", request: RecordedRequest(method: "GET", target: "/"),
            response: RecordedResponse(status: 200, chunks: chunks))
        let line = CanonicalText.encode(interaction: interaction)
        #expect(String(decoding: line, as: UTF8.self).contains("né😀"))
        #expect(try CanonicalText.decodeInteraction(line, line: 1) == interaction)
    }

    @Test("A small cassette has the text that was published")
    func golden() {
        let manifest = Manifest(toolVersion: "0.1.0", seed: Seed(7), command: ["agent"])
        let interaction = Interaction(
            ordinal: 1, upstream: "openai", startedAt: SimInstant(nanoseconds: 5),
            request: RecordedRequest(
                method: "POST", target: "/v1", headers: [HeaderField("Accept", "*/*")],
                body: Array("{}".utf8)),
            response: RecordedResponse(
                status: 200, reason: "OK", headAt: SimDuration(nanoseconds: 1),
                chunks: [
                    Chunk(at: SimDuration(nanoseconds: 2), bytes: [0x68]),
                    Chunk(at: SimDuration(nanoseconds: 3), bytes: [0xFF]),
                ], endAt: SimDuration(nanoseconds: 4)))
        let text = CanonicalText.encode(manifest: manifest, interactions: [interaction])
        #expect(
            String(decoding: text, as: UTF8.self) == """
                {"command":["agent"],"fidelity":[],"format":"stormtape-cassette",\
                "provenance":"recorded","recorded_at_ns":0,"seed":"7","tool_version":"0.1.0",\
                "upstreams":[],"version":1}
                {"ending":"complete","ordinal":1,"request":{"body":"{}","headers":\
                [["Accept","*/*"]],"method":"POST","target":"/v1"},"response":{"body":\
                {"base64":"aP8="},"chunks":[[2,1],[3,1]],"end_ns":4,"head_ns":1,"headers":[],\
                "reason":"OK","status":200,"trailers":[]},"started_ns":5,"upstream":"openai"}

                """)
    }

    private static let manifest = #"""
        {"command":[],"fidelity":[],"format":"stormtape-cassette","provenance":"recorded",\#
        "recorded_at_ns":0,"seed":"7","tool_version":"0.1.0","upstreams":[],"version":1}
        """#
    private static let request = #"{"body":"","headers":[],"method":"GET","target":"/"}"#

    @Test(
        "A text that is no cassette is refused with its line",
        arguments: [
            ("", CanonicalTextError.Code.empty, 1),
            ("\n\n", .empty, 1),
            ("{", .notJSON, 1),
            ("[]", .invalidMember, 1),
            (#"{"format":"har"}"#, .foreignFormat, 1),
            (#"{"format":"stormtape-cassette","version":2}"#, .unknownVersion, 1),
            (#"{"format":"stormtape-cassette","version":1}"#, .missingMember, 1),
            (manifest.dropLast() + #","extra":1}"#, .unknownMember, 1),
            (manifest.replacing(#""7""#, with: #""-7""#), .invalidMember, 1),
            (manifest + "\n{}", .missingMember, 2),
            (
                manifest + "\n"
                    + #"{"ordinal":2,"upstream":"a","started_ns":0,"ending":"complete","request":"#
                    + request + "}", .ordinalOrder, 2
            ),
            (
                manifest + "\n"
                    + #"{"ordinal":1,"upstream":"a","started_ns":0,"ending":"gone","request":"#
                    + request + "}", .invalidMember, 2
            ),
        ])
    func refused(text: String, code: CanonicalTextError.Code, line: Int) {
        let error = #expect(throws: CanonicalTextError.self) {
            try CanonicalText.decode(Array(text.utf8))
        }
        #expect(error?.code == code)
        #expect(error?.line == line)
    }

    @Test(
        "Base64 that no encoder writes is refused",
        arguments: ["A", "AA", "AA==A", "A===", "AB==", "AAB=", "AA=A", "AA==AAAA", "A A="])
    func base64(text: String) {
        let line =
            #"{"ordinal":1,"upstream":"a","started_ns":0,"ending":"complete","request":"#
            + #"{"body":{"base64":""# + text + #""},"headers":[],"method":"GET","target":"/"}}"#
        let error = #expect(throws: CanonicalTextError.self) {
            try CanonicalText.decodeInteraction(Array(line.utf8), line: 4)
        }
        #expect(error?.code == .invalidMember)
        #expect(error?.line == 4)
    }
}
