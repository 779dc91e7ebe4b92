internal import Capsule
internal import Determinism
internal import Simulation
#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The folder of one run: the agent's temporary files, the capsule's page and its library.
///
/// In a container it is seen at a fixed path, so that no run differs from another by a name that
/// reaches a prompt or an error text.
struct RunPlace {
    /// Where the agent sees it in a container.
    static let fixedPath = "/tmp/.stormtape"

    /// Where it is.
    let folder: String
    /// The page; nil where there is no capsule.
    private(set) var page: CapsulePage?
    /// Where the agent sees the folder.
    let shownAt: String
    let containment: AgentProcess.Containment?

    /// The seed that the language hooks draw from; nil where they are not needed.
    private var hookSeed: Seed?

    /// What is to be taken over in a run.
    struct Wish {
        var virtualTime: Bool
        var seed: Seed
        var wallNanoseconds: Int64
        var entropy: EntropySource
    }

    /// Makes the folder; where the capsule is refused, the language hooks stand in for it.
    static func make(_ confinement: Confinement, _ wish: Wish) throws -> RunPlace {
        let folder = try System.makeTemporaryFolder()
        do {
            return try RunPlace(folder, confinement, wish)
        } catch {
            System.removeTree(folder)
            throw error
        }
    }

    private init(_ folder: String, _ confinement: Confinement, _ wish: Wish) throws {
        self.folder = folder
        try System.makeFolder(folder + "/tmp")
        if confinement.isContained {
            try System.makeFolder(Self.fixedPath)
            containment = AgentProcess.Containment(source: folder, target: Self.fixedPath)
            shownAt = Self.fixedPath
        } else {
            containment = nil
            shownAt = folder
        }
        let isHooked = wish.entropy == .hook || confinement.capsuleRefusal != nil
        hookSeed = isHooked ? wish.seed : nil
        if isHooked {
            try System.makeFolder(folder + Self.hooks)
            for hook in CapsuleLibrary.hooks {
                try Self.write(hook.bytes, to: folder + Self.hooks + "/" + hook.name)
            }
        }
        do {
            guard confinement.capsuleRefusal == nil else {
                page = nil
                return
            }
            page = try CapsulePage(
                path: folder + "/page", virtualTime: wish.virtualTime,
                seed: isHooked ? nil : wish.seed,
                epochs: CapsulePage.Epochs(wallNanoseconds: wish.wallNanoseconds))
            try Self.write(CapsuleLibrary.image, to: folder + "/capsule.so")
        } catch let error as CapsuleError {
            throw RunnerError(.cannotStart, error.description)
        }
    }

    private static let hooks = "/hooks"

    /// Makes the place ready for the agent's next life: what it wrote stays, and what it draws is new.
    mutating func renew(for birth: Rebirth, _ wish: Wish) throws {
        hookSeed = hookSeed.map { _ in
            Seed(Digest(hashing: Array("\(wish.seed.rawValue) life \(birth.life)".utf8)).prefix64)
        }
        System.removeTree(folder + "/page")
        do throws(CapsuleError) {
            let next = try CapsulePage(
                path: folder + "/page", virtualTime: wish.virtualTime,
                seed: hookSeed == nil ? wish.seed : nil,
                epochs: CapsulePage.Epochs(wallNanoseconds: wish.wallNanoseconds),
                life: birth.life)
            next.goOn(at: birth.at, wallShift: birth.wallShift)
            page = next
        } catch {
            throw RunnerError(.cannotStart, error.description)
        }
    }

    /// The environment of the life before with what is another in this one.
    func renewed(_ environment: [String]) -> [String] {
        guard let hookSeed else { return environment }
        let name = Self.hookVariable + "="
        return environment.map { $0.hasPrefix(name) ? name + String(hookSeed.rawValue) : $0 }
    }

    private static let hookVariable = "STORMTAPE_HOOK"

    func remove() {
        System.removeTree(folder)
    }

    /// Removes all that is in the folder, which stays.
    func empty() {
        for name in ["/page", "/capsule.so", "/tmp", Self.hooks] {
            System.removeTree(folder + name)
        }
    }

    /// Puts a file into the folder, and says where the agent sees it.
    func add(_ name: String, _ bytes: [UInt8]) throws(RunnerError) -> String {
        try Self.write(bytes, to: folder + "/" + name)
        return shownAt + "/" + name
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(RunnerError) {
        guard System.createFile(path, bytes) else {
            throw RunnerError(.cannotStart, "cannot write \(path): \(System.errorText(errno))")
        }
    }

    /// The folder for temporary files, as the agent sees it.
    var temporaryFolder: String { shownAt + "/tmp" }

    /// Where the agent's randomness comes from in the end.
    var entropy: EntropySource { hookSeed == nil ? .capsule : .hook }

    /// What the environment of the agent must hold.
    var variables: [(name: String, value: String)] {
        hookVariables + capsuleVariables
    }

    private var hookVariables: [(name: String, value: String)] {
        guard let hookSeed else { return [] }
        let folder = shownAt + Self.hooks
        return [
            ("PYTHONPATH", folder),
            ("NODE_OPTIONS", "--require \"\(folder)/\(CapsuleLibrary.nodeHook)\""),
            (Self.hookVariable, String(hookSeed.rawValue)),
        ]
    }

    private var capsuleVariables: [(name: String, value: String)] {
        guard page != nil else { return [] }
        return [
            ("LD_PRELOAD", shownAt + "/capsule.so"),
            ("STORMTAPE_CAPSULE", shownAt + "/page:1"),
            // Without the time stamp counter, RDRAND and RDSEED, OpenSSL draws from the kernel alone.
            ("OPENSSL_ia32cap", "~0x4000000000000010:~0x40000"),
            // Waits in a ring are out of reach.
            ("UV_USE_IO_URING", "0"),
            // A Python program that is ended because it hangs says where.
            ("PYTHONFAULTHANDLER", "1"),
        ]
    }
}

/// Where an agent's randomness comes from.
package enum EntropySource: String, Hashable, Sendable, CaseIterable {
    /// The preload library, which stands in for the kernel.
    case capsule
    /// Hooks in Python and Node: less is seeded, but nothing native is needed.
    case hook

    /// How a cassette says it, among the marks of its fidelity.
    var mark: String {
        switch self {
        case .capsule: "seeded-entropy"
        case .hook: "hook-entropy"
        }
    }
}
