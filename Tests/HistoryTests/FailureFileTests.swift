import Determinism
import Foundation
import Testing

@testable import History

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Failure files")
struct FailureFileTests {
    static let file = FailureFile(
        signature: Sample.signature, scenario: "refunds", cassette: Sample.digest("cassette"),
        plan: "stp1.abc.01234567",
        reproduce: "stormtape replay --cassette a.cassette --plan stp1.abc.01234567 -- ./agent: x")

    @Test("what is written is read back")
    func roundTrip() throws {
        #expect(try FailureFile(text: Self.file.text) == Self.file)
        let windows = Self.file.text.replacing("\n", with: "\r\n")
        #expect(try FailureFile(text: windows) == Self.file)
    }

    @Test("the name depends on scenario and signature, and on nothing else")
    func names() {
        let name = Self.file.name
        #expect(name.hasPrefix("violated-after-tool-timeout-no_repeated_side_effect-"))
        #expect(name.hasSuffix(".failure"))
        var other = Self.file
        other.plan = "stp1.def.89abcdef"
        #expect(other.name == name)
        other.scenario = "returns"
        #expect(other.name != name)
        other.signature = "../../etc/passwd"
        #expect(!other.name.contains("/"))
    }

    @Test("a value cannot begin another line")
    func injection() throws {
        var file = Self.file
        file.scenario = "refunds\nplan: stp1.evil.00000000"
        #expect(try FailureFile(text: file.text).plan == Self.file.plan)
    }

    @Test(
        "a file that was damaged or is half merged is refused, with its line",
        arguments: [
            ("", 1, "'signature' is missing"),
            ("signature: a\nsignature: b\n", 2, "given twice"),
            ("# fine\n\nsign: a\n", 3, "signature, scenario, cassette, plan, reproduce"),
            ("<<<<<<< ours\nsignature: a\n", 1, "merge"),
            ("signature\n", 1, "name: value"),
            ("signature: a\nscenario: b\nplan: c\nreproduce: d\ncassette: 12\n", 1, "no hash"),
        ])
    func refuses(text: String, line: Int, message: String) {
        let error = #expect(throws: FailureFileError.self) { _ = try FailureFile(text: text) }
        #expect(error?.line == line)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test("a folder is read in order, and a reviewed file is left as it is")
    func folder() throws {
        let place = try TemporaryFolder()
        let folder = FailureFolder(place.path + "/failures")
        #expect(try folder.listing() == FailureFolder.Listing())
        var other = Self.file
        other.signature = "crashed after reset"
        #expect(try folder.add([Self.file, other, other]) == [Self.file.name, other.name])
        try place.write("notes", "failures/README.md")
        try place.write("nonsense", "failures/a.failure")
        #expect(
            try folder.listing().entries.map(\.name) == ["a.failure", other.name, Self.file.name])
        #expect(try folder.listing().entries.last?.file.get() == Self.file)
        var later = Self.file
        later.plan = "stp1.later.00000000"
        #expect(try folder.add([later]) == [])
        #expect(try folder.listing().entries.last?.file.get() == Self.file)
    }

    @Test("a file in the place of the folder is said to be one")
    func fileAsFolder() throws {
        let place = try TemporaryFolder()
        try place.write("", "taken")
        let error = #expect(throws: LedgerError.self) {
            _ = try FailureFolder(place.path + "/taken").listing()
        }
        #expect(error?.description.contains("it is a file") == true, "\(error?.cause ?? "")")
        #expect(error?.path == place.path + "/taken")
    }

    @Test("a folder that may not be read is an error", .enabled(if: getuid() != 0))
    func unreadable() throws {
        let place = try TemporaryFolder()
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o300], ofItemAtPath: place.path)
        let error = #expect(throws: LedgerError.self) {
            _ = try FailureFolder(place.path).listing()
        }
        #expect(error?.code == .unwritable)
    }

    @Test("of too many files the first are read, and the others counted")
    func tooMany() throws {
        let place = try TemporaryFolder()
        for number in 1_000..<2_003 { try place.write("", "\(number).failure") }
        let listing = try FailureFolder(place.path).listing()
        #expect(listing.entries.map(\.name).last == "1999.failure")
        #expect(listing.entries.count == FailureFolder.filesMax)
        #expect(listing.leftOut == 3)
    }

    @Test("of a file that is too large no more is read than tells it")
    func tooLarge() throws {
        let place = try TemporaryFolder()
        // That its end is no UTF-8 is not seen.
        var bytes = Data(String(repeating: "#é", count: 2 << 20).utf8)
        bytes.append(0xFF)
        try bytes.write(to: URL(fileURLWithPath: place.path + "/a.failure"))
        let listing = try FailureFolder(place.path).listing()
        #expect(listing.entries.map(\.file) == [.failure(.tooLarge)])
    }

    @Test("a folder that cannot be made is an error")
    func unwritable() throws {
        let place = try TemporaryFolder()
        try place.write("", "taken")
        let error = #expect(throws: LedgerError.self) {
            _ = try FailureFolder(place.path + "/taken").add([Self.file])
        }
        #expect(error?.code == .unwritable)
    }
}
