internal import CCapsule

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The channel to an agent that stops before its first contact with the world, and is copied there
/// for each run.
package final class CapsuleTemplate {
    /// Where the agent has its end.
    package static let descriptor = Int32(CAPSULE_TEMPLATE_DESCRIPTOR)

    /// What a copy is given in place of what the template has.
    package struct Order {
        /// The run's own folder, and where the agent sees it.
        package var folder: String
        package var shownAt: String
        /// Standard input, where it is a file, and how far the template has read it.
        package var input: (descriptor: Int32, offset: Int64)?
        package var standardOutput: Int32
        package var standardError: Int32

        package init(
            folder: String, shownAt: String, input: (descriptor: Int32, offset: Int64)?,
            standardOutput: Int32, standardError: Int32
        ) {
            self.folder = folder
            self.shownAt = shownAt
            self.input = input
            self.standardOutput = standardOutput
            self.standardError = standardError
        }
    }

    private let control: Int32
    private var agentEnd: Int32
    private var agent: pid_t = 0
    private var isReady = false

    /// Makes the channel.
    package init() throws(CapsuleError) {
        var ends: [Int32] = [-1, -1]
        let error = capsule_template_pair(&ends)
        guard error == 0 else { throw Self.failure("has no channel", error) }
        (control, agentEnd) = (ends[0], ends[1])
    }

    deinit {
        close(control)
        closeAgentEnd()
    }

    /// The agent's end, to be given to it at its start.
    package var endOfAgent: Int32 { agentEnd }

    private func closeAgentEnd() {
        if agentEnd >= 0 { close(agentEnd) }
        agentEnd = -1
    }

    /// Follows the agent, once it is started, until it holds; throws why no copies can be made.
    ///
    /// `page` is the path of its page, and `outputs` are the reading ends of its standard output and
    /// standard error.
    package func hold(
        page: String, hasInput: Bool, outputs: (Int32, Int32), timeoutMilliseconds: Int32
    ) throws(CapsuleError) {
        closeAgentEnd()
        let first = try hear(timeoutMilliseconds)
        guard first.kind == CAPSULE_TEMPLATE_BEGINS else {
            throw CapsuleError("the agent does not begin as a template")
        }
        agent = first.sender
        try demand { capsule_template_follow(agent, page, control, timeoutMilliseconds, $0, $1) }
        let second = try hear(timeoutMilliseconds)
        guard second.kind == CAPSULE_TEMPLATE_HOLDS else {
            throw CapsuleError(Self.unfit(second.detail))
        }
        try demand {
            capsule_template_inspect(agent, hasInput ? 1 : 0, [outputs.0, outputs.1], $0, $1)
        }
        try awaitInit(timeoutMilliseconds)
    }

    /// Waits until the template can take an order.
    private func awaitInit(_ timeout: Int32) throws(CapsuleError) {
        guard !isReady else { return }
        let word = try hear(timeout)
        guard word.kind == CAPSULE_TEMPLATE_READY else {
            throw Self.failure("cannot be copied", -word.detail)
        }
        isReady = true
    }

    /// How far the agent has read its standard input.
    package var inputOffset: Int64 {
        guard let file = fopen("/proc/\(agent)/fdinfo/0", "re") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 256)
        let count = fread(&text, 1, text.count - 1, file)
        let bytes = text[..<count].map { UInt8(bitPattern: $0) }
        let words = String(decoding: bytes, as: UTF8.self).split { $0.isWhitespace }
        return words.dropFirst().first.flatMap { Int64($0) } ?? 0
    }

    /// Makes a copy; gives the init that ends with it.
    package func copy(_ order: Order, timeoutMilliseconds: Int32) throws(CapsuleError) -> Int32 {
        try awaitInit(timeoutMilliseconds)
        isReady = false
        var descriptors = [order.standardOutput, order.standardError]
        if let input = order.input { descriptors.insert(input.descriptor, at: 0) }
        let error = capsule_template_order(
            control, order.folder, order.shownAt, order.input?.offset ?? -1, descriptors,
            Int32(descriptors.count))
        guard error == 0 else { throw Self.failure("takes no order", error) }
        let word = try hear(timeoutMilliseconds)
        guard word.kind == CAPSULE_TEMPLATE_STARTED else {
            throw Self.failure("cannot be copied", -word.detail)
        }
        return word.sender
    }

    private func hear(
        _ timeout: Int32
    ) throws(CapsuleError) -> (kind: Int, detail: Int32, sender: Int32) {
        var kind: Int32 = 0
        var detail: Int32 = 0
        var sender: Int32 = 0
        let got = capsule_template_hear(control, timeout, &kind, &detail, &sender)
        guard got != 0 else { throw CapsuleError("the agent ends without asking anything") }
        guard got > 0 else { throw Self.failure("says nothing", got) }
        return (Int(kind), detail, sender)
    }

    private func demand(
        _ question: (UnsafeMutablePointer<CChar>, Int) -> Int32
    ) throws(CapsuleError) {
        var text = [CChar](repeating: 0, count: 256)
        let count = text.count
        let refused = text.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { question($0, count) } ?? 1
        }
        guard refused != 0 else { return }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        throw CapsuleError("the agent \(String(decoding: bytes, as: UTF8.self))")
    }

    private static func failure(_ what: String, _ error: Int32) -> CapsuleError {
        CapsuleError("the agent \(what) (\(String(cString: strerror(-error))))")
    }

    private static func unfit(_ detail: Int32) -> String {
        switch Int(detail) {
        case CAPSULE_UNFIT_WAITED: "a program of the agent waits for time to pass"
        case CAPSULE_UNFIT_FILES: "the agent has descriptors open that cannot be made again"
        default: "the agent does what lowers the grade"
        }
    }
}
