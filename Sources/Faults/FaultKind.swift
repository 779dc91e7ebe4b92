public import Cassette
public import Determinism
public import WireProtocols

/// Where in a delivery a fault acts.
///
/// Faults are applied in this order.
public enum FaultLayer: Int, Hashable, Sendable, CaseIterable, Comparable {
    /// The connection itself.
    case connection
    /// The status and with it the whole answer.
    case status
    /// What the answer means.
    case semantic
    /// The events of a stream.
    case stream
    /// How bytes are cut into chunks.
    case framing
    /// When they are sent.
    case timing

    /// Orders by application.
    public static func < (left: FaultLayer, right: FaultLayer) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// How plainly a fault shows.
public enum FaultSignature: String, Hashable, Sendable {
    /// The agent is told.
    case loud
    /// The agent cannot know whether the request was carried out.
    case ambiguous
    /// It looks like success.
    case quiet
}

/// What a fault can be aimed at.
public enum FaultTarget: String, Hashable, Sendable {
    /// Upstreams of kind model.
    case model
    /// Upstreams of kind tool.
    case tool
    /// Both.
    case any

    /// Whether an upstream of this kind can be hit.
    public func accepts(_ kind: UpstreamKind) -> Bool {
        switch self {
        case .any: true
        case .model: kind == .model
        case .tool: kind == .tool
        }
    }
}

/// The values that a parameter takes.
public enum ParameterDomain: Hashable, Sendable {
    /// A whole number.
    case integer(ClosedRange<Int64>)
    /// One of these words.
    case choice([String])
    /// Any text.
    case text
}

/// What a parameter is when the scenario does not say.
public enum ParameterDefault: Sendable {
    /// This value.
    case fixed(JSONValue)
    /// A number drawn from a range that depends on the delivery; nil means inapplicable.
    case drawn(@Sendable (Delivery, FaultContext) -> ClosedRange<Int64>?)
}

/// One parameter of a fault.
public struct ParameterSpec: Sendable {
    /// The key in YAML, in snake_case, with its unit as the last word.
    public let name: String
    /// The values it takes.
    public let domain: ParameterDomain
    /// What it is when the scenario does not say.
    public let defaultValue: ParameterDefault
    /// One sentence.
    public let summary: String
    /// What a place counts, so that it can be named by a word.
    public let unit: PlaceUnit

    /// Creates a parameter.
    public init(
        _ name: String, _ domain: ParameterDomain, default defaultValue: ParameterDefault,
        _ summary: String, counting unit: PlaceUnit = .other
    ) {
        self.name = name
        self.domain = domain
        self.defaultValue = defaultValue
        self.summary = summary
        self.unit = unit
    }

    /// The words that may stand for a number of this parameter; none where it is not a whole
    /// number that is drawn.
    public var words: [OffsetWord] {
        guard case .drawn = defaultValue, case .integer = domain else { return [] }
        switch unit {
        case .bytes: return OffsetWord.allCases
        case .events, .contentEvents: return OffsetWord.allCases.filter { $0 != .insideCharacter }
        case .other: return [.first, .middle, .last]
        }
    }

    /// The values that it takes, in words.
    public var allowed: String {
        guard !words.isEmpty else { return domain.allowed }
        return domain.allowed + ", or " + words.map(\.rawValue).joined(separator: ", ")
    }
}

/// The concrete parameters of one planned fault.
public struct FaultParameters: Hashable, Sendable {
    /// The members in the order of the fault's specification.
    public var members: [JSONMember]

    /// Creates parameters.
    public init(_ members: [JSONMember] = []) {
        self.members = members
    }

    /// A whole number.
    ///
    /// A plan is checked when it is read, so that absence is our bug.
    public func integer(_ name: String) -> Int64 {
        guard let value = value(name)?.intValue else {
            preconditionFailure("parameter \(name) is not a whole number")
        }
        return value
    }

    /// A text.
    ///
    /// A plan is checked when it is read, so that absence is our bug.
    public func text(_ name: String) -> String {
        guard let value = value(name)?.stringValue else {
            preconditionFailure("parameter \(name) is not a text")
        }
        return value
    }

    /// A parameter as it is.
    public func value(_ name: String) -> JSONValue? {
        members.first { $0.key == name }?.value
    }
}

/// What a fault may look at beside the delivery that it edits.
public struct FaultContext: Sendable {
    /// The recorded interaction.
    public let interaction: Interaction
    /// Its upstream.
    public let upstream: Upstream
    /// The provider's protocol; nil for plain HTTP.
    public let wire: (any WireProtocol)?
    /// An earlier recorded answer of the same upstream and method, for stale results.
    public let earlier: Interaction?
    /// Finds another recorded interaction; nil where the cassette holds none.
    public let neighbour: @Sendable (Neighbour) -> Interaction?
    /// Whether the clock of the agent can be set.
    public let isClockVirtual: Bool
    /// Why the agent cannot be killed and started again; nil where it can.
    public let restartRefusal: String?
    /// Why nobody can ask the agent anything more now; nil where somebody can.
    public let turnRefusal: String?
    /// Why no program that the agent starts can be made to die; nil where one can.
    public let programRefusal: String?
    /// Why the answer is in no stream of HTTP/2; nil where it is.
    public let http2Refusal: String?

