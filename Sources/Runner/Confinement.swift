internal import CStormtape
internal import Capsule
internal import Cassette
internal import Determinism
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What this system allows to keep an agent's runs alike: found out once in each worker.
struct Confinement: Sendable {
    /// Whether agents get process identifiers and a file system view of their own.
    var isContained: Bool
    /// Whether memory is laid out the same every time.
    var fixesAddresses: Bool
    /// The processor that agents are kept on; nil for any.
    var processor: Int32?
    /// Whether an agent's threads take turns, which makes their order a function of what they do.
    var takesTurns: Bool
    /// What was refused, and why.
    var refusals: [String]
    /// Why there can be no capsule; nil when there can.
    var capsuleRefusal: String?

    /// Tries everything with a program that does nothing.
    static func explore(processor: Int32?) -> Confinement {
        var found = Confinement(
            isContained: true, fixesAddresses: true, processor: processor, takesTurns: true,
            refusals: [])
        let fixing = stormtape_can_fix_addresses()
        if fixing != 0 {
            found.fixesAddresses = false
            found.refusals.append(
                "fixed addresses were refused (\(System.errorText(-fixing)))")
        }
        // Without it threads are told apart well enough as long as they do not run together: that
        // they did is a reason of its own.
        found.takesTurns = processor != nil && stormtape_can_take_turns() == 0
        // What works in a container with a capsule works in each of them.
        found.capsuleRefusal = found.capsuleProblem()
        guard found.capsuleRefusal != nil, let refusal = containerRefusal() else { return found }
        found.isContained = false
        found.refusals.append(refusal)
        found.capsuleRefusal = found.capsuleProblem()
        return found
    }

    /// Why a program that does nothing cannot be started in a capsule; nil when it can.
    private func capsuleProblem() -> String? {
        guard CapsuleLibrary.isAvailable else { return "there is none for this system" }
        do {
            let place = try RunPlace.make(
                self,
                RunPlace.Wish(
                    virtualTime: true, seed: Seed(0), wallNanoseconds: 0, entropy: .capsule))
            defer { place.remove() }
            let start = AgentProcess.Start(
                command: ["/proc/self/exe", Worker.idleCommand],
                environment: place.variables.map { "\($0.name)=\($0.value)" }, searchPath: "",
                standardInput: nil, capturesOutput: true, containment: place.containment,
                fixesAddresses: fixesAddresses)
            let status = try AgentProcess(start).waitForExit()
            guard status == .code(0), let page = place.page else {
                return "a program in it did not work (\(status))"
            }
            guard page.wasEntered else { return "its library is not loaded (LD_PRELOAD)" }
            return page.marks.contains(.noFilter) ? "the kernel refuses its filter (seccomp)" : nil
        } catch {
            return "\(error)"
        }
    }

    /// Why there can be no container; nil when there can.
    private static func containerRefusal() -> String? {
        let start = AgentProcess.Start(
            command: ["/proc/self/exe", Worker.idleCommand], environment: [], searchPath: "",
            standardInput: nil, capturesOutput: true, containment: .init())
        do {
            let status = try AgentProcess(start).waitForExit()
            return status == .code(0) ? nil : "a container did not work (\(status))"
        } catch {
            return error.message
        }
    }
}
