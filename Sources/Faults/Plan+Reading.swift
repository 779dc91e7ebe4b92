internal import Cassette
public import Determinism

extension Plan {
    private static let members = [
        "schema", "cassette", "order", "order_changes", "faults", "invariants", "off_tape",
        "stubs", "normalise", "prompt",
    ]

    /// More changes of the order than this are no plan's.
    public static let orderChangesMax = 16
    /// No run makes more choices among concurrent requests.
    public static let orderChoicesMax = 1_000_000

    /// Reads the UTF-8 text of a plan's JSON.
    public init(
        jsonText bytes: [UInt8], catalogue: [FaultKind] = FaultCatalogue.all
    ) throws(PlanError) {
        let value: JSONValue
        do {
            value = try JSONValue.parse(bytes)
        } catch {
            throw PlanError(code: .notJSON, path: "$", message: error.description)
        }
        try self.init(json: value, catalogue: catalogue)
    }

    /// Reads a plan's JSON and checks every field, so that no accepted plan can trap a run.
    public init(
        json: JSONValue, catalogue: [FaultKind] = FaultCatalogue.all
    ) throws(PlanError) {
        try Plan.checkSchema(of: json)
        let reader = try PlanReader(json, at: "$", members: Plan.members)
        // One plan has one text: other spellings of the same value are refused, here and below.
        let hash = try reader.text("cassette")
        guard let cassette = Digest(hex: hash), cassette.hex == hash else {
            throw reader.invalid("cassette", "must be 64 hexadecimal digits in lower case")
        }
        let seed = try reader.text("order")
        guard let order = Seed(text: seed), order.description == seed else {
            throw reader.invalid("order", "must be a whole number of 64 bits, written as a text")
        }
        _ = try reader.required("faults")
        self.init(
            cassette: cassette, order: order,
            offTape: try reader.word("off_tape", as: OffTapePolicy.self),
            prompt: try reader.optionalText("prompt"))
        orderChanges = try Plan.orderChanges(reader)
        for (value, path) in try reader.list("faults") {
            faults.append(try PlannedFault(json: value, at: path, catalogue: catalogue))
        }
        for (value, path) in try reader.list("stubs") {
            stubs.append(try Stub(json: value, at: path))
        }
        for (value, path) in try reader.list("normalise") {
            normalisers.append(try Normaliser(json: value, at: path))
        }
        for (value, path) in try reader.list("invariants") {
            // Beside its name a rule has `when`, `severity` and such; its own parser checks them.
            guard value.objectValue?.isEmpty == false else {
                throw PlanError(
                    code: .invalidValue, path: path,
                    message: "must be an object with at least one member")
            }
            invariants.append(value.membersSorted)
        }
    }

    /// Reads a list of numbers of choices; an empty one is not written.
    private static func orderChanges(_ reader: PlanReader) throws(PlanError) -> [Int] {
        guard reader.optional("order_changes") != nil else { return [] }
        var changes: [Int] = []
        for (value, path) in try reader.list("order_changes") {
            guard let number = value.intValue, let choice = Int(exactly: number),
                (1...orderChoicesMax).contains(choice)
            else {
                throw PlanError(
                    code: .invalidValue, path: path,
                    message: "must be the number of a choice, from 1 to \(orderChoicesMax)")
            }
            changes.append(choice)
        }
        guard (1...orderChangesMax).contains(changes.count) else {
            throw reader.invalid("order_changes", "must have from 1 to \(orderChangesMax) numbers")
        }
        return changes
    }

    private static func checkSchema(of json: JSONValue) throws(PlanError) {
        guard json.objectValue != nil else {
            throw PlanError(code: .invalidValue, path: "$", message: "a plan is an object")
        }
        guard let version = json["schema"] else {
            throw PlanError(
                code: .missingMember, path: "$",
                message: "the member 'schema' is missing; this is not a plan")
        }
        guard version.intValue == Int64(schemaVersion) else {
            throw PlanError(
                code: .unknownSchema, path: "$.schema",
                message: "schema \(version.encodedText()) is not known; this version reads "
                    + "\(schemaVersion). Use the version of stormtape that wrote the plan")
        }
    }
}

