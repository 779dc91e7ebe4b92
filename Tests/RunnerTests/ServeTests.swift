import Cassette
import CassetteStore
import Determinism
import Foundation
import Testing

@testable import Runner

@Suite("The sessions of the recording service and their folder")
struct ServeTests {
    /// A folder that is gone with this object.
    private final class Folder {
        let path: String

        init() throws {
            let folder = FileManager.default.temporaryDirectory
                .appendingPathComponent("stormtape-serve-\(UUID().uuidString)")
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
            path = folder.path
        }

        deinit {
            try? FileManager.default.removeItem(atPath: path)
        }

        func write(_ name: String) {
            _ = FileManager.default.createFile(
                atPath: path + "/" + name, contents: Data(count: 1_000))
        }

        func cassettes() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { $0.hasSuffix(".cassette") }.sorted()
        }
    }

    @Test("The oldest cassettes are deleted, until the rest is within the bound")
    func trims() throws {
        let folder = try Folder()
        for name in ["1.cassette", "2.cassette", "3.cassette"] { folder.write(name) }
        let served = try ServeFolder(folder.path)
        defer { served.leave() }
        #expect(served.trim(to: 1_000, sparing: { [folder.path + "/1.cassette"] }))
        #expect(try folder.cassettes() == ["1.cassette"])
        #expect(!served.trim(to: 999, sparing: { [folder.path + "/1.cassette"] }))
        #expect(try folder.cassettes() == ["1.cassette"])
    }

    @Test("A session that is opened while the folder is looked at stays")
    func opensMeanwhile() throws {
        let folder = try Folder()
        for name in ["1.cassette", "2.cassette"] { folder.write(name) }
        let served = try ServeFolder(folder.path)
        defer { served.leave() }
        // It is asked for the sessions that are open when it has its list.
        let isWithin = served.trim(to: 0) {
            folder.write("0.cassette")
            return [folder.path + "/2.cassette"]
        }
        #expect(!isWithin)
        #expect(try folder.cassettes() == ["0.cassette", "2.cassette"])
    }

    @Test("An upstream that one cassette does not take is in all others")
    func upstreams() throws {
        let folder = try Folder()
        let upstream = Upstream(name: "late", kind: .tool, address: "http://late.test")
        let paths = (0..<3).map { "\(folder.path)/\($0).cassette" }
        let sinks = try paths.map { path in
            let sink = CassetteSink(settled: [])
            sink.open(try CassetteWriter.create(path, manifest: Manifest(toolVersion: "1")), [])
            return sink
        }
        // What is packed takes nothing more.
        _ = try sinks[0].pack(nil)
        let failure = #expect(throws: CassetteFileError.self) {
            try ServedSessions.add(upstream, to: sinks)
        }
        #expect(failure?.code == .closed)
        for index in 1...2 {
            _ = try sinks[index].pack(nil)
            let upstreams = try CassetteAccess.open(paths[index]).manifest.upstreams
            #expect(upstreams.map(\.name) == ["late"])
        }
    }
}
