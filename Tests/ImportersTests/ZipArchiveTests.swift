import Testing

@testable import Importers

@Suite("Zip files") struct ZipArchiveTests {
    private let har = (name: "har.har", bytes: Array(Sample.har.utf8))

    @Test("with a HAR are read, also with its bodies in files beside it")
    func attachments() {
        #expect(SourceReader.read(zip([har]), file: "a.zip").exchanges.count == 1)
        let outside = """
            {"log": {"entries": [{"request": {"method": "GET", "url": "http://a.example/",
             "headers": []}, "response": {"status": 200, "headers": [],
             "content": {"_file": "../b.json"}}}]}}
            """
        let file = zip([("har.har", Array(outside.utf8)), ("../b.json", Array("[1]".utf8))])
        let reading = SourceReader.read(file, file: "a.zip")
        #expect(text(reading.exchanges.first?.response?.body) == "[1]")
        #expect(reading.exchanges.first?.origin.file == "a.zip!har.har")
    }

    @Test("with other recordings give each of them, and a reason for what is none")
    func several() {
        let file = zip([
            ("x/", []), ("x/a.yaml", Array(Sample.vcrpy.utf8)), ("README", Array("hello".utf8)),
        ])
        let reading = SourceReader.read(file, file: "a.zip")
        #expect(reading.exchanges.map(\.origin.file) == ["a.zip!x/a.yaml"])
        #expect(reading.refusals.map { $0.origin?.file } == ["a.zip!README"])
    }

    @Test("may hold deflated entries")
    func deflated() throws {
        // The file that Python's zipfile writes for the entry `a` with the text "hi hi hi hi hi".
        let bytes = try unpacked(
            "UEsDBBQAAAAIAAAAIQBKdJvuBwAAAA4AAAABAAAAYcvIVMhAIABQSwECFAMUAAAACAAAACEASnSb7gcAAAAO"
                + "AAAAAQAAAAAAAAAAAAAAgAEAAAAAYVBLBQYAAAAAAQABAC8AAAAmAAAAAAA=")
        let entries = try ZipArchive.entries(bytes)
        #expect(entries == [ZipArchive.Entry(name: "a", bytes: Array("hi hi hi hi hi".utf8))])
    }

    @Test("that are cut or changed anywhere are refused or give what they gave")
    func damage() throws {
        let whole = zip([har, ("b", Array("x".utf8))])
        let entries = try ZipArchive.entries(whole)
        for end in stride(from: 4, to: whole.count, by: 7) {
            #expect(throws: ImportError.self) {
                try ZipArchive.entries(Array(whole.prefix(end)))
            }
        }
        let directory = whole.count - 22 - 2 * 46 - 8
        for place in directory..<whole.count {
            var changed = whole
            changed[place] = ~changed[place]
            guard let read = try? ZipArchive.entries(changed) else { continue }
            #expect(read.count <= entries.count)
        }
        #expect(SourceReader.read(zip([]), file: "a").refusals.map(\.code) == [.unknownFormat])
    }
}
