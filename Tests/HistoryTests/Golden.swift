import Foundation
import Testing

/// Compares a text with the file that holds what it should be.
///
/// To write the files anew, then read the difference:
/// `STORMTAPE_UPDATE_GOLDENS=1 swift test --filter HistoryTests`.
func expectGolden(
    _ name: String, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../fixtures/goldens/history/\(name)").standardizedFileURL
    if ProcessInfo.processInfo.environment["STORMTAPE_UPDATE_GOLDENS"] != nil {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return
    }
    let wanted = try Data(contentsOf: file)
    #expect(
        Data(bytes) == wanted,
        "\(name) differs; it is now:\n\(String(decoding: bytes, as: UTF8.self))",
        sourceLocation: sourceLocation)
}
