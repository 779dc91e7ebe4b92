internal import Determinism
package import Faults

/// Reads scenarios as people write them.
package enum ScenarioFile {
    private static let bytesMax = 1 << 20

    /// Reads the scenario in a file.
    package static func load(
        _ path: String, catalogue: [FaultKind] = FaultCatalogue.all
    ) throws(ScenarioError) -> Scenario {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, bytesMax: bytesMax)
        } catch {
            throw failure(error.message, file: path)
        }
        return try parse(bytes: bytes, file: path, catalogue: catalogue)
    }

    /// Reads the scenario in bytes, which must be UTF-8.
    package static func parse(
        bytes: [UInt8], file: String, catalogue: [FaultKind] = FaultCatalogue.all
    ) throws(ScenarioError) -> Scenario {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            let index = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
            let sound = lines[index].indices.last {
                String(validating: lines[index][..<$0], as: UTF8.self) != nil
            }
            let prefix = String(
                decoding: lines[index][..<(sound ?? lines[index].startIndex)], as: UTF8.self)
            throw failure(
                "the file is not UTF-8; save it in that encoding", file: file, line: index + 1,
                column: prefix.unicodeScalars.count + 1,
                source: ScenarioSource(String(decoding: bytes, as: UTF8.self)))
        }
        return try parse(text: text, file: file, catalogue: catalogue)
    }

    /// Reads the scenario in a text.
    ///
    /// The error holds everything that is wrong, with places.
    package static func parse(
        text: String, file: String, catalogue: [FaultKind] = FaultCatalogue.all
    ) throws(ScenarioError) -> Scenario {
        let source = ScenarioSource(text)
        let root: YAMLNode
        do {
            root = try YAMLTree.parse(text, source: source)
        } catch {
            throw ScenarioError(
                file: file, diagnostics: [source.clamped(error.diagnostic)], source: source)
        }
        var reader = ScenarioReader(catalogue: catalogue)
        let scenario = reader.scenario(root)
        guard let scenario, reader.diagnostics.isEmpty else {
            throw ScenarioError(file: file, diagnostics: reader.diagnostics, source: source)
        }
        return scenario
    }

    private static func failure(
        _ message: String, file: String, line: Int = 1, column: Int = 1,
        source: ScenarioSource = ScenarioSource("")
    ) -> ScenarioError {
        ScenarioError(
            file: file,
            diagnostics: [
                ScenarioDiagnostic(message: message, line: line, column: column, length: 1)
            ],
            source: source)
    }
}

extension ScenarioReader {
    fileprivate mutating func scenario(_ root: YAMLNode) -> Scenario? {
        let keys = ScenarioKeys.root.names
        guard let members = members(root, of: "a scenario", keys: keys) else { return nil }
        require("scenario", in: members, of: "a scenario")
        return scenario(named: text(members.pair("scenario")) ?? "", members)
    }

    /// A scenario from the keys that it has beside its name.
    mutating func scenario(named name: String, _ members: Members) -> Scenario {
        Scenario(
            name: name,
            faults: faults(members.pair("faults")),
            invariants: invariants(members.pair("invariants")),
            offTape: word(members.pair("off_tape"), as: OffTapePolicy.self) ?? .echo,
            stubs: stubs(members.pair("stubs")),
            normalisers: normalisers(members.pair("normalise")))
    }
}
