internal import Cassette
internal import Determinism
internal import WireProtocols

/// The recorded interactions that a selector names.
struct Selection {
    private let selector: Selector
    private let target: FaultTarget
    private let tool: RoutePattern?
    private let route: RoutePattern?

    init(_ selector: Selector, target: FaultTarget) {
        self.selector = selector
        self.target = target
        tool = selector.tool.map { RoutePattern($0) }
        route = selector.route.map { RoutePattern($0) }
    }

    /// The rows in ordinal order: conditions first, then `after`, `first` and `every`.
    func rows(of tape: Tape) throws -> [TapeEntry] {
        var rows: [TapeEntry] = []
        for row in tape.entries {
            guard let upstream = tape.manifest.upstream(row.upstream),
                accepts(row, of: upstream), try speaks(row, upstream, in: tape),
                try hasArguments(row, in: tape)
            else { continue }
            rows.append(row)
        }
        if let after = selector.after { rows.removeFirst(min(after, rows.count)) }
        if let first = selector.first { rows = Array(rows.prefix(first)) }
        if let every = selector.every {
            rows = rows.enumerated().filter { ($0.offset + 1) % every == 0 }.map(\.element)
        }
        return rows
    }

    private func accepts(_ row: TapeEntry, of upstream: Upstream) -> Bool {
        guard target.accepts(upstream.kind),
            holds(selector.kind, upstream.kind), holds(selector.upstream, row.upstream),
            holds(selector.stream, row.stream), holds(selector.call, row.call)
        else { return false }
        if let model = selector.model, model != row.model { return false }
        if let route, !route.matches(method: row.method, path: row.path) { return false }
        if let tool {
            guard upstream.kind == .tool, tool.matches(method: row.method, path: row.path) else {
                return false
            }
        }
        if let window = selector.windowMilliseconds {
            guard window.contains(row.startedAt.nanoseconds / 1_000_000) else { return false }
        }
        return true
    }

    private func holds<Value: Equatable>(_ wanted: Value?, _ actual: Value) -> Bool {
        wanted.map { $0 == actual } ?? true
    }

    private func speaks(_ row: TapeEntry, _ upstream: Upstream, in tape: Tape) throws -> Bool {
        guard let wanted = selector.wireProtocol else { return true }
        let request = try tape.interaction(row.ordinal).request
        if let wire = WireProtocols.of(request, upstream: upstream) { return wire.id == wanted }
        return wanted == (MCP.speaks(request, to: upstream) ? "mcp" : "http")
    }

    private func hasArguments(_ row: TapeEntry, in tape: Tape) throws -> Bool {
        guard !selector.arguments.isEmpty else { return true }
        let request = try tape.interaction(row.ordinal).request
        guard let body = try? JSONValue.parse(request.body) else { return false }
        return selector.arguments.allSatisfy { wanted in
            body[pointer: wanted.key]?.canonical() == wanted.value.canonical()
        }
    }
}
