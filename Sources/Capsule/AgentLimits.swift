/// How much an agent and all that it starts may take.
package struct AgentLimits: Hashable, Sendable {
    /// How many processes at a time.
    package var processesMax: UInt32
    /// How much resident memory together, in bytes.
    package var memoryBytesMax: UInt64

    package init(processesMax: UInt32, memoryBytesMax: UInt64) {
        self.processesMax = processesMax
        self.memoryBytesMax = memoryBytesMax
    }
}
