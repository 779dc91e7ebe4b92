import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let toolPlausibleWrong = FaultKind(
        result: "tool-plausible-wrong", "One value of the tool's result is wrong and looks right.",
        signature: .quiet, weight: 5,
        parameters: [
            ParameterSpec(
                "variant", .choice(PlausibleLie.allCases.map(\.rawValue)),
                default: .fixed(.string(PlausibleLie.nudge.rawValue)), "What is done to it.")
        ] + resultPlaces(of: "number or date", where: PlausibleLie.fits),
        documentation: FaultDocumentation(
            wireForm: "The result as recorded but for one number or date.",
            clients: "Nobody can tell; the worst class of all for agents.",
            robustAgent: "Checks what must fit together: sums, balances, dates in order.",
            evidence: ["ChaosLLM", "AgentChaos, value faults"])
    ) { (result, parameters, _) throws(Inapplicable) in
        let json = try result.json()
        guard let lie = PlausibleLie(rawValue: parameters.text("variant")) else { return [] }
        if lie == .swapFields { return try swapped(json, parameters).encoded() }
        let place = try chosenPlace(
            in: json, parameters, "number or date", where: PlausibleLie.fits)
        guard let value = place.value(in: json), let other = lie.told(of: value) else {
            throw Inapplicable("\(lie.rawValue) does not go with this value")
        }
        return place.replacing(in: json, by: other).encoded()
    }

    /// The chosen value changes places with the next one of its kind.
    private static func swapped(
        _ json: JSONValue, _ parameters: FaultParameters
    ) throws(Inapplicable) -> JSONValue {
        let places = JSONPlace.all(in: json, where: PlausibleLie.fits)
        let chosen = try chosenPlace(
            in: json, parameters, "number or date", where: PlausibleLie.fits)
        guard let index = places.firstIndex(of: chosen), let value = chosen.value(in: json) else {
            return json
        }
        let others = places[(index + 1)...] + places[..<index]
        for place in others {
            guard let other = place.value(in: json), other != value,
                (other.stringValue == nil) == (value.stringValue == nil)
            else { continue }
            return place.replacing(in: chosen.replacing(in: json, by: other), by: value)
        }
        throw Inapplicable("the result holds no other value of the same kind")
    }

    static let toolWrongEntity = FaultKind(
        result: "tool-wrong-entity", "The tool answers about another thing than it was asked for.",
        signature: .quiet, weight: 5,
        documentation: FaultDocumentation(
            wireForm: "The recorded answer about another thing of the same route where there is "
                + "one; else the identifiers of the result are those of a neighbour.",
            clients: "Nobody can tell.",
            robustAgent: "Compares the identifier in the result with the one it asked for.",
            evidence: ["agent-chaos"])
    ) { (result, _, context) throws(Inapplicable) in
        if let earlier = context.earlier,
            earlier.request.target != context.interaction.request.target,
            let other = try? ToolResult(Delivery(earlier), context), other.bytes != result.bytes
        {
            return other.bytes
        }
        let json = try result.json()
        let places = JSONPlace.all(in: json) { neighbour(of: $0) != nil }.filter { place in
            place.key.map(isIdentifier) ?? false
        }
        guard !places.isEmpty else { throw Inapplicable("the result holds no identifier") }
        return places.reduce(json) { document, place in
            let value = place.value(in: document).flatMap(neighbour) ?? .null
            return place.replacing(in: document, by: value)
        }.encoded()
    }

    /// Whether a member of this name identifies something.
    private static func isIdentifier(_ key: String) -> Bool {
        let lower = asciiLowercased(key)
        return lower == "id" || lower.hasSuffix("_id") || key.hasSuffix("Id") || key.hasSuffix("ID")
            || lower == "uuid" || lower == "number" || lower == "key"
    }

    static let toolSchemaRename = FaultKind(
        result: "tool-schema-rename", "The form of the tool's result has changed.",
        signature: .quiet, weight: 4,
        parameters: [
            ParameterSpec(
                "variant", .choice(SchemaDrift.allCases.map(\.rawValue)),
                default: .fixed(.string(SchemaDrift.rename.rawValue)), "What has changed.")
        ] + memberPlaces,
        documentation: FaultDocumentation(
            wireForm: "One member of the result: renamed, of another type, one level deeper, "
                + "gone, joined by another, with another word, unit, or null.",
            clients: "KeyError, or a default that nobody meant; models invent what is missing.",
            robustAgent: "Validates; never fills in a value by itself.",
            evidence: [
                "ReliabilityBench, SchemaDrift (arXiv 2601.06112)",
                "ToolMisuseBench, schema drift (arXiv 2604.01508)",
            ])
    ) { (result, parameters, _) throws(Inapplicable) in
        let json = try result.json()
        let places = JSONPlace.all(in: json) { _ in true }.filter { $0.key != nil }
        let pointer = parameters.text("pointer")
        let number = parameters.integer("member")
        let place: JSONPlace
        if pointer.isEmpty {
            guard number >= 1, number <= places.count else {
                throw Inapplicable("the result has \(places.count) members, not \(number)")
            }
            place = places[Int(number) - 1]
        } else {
            guard let named = places.first(where: { $0.pointer == pointer }) else {
                throw Inapplicable("the result has no member at \(pointer)")
            }
            place = named
        }
        guard let drift = SchemaDrift(rawValue: parameters.text("variant")),
            let member = place.value(in: json).map({ JSONMember(place.key ?? "", $0) }),
            let members = drift.drifted(member)
        else { throw Inapplicable("\(parameters.text("variant")) does not go with this value") }
        return place.changingMember(in: json) { _ in members }.encoded()
    }

    private static let memberPlaces: [ParameterSpec] = [
        .place("member", from: 1, "Which member is meant, from 1 in the order of the text.") {
            delivery, context in
            guard let json = try? ToolResult(delivery, context).json() else { return nil }
            let count = Int64(JSONPlace.all(in: json) { _ in true }.filter { $0.key != nil }.count)
            return count > 0 ? 1...count : nil
        },
        ParameterSpec(
            "pointer", .text, default: .fixed(""),
            "A JSON Pointer that names it instead, as /items/0/price; empty for none."),
    ]
}

