import CStormtape
import Foundation
import Testing

@Suite("The kernel's queues of packets")
struct BacklogTests {
    /// A line of /proc/net/softnet_stat, for a processor whose queue has this length.
    private func line(queued: Int) -> String {
        let columns = (0..<15).map { $0 == 11 ? queued : 0x12_3456 + $0 }
        return columns.map { String(format: "%08x", $0) }.joined(separator: " ") + "\n"
    }

    private func isEmpty(_ text: String) throws -> Bool {
        let path = NSTemporaryDirectory() + "backlog-\(UUID().uuidString)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        return stormtape_backlog_is_empty(descriptor)
    }

    @Test("are empty when no processor has a packet left, however many processors there are")
    func empty() throws {
        #expect(try isEmpty(line(queued: 0)))
        #expect(try isEmpty(String(repeating: line(queued: 0), count: 500)))
        #expect(try isEmpty(""))
    }

    @Test("are not when one has, be it the last of many", arguments: [1, 2, 60, 61, 500])
    func queued(_ count: Int) throws {
        let others = String(repeating: line(queued: 0), count: count - 1)
        #expect(try !isEmpty(others + line(queued: 1)))
        #expect(try !isEmpty(line(queued: 0x1F) + others))
    }

    @Test("are readable on Linux", .enabled(if: FileManager.default.fileExists(atPath: "/proc")))
    func real() {
        let descriptor = stormtape_backlog_open()
        #expect(descriptor >= 0)
        close(descriptor)
    }
}
