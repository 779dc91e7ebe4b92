internal import Faults

/// What was done to a run: the family of the gravest fault that fired, and its weight.
public struct Strain: Hashable, Sendable {
    /// The name of a family of faults, or `undisturbed`.
    public let category: String
    /// The weight in a score, from 1 to 5; that of an undisturbed run is 1.
    public let weight: Int

    /// No fault fired.
    public static let undisturbed = Strain(category: "undisturbed", weight: 1)

    /// A strain; weights beyond 1 and 5 are moved to these.
    public init(category: String, weight: Int) {
        self.category = category
        self.weight = min(max(weight, 1), 5)
    }

    /// The strain of a run in which faults of these kinds fired; of equally grave ones the first.
    ///
    /// Faults that were planned and never fired do not count: such a run is undisturbed.
    public init(fired: [String]) {
        var gravest: FaultKind?
        for kind in fired.compactMap(FaultCatalogue.named)
        where kind.weight > gravest?.weight ?? .min {
            gravest = kind
        }
        guard let gravest, let family = FaultCatalogue.family(of: gravest) else {
            self = fired.isEmpty ? .undisturbed : Strain(category: "other", weight: 1)
            return
        }
        self.init(category: family.name, weight: gravest.weight)
    }

    /// The place of a category in reports: undisturbed first, then families as in the catalogue.
    static func rank(_ category: String) -> Int {
        guard category != undisturbed.category else { return -1 }
        let families = FaultCatalogue.families
        return families.firstIndex { $0.name == category } ?? families.count
    }
}
