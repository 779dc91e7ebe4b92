/// A formula of the law test: it writes itself, and is evaluated straight from the definitions.
indirect enum Reference {
    enum Event {
        case call(String, isBound: Bool)
        case ok(String)
        case error(String)
        case exit
    }

    enum Window {
        case time(Int64)
        case steps(Int)
    }

    case event(Event)
    case not(Reference)
    case and(Reference, Reference)
    case or(Reference, Reference)
    case implies(Reference, Reference)
    case always(Reference, Window?)
    case never(Reference, Window?)
    case eventually(Reference, Window?)
    case until(Reference, Reference, isStrong: Bool)
    case before(Event, Event)
    case after(Event, Event, Window?)
    case requires(Event, Event, isBefore: Bool, Window?)
    case atMost(Int, Event, Window?)
    case atLeast(Int, Event, Window?)
    case scope(Int, Event, Reference)
}

extension Reference.Event {
    var text: String {
        switch self {
        case .call(let tool, let isBound): isBound ? "call(\(tool), k = $k)" : "call(\(tool))"
        case .ok(let tool): "ok(\(tool))"
        case .error(let tool): "error(\(tool))"
        case .exit: "exit"
        }
    }

    func holds(_ moment: ModelMoment) -> Bool {
        guard let call = moment.call else {
            if case .exit = self { return true } else { return false }
        }
        switch self {
        case .call(let tool, _): return !moment.isAnswer && call.tool == tool
        case .ok(let tool): return moment.isAnswer && call.tool == tool && call.isOK
        case .error(let tool): return moment.isAnswer && call.tool == tool && !call.isOK
        case .exit: return false
        }
    }

    var isBound: Bool { if case .call(_, true) = self { true } else { false } }

    static func draw(_ draws: inout TemporalDraws) -> Reference.Event {
        let tool = draws.pick(["a", "b"])
        switch draws.below(7) {
        case 0...2: return .call(tool, isBound: false)
        case 3...4: return .ok(tool)
        case 5: return .error(tool)
        default: return .exit
        }
    }

    /// Two events, at times bound by the same variable.
    static func pair(_ draws: inout TemporalDraws) -> (Reference.Event, Reference.Event) {
        guard draws.below(3) == 0 else { return (draw(&draws), draw(&draws)) }
        return (
            .call(draws.pick(["a", "b"]), isBound: true),
            .call(draws.pick(["a", "b"]), isBound: true)
        )
    }
}

extension Reference.Window {
    var text: String {
        switch self {
        case .time(let span): "within \(span)ms"
        case .steps(let count): "within \(count) steps"
        }
    }

    static func draw(_ draws: inout TemporalDraws) -> Reference.Window? {
        switch draws.below(4) {
        case 0: .time(Int64(draws.below(4)))
        case 1: .steps(draws.below(3))
        default: nil
        }
    }
}

extension Reference {
    var text: String {
        let tail = { (window: Window?) in window.map { " " + $0.text } ?? "" }
        return switch self {
        case .event(let event): event.text
        case .not(let inner): "not (\(inner.text))"
        case .and(let left, let right): "(\(left.text)) and (\(right.text))"
        case .or(let left, let right): "(\(left.text)) or (\(right.text))"
        case .implies(let left, let right): "(\(left.text)) -> (\(right.text))"
        case .always(let inner, let window): "always (\(inner.text) or false)\(tail(window))"
        case .never(let inner, let window): "never (\(inner.text))\(tail(window))"
        case .eventually(let inner, let window): "eventually (\(inner.text))\(tail(window))"
        case .until(let left, let right, let isStrong):
            "(\(left.text)) \(isStrong ? "until" : "unless") (\(right.text))"
        case .before(let event, let other): "(\(event.text) before \(other.text))"
        case .after(let event, let other, let window):
            "(\(event.text) after \(other.text)\(tail(window)))"
        case .requires(let event, let other, let isBefore, let window):
            "(\(event.text) requires \(other.text) \(isBefore ? "before" : "after")\(tail(window)))"
        case .atMost(let count, let event, let window):
            "(at most \(count) \(event.text)\(tail(window)))"
        case .atLeast(let count, let event, let window):
            "(at least \(count) \(event.text)\(tail(window)))"
        case .scope(let count, let event, let body): "after \(count) \(event.text) (\(body.text))"
        }
    }

    /// `isTemporal`: whether it must not speak of the first moment only.
    static func draw(_ draws: inout TemporalDraws, depth: Int, isTemporal: Bool) -> Reference {
        guard depth > 0 || isTemporal else { return .event(.draw(&draws)) }
        let window = Window.draw(&draws)
        let (event, other) = Event.pair(&draws)
        let plain = Event.draw(&draws)
        let inner = { (draws: inout TemporalDraws, isTemporal: Bool) in
            draw(&draws, depth: depth - 1, isTemporal: isTemporal)
        }
        switch draws.below(depth > 0 ? 18 : 9) {
        case 0: return .before(event, other)
        case 1: return .after(event, other, window)
        case 2, 3: return .requires(event, other, isBefore: draws.below(2) == 0, window)
        case 4, 5: return .atMost(draws.below(3), event, window)
        case 6: return .atLeast(draws.below(3), plain, window)
        case 7: return .never(.event(plain), window)
        case 8: return .eventually(.event(plain), window)
        case 9: return .not(inner(&draws, isTemporal))
        case 10: return .and(inner(&draws, isTemporal), inner(&draws, isTemporal))
        case 11: return .or(inner(&draws, isTemporal), inner(&draws, isTemporal))
        case 12: return .implies(inner(&draws, isTemporal), inner(&draws, isTemporal))
        case 13: return .always(inner(&draws, false), window)
        case 14: return .never(inner(&draws, false), window)
        case 15: return .eventually(inner(&draws, false), window)
        case 16:
            return .until(inner(&draws, false), inner(&draws, false), isStrong: draws.below(2) == 0)
        default: return .scope(1 + draws.below(2), plain, inner(&draws, true))
        }
    }
}
