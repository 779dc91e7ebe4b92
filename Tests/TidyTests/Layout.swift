/// The modules, lowest first, as docs/ARCHITECTURE.md shows them.
///
/// A module imports those named here and nothing else; siblings do not import each other.
struct Layout {
    struct Module {
        let name: String
        let ring: Int
        /// Our modules that it may import.
        let modules: [String]
        /// Modules of other packages and of the toolchain that it may import.
        let outside: [String]
    }

    let modules: [Module]

    func module(_ name: String) -> Module? { modules.first { $0.name == name } }

    static let current = Layout(modules: [
        ring1("Determinism", [], outside: ["Crypto"]),
        ring1("Cassette", ["Determinism"]),
        ring1("WireProtocols", ["Cassette", "Determinism"]),
        ring1("Faults", ["Cassette", "Determinism", "WireProtocols"]),
        ring1("Simulation", ["Cassette", "Determinism", "Faults", "WireProtocols"]),
        ring1("Judgement", ["Cassette", "Determinism", "Faults", "Simulation", "WireProtocols"]),
        ring1(
            "Search",
            ["Cassette", "Determinism", "Faults", "Judgement", "Simulation", "WireProtocols"]),
        ring1("Mutations", ["Determinism"]),
        ring2(
            "Scenarios", ["Cassette", "Determinism", "Faults", "Judgement", "Simulation"],
            outside: ["Yams"]),
        ring2("CassetteStore", ["Cassette", "Determinism"], outside: ["GRDB"]),
        ring2("History", ["Determinism", "Judgement"], outside: ["GRDB"]),
        Module(name: "CZlib", ring: 2, modules: [], outside: []),
        Module(name: "CBrotli", ring: 2, modules: [], outside: []),
        ring2(
            "Importers", ["CBrotli", "CZlib", "Cassette", "Determinism", "WireProtocols"],
            outside: ["Yams"]),
        ring2(
            "Reports",
            ["Cassette", "Determinism", "Faults", "Judgement", "Simulation", "WireProtocols"]),
        Module(name: "CStormtape", ring: 3, modules: [], outside: []),
        Module(name: "CCapsule", ring: 3, modules: [], outside: []),
        ring3("CapsuleEmbedder", []),
        ring3("Capsule", ["CCapsule", "Determinism", "Faults", "Simulation"]),
        ring3(
            "Gateway",
            ["CStormtape", "Cassette", "Determinism", "Faults", "Simulation", "WireProtocols"],
            outside: [
                "Crypto", "NIOCore", "NIOHTTP1", "NIOHTTP2", "NIOPosix", "NIOSSL", "NIOTLS",
            ]),
        ring3(
            "Runner",
            [
                "CStormtape", "Capsule", "Cassette", "CassetteStore", "Determinism", "Faults",
                "Gateway", "History", "Judgement", "Mutations", "Reports", "Scenarios", "Search",
                "Simulation", "WireProtocols",
            ]),
        ring3(
            "StormtapeCommands",
            [
                "Cassette", "CassetteStore", "Determinism", "Faults", "Gateway", "History",
                "Importers", "Judgement", "Mutations", "Reports", "Runner", "Scenarios", "Search",
                "Simulation", "WireProtocols",
            ], outside: ["ArgumentParser"]),
        ring3("stormtape", ["StormtapeCommands"]),
    ])

    /// The toolchain's modules that hold no clock and no input or output.
    static let pure = ["Synchronization", "_StringProcessing"]
    static let system = ["Darwin", "Foundation", "Glibc", "Musl"]

    private static func ring1(
        _ name: String, _ modules: [String], outside: [String] = []
    ) -> Module {
        Module(name: name, ring: 1, modules: modules, outside: pure + outside)
    }

    private static func ring2(
        _ name: String, _ modules: [String], outside: [String] = []
    ) -> Module {
        Module(name: name, ring: 2, modules: modules, outside: pure + system + outside)
    }

    private static func ring3(
        _ name: String, _ modules: [String], outside: [String] = []
    ) -> Module {
        Module(name: name, ring: 3, modules: modules, outside: pure + system + outside)
    }
}
