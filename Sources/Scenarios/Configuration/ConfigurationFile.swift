internal import Faults

/// Reads `stormtape.yaml`.
package enum ConfigurationFile {
    /// The name that is looked for.
    package static let name = "stormtape.yaml"

    private static let bytesMax = 1 << 20
    private static let emptyHint = "'stormtape init' writes one to begin with"

    /// Reads the configuration in a file.
    package static func load(
        _ path: String, _ vocabulary: ConfigurationVocabulary
    ) throws(ScenarioError) -> ProjectConfiguration {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, bytesMax: bytesMax)
        } catch {
            throw failure(error.message, file: path)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw failure("the file is not UTF-8; save it in that encoding", file: path)
        }
        return try parse(text: text, file: path, vocabulary)
    }

    /// Reads the configuration in a text.
    ///
    /// The error holds everything that is wrong, with places.
    package static func parse(
        text: String, file: String, _ vocabulary: ConfigurationVocabulary
    ) throws(ScenarioError) -> ProjectConfiguration {
        let source = ScenarioSource(text, emptyHint: emptyHint)
        let root: YAMLNode
        do {
            root = try YAMLTree.parse(text, source: source)
        } catch {
            throw ScenarioError(
                file: file, diagnostics: [source.clamped(error.diagnostic)], source: source)
        }
        var reader = ConfigurationReader(vocabulary)
        let found = reader.configuration(root, file: file)
        guard let found, reader.base.diagnostics.isEmpty else {
            throw ScenarioError(file: file, diagnostics: reader.base.diagnostics, source: source)
        }
        return found
    }

    private static func failure(_ message: String, file: String) -> ScenarioError {
        ScenarioError(
            file: file,
            diagnostics: [ScenarioDiagnostic(message: message, line: 1, column: 1, length: 1)],
            source: ScenarioSource(""))
    }
}
