internal import Cassette
public import Determinism
internal import Faults
internal import Judgement

extension Certificate {
    /// Reads the bytes of a certificate and checks that nothing in it contradicts anything else.
    public init(bytes: [UInt8]) throws(CertificateError) {
        let value: JSONValue
        do {
            value = try JSONValue.parse(bytes)
        } catch {
            throw CertificateError(.notJSON, at: "$", error.description)
        }
        try self.init(json: value)
    }

    /// Reads the JSON form and checks that nothing in it contradicts anything else.
    public init(json value: JSONValue) throws(CertificateError) {
        try Certificate.checkSchemaAndSeal(value)
        let reader = try CertificateReader(value, at: "$", members: Certificate.members)
        try self.init(reading: reader)
        // What was read says the same again, or something of it was not read.
        guard json.canonical() == value.canonical() else {
            throw CertificateError(
                .inconsistent, at: Certificate.firstDifference(json, value),
                "says something else than the rows; make the certificate anew")
        }
    }

    private static func checkSchemaAndSeal(_ value: JSONValue) throws(CertificateError) {
        guard value.objectValue != nil, let version = value["certificate"] else {
            throw CertificateError(
                .missingMember, at: "$",
                "the member 'certificate' is missing; this is not a certificate")
        }
        guard version.intValue == Int64(schemaVersion) else {
            throw CertificateError(
                .unknownSchema, at: "$.certificate",
                version.intValue == 1
                    ? "schema 1 does not name the grade of its runs. Make the certificate anew, or "
                        + "read it with the version of stormtape that wrote it"
                    : "schema \(version.encodedText()) is not known; this version reads "
                        + "\(schemaVersion). Use the version of stormtape that wrote the certificate"
            )
        }
        guard let seal = value["seal"]?.stringValue else {
            throw CertificateError(
                .missingMember, at: "$", "the member 'seal' is missing; it was cut or edited")
        }
        var unsealed = value
        unsealed["seal"] = nil
        let digest = Digest(hashing: unsealed.canonical()).hex
        guard seal == digest else {
            throw CertificateError(
                .brokenSeal, at: "$.seal",
                "is \(seal), but the digest of the other members is \(digest): the certificate "
                    + "was changed after it was made. Make it anew")
        }
    }

    private init(reading reader: CertificateReader) throws(CertificateError) {
        identity = try CertificateIdentity(
            reading: reader.object("identity", members: CertificateIdentity.members))
        base = try Certificate.plan(try reader.required("base"), at: "$.base")
        guard base.cassette == identity.cassette else {
            throw CertificateError(
                .inconsistent, at: "$.base.cassette", "is not the cassette of the identity")
        }
        calls = try reader.whole("calls", in: 0...Int.max)
        wasCutOff = try reader.flag("cut_off")
        grade =
            try reader.required("grade").isNull
            ? nil : try reader.word("grade", as: GradeLetter.self)
        let table = try Certificate.faults(reader, base)
        let places = try reader.object("places", members: ["recorded", "list"])
        sites = try Certificate.sites(places, table)
        firstSites = try places.whole("recorded", in: 0...sites.count)
        inapplicable = try reader.list("inapplicable").map {
            value, path throws(CertificateError) in
            try Certificate.inapplicable(value, at: path)
        }
        notBegun = try reader.list("not_begun").map { value, path throws(CertificateError) in
            try CertificateReader.word(value, at: path, as: ExplorationPhase.self)
        }
        plans = []
        for (value, path) in try reader.list("plans") {
            plans.append(try Certificate.plan(value, at: path, base, table))
        }
        failures = try reader.list("failures").map { value, path throws(CertificateError) in
            try Certificate.failure(value, at: path)
        }
        rows = try Certificate.rows(
            reader,
            CertificateRowLimits(
                sites: sites.count, failures: failures.count, plans: plans.count))
        guard (grade == nil) == (runs == 0) else {
            throw CertificateError(
                .inconsistent, at: "$.grade", "is there when, and only when, a plan was run")
        }
        try checkFailures()
        try checkTallies(reader)
    }

    // MARK: Parts

    private static func plan(_ value: JSONValue, at path: String) throws(CertificateError) -> Plan {
        do {
            return try Plan(json: value)
        } catch {
            let place = error.path.hasPrefix("$") ? String(error.path.dropFirst()) : error.path
            throw CertificateError(.invalidValue, at: path + place, error.message)
        }
    }

