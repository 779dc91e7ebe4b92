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
        ] + ResultPlaces.numbersAndDates.parameters,
        documentation: FaultDocumentation(
            wireForm: "The result as recorded but for one number or date.",
            clients: "Nobody can tell; the worst class of all for agents.",
            robustAgent: "Checks what must fit together: sums, balances, dates in order.",
            evidence: ["ChaosLLM", "AgentChaos, value faults"])
    ) { (result, parameters, _) throws(Inapplicable) in
        let json = try result.json()
        let lie: PlausibleLie = try parameters.variant()
        if lie == .swapFields { return try swapped(json, parameters).encoded() }
        let place = try ResultPlaces.numbersAndDates.chosen(in: json, parameters)
        guard let value = place.value(in: json), let other = lie.told(of: value) else {
            throw Inapplicable("\(lie.rawValue) does not go with this value")
        }
        return place.replacing(in: json, by: other).encoded()
    }

    /// The chosen value changes places with the next one of its kind.
    private static func swapped(
        _ json: JSONValue, _ parameters: FaultParameters
    ) throws(Inapplicable) -> JSONValue {
        let places = ResultPlaces.numbersAndDates.all(in: json)
        let chosen = try ResultPlaces.numbersAndDates.chosen(in: json, parameters)
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
        let other = json.replacingValues { key, value in
            key.map(isIdentifier) == true ? value.neighbour : nil
        }
        guard other != json else { throw Inapplicable("the result holds no identifier") }
        return other.encoded()
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
        ] + ResultPlaces.members.parameters,
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
        let place = try ResultPlaces.members.chosen(in: json, parameters)
        let drift: SchemaDrift = try parameters.variant()
        guard let member = place.value(in: json).map({ JSONMember(place.key ?? "", $0) }),
            let members = drift.drifted(member)
        else { throw Inapplicable("\(parameters.text("variant")) does not go with this value") }
        return place.changingMember(in: json) { _ in members }.encoded()
    }
}

/// How a value of a result is made wrong while it looks right.
enum PlausibleLie: String, Hashable, Sendable, CaseIterable {
    /// A date is one day later.
    case dateShift = "date-shift"
    /// A number is one more in its last digit, or one less after a nine; a date one day later.
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
        case .nudge: return value.neighbour
        case .sign:
            guard isNonZero(digits) else { return nil }
            return .number(digits.hasPrefix("-") ? String(digits.dropFirst()) : "-" + digits)
        case .timesTen: return isNonZero(digits) ? tenfold(digits) : nil
        case .transposition: return transposed(digits)
        case .dateShift, .swapFields: return nil
        }
    }

    /// A number that is written with a digit other than zero before its exponent.
    private func isNonZero(_ digits: String) -> Bool {
        let bytes = Array(digits.utf8)
        return bytes[..<JSONValue.mantissaCount(of: bytes)].contains { (0x31...0x39).contains($0) }
    }

    private func tenfold(_ digits: String) -> JSONValue? {
        guard !digits.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return nil }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
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
        let mantissa = bytes[..<JSONValue.mantissaCount(of: bytes)].indices
        for place in mantissa.dropFirst().reversed() {
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
            return [JSONMember(key, value.ofAnotherType)]
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
