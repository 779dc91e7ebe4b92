import Determinism
import Faults
import Search
import Testing

@Suite("What is no certificate")
struct CertificateReadingTests {
    private static func failure(_ json: JSONValue) -> CertificateError? {
        do {
            _ = try Certificate(json: json)
            return nil
        } catch {
            return error
        }
    }

    @Test("one that was edited says so")
    func edited() throws {
        let bytes = try CertificateFixture.certificate().bytes
        var text = String(decoding: bytes, as: UTF8.self)
        text.replace(#""violated""#, with: #""passed""#, maxReplacements: 1)
        let error = #expect(throws: CertificateError.self) {
            try Certificate(bytes: Array(text.utf8))
        }
        #expect(error?.code == .brokenSeal)
        #expect(error?.path == "$.seal")
        #expect(throws: CertificateError.self) { try Certificate(bytes: Array(bytes.dropLast(9))) }
        #expect(throws: CertificateError.self) { try Certificate(bytes: []) }
    }

    /// An edit, with a seal that fits, and how it is found out.
    static let edits:
        [(path: [String], value: JSONValue?, code: CertificateError.Code, place: String)] = [
            (["certificate"], 1, .unknownSchema, "$.certificate"),
            (["certificate"], 3, .unknownSchema, "$.certificate"),
            (["grade"], nil, .missingMember, "$"), (["grade"], "E", .invalidValue, "$.grade"),
            (["grade"], .null, .inconsistent, "$.grade"),
            (["certificate"], nil, .missingMember, "$"),
            (["surprise"], 1, .unknownMember, "$"),
            (["identity"], [], .invalidValue, "$.identity"),
            (["identity", "agent"], "x", .invalidValue, "$.identity.agent"),
            (
                ["identity", "cassette"], .string(String(repeating: "0", count: 64)), .inconsistent,
                "$.base.cassette"
            ),
            (["identity", "phases", "0"], "tea", .invalidValue, "$.identity.phases[0]"),
            (["identity", "seeds", "0"], 3, .invalidValue, "$.identity.seeds[0]"),
            (["identity", "draws"], nil, .missingMember, "$.identity"),
            (
                ["identity", "shard"], ["index": 3, "count": 2], .invalidValue,
                "$.identity.shard.index"
            ),
            (
                ["identity", "shard"], ["index": 1, "count": 9_223_372_036_854_775_807],
                .invalidValue, "$.identity.shard.count"
            ),
            (
                ["identity", "shard"], ["index": 1, "count": 100_001], .invalidValue,
                "$.identity.shard.count"
            ),
            (["base", "off_tape"], "maybe", .invalidValue, "$.base.off_tape"),
            (["faults", "0", "fault"], "server-eror", .invalidValue, "$.faults[0].fault"),
            (["faults", "0", "at", "attempt"], nil, .invalidValue, "$.faults[0].at"),
            (["places", "list", "0", "2"], -1, .invalidValue, "$.places.list[0][2]"),
            (["places", "recorded"], 999, .invalidValue, "$.places.recorded"),
            (["phases", "1", "rows", "3", "0"], 4, .inconsistent, "$.phases[1].rows[3][0]"),
            (
                ["phases", "1", "rows", "3", "1", "0"], 999, .inconsistent,
                "$.phases[1].rows[3][1]"
            ),
            (["phases", "1", "rows", "3", "2"], "sunny", .invalidValue, "$.phases[1].rows[3][2]"),
            (["phases", "1", "rows", "3", "2"], "left", .inconsistent, "$.phases[1].rows[3]"),
            (["phases", "1", "rows", "3", "3"], .null, .inconsistent, "$.phases[1].rows[3]"),
            (["phases", "1", "rows", "3", "3"], "hung", .inconsistent, "$.phases[1].rows[3]"),
            (["phases", "1", "rows", "3", "4"], "12", .invalidValue, "$.phases[1].rows[3][4]"),
            (["phases", "1", "rows", "3"], nil, .inconsistent, "$.phases[1].rows[3][0]"),
            (["phases", "1", "tally", "covered"], 1, .inconsistent, "$.phases[1].tally.covered"),
            (["phases", "1", "tally", "left"], nil, .missingMember, "$.phases[1].tally"),
            (["failures", "0", "count"], 1, .inconsistent, "$.failures[0].count"),
            (["failures", "0", "number"], 999, .inconsistent, "$.failures[0]"),
            (
                ["failures", "0", "signature", "verdict"], "hung", .inconsistent,
                "$.failures[0].signature"
            ),
            (["plans", "0", "faults", "0"], 9_999, .inconsistent, "$.plans[0].faults[0]"),
            (
                ["plans", "0", "order_changes"],
                .array(Array(repeating: 1, count: Plan.orderChangesMax + 1)), .invalidValue,
                "$.plans[0].order_changes"
            ),
            (["identity", "order_depth"], 0, .invalidValue, "$.identity.order_depth"),
            (
                ["identity", "order_depth"], .int(Int64(Plan.orderChangesMax + 2)), .invalidValue,
                "$.identity.order_depth"
            ),
            (["plans", "0", "order"], "one", .invalidValue, "$.plans[0].order"),
            (["inapplicable", "0", "call"], 0, .invalidValue, "$.inapplicable[0].call"),
            (["headline"], "all is well", .inconsistent, "$.headline"),
            (["not_begun"], ["pears"], .invalidValue, "$.not_begun[0]"),
            (["cut_off"], 1, .invalidValue, "$.cut_off"),
        ]

