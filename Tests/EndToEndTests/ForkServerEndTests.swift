import Foundation
import Testing

#if os(Linux)
    /// What a copy leaves out when its program ends, and what it does not.
    @Suite("The end of a copy")
    struct ForkServerEndTests {
        /// An agent that ends while something lives that its world keeps from being collected early.
        private static func holding(_ last: String) -> String {
            """
            import gc, json, os, subprocess, sys, types, urllib.request, warnings, weakref
            def note(text, write=os.write, close=os.close, path=sys.argv[1], open=os.open,
                     flags=os.O_WRONLY | os.O_APPEND):
                file = open(path, flags)
                write(file, text)
                close(file)
            request = urllib.request.Request(
                os.environ["OPENAI_BASE_URL"] + "/chat/completions",
                b'{"model":"m","messages":[{"role":"user","content":"hello"}]}',
                {"content-type": "application/json"})
            with urllib.request.urlopen(request, timeout=20) as answer: print(json.load(answer))
            \(last)
            ring.append(ring)
            """
        }

        @Test(
            "What an object does when its program ends, it does in a copy as well",
            arguments: [
                "ring = [open(sys.argv[1], 'a')]; ring[0].write('run\\n')",
                """
                sys.stdout.flush()
                os.dup2(os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND), 1)
                print("run")
                class Silent:
                    def write(self, text): pass
                    def flush(self): pass
                ring = [sys.stdout]
                sys.stdout = Silent()
                """,
                """
                import io
                sys.stdout.flush()
                os.dup2(os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND), 1)
                ring = [io.TextIOWrapper(io.FileIO(1, "w", closefd=False))]
                ring[0].write("run\\n")
                """,
                """
                os.dup2(os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND), 2)
                exec("async def run(): pass", client := {"__name__": "openai.client"})
                ring = [client["run"]()]
                """,
                """
                class Kind(type):
                    def __del__(self): note(b"run\\n")
                ring = [Kind("Made", (), {})]
                """,
                """
                class Reference(weakref.ref):
                    def __del__(self): note(b"run\\n")
                ring = [Reference(note)]
                """,
                """
                class Last:
                    def __del__(self): note(b"run\\n")
                state = sys.modules["state"] = types.ModuleType("state")
                state.last = Last()
                ring = []
                gc.collect()
                gc.freeze()
                """,
                """
                class Last:
                    __slots__ = ()
                    def __del__(self): note(b"run\\n")
                ring = [Last()]
                """,
                """
                def last():
                    try: yield
                    finally: note(b"run\\n")
                ring = [last()]
                next(ring[0])
                """,
                """
                class Pipe(subprocess.Popen):
                    def __del__(self): note(b"run\\n")
                ring = [Pipe(["true"])]
                ring[0].wait()
                """,
            ])
        func lastEffects(_ last: String) async throws {
            let (cold, copied) = try await Self.lastLines(last)
            let proofs = try await ForkServerTests.isContained.value ? 1 : 0
            #expect(cold >= 8)
            #expect(copied == cold + proofs, "one more for the proof")
        }

        @Test("Where all objects are known to do nothing, they are not collected")
        func passedOver() async throws {
            let (cold, copied) = try await Self.lastLines(Self.closing)
            #expect(cold >= 8)
            if try await ForkServerTests.isContained.value {
                #expect((1...3).contains(copied), "those runs that are made from the start")
            }
        }

        @Test("Nor is the interpreter taken apart: who would see that, sees nothing")
        func leftEarly() async throws {
            let (cold, copied) = try await Self.lastLines("\(Self.hook)\nring = []")
            #expect(cold >= 8)
            if try await ForkServerTests.isContained.value {
                #expect((1...3).contains(copied), "those runs that are made from the start")
            }
        }

        @Test(
            "But the program ends as it would: with its status, and with what C has yet to write",
            arguments: [
                "sys.exit(status)", "if status: raise SystemExit('no')",
                "if status: raise ValueError(status)",
                "import ctypes; ctypes.CDLL(None).printf(b'from C %d\\n', status)",
                """
                import atexit
                atexit.register(print, "at the end", status)
                sys.exit(status)
                """,
            ])
        func lastStatus(_ last: String) async throws {
            let (effects, status) = (
                try Scratch.file("effects", ""), try Scratch.file("status", "0")
            )
            let tape = try await ForkServerTests.record(
                Self.holding(
                    "\(Self.hook)\nstatus, ring = int(open(sys.argv[2]).read()), []\n\(last)"),
                [effects, status])
            #expect(tape.recorded.out.contains("choices"), "\(tape.recorded.err)")
            try "3".write(toFile: status, atomically: false, encoding: .utf8)
            let cold = try await ForkServerTests.storm("off", tape)
            let before = try Self.lines(effects)
            let copied = try await ForkServerTests.storm("on", tape)
            #expect(cold.runs.count == 8)
            #expect(ForkServerTests.found(copied) == ForkServerTests.found(cold), "\(copied.err)")
            #expect(!copied.err.contains("warning"), "\(copied.err)")
            if try await ForkServerTests.isContained.value {
                #expect((1...3).contains(try Self.lines(effects) - before), "\(copied.err)")
            }
        }

        @Test("Where nobody can go up the stack, the objects are passed over")
        func withoutUnwinder() async throws {
            let library = try Scratch.folder() + "/libgcc_s.so.1"
            let source = try Scratch.file("empty.c", "int nothing;")
            let built = try await Shell.run(
                [
                    "/usr/bin/env", "clang", "-shared", "-Wl,-soname,libgcc_s.so.1", "-o", library,
                    source,
                ])
            try #require(built.status == 0, "\(built.err)")
            // The name is taken: nothing is found in it.
            let taken = "import ctypes; ctypes.CDLL('\(library)')"
            let (cold, copied) = try await Self.lastLines("\(taken)\n\(Self.hook)\nring = []")
            let (_, passedOver) = try await Self.lastLines("\(taken)\n\(Self.closing)")
            #expect(copied >= cold, "it is taken apart")
            if try await ForkServerTests.isContained.value {
                #expect((1...3).contains(passedOver), "those runs that are made from the start")
            }
        }

        /// Notes that the interpreter is taken apart.
        private static let hook = """
            sys.addaudithook(lambda event, _, note=note: note(b"run\\n")
                if event == "cpython.PyInterpreterState_Clear" else None)
            """

        /// Holds what an SDK does, whose finalizer is known to do nothing: it notes that it ran.
        private static let closing = """
            class SyncHttpxClientWrapper:
                _transport, _mounts = None, {}
                def __del__(self): note(b"run\\n")
            package = sys.modules["openai._base_client"] = types.ModuleType("package")
            package.SyncHttpxClientWrapper = SyncHttpxClientWrapper
            ring = [SyncHttpxClientWrapper()]
            """

        private static func lines(_ file: String) throws -> Int {
            try Scratch.bytes(file).split(separator: "\n").count { $0.contains("run") }
        }

        /// How many lines an agent leaves at its end, in runs from the start and from the template.
        private static func lastLines(_ last: String) async throws -> (cold: Int, copied: Int) {
            let file = try Scratch.file("effects", "")
            let tape = try await ForkServerTests.record(
                holding(last), [file])
            var counts = [try lines(file)]
            #expect(counts == [1])
            for mode in ["off", "on"] {
                let storm = try await ForkServerTests.storm(
                    mode, tape, scenario: "scenario: calm")
                #expect(storm.runs.count == 8)
                #expect(!storm.err.contains("warning"), "\(storm.err)")
                counts.append(try lines(file) - counts.reduce(0, +))
            }
            return (counts[1], counts[2])
        }
    }
#endif
