internal import Cassette
internal import Determinism
internal import Faults
internal import Simulation
internal import WireProtocols

/// Finds the moments at which an atom is true, and what its variables are there.
struct AtomMatcher {
    private let conduct: Conduct
    private let moments: [Moment]
    private var bodies: [Int: JSONValue] = [:]
    private var sentBodies: [Int: JSONValue] = [:]

    init(_ conduct: Conduct) {
        self.conduct = conduct
        moments = conduct.moments
    }

    /// For each moment the values of the variables; nil where the atom is false.
    ///
    /// Of several tools in one request or answer the n-th that fits makes the n-th moment true.
    mutating func keys(of atom: TemporalAtom) -> [ValueKey?] {
        let text = TextFinder(atom.text)
        let test = ConditionTest(atom)
        var keys: [ValueKey?] = []
        keys.reserveCapacity(moments.count)
        var fitting: [ValueKey] = []
        for moment in moments {
            if moment.number == 0 { fitting = self.fitting(atom, at: moment, text, test) }
            keys.append(fitting.indices.contains(moment.number) ? fitting[moment.number] : nil)
        }
        return keys
    }

    private mutating func fitting(
        _ atom: TemporalAtom, at moment: Moment, _ text: TextFinder, _ test: ConditionTest
    ) -> [ValueKey] {
        switch (atom.kind, moment.event) {
        case (.call, .request), (.ask, .request):
            return request(atom, moment).compactMap { test.key(of: $0) }
        case (.result, .answer), (.ok, .answer), (.error, .answer):
            return answers(atom, moment).compactMap { test.key(of: $0) }
        case (.status, .answer):
            guard let exchange = wire(moment), let status = exchange.status,
                atom.status?.contains(status) == true, isAt(atom.target, exchange, moment)
            else { return [] }
            return [.empty]
        case (.wants, .answer):
            guard let exchange = wire(moment), exchange.kind == .model else { return [] }
            let calls = (exchange.answer?.toolCalls ?? []).filter {
                atom.target?.matches(name: $0.name) ?? true
            }
            return calls.compactMap { test.key(of: try? JSONValue.parse(text: $0.arguments)) }
        case (.says, .answer):
            guard let exchange = wire(moment), exchange.kind == .model,
                let answer = exchange.answer, text.isFound(in: answer.text)
            else { return [] }
            return [.empty]
        case (.fault, .fault(let id)): return isFault(atom, id, moment) ? [.empty] : []
        case (.output, .output(let lines)):
            return lines.contains { text.isFound(in: $0) } ? [.empty] : []
        case (.exit, .exit(let end)): return AtomMatcher.isEnd(atom.exit, end) ? [.empty] : []
        default: return []
        }
    }

    // MARK: What is called and what comes back

    private func exchange(_ moment: Moment) -> ExchangeRecord? {
        guard let place = moment.exchange, conduct.exchanges.indices.contains(place) else {
            return nil
        }
        return conduct.exchanges[place]
    }

    /// The exchange itself, not one that only tells of a tool.
    private func wire(_ moment: Moment) -> ExchangeRecord? {
        moment.isTold ? nil : exchange(moment)
    }

    private func isAt(
        _ target: NamePattern?, _ exchange: ExchangeRecord, _ moment: Moment
    ) -> Bool {
        guard let target else { return true }
        return target.matches(name: exchange.upstream)
            || target.matches(method: exchange.request.method, path: exchange.request.path)
            || uses(of: target, moment).count > 0
    }

    /// The uses of the moment whose tool has this name.
    private func uses(of target: NamePattern?, _ moment: Moment) -> [ToolUse] {
        moment.uses.map { conduct.toolUses[$0] }.filter { use in
            target.map { $0.matches(name: use.name) } ?? true
        }
    }

    /// The arguments of all that the atom names here.
    private mutating func request(_ atom: TemporalAtom, _ moment: Moment) -> [JSONValue?] {
        guard let exchange = exchange(moment) else { return [] }
        if atom.kind == .ask {
            guard !moment.isTold, exchange.kind == .model, isAt(atom.target, exchange, moment)
            else { return [] }
            return [body(moment, exchange)]
        }
        let named = uses(of: atom.target, moment)
        guard named.isEmpty else { return named.map(\.arguments) }
        guard !moment.isTold, isAt(atom.target, exchange, moment),
            atom.target != nil || exchange.kind == .tool
        else { return [] }
        let all = moment.uses.map { conduct.toolUses[$0].arguments }
        return all.isEmpty ? [body(moment, exchange)] : all
    }

    /// The results of all that the atom names here, as far as they are as it wants.
    private mutating func answers(_ atom: TemporalAtom, _ moment: Moment) -> [JSONValue?] {
        guard let exchange = exchange(moment) else { return [] }
        let isWhole = moment.isTold || AtomMatcher.isWhole(exchange)
        var named = uses(of: atom.target, moment)
        if named.isEmpty {
            guard !moment.isTold, isAt(atom.target, exchange, moment) else { return [] }
            named = moment.uses.map { conduct.toolUses[$0] }
        }
        guard !named.isEmpty else {
            guard AtomMatcher.fits(atom.kind, isOK: isWhole) else { return [] }
            return [sentBody(moment, exchange)]
        }
        return named.filter { AtomMatcher.fits(atom.kind, isOK: isWhole && !$0.isError) }
            .map { use in
                use.result.map { (try? JSONValue.parse(text: $0)) ?? .string($0) }
            }
    }

    private static func fits(_ kind: TemporalAtom.Kind, isOK: Bool) -> Bool {
        switch kind {
        case .ok: isOK
        case .error: !isOK
        default: true
        }
    }

    private static func isWhole(_ exchange: ExchangeRecord) -> Bool {
        guard exchange.ending == .complete, exchange.sentCount == exchange.steps.count,
            (exchange.status ?? 599) < 400
        else { return false }
        return exchange.kind == .tool || exchange.answer?.terminated ?? true
    }

    private mutating func body(_ moment: Moment, _ exchange: ExchangeRecord) -> JSONValue? {
        guard let place = moment.exchange else { return nil }
        if let known = bodies[place] { return known }
        let body = (try? JSONValue.parse(exchange.request.body)) ?? .null
        bodies[place] = body
        return body
    }

    private mutating func sentBody(_ moment: Moment, _ exchange: ExchangeRecord) -> JSONValue? {
        guard let place = moment.exchange else { return nil }
        if let known = sentBodies[place] { return known }
        let body = (try? JSONValue.parse(Array(exchange.sentBody))) ?? .null
        sentBodies[place] = body
        return body
    }

    // MARK: Faults and the end

    private func isFault(_ atom: TemporalAtom, _ id: String, _ moment: Moment) -> Bool {
        if let place = atom.place {
            guard let exchange = exchange(moment), isAt(place, exchange, moment) else {
                return false
            }
        }
        guard let target = atom.target else { return true }
        if target.matches(name: id) { return true }
        let family = FaultCatalogue.named(id).flatMap(FaultCatalogue.family)
        return family.map { target.matches(name: $0.name) } ?? false
    }

    private static func isEnd(_ wanted: TemporalAtom.Exit?, _ end: RunEnd) -> Bool {
        switch (wanted, end) {
        case (nil, _): true
        case (.code(let code), .exited(.code(let found))),
            (.code(let code), .dismissed(.code(let found))):
            code == found
        case (.signal, .exited(.signal)), (.signal, .dismissed(.signal)): true
        case (.stopped, .stopped), (.stopped, .wallLimit): true
        default: false
        }
    }
}
