package import CassetteStore

/// Opens cassettes with errors that carry an exit code.
package enum CassetteAccess {
    /// Opens a cassette for reading.
    package static func open(_ path: String) throws(RunnerError) -> CassetteReader {
        do {
            return try CassetteReader.open(path)
        } catch {
            throw RunnerError(.usage, error.description)
        }
    }
}
