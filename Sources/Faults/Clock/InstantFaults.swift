import Cassette
import Determinism
import WireProtocols

extension FaultKind {
    static let clockJumpForward = FaultKind(
        id: "clock-jump-forward",
        summary: "The agent's machine sleeps in the middle of an answer and wakes up later.",
        layer: .timing, target: .any, signature: .loud, weight: 4, replaces: false,
        parameters: [
            .place(
                "at", "How many events of a stream, or chunks of another body, come before it.",
                counting: .events
            ) {
                delivery, context in stallPlaces(in: delivery, context)
            },
            .milliseconds("jump_ms", from: 1, default: 28_800_000, "How long it sleeps."),
        ],
        documentation: FaultDocumentation(
            wireForm: "The body stops; after the jump the connection is reset, as one that died "
                + "in the meantime. On the virtual clock every deadline in between is due at once.",
            clients: "All read time-outs fire; tokens have expired; some hang since no reset "
                + "reaches them.",
            robustAgent: "Starts the turn again, with fresh credentials.",
            evidence: ["opencode#16366"]),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            let jump = parameters.integer("jump_ms")
            guard jump > 0 else { throw Inapplicable("jump_ms \(jump) is no jump") }
            let recorded = delivery.lastSentAt
            try stall(
                &delivery,
                FaultParameters([
                    JSONMember("at", .int(parameters.integer("at"))),
                    JSONMember("stall_ms", .int(0)),
                ]), context)
            delivery.ending = .reset
            delivery.endAt = max(recorded, delivery.lastSentAt) + .milliseconds(jump)
        })

    static let clockJumpBack = FaultKind(
        id: "clock-jump-back",
        summary: "The agent's wall clock is set back while it waits for an answer.",
        layer: .timing, target: .any, signature: .quiet, weight: 3, replaces: false,
        parameters: [
            .milliseconds("jump_ms", from: 1, default: 3_600_000, "How far it is set back.")
        ],
        documentation: FaultDocumentation(
            wireForm: "Nothing on the wire changes. Before the first byte of the answer the "
                + "wall clock (CLOCK_REALTIME, `time`, `gettimeofday`) goes back; CLOCK_MONOTONIC "
                + "goes on, and waits that have begun keep their end. Two jumps add up. "
                + "Inapplicable where the agent's clock is real, or nothing is ever sent.",
            clients: "Code that takes durations from the wall clock gets negative ones; caches "
                + "never expire; a sleep until an instant lasts too long; identifiers made of the "
                + "time repeat.",
            robustAgent: "Measures with the monotonic clock, and never sleeps for a negative or "
                + "unbounded time.",
            evidence: []),
        apply: edit { (delivery, parameters, context) throws(Inapplicable) in
            guard context.isClockVirtual else {
                throw Inapplicable("the agent's clock is real and cannot be set")
            }
            let jump = parameters.integer("jump_ms")
            guard jump > 0 else { throw Inapplicable("jump_ms \(jump) is no jump") }
            let isSilent = [.hang, .unconnected, .killed].contains(delivery.ending)
            guard delivery.head != nil || !isSilent else {
                throw Inapplicable("nothing is ever sent")
            }
            delivery.wallShift = delivery.wallShift - .milliseconds(jump)
        })

    static let dstGap = FaultKind(
        result: "dst-gap",
        "The tool names a local time that does not exist, or that exists twice.",
        signature: .quiet, weight: 3,
        parameters: [
            ParameterSpec(
                "variant", .choice(["fold", "gap"]), default: .fixed("gap"),
                "02:30 when clocks go forward, or when they go back (Europe, 2026).")
        ] + ResultPlaces.dates.parameters,
        documentation: FaultDocumentation(
            wireForm: "One date of the result is 2026-03-29T02:30:00 or 2026-10-25T02:30:00, "
                + "without an offset.",
            clients: "Date libraries move it, each its own way.",
            robustAgent: "Works with instants in UTC; asks when a local time is not one instant.",
            evidence: ["flakestorm, temporal_attack"])
    ) { (result, parameters, _) throws(Inapplicable) in
        let isGap = parameters.text("variant") == "gap"
        return try dated(isGap ? "2026-03-29T02:30:00" : "2026-10-25T02:30:00", result, parameters)
    }

    static let midnightRollover = FaultKind(
        result: "midnight-rollover", "The tool names an instant at a border of the calendar.",
        signature: .quiet, weight: 2,
        parameters: [
            ParameterSpec(
                "variant",
                .choice(["epoch-0", "leap-day", "leap-second", "midnight", "year-2038"]),
                default: .fixed("midnight"), "The border.")
        ] + ResultPlaces.dates.parameters,
        documentation: FaultDocumentation(
            wireForm: "One date of the result is the last second of a year, 29 February, second "
                + "60, 2038-01-19T03:14:08Z or 1970-01-01T00:00:00Z.",
            clients: "Arithmetic on it is off by a day; 32-bit times overflow; zero is taken for "
                + "absent.",
            robustAgent: "Does its arithmetic with a calendar.")
    ) { (result, parameters, _) throws(Inapplicable) in
        let instant =
            switch parameters.text("variant") {
            case "epoch-0": "1970-01-01T00:00:00Z"
            case "leap-day": "2028-02-29T12:00:00Z"
            case "leap-second": "2016-12-31T23:59:60Z"
            case "year-2038": "2038-01-19T03:14:08Z"
            default: "2026-12-31T23:59:59Z"
            }
        return try dated(instant, result, parameters)
    }

    static let timezoneMismatch = FaultKind(
        result: "timezone-mismatch",
        "The tool writes an instant without saying in which time zone, or in another form.",
        signature: .quiet, weight: 4,
        parameters: [
            ParameterSpec(
                "variant", .choice(["day-month", "naive", "offset"]), default: .fixed("naive"),
                "DD/MM/YYYY; without its Z; or with the offset +09:00 and the same digits.")
        ] + ResultPlaces.dates.parameters,
        documentation: FaultDocumentation(
            wireForm: "One date of the result, its digits as recorded.",
            clients: "Read as local time, or with day and month swapped.",
            robustAgent: "Wants an offset; refuses dates that can be read in two ways.")
    ) { (result, parameters, _) throws(Inapplicable) in
        let json = try result.json()
        let place = try ResultPlaces.dates.chosen(in: json, parameters)
        guard let text = place.value(in: json)?.stringValue, let date = CivilDate(prefixOf: text)
        else { throw Inapplicable("the value is no date") }
        let rest = String(Substring(text.utf8.dropFirst(10)))
        let isUTC = rest.hasSuffix("Z")
        let digits = isUTC ? String(rest.dropLast()) : rest
        let other: String
        switch parameters.text("variant") {
        case "day-month":
            let parts = date.text.split(separator: "-").map(String.init)
            other = "\(parts[2])/\(parts[1])/\(parts[0])" + rest.replacing("T", with: " ")
        case "offset":
            guard isUTC else { throw Inapplicable("the instant is not in UTC") }
            other = date.text + digits + "+09:00"
        default:
            guard isUTC else { throw Inapplicable("the instant has no Z to lose") }
            other = date.text + digits
        }
        return place.replacing(in: json, by: .string(other)).encoded()
    }

    /// The result with one of its dates replaced.
    private static func dated(
        _ instant: String, _ result: ToolResult, _ parameters: FaultParameters
    ) throws(Inapplicable) -> [UInt8] {
        let json = try result.json()
        let place = try ResultPlaces.dates.chosen(in: json, parameters)
        return place.replacing(in: json, by: .string(instant)).encoded()
    }
}
