internal import Reports
internal import Runner

/// Standard output is for data, standard error for talk.
enum Terminal {
    /// Writes a line of data.
    static func say(_ text: String) {
        System.write(Array(text.utf8) + [0x0A], to: 1)
    }

    /// Writes data as it is.
    static func write(_ text: String) {
        write(Array(text.utf8))
    }

    /// Writes data as it is.
    static func write(_ bytes: [UInt8]) {
        System.write(bytes, to: 1)
    }

    /// Writes a line of talk.
    static func complain(_ text: String) {
        System.write(Array(text.utf8) + [0x0A], to: 2)
    }

    /// Whether a descriptor shall be coloured: a terminal, unless `NO_COLOR` is set.
    static func wantsColor(_ descriptor: Int32) -> Bool {
        let environment = System.environment
        let refused = environment.contains { $0.name == "NO_COLOR" && !$0.value.isEmpty }
        let dumb = environment.contains { $0.name == "TERM" && $0.value == "dumb" }
        let forced = environment.contains { $0.name == "FORCE_COLOR" && !$0.value.isEmpty }
        return !refused && (forced || (System.isTerminal(descriptor) && !dumb))
    }

    /// How text reports look on standard output.
    static var style: TextStyle {
        TextStyle(color: wantsColor(1), width: 100)
    }
}

/// A bar on a terminal; in a log, a line at each tenth.
struct ProgressReporter {
    private let label: String
    private let total: Int
    private let isTerminal = System.isTerminal(2)
    private var done = 0
    private var failed = 0

    init(_ label: String, total: Int) {
        self.label = label
        self.total = total
    }

    mutating func advance(failed isFailure: Bool) {
        done += 1
        if isFailure { failed += 1 }
        if isTerminal {
            let width = 30
            let filled = done * width / max(1, total)
            let bar =
                String(repeating: "█", count: filled)
                + String(repeating: "░", count: width - filled)
            System.write(
                Array("\r\(label) \(bar) \(done)/\(total)  \(failed) failing ".utf8), to: 2)
            if done == total { System.write(Array("\r\u{1B}[K".utf8), to: 2) }
        } else if done == total || done * 10 / total != (done - 1) * 10 / total {
            Terminal.complain("\(label): \(done)/\(total) runs, \(failed) failing")
        }
    }
}
