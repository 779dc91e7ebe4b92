public import Cassette
public import Determinism

/// Which recorded interactions a fault is aimed at.
///
/// Every given condition must hold.
public struct Selector: Hashable, Sendable {
    /// The name of the upstream.
    public var upstream: String?
    /// The kind of the upstream.
    public var kind: UpstreamKind?
    /// A tool by route, as `POST /refunds` or `GET /orders/*`.
    public var tool: String?
    /// Any call by route, as `POST /v1/chat/*`.
    public var route: String?
    /// The protocol that the request speaks, as `openai-chat`; `mcp`; `http` for plain HTTP.
    public var wireProtocol: String?
    /// The model that the request names.
    public var model: String?
    /// Whether the request asks for a stream.
    public var stream: Bool?
    /// The n-th recorded call of the upstream, from 1, retries not counted.
    public var call: Int?
    /// The attempt it hits first, from 1.
    public var attempt: Int
    /// Every n-th of the interactions selected so far.
    public var every: Int?
    /// The first n of the interactions selected so far.
    public var first: Int?
    /// All but the first n of the interactions selected so far.
    public var after: Int?
    /// Recorded instants from the start of the recording, in milliseconds.
    public var windowMilliseconds: ClosedRange<Int64>?
    /// The chance with which it fires at each.
    public var probability: Ratio
    /// Values that the request body must have, by JSON Pointer.
    public var arguments: [JSONMember]

    /// Creates a selector that selects everything, at the first attempt.
    public init() {
        attempt = 1
        probability = .always
        arguments = []
    }
}

/// What a scenario says of one parameter.
public enum ParameterSetting: Hashable, Sendable {
    /// This value.
    case fixed(JSONValue)
    /// A number drawn from this range.
    case range(ClosedRange<Int64>)
    /// A place of the answer by name.
    case word(OffsetWord)
}

/// One entry of a scenario's list of faults.
public struct FaultEntry: Hashable, Sendable {
    /// The identifier of the fault.
    public var fault: String
    /// Where it is aimed.
    public var selector: Selector
    /// How many consecutive attempts it hits; nil for every one.
    public var times: Int?
    /// The parameters that the scenario sets.
    public var settings: [(name: String, setting: ParameterSetting)] {
        get { zip(names, values).map { ($0, $1) } }
        set {
            names = newValue.map(\.name)
            values = newValue.map(\.setting)
        }
    }
    private var names: [String] = []
    private var values: [ParameterSetting] = []

    /// Creates an entry.
    public init(
        fault: String, selector: Selector = Selector(), times: Int? = 1,
        settings: [(name: String, setting: ParameterSetting)] = []
    ) {
        self.fault = fault
        self.selector = selector
        self.times = times
        self.settings = settings
    }
}

/// A script: which faults, aimed where, how often; and what must hold.
public struct Scenario: Hashable, Sendable {
    /// The name; it decides nothing.
    public var name: String
    /// The faults in order.
    public var faults: [FaultEntry]
    /// The invariants in their JSON form.
    public var invariants: [JSONValue]
    /// What happens off the tape.
    public var offTape: OffTapePolicy
    /// The scripted answers.
    public var stubs: [Stub]
    /// The declared normalisers.
    public var normalisers: [Normaliser]

    /// Creates a scenario.
    public init(
        name: String, faults: [FaultEntry] = [], invariants: [JSONValue] = [],
        offTape: OffTapePolicy = .echo, stubs: [Stub] = [], normalisers: [Normaliser] = []
    ) {
        self.name = name
        self.faults = faults
        self.invariants = invariants
        self.offTape = offTape
        self.stubs = stubs
        self.normalisers = normalisers
    }
}
