/// How much of a text is edited: a percentage of the units that could be, at least one.
public struct MutationIntensity: Hashable, Sendable {
    /// The percentage, from 1 to 100.
    public let percent: Int

    /// One unit in ten, as CheckList and ReliabilityBench have it.
    public static let `default` = MutationIntensity(tenths: 1)
    /// Every unit.
    public static let full = MutationIntensity(tenths: 10)

    /// The intensity of a percentage; nil unless it lies in 1...100.
    public init?(percent: Int) {
        guard (1...100).contains(percent) else { return nil }
        self.percent = percent
    }

    private init(tenths: Int) {
        percent = 10 * tenths
    }

    /// How many of so many units are edited.
    func count(of units: Int) -> Int {
        // In two parts, so that no number of units overflows.
        max(min(1, units), units / 100 * percent + units % 100 * percent / 100)
    }
}
