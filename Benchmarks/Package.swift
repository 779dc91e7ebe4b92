// swift-tools-version: 6.3
import PackageDescription

/// The same strict settings as the main package.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")

/// A package of its own, so that whoever depends on Stormtape never resolves or builds it.
///
/// The core is measured through its public product. Gateway and store are measured from outside,
/// through the `stormtape` binary, which `run` builds from this package's graph: one build, and
/// the figures are those that a user gets.
let package = Package(
    name: "stormtape-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "stormtape", path: ".."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        // How figures are compared and shown.
        .target(name: "Measuring", swiftSettings: strict),
        // The core, in process.
        .executableTarget(
            name: "CoreBenchmark",
            dependencies: ["Measuring", .product(name: "StormtapeCore", package: "stormtape")],
            swiftSettings: strict),
        // Gateway and store, through the binary.
        .executableTarget(
            name: "WireBenchmark", dependencies: ["Measuring", nioCore, nioPosix, nioHTTP1],
            swiftSettings: strict),
    ]
)
