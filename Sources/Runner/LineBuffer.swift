#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Takes a stream of bytes apart into lines.
///
/// Each byte is looked at once, however long a line is.
struct LineBuffer {
    private var pending: [UInt8] = []

    /// Takes more bytes and returns the lines that they complete, without their newlines.
    mutating func append(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes
        while let end = Self.newline(in: rest) {
            lines.append(pending + rest[..<end])
            pending = []
            rest = rest[(end + 1)...]
        }
        pending += rest
        return lines
    }

    private static func newline(in bytes: ArraySlice<UInt8>) -> Int? {
        bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress, let found = memchr(base, 0x0A, raw.count) else {
                return nil
            }
            return bytes.startIndex + (UnsafeRawPointer(found) - base)
        }
    }
}
