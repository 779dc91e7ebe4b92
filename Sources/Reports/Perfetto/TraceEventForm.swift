internal import Determinism

/// The forms of Chrome trace events.
///
/// Instants are microseconds with the nanoseconds as decimals.
struct TraceEventForm {
    let process: Int

    /// The shortest slice that arrows can be bound to.
    static let durationMin: Int64 = 1

    static func microseconds(_ nanoseconds: Int64) -> JSONValue {
        let magnitude = nanoseconds.magnitude
        let sign = nanoseconds < 0 ? "-" : ""
        let digits = String(magnitude % 1_000)
        guard digits != "0" else { return .number("\(sign)\(magnitude / 1_000)") }
        let zeros = String(repeating: "0", count: 3 - digits.count)
        return .number("\(sign)\(magnitude / 1_000).\(zeros)\(digits)")
    }

    /// A name of the process or of one of its threads.
    func name(_ kind: String, thread: Int?, _ members: [JSONMember]) -> JSONValue {
        .object(
            [
                JSONMember("name", .string(kind)), JSONMember("ph", "M"),
                JSONMember("pid", .int(Int64(process))),
            ] + (thread.map { [JSONMember("tid", .int(Int64($0)))] } ?? [])
                + [JSONMember("args", .object(members))])
    }

    func slice(
        _ name: String, _ category: String, thread: Int, from start: Int64, to end: Int64,
        _ arguments: [JSONMember]
    ) -> JSONValue {
        let duration = max(Self.durationMin, end.subtractingSaturated(start))
        return .object(
            head(name, category, "X", thread, start) + [
                JSONMember("dur", Self.microseconds(duration)),
                JSONMember("args", .object(arguments)),
            ])
    }

    func instant(
        _ name: String, _ category: String, thread: Int, at instant: Int64,
        _ arguments: [JSONMember] = []
    ) -> JSONValue {
        .object(
            head(name, category, "i", thread, instant) + [
                JSONMember("s", "t"), JSONMember("args", .object(arguments)),
            ])
    }

    /// An end of an arrow: `s` where it begins, `f` where it points to.
    func arrow(_ phase: String, _ id: Int, thread: Int, at instant: Int64) -> JSONValue {
        let binding = phase == "f" ? [JSONMember("bp", "e")] : []
        return .object(
            head("retry", "retry", phase, thread, instant)
                + [JSONMember("id", .int(Int64(id)))] + binding)
    }

    private func head(
        _ name: String, _ category: String, _ phase: String, _ thread: Int, _ instant: Int64
    ) -> [JSONMember] {
        [
            JSONMember("name", .string(BoundedText.line(name, 200))),
            JSONMember("cat", .string(category)), JSONMember("ph", .string(phase)),
            JSONMember("ts", Self.microseconds(instant)), JSONMember("pid", .int(Int64(process))),
            JSONMember("tid", .int(Int64(thread))),
        ]
    }
}
