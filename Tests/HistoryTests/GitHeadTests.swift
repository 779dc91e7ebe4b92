import Testing

@testable import History

@Suite("The commit that is checked out")
struct GitHeadTests {
    let place: TemporaryFolder

    init() throws {
        place = try TemporaryFolder()
        try place.write("", "checkout/deep/agent.py")
    }

    private var found: String? { GitHead.commit(at: place.path + "/checkout/deep") }

    @Test("outside of a repository there is none")
    func none() {
        #expect(found == nil)
    }

    @Test("a commit itself, a branch, and a branch that was packed")
    func heads() throws {
        try place.write(Sample.first + "\n", "checkout/.git/HEAD")
        #expect(found == Sample.first)
        try place.write("ref: refs/heads/main\n", "checkout/.git/HEAD")
        #expect(found == nil)
        try place.write(
            "# pack-refs with: peeled\n\(Sample.second) refs/heads/main\n^\(Sample.third)\n",
            "checkout/.git/packed-refs")
        #expect(found == Sample.second)
        try place.write(Sample.third + "\n", "checkout/.git/refs/heads/main")
        #expect(found == Sample.third)
    }

    @Test("a work tree has its HEAD apart and shares the branches")
    func workTree() throws {
        try place.write("gitdir: ../main/.git/worktrees/other\n", "checkout/.git")
        try place.write("ref: refs/heads/topic\n", "main/.git/worktrees/other/HEAD")
        try place.write("../..\n", "main/.git/worktrees/other/commondir")
        try place.write(Sample.first + "\n", "main/.git/refs/heads/topic")
        #expect(found == Sample.first)
    }

    @Test(
        "what is no commit is none",
        arguments: [
            "", "nonsense", "ref: ../../secret", "ref: refs/../../../secret",
            "ref: refs/heads/loop", "ref: refs/heads/.invalid",
        ])
    func hostile(head: String) throws {
        try place.write(Sample.first, "secret")
        try place.write("ref: refs/heads/loop", "checkout/.git/refs/heads/loop")
        try place.write(head, "checkout/.git/HEAD")
        #expect(found == nil)
    }
}
