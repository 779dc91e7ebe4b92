/// What one run's detail may take; the first exchanges are shown in full, later ones in short.
struct DetailBudget {
    /// How many bytes bodies, steps and moments take together.
    static let bytesMax = 2 << 20
    /// What is kept of a body when the others have taken all that.
    static let shortBytesMax = 512
    /// How many steps of an exchange, and how many moments, are kept then.
    static let shortItemsMax = 20
    /// About what an entry of a list takes as JSON.
    static let itemBytes = 48

    private var bytesLeft = DetailBudget.bytesMax

    /// How many bytes of a body are kept.
    mutating func bytes(_ count: Int, max most: Int) -> Int {
        let wanted = min(count, most)
        let kept = wanted <= bytesLeft ? wanted : min(wanted, DetailBudget.shortBytesMax)
        bytesLeft -= min(bytesLeft, kept)
        return kept
    }

    /// How many entries of a list are kept.
    mutating func items(_ count: Int, max most: Int) -> Int {
        let wanted = min(count, most)
        let room = max(DetailBudget.shortItemsMax, bytesLeft / DetailBudget.itemBytes)
        let kept = min(wanted, room)
        bytesLeft -= min(bytesLeft, kept * DetailBudget.itemBytes)
        return kept
    }
}