extension PlannedFault {
    init(json: JSONValue, at path: String, catalogue: [FaultKind]) throws(PlanError) {
        let reader = try PlanReader(json, at: path, members: ["fault", "at", "parameters"])
        let id = try reader.text("fault")
        guard let kind = catalogue.first(where: { $0.id == id }) else {
            let question =
                Suggestion.question(for: id, in: catalogue.map(\.id))
                ?? "this version does not have it"
            throw PlanError(
                code: .unknownFault, path: "\(path).fault",
                message: "there is no fault '\(id)'; \(question)")
        }
        self.init(
            fault: id,
            anchor: try Anchor(json: try reader.required("at"), at: "\(path).at"),
            parameters: try FaultParameters(
                json: try reader.required("parameters"), at: "\(path).parameters", kind: kind))
    }
}

extension FaultParameters {
    init(json: JSONValue, at path: String, kind: FaultKind) throws(PlanError) {
        let reader = try PlanReader(json, at: path, members: kind.parameters.map(\.name))
        self.init()
        for spec in kind.parameters {
            let value = try reader.required(spec.name)
            guard let normalised = spec.domain.normalised(value), normalised == value else {
                throw reader.invalid(
                    spec.name,
                    "of \(kind.id) must be \(spec.domain.allowed), was \(value.encodedText())")
            }
            members.append(JSONMember(spec.name, normalised))
        }
    }
}

extension Anchor {
    init(json: JSONValue, at path: String) throws(PlanError) {
        let reader = try PlanReader(
            json, at: path, members: ["fingerprint", "take", "attempt", "upstream", "call"])
        let hex = try reader.text("fingerprint")
        guard let fingerprint = Fingerprint(hex: hex), fingerprint.hex == hex else {
            throw reader.invalid("fingerprint", "must be 32 hexadecimal digits in lower case")
        }
        let hasAttempt = !(try reader.required("attempt").isNull)
        self.init(
            fingerprint: fingerprint, take: try reader.whole("take", in: 1...Int.max),
            attempt: hasAttempt ? try reader.whole("attempt", in: 1...Int.max) : nil,
            upstream: try reader.text("upstream"),
            call: try reader.whole("call", in: 1...Int.max))
    }
}

extension Stub {
    init(json: JSONValue, at path: String) throws(PlanError) {
        let reader = try PlanReader(
            json, at: path,
            members: ["upstream", "route", "contains", "status", "content_type", "body"])
        self.init(
            upstream: try reader.optionalText("upstream"), route: try reader.optionalText("route"),
            contains: try reader.optionalText("contains"),
            status: try reader.whole("status", in: Stub.statuses),
            contentType: try reader.text("content_type"), body: try reader.text("body"))
        guard Stub.isHeaderValue(contentType) else {
            throw reader.invalid("content_type", "must not hold control characters")
        }
    }

    /// The status codes that a stub can answer with: final ones.
    public static let statuses = 200...599

    /// Whether a text can stand in a header line.
    public static func isHeaderValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}

extension Normaliser {
    init(json: JSONValue, at path: String) throws(PlanError) {
        let reader = try PlanReader(json, at: path, members: ["upstream", "path", "as"])
        self.init(
            upstream: try reader.optionalText("upstream"), path: try reader.text("path"),
            kind: try reader.word("as", as: Normaliser.Kind.self))
    }
}

extension JSONValue {
    /// The value with the members of every object in canonical order.
    public var membersSorted: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.membersSorted))
        case .object(let members):
            .object(
                members.map { JSONMember($0.key, $0.value.membersSorted) }
                    .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        case .null, .bool, .number, .string: self
        }
    }
}
