import Cassette
import Determinism

/// Why a fault cannot change a delivery, in words for the report.
struct Inapplicable: Error, Hashable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// A change of a delivery that either happens whole or says why it cannot.
typealias DeliveryEdit =
    @Sendable (inout Delivery, FaultParameters, FaultContext) throws(Inapplicable) -> Void

extension FaultKind {
    /// Turns an edit into the transform of a fault.
    ///
    /// The one place that makes the outcome true: `fired` exactly when the delivery differs
    /// afterwards, and an edit that gives up half way leaves nothing behind.
    static func edit(
        _ change: @escaping DeliveryEdit
    ) -> @Sendable (inout Delivery, FaultParameters, FaultContext) -> FaultOutcome {
        { delivery, parameters, context in
            var changed = delivery
            do throws(Inapplicable) {
                try change(&changed, parameters, context)
            } catch {
                return .inapplicable(error.reason)
            }
            guard changed != delivery else {
                return .inapplicable("the answer is already what the fault would make of it")
            }
            delivery = changed
            return .fired
        }
    }
}

extension ParameterSpec {
    /// A parameter that counts something of the delivery; what is counted decides the draw.
    static func place(
        _ name: String, from lowest: Int64 = 0, _ summary: String,
        counting unit: PlaceUnit = .other,
        drawn: @escaping @Sendable (Delivery, FaultContext) -> ClosedRange<Int64>?
    ) -> ParameterSpec {
        ParameterSpec(
            name, .integer(lowest...1 << 40), default: .drawn(drawn), summary, counting: unit)
    }

    /// A parameter in milliseconds; the bound is one day.
    static func milliseconds(
        _ name: String, from lowest: Int64, default value: Int64, _ summary: String
    ) -> ParameterSpec {
        ParameterSpec(name, .integer(lowest...86_400_000), default: .fixed(.int(value)), summary)
    }

    /// Which form a fault takes; the first word is the usual one.
    static func variant(_ words: [String], _ summary: String) -> ParameterSpec {
        ParameterSpec(
            "variant", .choice(words), default: .fixed(.string(words.first ?? "")), summary)
    }
}
