/// The values that a key takes.
indirect enum ValueForm: Sendable {
    /// A single value; numbers are taken as they are written.
    case text
    /// As `text`, and it may be empty.
    case anyText
    case boolean
    /// Any value at all.
    case anything
    /// A whole number of a range.
    case whole(ClosedRange<Int64>)
    /// A number above 0 and up to this one, with decimals if wanted.
    case number(upTo: Int64)
    /// One of these words.
    case words([String])
    /// A share from 0 to 1: `1/3`, `0.25` or `25%`.
    case share
    /// Seeds: `7`, `1..60`, `1..10,20`.
    case seeds
    /// The method and path of a route, the method may be absent.
    case route
    /// No value.
    case nothing
    /// One seed.
    case seed
    case list(ValueForm)
    /// A map whose keys are free.
    case map(ValueForm)
    case table(KeyTable)
    /// A form that the schema defines once, by its name there.
    case reference(String)
    case either([ValueForm])
}

/// A key of a map that people write.
struct KeySpec: Sendable {
    let name: String
    let form: ValueForm
    /// What it means, in one line.
    let summary: String
    let isRequired: Bool
    /// What it is when it is absent, in words; nil where there is nothing to say.
    let standard: String?

    init(
        _ name: String, _ form: ValueForm, _ summary: String, standard: String? = nil,
        isRequired: Bool = false
    ) {
        self.name = name
        self.form = form
        self.summary = summary
        self.isRequired = isRequired
        self.standard = standard
    }
}

/// The keys of a map that people write: readers take them from here, and so does the schema, so
/// that the two cannot drift apart.
struct KeyTable: Sendable {
    let summary: String
    let keys: [KeySpec]

    /// The names in the order of the documentation.
    var names: [String] { keys.map(\.name) }
}
