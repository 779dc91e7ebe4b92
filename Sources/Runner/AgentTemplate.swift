internal import CStormtape
internal import Capsule
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// An agent that was started once and stands before its first contact with the world: each run goes
/// on from there in a copy of it.
final class AgentTemplate {
    /// A copy that runs.
    struct Copy {
        /// The init of its container, which ends with it.
        var initPID: pid_t
        /// The reading ends of its output.
        var standardOutput: Int32
        var standardError: Int32
    }

    /// What it has written until it held; each run begins with it.
    let written: Written
    /// Why it makes no more copies; nil while it does.
    private(set) var failure: String?

    /// Output, by its stream.
    struct Written {
        var output: [UInt8] = []
        var error: [UInt8] = []
    }

    private let start: AgentProcess.Start
    private let process: AgentProcess
    private let channel: CapsuleTemplate
    private let place: RunPlace
    private static let copyMillisecondsMax: Int32 = 60_000

    /// Starts the agent in a place of its own; throws why it cannot be a template, or that it has
    /// not come so far in time.
    init(
        _ start: AgentProcess.Start, _ confinement: Confinement, _ wish: RunPlace.Wish,
        timeoutMilliseconds: Int32
    ) throws {
        self.start = start
        channel = try CapsuleTemplate()
        place = try RunPlace.make(confinement, wish)
        do {
            guard place.containment != nil, let page = place.page else {
                throw CapsuleError("there is no container")
            }
            page.makeTemplate()
            var own = start
            own.containment = place.containment
            own.control = channel.endOfAgent
            process = try AgentProcess(own)
        } catch {
            place.remove()
            throw error
        }
        do {
            try channel.hold(
                page: place.folder + "/page", hasInput: start.standardInput != nil,
                outputs: process.outputDescriptors, timeoutMilliseconds: timeoutMilliseconds)
        } catch {
            process.kill()
            place.remove()
            throw error
        }
        written = process.takeOutput()
        // All that it needs of it is in its memory by now, and a worker may be killed. The folder
        // itself is a place to mount those of copies on.
        place.empty()
        stormtape_spare(process.pid)
    }

    deinit {
        stormtape_spare(0)
        process.kill()
        place.remove()
    }

    /// Whether a run that starts an agent like this can go on from here.
    func serves(_ other: AgentProcess.Start) -> Bool {
        var other = other
        other.containment = start.containment
        return other == start
    }

    /// Makes a copy that lives in another place; nil when it cannot any more.
    func copy(in place: RunPlace) -> Copy? {
        guard failure == nil else { return nil }
        do {
            return try tryCopy(in: place)
        } catch {
            failure = "\(error)"
            return nil
        }
    }

    private func tryCopy(in place: RunPlace) throws -> Copy {
        let input = try AgentProcess.inputDescriptor(start.standardInput)
        defer { if input >= 0 { close(input) } }
        let outputs = [try AgentProcess.pipe(), try AgentProcess.pipe()]
        defer { for pipe in outputs { close(pipe[1]) } }
        do {
            let order = CapsuleTemplate.Order(
                folder: place.folder, shownAt: place.shownAt,
                input: input >= 0 ? (input, channel.inputOffset) : nil,
                standardOutput: outputs[0][1], standardError: outputs[1][1])
            let pid = try channel.copy(
                order, timeoutMilliseconds: Self.copyMillisecondsMax)
            return Copy(
                initPID: pid, standardOutput: outputs[0][0], standardError: outputs[1][0])
        } catch {
            for pipe in outputs { close(pipe[0]) }
            throw error
        }
    }
}
