internal import Mutations
internal import Runner
internal import Scenarios

/// The configuration that a command found, and where it stands.
struct Project {
    let configuration: ProjectConfiguration
    /// The folder of the file, absolute.
    let folder: String
    /// The folder where the command was given.
    let workingFolder: String

    /// Reads a file.
    static func load(_ path: String) throws(RunnerError) -> Project {
        let here = ConfigurationSearch.workingFolder
        let absolute = path.hasPrefix("/") ? path : "\(here)/\(path)"
        let folder = absolute.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        do {
            return Project(
                configuration: try ConfigurationFile.load(path, vocabulary),
                folder: folder.isEmpty ? "/" : folder, workingFolder: here)
        } catch {
            throw RunnerError(.usage, error.description)
        }
    }

    /// The names that a configuration may use.
    static var vocabulary: ConfigurationVocabulary {
        let variants = Mutations.all.flatMap { mutation in
            mutation.variants.flatMap { variant in
                [variant.name, "\(mutation.id):\(variant.name)"] + variant.aliases
            }
        }
        return ConfigurationVocabulary(
            mutations: variants, upstreams: UpstreamPreset.all.map(\.name),
            formats: ReportFormat.allCases.map(\.rawValue))
    }

    /// Whether the command was given in another folder than that of the file.
    var isElsewhere: Bool { folder != workingFolder }

    /// The path of a file that the configuration names, from where the command was given.
    func path(_ named: String) -> String {
        !isElsewhere || named.hasPrefix("/") ? named : "\(folder)/\(named)"
    }

    /// A path from the command line that stays right in another folder.
    func lasting(_ given: String) -> String {
        !isElsewhere || given.hasPrefix("/") ? given : "\(workingFolder)/\(given)"
    }

    /// Makes the folder of the file the working folder: the agent's command is meant for it.
    func enter() throws(RunnerError) {
        guard isElsewhere else { return }
        guard ConfigurationSearch.enter(folder) else {
            throw RunnerError(.cannotStart, "cannot enter the folder \(folder)")
        }
        Terminal.complain("the agent runs in \(folder), the folder of \(ConfigurationFile.name)")
    }

    /// What goes before a command line that is meant for the folder of the file.
    ///
    /// From a folder below it the way is a relative one: it is the same in every checkout.
    var entering: String {
        guard isElsewhere else { return "" }
        let own = folder.split(separator: "/")
        let here = workingFolder.split(separator: "/")
        let way =
            here.starts(with: own)
            ? Array(repeating: "..", count: here.count - own.count).joined(separator: "/") : folder
        return "cd \(CommandLineText.quoted(way)) && "
    }

    /// The text of a prompt; the line end behind the text of a file is no part of it.
    func text(_ prompt: ProjectConfiguration.Prompt) throws(RunnerError) -> String {
        switch prompt {
        case .text(let text): return text
        case .file(let named):
            var text = try Arguments.fileText(path(named))
            if text.last?.isNewline == true { text.removeLast() }
            guard !text.isEmpty else {
                throw RunnerError(.usage, "\(named): the prompt is empty")
            }
            return text
        }
    }
}