/// How a value of a result is made wrong while it looks right.
enum PlausibleLie: String, Hashable, Sendable, CaseIterable {
    /// A date is one day later.
    case dateShift = "date-shift"
    /// A number is one more in its last digit.
    case nudge
    /// A number has the opposite sign.
    case sign
    /// A number or date changes places with another one.
    case swapFields = "swap-fields"
    /// A number is ten times as large.
    case timesTen = "times-ten"
    /// Two neighbouring digits change places.
    case transposition

    /// Whether a value is a number, or a text that holds a date.
    static func fits(_ value: JSONValue) -> Bool {
        switch value {
        case .number: true
        case .string(let text): CivilDate(prefixOf: text) != nil
        case .null, .bool, .array, .object: false
        }
    }

    /// Another value; nil where this kind of lie does not go with it.
    func told(of value: JSONValue) -> JSONValue? {
        if case .string(let text) = value {
            guard self == .dateShift || self == .nudge else { return nil }
            return CivilDate(prefixOf: text).map { date in
                .string(date.nextDay.text + String(Substring(text.utf8.dropFirst(10))))
            }
        }
        guard case .number(let digits) = value else { return nil }
        switch self {
        case .nudge: return FaultKind.neighbour(of: value)
        case .sign:
            return .number(digits.hasPrefix("-") ? String(digits.dropFirst()) : "-" + digits)
        case .timesTen: return digits.contains(where: { "eE".contains($0) }) ? nil : tenfold(digits)
        case .transposition: return transposed(digits)
        case .dateShift, .swapFields: return nil
        }
    }

    private func tenfold(_ digits: String) -> JSONValue? {
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard digits != "0" else { return nil }
        guard parts.count == 2, let first = parts[1].first else { return .number(digits + "0") }
        let rest = parts[1].dropFirst()
        let whole = String(parts[0]) + String(first)
        let sign = whole.hasPrefix("-") ? "-" : ""
        let stripped = whole.drop { $0 == "-" }.drop { $0 == "0" }
        return .number(
            sign + (stripped.isEmpty ? "0" : String(stripped)) + (rest.isEmpty ? "" : "." + rest))
    }

    private func transposed(_ digits: String) -> JSONValue? {
        var bytes = Array(digits.utf8)
        let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
        // The later the pair, the less it shows; a leading zero would be no number.
        for place in bytes.indices.dropFirst().reversed() {
            let (left, right) = (bytes[place - 1], bytes[place])
            guard isDigit(left), isDigit(right), left != right else { continue }
            let leads = place == 1 || !isDigit(bytes[place - 2])
            if leads, right == UInt8(ascii: "0") { continue }
            bytes.swapAt(place - 1, place)
            return .number(String(decoding: bytes, as: UTF8.self))
        }
        return nil
    }
}

/// How the form of a result changes.
enum SchemaDrift: String, Hashable, Sendable, CaseIterable {
    /// A word of an enumeration is another.
    case enumChange = "enum-change"
    /// Another member stands beside it.
    case fieldAdd = "field-add"
    /// It is gone.
    case fieldDrop = "field-drop"
    /// It is one level deeper.
    case nesting
    /// It is null.
    case nullForValue = "null-for-value"
    /// It has another name.
    case rename
    /// A number is text, a text a list.
    case typeChange = "type-change"
    /// A number is in another unit, which the name says.
    case unitChange = "unit-change"

    /// The members in its place; nil where this kind of change does not go with it.
    func drifted(_ member: JSONMember) -> [JSONMember]? {
        let (key, value) = (member.key, member.value)
        switch self {
        case .enumChange:
            guard let word = value.stringValue else { return nil }
            return [JSONMember(key, .string("LEGACY_" + word.uppercased()))]
        case .fieldAdd: return [member, JSONMember(key + "_v2", value)]
        case .fieldDrop: return []
        case .nesting: return [JSONMember(key, ["value": value])]
        case .nullForValue: return value.isNull ? nil : [JSONMember(key, .null)]
        case .rename: return [JSONMember(SchemaDrift.otherName(key), value)]
        case .typeChange:
            let other: JSONValue =
                value.stringValue != nil ? .array([value]) : .string(value.encodedText())
            return [JSONMember(key, other)]
        case .unitChange:
            guard let number = value.intValue else { return nil }
            let (scaled, overflow) = number.multipliedReportingOverflow(by: 1_000)
            return overflow ? nil : [JSONMember(key + "_milli", .int(scaled))]
        }
    }

    /// The name in the other of the two usual spellings, or with a number behind it.
    private static func otherName(_ key: String) -> String {
        if key.contains("_") {
            let words = key.split(separator: "_")
            return String(words.first ?? "")
                + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        }
        let snake = key.unicodeScalars.reduce(into: "") { text, scalar in
            let isUpper = ("A"..."Z").contains(scalar)
            text += isUpper ? "_" + String(scalar).lowercased() : String(scalar)
        }
        return snake == key || key.isEmpty ? key + "_v2" : snake
    }
}