    @Test("what contradicts itself is refused with the place, though the seal fits")
    func contradictions() throws {
        let json = try CertificateFixture.certificate().json
        for edit in Self.edits {
            let changed = CertificateFixture.resealed(json) { json in
                CertificateFixture.set(edit.value, in: &json, edit.path)
            }
            let error = Self.failure(changed)
            #expect(error?.code == edit.code, "\(edit.path): \(error?.description ?? "accepted")")
            #expect(error?.path == edit.place, "\(edit.path): \(error?.description ?? "accepted")")
        }
    }

    @Test("the deepest orders that plans can hold are made, written and read, and no deeper ones")
    func depth() throws {
        var options = CertificateFixture.options()
        options.orderDepth = 40
        #expect(options.orderDepth == Plan.orderChangesMax + 1)
        let certificate = try CertificateFixture.certificate(options)
        #expect(certificate.identity.orderDepth == options.orderDepth)
        #expect(try Certificate(bytes: certificate.bytes) == certificate)
        let ordered = certificate.rows.filter { $0.phase == .orders }
            .map { certificate.plan(of: $0) }
        #expect(ordered.count == options.orders)
        for plan in ordered {
            #expect(plan.orderChanges.count == Plan.orderChangesMax)
            #expect(try Plan(json: plan.json) == plan)
        }
        options.orderDepth = -3
        #expect(options.orderDepth == 1)
    }

    @Test("nothing that stands in a certificate traps its reader, or who merges it")
    func totality() throws {
        let json = try CertificateFixture.certificate(
            CertificateFixture.options(shard: .init(index: 1, of: 2))
        ).json
        var paths: [[String]] = []
        func collect(_ value: JSONValue, _ path: [String]) {
            paths.append(path)
            for member in value.objectValue ?? [] { collect(member.value, path + [member.key]) }
            // The first elements stand for all others.
            for (place, item) in (value.arrayValue ?? []).prefix(3).enumerated() {
                collect(item, path + [String(place)])
            }
        }
        collect(json, [])
        let values: [JSONValue] = [
            .null, -1, 9_223_372_036_854_775_807, "", [], .object([]), .bool(true),
        ]
        #expect(paths.count > 200)
        for (path, value) in paths.flatMap({ path in values.map { (path, $0) } })
        where !path.isEmpty {
            let changed = CertificateFixture.resealed(json) { json in
                CertificateFixture.set(value, in: &json, path)
            }
            guard changed != json, let read = try? Certificate(json: changed) else { continue }
            #expect(read.json.canonical() == changed.canonical())
            #expect(throws: CertificateError.self) { try Certificate.merge([read]) }
        }
    }
}
