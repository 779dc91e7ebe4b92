import Determinism
import Foundation

/// The inputs with which a run begins.
enum Seeds {
    private static let endings = [".chunks.txt", ".json"]

    /// Writes the inputs that a law makes of every answer below a folder, each named by its digest.
    static func write(for law: Law, from source: String, to target: String) throws {
        let folder = URL(filePath: target, directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: source).sorted()
        var count = 0
        for path in paths where endings.contains(where: path.hasSuffix) {
            let file = try StormtapeFuzz.bytes(of: source + "/" + path)
            guard let answer = RecordedAnswer(String(decoding: file, as: UTF8.self)) else {
                continue
            }
            for input in law.seeds(answer) {
                let name = Digest(hashing: input).hex.prefix(16)
                try Data(input).write(to: folder.appending(path: String(name)))
                count += 1
            }
        }
        print("\(count) seeds for \(law.name)")
    }
}
