import Foundation
import Testing

@testable import Runner

#if os(Linux)
    @Suite("Processes that are held by a descriptor")
    struct ProcessHandleTests {
        private func start(_ script: String) throws -> Process {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", script]
            process.standardInput = FileHandle.nullDevice
            try process.run()
            return process
        }

        @Test("A signal reaches the process, whose end is seen, and then nobody else")
        func signals() throws {
            let process = try start("exec sleep 100")
            let handle = ProcessHandle(process.processIdentifier)
            #expect(!handle.hasEnded(withinMilliseconds: 0))
            handle.send(SIGKILL)
            #expect(handle.hasEnded(withinMilliseconds: 60_000))
            process.waitUntilExit()
            #expect(process.terminationStatus == SIGKILL)
            handle.send(SIGKILL)
            #expect(handle.hasEnded(withinMilliseconds: 0))
        }

        @Test("A signal to its first child is for that one alone")
        func children() throws {
            let process = try start("sleep 100; exit 7")
            let handle = ProcessHandle(process.processIdentifier)
            // Until there is one, nobody gets it.
            while !handle.hasEnded(withinMilliseconds: 1) { handle.sendToChild(SIGKILL) }
            process.waitUntilExit()
            #expect(process.terminationReason == .exit)
            #expect(process.terminationStatus == 7)
        }
    }
#endif
