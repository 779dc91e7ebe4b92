internal import Cassette
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

    /// Opens a cassette to run an agent against it.
    ///
    /// One whose recording was cut short was never scanned for secrets; it is now.
    package static func openToRun(_ path: String) throws(RunnerError) -> CassetteReader {
        let reader = try open(path)
        if !reader.isPacked { try refuseLeaks(reader) }
        return reader
    }

    private static func refuseLeaks(_ reader: CassetteReader) throws(RunnerError) {
        let redactor = Redactor(RedactionRules(environment: System.environment))
        do {
            for ordinal in 1..<(reader.count + 1) {
                let leaks = redactor.leaks(in: try reader.interaction(ordinal))
                guard let leak = leaks.first else { continue }
                throw RunnerError(
                    .usage,
                    "the recording of \(reader.path) was cut short, and its interaction "
                        + "\(ordinal) holds a secret (\(leak.kind)); delete the file, keep the "
                        + "secret out of the agent's traffic, and record again")
            }
        } catch let error as CassetteFileError {
            throw RunnerError(.usage, error.description)
        } catch let error as RunnerError {
            throw error
        } catch {
            throw RunnerError(.internalError, "\(error)")
        }
    }
}
