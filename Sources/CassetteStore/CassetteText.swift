import Cassette
package import Determinism

/// The canonical text form of a cassette file, for review, diff and merge.
package enum CassetteText {
    /// Passes on the lines in order, each without its line feed, one in memory at a time.
    package static func export(
        _ reader: CassetteReader, line: ([UInt8]) throws -> Void
    ) throws {
        try line(CanonicalText.encode(manifest: reader.manifest))
        for ordinal in 0..<reader.count {
            try line(CanonicalText.encode(interaction: reader.interaction(ordinal + 1)))
        }
    }

    /// The whole text.
    package static func export(_ reader: CassetteReader) throws -> [UInt8] {
        var text: [UInt8] = []
        try export(reader) { line in
            text.append(contentsOf: line)
            text.append(0x0A)
        }
        return text
    }

    /// Writes a packed cassette from a text; errors in the text are `CanonicalTextError`.
    @discardableResult
    package static func `import`(
        _ text: [UInt8], to path: String, overwrite: Bool = false
    ) throws -> Digest {
        let (manifest, interactions) = try CanonicalText.decode(text)
        let writer = try CassetteWriter.create(path, manifest: manifest, overwrite: overwrite)
        for interaction in interactions { try writer.put(interaction) }
        return try writer.pack()
    }
}
