// swift-tools-version: 6.3
import PackageDescription

/// Settings of every Swift target: the strictest the compiler offers, warnings are errors.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// Optimised also where the rest is built for debugging: what reads and writes every byte.
///
/// To have it of the whole core would take a new build four minutes. What another package depends on
/// must not ask for it.
let isDependency = ["/checkouts/", "/registry/"].contains { Context.packageDirectory.contains($0) }
let optimised: [SwiftSetting] =
    isDependency
    ? []
    : [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]

/// Settings of the pure core (ring 1): unsafe constructs are marked as such, one by one.
let core: [SwiftSetting] = strict + [.strictMemorySafety()]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "stormtape",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "stormtape", targets: ["stormtape"]),
        .library(
            name: "StormtapeCore",
            targets: [
                "Determinism", "Cassette", "WireProtocols", "Faults", "Simulation", "Judgement",
                "Search",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Ring 1: the pure core.
        .target(name: "Determinism", dependencies: [crypto], swiftSettings: core + optimised),
        .target(
            name: "Cassette", dependencies: ["Determinism"], swiftSettings: core + optimised),
        .target(
            name: "WireProtocols", dependencies: ["Cassette", "Determinism"],
            swiftSettings: core + optimised),
        .target(
            name: "Faults", dependencies: ["Cassette", "Determinism", "WireProtocols"],
            swiftSettings: core),
        .target(
            name: "Simulation",
            dependencies: ["Cassette", "Determinism", "Faults", "WireProtocols"],
            swiftSettings: core),
        .target(
            name: "Judgement",
            dependencies: ["Cassette", "Determinism", "Faults", "Simulation", "WireProtocols"],
            swiftSettings: core),
        .target(
            name: "Search",
            dependencies: [
                "Cassette", "Determinism", "Faults", "Judgement", "Simulation", "WireProtocols",
            ],
            swiftSettings: core),
        .target(name: "Mutations", dependencies: ["Determinism"], swiftSettings: core),
        // Ring 2: formats and stores.
        .target(
            name: "Scenarios",
            dependencies: ["Cassette", "Determinism", "Faults", "Judgement", "Simulation", yams],
            swiftSettings: strict),
        .target(
            name: "CassetteStore", dependencies: ["Cassette", "Determinism", grdb],
            swiftSettings: strict),
        .target(
            name: "History", dependencies: ["Determinism", "Judgement", grdb],
            swiftSettings: strict),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CBrotli", pkgConfig: "libbrotlidec",
            providers: [.apt(["libbrotli-dev"]), .brew(["brotli"])]),
        .target(
            name: "Importers",
            dependencies: ["CBrotli", "CZlib", "Cassette", "Determinism", "WireProtocols", yams],
            swiftSettings: strict + optimised),
        .target(
            name: "Reports",
            dependencies: [
                "Cassette", "Determinism", "Faults", "Judgement", "Simulation", "WireProtocols",
            ],
            swiftSettings: strict),
        // Ring 3: the shell.
        .target(name: "CStormtape"),
        .target(name: "CCapsule", exclude: ["preload"]),
        .executableTarget(name: "CapsuleEmbedder", swiftSettings: strict),
        .plugin(
            name: "EmbedCapsule", capability: .buildTool(), dependencies: ["CapsuleEmbedder"]),
        .target(
            name: "Capsule", dependencies: ["CCapsule", "Determinism", "Faults", "Simulation"],
            exclude: ["Hooks"],
            swiftSettings: strict, plugins: ["EmbedCapsule"]),
        .target(
            name: "Gateway",
            dependencies: [
                "CStormtape", "Cassette", "Determinism", "Faults", "Simulation", "WireProtocols",
                crypto, nioCore, nioPosix, nioHTTP1, nioHTTP2, nioSSL, nioTLS,
            ],
            swiftSettings: strict),
        .target(
            name: "Runner",
            dependencies: [
                "CStormtape", "Capsule", "Cassette", "CassetteStore", "Determinism", "Faults",
                "Gateway", "History", "Judgement", "Mutations", "Reports", "Scenarios", "Search",
                "Simulation", "WireProtocols",
            ],
            swiftSettings: strict),
        .target(
            name: "StormtapeCommands",
            dependencies: [
                "Cassette", "CassetteStore", "Determinism", "Faults", "Gateway", "History",
                "Importers",
                "Judgement", "Mutations", "Reports", "Runner", "Scenarios", "Search",
                "Simulation", "WireProtocols", argumentParser,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "stormtape", dependencies: ["StormtapeCommands"], swiftSettings: strict),
        // Tests: one target a module, the tidy rules, and the built binary end to end.
        .testTarget(
            name: "DeterminismTests",
            dependencies: ["Determinism"],
            swiftSettings: strict),
        .testTarget(
            name: "CassetteTests",
            dependencies: ["Cassette", "Determinism"],
            swiftSettings: strict),
        .testTarget(
            name: "WireProtocolsTests",
            dependencies: ["Cassette", "Determinism", "WireProtocols"],
            swiftSettings: strict),
        .testTarget(
            name: "FaultsTests",
            dependencies: ["Cassette", "Determinism", "Faults", "WireProtocols"],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Cassette", "Determinism", "Faults", "Simulation", "WireProtocols"],
            swiftSettings: strict),
        .testTarget(
            name: "JudgementTests",
            dependencies: [
                "Cassette", "Determinism", "Faults", "Judgement", "Simulation", "WireProtocols",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SearchTests",
            dependencies: [
                "Cassette", "Determinism", "Faults", "Judgement", "Search", "Simulation",
                "WireProtocols",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "MutationsTests", dependencies: ["Determinism", "Mutations"],
            swiftSettings: strict),
        .testTarget(
            name: "ImportersTests",
            dependencies: ["CZlib", "Cassette", "Determinism", "Importers", "WireProtocols"],
            swiftSettings: strict),
        .testTarget(
            name: "ScenariosTests",
            dependencies: [
                "Cassette", "Determinism", "Faults", "Judgement", "Scenarios", "Simulation",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CassetteStoreTests",
            dependencies: ["Cassette", "CassetteStore", "Determinism", grdb],
            swiftSettings: strict),
        .testTarget(
            name: "HistoryTests", dependencies: ["Determinism", "History", "Judgement", grdb],
            swiftSettings: strict),
        .testTarget(
            name: "ReportsTests",
            dependencies: [
                "Cassette", "Determinism", "Faults", "Judgement", "Reports", "Simulation",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "CStormtape", "Cassette", "Determinism", "Faults", "Gateway", "Simulation",
                "WireProtocols", nioCore, nioPosix, nioHTTP1, nioHTTP2, nioSSL,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RunnerTests",
            dependencies: [
                "Cassette", "CassetteStore", "Determinism", "Faults", "Gateway", "Judgement",
                "Runner", "Scenarios", "Search", "Simulation",
            ],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests", dependencies: ["Determinism", "stormtape"], swiftSettings: strict
        ),
    ]
)
