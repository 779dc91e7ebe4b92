public import Determinism
public import Judgement

/// What a bisection found, and how.
public struct BisectReport: Hashable, Sendable {
    /// What the versions are.
    public enum Subject: String, Hashable, Sendable, CaseIterable {
        /// Commits of a repository.
        case commits
        /// Recordings.
        case cassettes
        /// Values of a variable of the environment.
        case values
    }

    /// One version of the agent, of its recording or of its surroundings.
    public struct Version: Hashable, Sendable {
        /// A commit, the path of a cassette, or `NAME=value`.
        public var name: String
        /// The subject of a commit; empty for the others.
        public var text: String
        /// The author of a commit; empty for the others.
        public var author: String
        /// The date of a commit; empty for the others.
        public var date: String

        /// Creates a version.
        public init(_ name: String, text: String = "", author: String = "", date: String = "") {
            self.name = name
            self.text = text
            self.author = author
            self.date = date
        }
    }

    /// One version that was tried.
    public struct Trial: Hashable, Sendable {
        /// The version.
        public var version: Version
        /// What it said.
        public var answer: BisectAnswer
        /// How often the plan was run.
        public var runs: Int
        /// The worst grade of these runs; nil when there was none.
        public var grade: String?

        /// Creates a trial.
        public init(_ version: Version, _ answer: BisectAnswer, runs: Int, grade: String?) {
            self.version = version
            self.answer = answer
            self.runs = runs
            self.grade = grade
        }
    }

    /// How it ended.
    public enum Outcome: Hashable, Sendable {
        /// This version is the first bad one.
        case found(Version)
        /// It is one of these, the last of which is bad; the others say nothing.
        case between([Version])
        /// There was nothing to search for, and this is why.
        case refused(String)
    }

    /// What the versions are.
    public var subject: Subject
    /// How it ended.
    public var outcome: Outcome
    /// The failure that was looked for; nil when the bad version showed none.
    public var signature: FailureSignature?
    /// All versions that were tried, in order.
    public var trials: [Trial]
    /// How often the bad version failed; nil when its runs were all the same, or when it was said
    /// how often a version has to pass.
    public var repetition: Repetition?
    /// How often a version had to pass to be good.
    public var repeats: Int
    /// The last good run beside the first bad one; nil when one is missing.
    public var difference: TraceDifference?
    /// The good version of that comparison.
    public var lastGood: Version?
    /// What else is to be known.
    public var notes: [String] = []
    /// The command that shows the failure at the first bad version; empty for none.
    public var check = ""

    /// Creates a report; with no `repeats`, they follow from the repetition, and without one a
    /// version is good after two runs that are equal.
    public init(
        _ subject: Subject, outcome: Outcome, signature: FailureSignature? = nil,
        trials: [Trial] = [], repetition: Repetition? = nil, repeats: Int? = nil
    ) {
        self.subject = subject
        self.outcome = outcome
        self.signature = signature
        self.trials = trials
        self.repetition = repetition
        self.repeats = repeats ?? repetition?.needed ?? 2
    }

    /// Whether the first bad version is known.
    public var isFound: Bool {
        if case .found = outcome { true } else { false }
    }

    /// The JSON form.
    public var json: JSONValue {
        var members = [
            JSONMember("schema", .int(1)), JSONMember("bisect", .string(subject.rawValue)),
            JSONMember("found", .bool(isFound)),
        ]
        switch outcome {
        case .found(let version): members.append(JSONMember("culprit", version.json))
        case .between(let versions):
            members.append(JSONMember("candidates", .array(versions.map(\.json))))
        case .refused(let reason): members.append(JSONMember("reason", .string(reason)))
        }
        members += [
            JSONMember("signature", signature?.json ?? .null),
            JSONMember("trials", .array(trials.map(\.json))),
            JSONMember("repeats", .int(Int64(repeats))),
            JSONMember("last_good", lastGood?.json ?? .null),
            JSONMember("difference", difference?.json ?? .null),
            JSONMember("notes", .array(notes.map { .string($0) })),
            JSONMember("check", .string(check)),
        ]
        return .object(members)
    }
}

extension BisectReport.Version {
    fileprivate var json: JSONValue {
        var members = [JSONMember("version", .string(name))]
        for (name, value) in [("subject", text), ("author", author), ("date", date)]
        where !value.isEmpty {
            members.append(JSONMember(name, .string(value)))
        }
        return .object(members)
    }
}

extension BisectReport.Trial {
    fileprivate var json: JSONValue {
        .object(
            (version.json.objectValue ?? []) + [
                JSONMember("answer", .string(answer.word)),
                JSONMember("kind", answer.skip.map { .string($0.kind.rawValue) } ?? .null),
                JSONMember("reason", answer.skip.map { .string($0.reason) } ?? .null),
                JSONMember("runs", .int(Int64(runs))),
                JSONMember("grade", grade.map { .string($0) } ?? .null),
            ])
    }
}
