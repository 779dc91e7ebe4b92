import CZlib
import Cassette
import Foundation
import Testing

@testable import Importers

/// A folder that goes away with the test.
final class TemporaryFolder {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("stormtape-import-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file, and the folders above it.
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let whole = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: whole.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: whole)
        return whole.path
    }

    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }
}

/// The exchanges of a file with this text.
func read(_ text: String, file: String = "a") -> SourceReading {
    SourceReader.read(Array(text.utf8), file: file)
}

func text(_ bytes: [UInt8]?) -> String {
    String(decoding: bytes ?? [], as: UTF8.self)
}

/// Bytes from base64, as a test's constant.
func unpacked(_ digits: String) throws -> [UInt8] {
    try #require(Base64.decode(digits))
}

/// The bytes in zlib's form.
func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(UInt(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(count))
    let status = compress(&packed, &count, bytes, UInt(bytes.count))
    precondition(status == Z_OK)
    return Array(packed.prefix(Int(count)))
}

/// A zip file of entries that are stored.
func zip(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) }
    }
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in entries {
        let sizes = number(bytes.count, 4) + number(bytes.count, 4) + number(name.utf8.count, 2)
        let place = file.count
        file += [0x50, 0x4B, 3, 4] + number(20, 2) + [UInt8](repeating: 0, count: 12) + sizes
        file += number(0, 2) + Array(name.utf8) + bytes
        directory += [0x50, 0x4B, 1, 2] + number(20, 4) + [UInt8](repeating: 0, count: 12) + sizes
        directory += [UInt8](repeating: 0, count: 12) + number(place, 4) + Array(name.utf8)
    }
    let end = number(0, 4) + number(entries.count, 2) + number(entries.count, 2)
    let tail = number(directory.count, 4) + number(file.count, 4) + number(0, 2)
    return file + directory + [0x50, 0x4B, 5, 6] + end + tail
}

/// Imports texts under names.
func imported(
    _ texts: [(name: String, text: String)], known: [KnownUpstream] = [],
    reversed: Bool = false, bodyBytesMax: Int? = nil
) throws -> ImportResult {
    let folder = try TemporaryFolder()
    let paths = try texts.map { try folder.write($0.name, $0.text) }
    let files = try ImportFile.find(reversed ? paths.reversed() : paths)
    var options = ImportOptions(
        known: known, redactor: Redactor(RedactionRules()), toolVersion: "1.0")
    if let bodyBytesMax { options.bodyBytesMax = bodyBytesMax }
    return Importer.run(files, options: options)
}