    private static func plan(
        _ value: JSONValue, at path: String, _ base: Plan, _ table: [PlannedFault]
    ) throws(CertificateError) -> Plan {
        if value["schema"] != nil { return try plan(value, at: path) }
        let reader = try CertificateReader(
            value, at: path, members: ["order", "order_changes", "faults"])
        var plan = base
        plan.order = try reader.seed("order")
        if reader.has("order_changes") {
            plan.orderChanges = []
            for (value, path) in try reader.list("order_changes") {
                plan.orderChanges.append(
                    try CertificateReader.whole(value, at: path, in: 1...Plan.orderChoicesMax))
            }
            // As many as a plan that stands alone may have.
            guard plan.orderChanges.count <= Plan.orderChangesMax else {
                throw reader.invalid(
                    "order_changes", "must have at most \(Plan.orderChangesMax) numbers")
            }
        }
        for (value, path) in try reader.list("faults") {
            let place = try CertificateReader.place(value, at: path, of: table.count, "faults")
            plan.faults.append(table[place])
        }
        return plan
    }

    private static func faults(
        _ reader: CertificateReader, _ base: Plan
    ) throws(CertificateError) -> [PlannedFault] {
        var text = Plan(cassette: base.cassette).json
        text["faults"] = try reader.required("faults")
        return try plan(text, at: "$").faults
    }

    private static func sites(
        _ reader: CertificateReader, _ table: [PlannedFault]
    ) throws(CertificateError) -> [FaultSite] {
        var sites: [FaultSite] = []
        for (value, path) in try reader.list("list") {
            guard let numbers = value.arrayValue, numbers.count == 3 else {
                throw CertificateError(
                    .invalidValue, at: path, "must be a list of entry, draw and recorded call")
            }
            guard sites.count < table.count, let attempt = table[sites.count].anchor.attempt else {
                throw CertificateError(
                    .inconsistent, at: path, "has no fault with an attempt in 'faults'")
            }
            let whole = 0...Int.max
            sites.append(
                FaultSite(
                    entry: try CertificateReader.whole(numbers[0], at: "\(path)[0]", in: whole),
                    draw: try CertificateReader.whole(numbers[1], at: "\(path)[1]", in: whole),
                    anchor: ReachedAnchor(
                        ordinal: try CertificateReader.whole(
                            numbers[2], at: "\(path)[2]", in: whole),
                        attempt: attempt), fault: table[sites.count]))
        }
        return sites
    }

    private static func inapplicable(
        _ value: JSONValue, at path: String
    ) throws(CertificateError) -> InapplicableFault {
        let reader = try CertificateReader(
            value, at: path,
            members: ["fault", "reason", "fingerprint", "take", "attempt", "upstream", "call"])
        let hasAttempt = !(try reader.required("attempt").isNull)
        return InapplicableFault(
            fault: try reader.text("fault"),
            anchor: Anchor(
                fingerprint: try reader.fingerprint("fingerprint"),
                take: try reader.whole("take", in: 1...Int.max),
                attempt: hasAttempt ? try reader.whole("attempt", in: 1...Int.max) : nil,
                upstream: try reader.text("upstream"),
                call: try reader.whole("call", in: 1...Int.max)),
            reason: try reader.text("reason"))
    }

    private static func failure(
        _ value: JSONValue, at path: String
    ) throws(CertificateError) -> FoundFailure {
        let reader = try CertificateReader(
            value, at: path,
            members: ["signature", "count", "phase", "number", "reason", "plan"])
        guard let signature = FailureSignature(json: try reader.required("signature")) else {
            throw reader.invalid("signature", "must be an object with 'verdict'")
        }
        return FoundFailure(
            signature: signature, phase: try reader.word("phase", as: ExplorationPhase.self),
            number: try reader.whole("number", in: 0...Int.max),
            plan: try plan(try reader.required("plan"), at: "\(path).plan"),
            reason: try reader.text("reason"), count: try reader.whole("count", in: 1...Int.max))
    }

    /// Where two texts of one form differ first.
    private static func firstDifference(
        _ one: JSONValue, _ other: JSONValue, at path: String = "$"
    ) -> String {
        if let mine = one.objectValue, let theirs = other.objectValue {
            for member in mine {
                guard let value = other[member.key] else { return "\(path).\(member.key)" }
                if value.canonical() != member.value.canonical() {
                    return firstDifference(member.value, value, at: "\(path).\(member.key)")
                }
            }
            return theirs.first { one[$0.key] == nil }.map { "\(path).\($0.key)" } ?? path
        }
        if let mine = one.arrayValue, let theirs = other.arrayValue {
            for (place, (left, right)) in zip(mine, theirs).enumerated()
            where left.canonical() != right.canonical() {
                return firstDifference(left, right, at: "\(path)[\(place)]")
            }
        }
        return path
    }
}