    /// Creates a context.
    public init(
        interaction: Interaction, upstream: Upstream, wire: (any WireProtocol)?,
        earlier: Interaction? = nil,
        neighbour: @escaping @Sendable (Neighbour) -> Interaction? = { _ in nil },
        isClockVirtual: Bool = true, restartRefusal: String? = nil,
        turnRefusal: String? = nil, programRefusal: String? = nil,
        http2Refusal: String? = nil
    ) {
        self.interaction = interaction
        self.upstream = upstream
        self.wire = wire
        self.earlier = earlier
        self.neighbour = neighbour
        self.isClockVirtual = isClockVirtual
        self.restartRefusal = restartRefusal
        self.turnRefusal = turnRefusal
        self.programRefusal = programRefusal
        self.http2Refusal = http2Refusal
    }
}

extension FaultContext {
    /// The identifiers of the protocols of models that are known.
    public static var protocols: [String] { WireProtocols.all.map(\.id) }
}

/// Whether a fault changed its delivery.
public enum FaultOutcome: Hashable, Sendable {
    /// It did.
    case fired
    /// It could not, for this reason.
    case inapplicable(String)
}

/// What is known of a fault beside its effect: the page that `stormtape faults ID` prints.
public struct FaultDocumentation: Hashable, Sendable {
    /// What is on the wire, per provider where they differ.
    public let wireForm: String
    /// What the official SDKs and frameworks do when they meet it.
    public let clients: String
    /// What an agent that survives does.
    public let robustAgent: String
    /// Where it was seen: issues as `owner/repository#number`, some without their owner,
    /// specifications, papers, and software with its version; empty where it is inferred.
    public let evidence: [String]

    /// Creates a page.
    public init(wireForm: String, clients: String, robustAgent: String, evidence: [String] = []) {
        self.wireForm = wireForm
        self.clients = clients
        self.robustAgent = robustAgent
        self.evidence = evidence
    }
}

/// One kind of perturbation.
public struct FaultKind: Sendable {
    /// The stable identifier in kebab-case.
    public let id: String
    /// One sentence: what the agent meets.
    public let summary: String
    /// Where it acts.
    public let layer: FaultLayer
    /// What it can be aimed at.
    public let target: FaultTarget
    /// How plainly it shows.
    public let signature: FaultSignature
    /// How hard it is to survive, 1 to 5.
    public let weight: Int
    /// Whether it puts another answer in place of the recorded one.
    public let replaces: Bool
    /// The variants that do so where the others do not.
    public let replacingVariants: [String]
    /// Its parameters.
    public let parameters: [ParameterSpec]
    /// What is known of it.
    public let documentation: FaultDocumentation
    /// What it does before there is a connection; nil for most.
    public let opening: OpeningFault?
    /// Whether only an answer over HTTP/2 can have it, which the agent is offered for its sake.
    public let needsHTTP2: Bool
    /// The transform; it draws nothing and depends on its arguments only.
    public let apply: @Sendable (inout Delivery, FaultParameters, FaultContext) -> FaultOutcome

    /// Creates a kind of fault.
    public init(
        id: String, summary: String, layer: FaultLayer, target: FaultTarget,
        signature: FaultSignature, weight: Int, replaces: Bool,
        replacingVariants: [String] = [], parameters: [ParameterSpec] = [],
        documentation: FaultDocumentation, opening: OpeningFault? = nil,
        needsHTTP2: Bool = false,
        apply: @escaping @Sendable (inout Delivery, FaultParameters, FaultContext) -> FaultOutcome
    ) {
        self.id = id
        self.summary = summary
        self.layer = layer
        self.target = target
        self.signature = signature
        self.weight = weight
        self.replaces = replaces
        self.replacingVariants = replacingVariants
        self.parameters = parameters
        self.documentation = documentation
        self.opening = opening
        self.needsHTTP2 = needsHTTP2
        self.apply = apply
    }

    /// Whether it puts another answer in place of the recorded one with these parameters.
    public func replacesAnswer(with parameters: FaultParameters) -> Bool {
        if replaces { return true }
        guard let variant = parameters.value("variant")?.stringValue else { return false }
        return replacingVariants.contains(variant)
    }
}
