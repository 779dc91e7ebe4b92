import Foundation
import PackagePlugin

/// Compiles the preload library and writes a Swift file that holds it and the language hooks, so
/// that the program needs no file beside it.
@main
struct EmbedCapsule: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let sources = context.package.directoryURL.appending(path: "Sources/CCapsule")
        let files = try contents(sources.appending(path: "preload"), ending: ".c")
        let headers =
            try contents(sources.appending(path: "preload"), ending: ".h")
            + contents(sources.appending(path: "include"), ending: ".h")
        let hooks = context.package.directoryURL.appending(path: "Sources/Capsule/Hooks")
        let scripts =
            try contents(hooks, ending: ".py") + contents(hooks, ending: ".cjs")
        let output = context.pluginWorkDirectoryURL.appending(path: "CapsuleImage.swift")
        let compiler = try context.tool(named: "clang").url
        return [
            .buildCommand(
                displayName: "Embedding the capsule's library",
                executable: try context.tool(named: "CapsuleEmbedder").url,
                arguments: [
                    compiler.path, sources.appending(path: "include").path, output.path,
                    hooks.path,
                ] + files.map(\.path),
                inputFiles: files + headers + scripts, outputFiles: [output])
        ]
    }

    private func contents(_ folder: URL, ending: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasSuffix(ending) }
            .sorted { $0.path < $1.path }
    }
}
