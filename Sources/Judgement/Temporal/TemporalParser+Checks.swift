/// What the grammar allows and nobody can mean.
extension TemporalParser {
    /// An operand that speaks of one moment.
    func checkEvent(_ node: Int, _ word: String) throws(TemporalError) {
        guard !isEvent(node) else { return }
        throw error(
            .unexpected,
            "`\(word)` takes an event here: an atom, or atoms with `not`, `and`, `or` in "
                + "parentheses", nodes[node].range)
    }

    /// The two sides of a relation: events, with the same variables.
    func checkLink(_ event: Int, _ other: Int, _ word: String) throws(TemporalError) {
        for side in [event, other] {
            try checkEvent(side, word)
            try checkSingle(side)
        }
        let left = variables(of: event)
        let right = variables(of: other)
        for (node, names, others) in [(event, left, right), (other, right, left)] {
            guard let alone = names.first(where: { !others.contains($0) }) else { continue }
            throw error(
                .variable,
                "`$\(alone)` stands on one side of `\(word)` only; both sides have to name it",
                nodes[node].range)
        }
    }

    /// With a variable, a side is one atom, since nothing else could bind it.
    func checkSingle(_ node: Int) throws(TemporalError) {
        if case .atom = nodes[node].form { return }
        try refuseVariables(node, " but in an atom that stands alone")
    }

    func refuseVariables(_ node: Int, _ addition: String = "") throws(TemporalError) {
        guard let name = variables(of: node).first else { return }
        throw error(
            .variable, "the variable `$\(name)` cannot stand here\(addition)", nodes[node].range)
    }

    func variables(of node: Int) -> [String] {
        var found: [String] = []
        var open = [node]
        while let next = open.popLast() {
            switch nodes[next].form {
            case .atom(let atom): found += atom.variables
            case .not(let inner): open.append(inner)
            case .both(let left, let right), .either(let left, let right),
                .implies(let left, let right):
                open += [left, right]
            default: continue
            }
        }
        return found.sorted()
    }

    /// Walks all that is not within a relation or a count.
    ///
    /// Atoms that stand under no temporal operator would speak of the first moment of the run, and
    /// variables would have nothing that binds them.
    func checkMoments(_ root: Int) throws(TemporalError) {
        var open = [(node: root, isFree: true)]
        while let (node, isFree) = open.popLast() {
            switch nodes[node].form {
            case .constant, .link, .count: continue
            case .atom:
                if isFree { throw firstMoment(node) }
                try refuseVariables(
                    node,
                    "; it binds in `A requires B before`, `A requires B after`, "
                        + "`A before B`, `A after B` and `at most`")
            case .not(let inner): open.append((inner, isFree))
            case .both(let left, let right), .either(let left, let right),
                .implies(let left, let right):
                open += [(right, isFree), (left, isFree)]
            case .always(let inner, _), .never(let inner, _), .eventually(let inner, _):
                open.append((inner, false))
            case .until(let left, let right, _): open += [(right, false), (left, false)]
            case .after(_, _, let body): open.append((body, true))
            }
        }
    }

    private func firstMoment(_ node: Int) -> TemporalError {
        error(
            .misleading,
            "this would speak of the first moment only; write `eventually …`, `never …`, or put "
                + "it in the parentheses of `always ( … )`", nodes[node].range)
    }
}
