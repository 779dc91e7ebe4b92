internal import Cassette
internal import Determinism
internal import Runner
internal import Scenarios

/// Where a value comes from, the strongest first.
enum SettingOrigin: Hashable {
    case flag(String)
    case environment(String)
    case file(String, line: Int)
    case standard

    var text: String {
        switch self {
        case .flag(let name): "--\(name)"
        case .environment(let name): name
        case .file(let name, let line): "\(name):\(line)"
        case .standard: "default"
        }
    }

    /// The kind in one word, for programs.
    var kind: String {
        switch self {
        case .flag: "flag"
        case .environment: "environment"
        case .file: "file"
        case .standard: "default"
        }
    }
}

/// A resolved value as it is printed.
struct SettingEntry {
    var key: String
    var value: JSONValue
    var origin: SettingOrigin
    /// What the file says of it, also where something goes before the file; nil for nothing.
    var written: JSONValue?
}

/// How the text of a variable becomes a value.
struct SettingForm<Value> {
    var read: (String) -> Value?
    var json: (Value) -> JSONValue
    var isAllowed: (Value) -> Bool = { _ in true }
    /// What is allowed, in words.
    var allowed: String
}

/// Decides between the command line, the environment, the file and the default.
struct SettingResolver {
    let project: Project?
    private let environment: [(name: String, value: String)]
    private(set) var entries: [SettingEntry] = []

    init(_ project: Project?) {
        self.project = project
        environment = System.environment
    }

    /// The value of a key that has a default.
    mutating func value<Value>(
        _ key: String, _ form: SettingForm<Value>, flag: Value?, named option: String,
        variable: String? = nil, file: Value?, standard: Value
    ) throws(RunnerError) -> Value {
        try optional(key, form, flag: flag, named: option, variable: variable, file: file)
            ?? settle(key, form, standard, .standard)
    }

    /// The value of a key; nil where nobody gives one.
    mutating func optional<Value>(
        _ key: String, _ form: SettingForm<Value>, flag: Value?, named option: String,
        variable: String? = nil, file: Value?
    ) throws(RunnerError) -> Value? {
        let variable = variable ?? Self.variable(option)
        if let flag {
            guard form.isAllowed(flag) else {
                let text = form.json(flag).stringValue ?? form.json(flag).encodedText()
                throw RunnerError(.usage, "--\(option) \(text): \(form.allowed)")
            }
            return settle(key, form, flag, .flag(option), file)
        }
        if let text = environment.first(where: { $0.name == variable })?.value, !text.isEmpty {
            guard let value = form.read(text), form.isAllowed(value) else {
                throw RunnerError(.usage, "\(variable)=\(text): \(form.allowed)")
            }
            return settle(key, form, value, .environment(variable), file)
        }
        guard let file, let project else { return nil }
        return settle(key, form, file, origin(of: key, in: project), file)
    }

    /// Notes a value that is decided elsewhere.
    mutating func note(
        _ key: String, _ value: JSONValue, _ origin: SettingOrigin, written: JSONValue? = nil
    ) {
        entries.append(SettingEntry(key: key, value: value, origin: origin, written: written))
    }

    /// Notes what only the file can say.
    mutating func noteFile(_ key: String, _ value: JSONValue, isGiven: Bool) {
        guard isGiven, let project else { return note(key, value, .standard) }
        note(key, value, origin(of: key, in: project), written: value)
    }

    private mutating func settle<Value>(
        _ key: String, _ form: SettingForm<Value>, _ value: Value, _ origin: SettingOrigin,
        _ file: Value? = nil
    ) -> Value {
        entries.append(
            SettingEntry(
                key: key, value: form.json(value), origin: origin,
                written: file.map { form.json($0) }))
        return value
    }

    func origin(of key: String, in project: Project) -> SettingOrigin {
        .file(project.configuration.file, line: project.configuration.lines[key] ?? 1)
    }

    /// The variable of an option: `--wall-limit` is also `STORMTAPE_WALL_LIMIT`.
    static func variable(_ option: String) -> String {
        "STORMTAPE_" + replacing("-", with: "_", in: option).uppercased()
    }
}
