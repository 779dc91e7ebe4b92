internal import ArgumentParser
internal import Runner

/// Where the program begins: parses the command line and turns every error into an exit code.
package enum EntryPoint {
    /// Runs the command that the arguments name and returns the exit code.
    package static func run() -> Int32 {
        let arguments = Array(CommandLine.arguments.dropFirst())
        // Before anything else: a worker enters its namespace while it has one thread.
        if arguments.first == Worker.command {
            return Worker.serve(Array(arguments.dropFirst()))
        }
        if arguments.first == Worker.idleCommand { return 0 }
        if arguments.first == Doctor.probeCommand { return Doctor.probe() }
        System.ignoreFileSizeSignal()
        do {
            var command = try StormtapeCommand.parseAsRoot(arguments)
            try command.run()
            return 0
        } catch let error as RunnerError {
            Terminal.complain("error: \(error.message)")
            return Int32(error.code.rawValue)
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            return report(error)
        }
    }

    private static func report(_ error: any Error) -> Int32 {
        let code = StormtapeCommand.exitCode(for: error)
        let message = StormtapeCommand.fullMessage(for: error)
        if code == .success {
            Terminal.say(message)
            return 0
        }
        Terminal.complain(message)
        return code == .validationFailure
            ? Int32(RunnerError.Code.usage.rawValue)
            : Int32(RunnerError.Code.internalError.rawValue)
    }
}
