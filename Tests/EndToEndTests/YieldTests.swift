import Determinism
import Foundation
import Testing

#if os(Linux)
    /// Sleeps of no time, and looks for children that have ended.
    @Suite("Letting others go first")
    struct YieldTests {
        @Test("How often an agent does it is left to chance, and not part of the run's identity")
        func chance() async throws {
            // The scheduler counts real time: it stands for a signal that comes a bit later.
            let code = """
                import os, subprocess, sys, time
                used = 'int(open("/proc/self/schedstat").read().split()[0]) // 1000'
                for _ in range(eval(used) % 7): time.sleep(0)
                often = f"import time\\nif {used} % 2: time.sleep(0)"
                for _ in range(3): subprocess.run([sys.executable, "-c", often])
                child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(5)"])
                for _ in range(eval(used) % 5): os.waitpid(-1, os.WNOHANG)
                child.wait()
                print("ended")
                """
            var digests: Set<String> = []
            for _ in 1...8 {
                let run = try await CapsuleTests.run(code)
                #expect(run.output == "ended\n", "\(run.err)")
                digests.insert(run.text("digest"))
            }
            #expect(digests.count == 1)
        }

        @Test("A look finds each child that has ended once, and says when there is none")
        func looks() async throws {
            let run = try await CapsuleTests.run(
                """
                import os, time
                def tried(look):
                    try: return look()
                    except ChildProcessError: return "none"
                def child(status, after):
                    pid = os.fork()
                    if pid:
                        os.setpgid(pid, pid)
                        return pid
                    if after: time.sleep(after)
                    os._exit(status)
                looks = lambda which: os.waitpid(which, os.WNOHANG)
                print(tried(lambda: looks(-1)), tried(lambda: looks(0)), tried(lambda: looks(1)))
                first, second = child(3, 0), child(4, 60)
                kept = os.waitid(os.P_PID, first, os.WEXITED | os.WNOHANG | os.WNOWAIT)
                print(kept.si_status, os.waitid(os.P_PID, second, os.WEXITED | os.WNOHANG))
                print([os.waitstatus_to_exitcode(looks(which)[1]) for which in (-1, second)])
                print(tried(lambda: looks(first)), tried(lambda: looks(-first)))
                while (found := tried(lambda: looks(-second))) == (0, 0): time.sleep(1)
                print(os.waitstatus_to_exitcode(found[1]), tried(lambda: looks(-1)))
                """)
            #expect(
                run.output == """
                    none none none
                    3 None
                    [3, 0]
                    none none
                    4 none

                    """, "\(run.err)")
            #expect(run.json["virtual_ns"]?.intValue.map { $0 / 1_000_000_000 } == 60)
        }
    }
#endif
