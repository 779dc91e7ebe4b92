internal import ArgumentParser
internal import Determinism
internal import Judgement
internal import Reports
internal import Runner
internal import Search

struct CertificateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Show a certificate of what was covered, or check it against the agent.",
        subcommands: [CertificateShowCommand.self, CertificateVerifyCommand.self],
        defaultSubcommand: CertificateShowCommand.self)
}

struct CertificateShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Check that a certificate is whole, and show it.")

    @Argument(help: "The certificate.")
    var file: String

    func run() throws {
        let certificate = try CertificateFile.read(file)
        for line in certificate.lines { Terminal.say(VisibleText.escaped(line)) }
        Terminal.say("")
        Terminal.say("cassette    \(certificate.identity.cassette.hex)")
        Terminal.say("agent       \(VisibleText.escaped(certificate.identity.agentDescription))")
        Terminal.say("scenario    \(VisibleText.escaped(certificate.identity.scenarioName))")
        Terminal.say("certificate \(certificate.digest.hex)")
        throw ExitCode(ExploreRun.exitCode(certificate))
    }
}

struct CertificateVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Run a sample of a certificate's plans again and compare the digests.",
        discussion: """
            EXAMPLE
              stormtape certificate verify singles.json --cassette a.cassette -- python agent.py

            It ends with 0 when all runs are as the certificate says, with 4 when one is not.
            """)

    @Argument(help: "The certificate.")
    var file: String

    @OptionGroup var options: RunOptions

    @Option(help: "How many plans are run again, beside those that failed.")
    var sample: Int = 50

    @Option(help: "The seed that draws the sample.")
    var seed: String = "0"

    @Option(help: "How many worker processes.")
    var workers: Int?

    func run() throws {
        let certificate = try CertificateFile.read(file)
        guard sample >= 0 else { throw RunnerError(.usage, "--sample \(sample): 0 or more") }
        guard let seed = Seed(text: seed) else {
            throw RunnerError(.usage, "--seed \(seed): a number from 0 to 2^64-1, or 0x hex")
        }
        let workers = workers ?? System.processorCount
        guard (1...256).contains(workers) else {
            throw RunnerError(.usage, "--workers \(workers): from 1 to 256")
        }
        let settings = try RunSettings(options)
        let written = settings.project?.lasting(file) ?? file
        try settings.enterFolder()
        let agent = AgentIdentity(settings.configuration, besides: [written])
        if agent.digest != certificate.identity.agent {
            Terminal.complain(
                "warning: the certificate was made with another state of the agent: "
                    + VisibleText.escaped(certificate.identity.agentDescription))
        }
        let (runs, differences) = try Explorations.verify(
            certificate, settings.configuration, workers: workers, sample: sample, seed: seed)
        for difference in differences { Terminal.say(VisibleText.escaped(difference.text)) }
        let same = runs - differences.count
        Terminal.say("\(same) of \(runs) runs are as the certificate says")
        throw ExitCode(differences.isEmpty ? ExitCodes.passed : ExitCodes.nondeterministic)
    }
}

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Put the shares of a sharded exploration together.",
        discussion: """
            The result is, byte for byte, the certificate of the exploration without shards.

            EXAMPLE
              stormtape merge shard-1.json shard-2.json --certificate all.json
            """)

    @Argument(help: "The certificates of all shards.")
    var files: [String]

    @Option(help: "Write the merged certificate to this file; else to standard output.")
    var certificate: String?

    func run() throws {
        let parts = try files.map(CertificateFile.read)
        let merged: Certificate
        do {
            merged = try Certificate.merge(parts)
        } catch {
            throw RunnerError(.usage, error.description)
        }
        if let path = certificate {
            guard System.replaceFile(path, merged.bytes) else {
                throw RunnerError(.usage, "cannot write the certificate \(path)")
            }
            for line in merged.lines { Terminal.say(VisibleText.escaped(line)) }
        } else {
            Terminal.write(merged.bytes)
        }
        throw ExitCode(ExploreRun.exitCode(merged))
    }
}

/// Reads certificates with errors that name the file.
enum CertificateFile {
    static func read(_ path: String) throws(RunnerError) -> Certificate {
        guard let bytes = System.contents(of: path) else {
            throw RunnerError(.usage, "cannot read the certificate \(path)")
        }
        do {
            return try Certificate(bytes: bytes)
        } catch {
            throw RunnerError(.usage, "\(path): \(error.description)")
        }
    }
}
