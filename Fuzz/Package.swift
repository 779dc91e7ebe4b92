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

/// A package of its own, so that whoever depends on Stormtape never resolves or builds it.
///
/// `scripts/fuzz` builds it, since two things cannot be said here: the core is compiled with the
/// coverage that libFuzzer follows, and the toolchain's libFuzzer is linked.
let package = Package(
    name: "stormtape-fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "stormtape", path: "..")],
    targets: [
        // The entry point of libFuzzer, for Swift.
        .target(name: "CLibFuzzer"),
        // What must hold for any input, the seeds, and the crashes.
        .executableTarget(
            name: "StormtapeFuzz",
            dependencies: [
                "CLibFuzzer", .product(name: "StormtapeCore", package: "stormtape"),
            ],
            swiftSettings: strict),
    ]
)
