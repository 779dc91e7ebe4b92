/// Data only moves to the right: who may import whom.
struct ImportRule {
    let layout: Layout

    func findings(in file: SourceFile) -> [Finding] {
        guard let name = file.module else { return [] }
        guard let module = layout.module(name) else {
            return [file.finding(0, "the module \(name) is not in Layout; add it with its ring")]
        }
        return ImportRule.imports(in: file).compactMap { line, imported in
            guard !module.modules.contains(imported), !module.outside.contains(imported) else {
                return nil
            }
            return file.finding(
                line,
                "\(name) (ring \(module.ring)) must not import \(imported); it may import: "
                    + (module.modules + module.outside).joined(separator: ", "))
        }
    }

    /// The imported modules with their lines, counted from 0.
    static func imports(in file: SourceFile) -> [(line: Int, module: String)] {
        file.source.code.enumerated().compactMap { line, code in
            let words = code.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == ";" })
            guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
                words[..<place].allSatisfy(isModifier)
            else { return nil }
            // `import struct Module.Type` names the kind first.
            let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let named = words[(place + 1)...].first { !kinds.contains(String($0)) } ?? ""
            return (line, String(named.prefix { $0 != "." }))
        }
    }

    private static func isModifier(_ word: Substring) -> Bool {
        word.hasPrefix("@")
            || ["public", "package", "internal", "fileprivate", "private"]
                .contains(String(word))
    }
}
