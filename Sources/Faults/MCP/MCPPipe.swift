/// What the bridge of a server behind a pipe is told beside the bytes that it writes.
public enum MCPPipe {
    /// The header line of an answer that tells it: `stderr COUNT` for so many bytes on the standard
    /// error before the answer, `stdin` for a server that reads no more.
    public static let header = "stormtape-pipe"
}
