import Cassette
import Determinism
import Faults
import Foundation
import Scenarios
import Testing

@Suite("The plan blob")
struct PlanBlobTests {
    static let plan = Plan(
        cassette: Digest(hashing: []), order: Seed(42),
        faults: [
            PlannedFault(
                fault: "tool-error",
                anchor: Anchor(
                    fingerprint: Fingerprint(Digest(hashing: [1])), take: 1, attempt: 2,
                    upstream: "shop", call: 3), parameters: FaultParameters())
        ], invariants: [["exit_code": 0]], prompt: "é")

    static func decode(_ text: String) -> Result<Plan, PlanBlobError> {
        do {
            return .success(try PlanBlob.decode(text, catalogue: ScenarioFixture.catalogue))
        } catch {
            return .failure(error)
        }
    }

    static func code(_ text: String) -> PlanBlobError.Code? {
        if case .failure(let error) = decode(text) { error.code } else { nil }
    }

    @Test("a plan survives, with blobs of every length")
    func roundTrip() {
        for length in 0..<12 {
            var plan = Self.plan
            plan.prompt = String(repeating: "p", count: length)
            let blob = PlanBlob.encode(plan)
            #expect(blob.hasPrefix("stp1."))
            #expect(blob.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2F && $0 != 0x2B })
            #expect(Self.decode(blob) == .success(plan))
        }
    }

    @Test("a rule with all that may stand beside its name survives")
    func invariantMembers() {
        var plan = Self.plan
        plan.invariants.append([
            "exit_code": 0, "label": "ends well", "negate": false, "severity": "critical",
            "when": "faulted",
        ])
        #expect(Self.decode(PlanBlob.encode(plan)) == .success(plan))
    }

    @Test("white space inside the pasted text does not matter")
    func whiteSpace() {
        let blob = PlanBlob.encode(Self.plan)
        var wrapped = " \t"
        for (index, character) in blob.enumerated() {
            wrapped.append(character)
            if index % 7 == 0 { wrapped += "\r\n  " }
        }
        #expect(Self.decode(wrapped) == .success(Self.plan))
    }

    @Test("every change of a single character is an error or the same plan")
    func damage() {
        let blob = Array(PlanBlob.encode(Self.plan).utf8)
        for place in blob.indices {
            for byte in [0x41, 0x2E, 0x3D, blob[place] ^ 1] as [UInt8]
            where byte != blob[place] {
                var damaged = blob
                damaged[place] = byte
                let text = String(decoding: damaged, as: UTF8.self)
                #expect(Self.code(text) != nil, "\(place): \(text)")
            }
            var shorter = blob
            shorter.remove(at: place)
            #expect(Self.code(String(decoding: shorter, as: UTF8.self)) != nil, "\(place)")
            #expect(Self.code(String(decoding: blob[..<place], as: UTF8.self)) != nil, "\(place)")
        }
    }

    @Test("what is no blob, and a blob of another version, are told apart")
    func versions() {
        #expect(Self.code("") == .notBlob)
        #expect(Self.code("plan.json") == .notBlob)
        #expect(Self.code("stp2.abc.12345678") == .unknownVersion)
        #expect(Self.code("stp1.abc") == .damaged)
        #expect(Self.code("stp1.abc.1234567") == .damaged)
        var newer = Self.plan
        newer.faults[0].fault = "new-fault"
        #expect(Self.code(PlanBlob.encode(newer)) == .invalidPlan)
    }

    @Test("an argument is a blob, or a file with a blob or with JSON")
    func argument() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("stormtape-plan-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let blob = PlanBlob.encode(Self.plan)
        let files = [
            "blob": Array("\(blob)\n".utf8), "json": Self.plan.json.canonical(),
            "bad": Array("{\"schema\":9}".utf8), "empty": [],
        ]
        for (name, bytes) in files {
            try Data(bytes).write(to: folder.appendingPathComponent(name))
        }
        func load(_ argument: String) throws -> Plan {
            try PlanArgument.load(argument, catalogue: ScenarioFixture.catalogue)
        }
        #expect(try load(blob) == Self.plan)
        #expect(try load(folder.path + "/blob") == Self.plan)
        #expect(try load(folder.path + "/json") == Self.plan)
        for name in ["bad", "empty", "missing", ""] {
            let path = folder.path + "/" + name
            let error = try #require(throws: PlanBlobError.self) { try load(path) }
            #expect(error.message.contains(path))
        }
    }
}
