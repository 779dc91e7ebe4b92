/// Values by exchange, in an array: the shell numbers exchanges from 1, and every step of a
/// delivery looks one up.
struct ExchangeTable<Value: Sendable>: Sendable {
    private var slots: [Value?] = []

    /// The value of an exchange; setting nil removes it.
    subscript(id: ExchangeID) -> Value? {
        get {
            let place = id.number - 1
            return place >= 0 && place < slots.count ? slots[place] : nil
        }
        set {
            let place = id.number - 1
            precondition(place >= 0, "exchanges are numbered from 1")
            guard place >= slots.count else {
                slots[place] = newValue
                return
            }
            guard let newValue else { return }
            while slots.count < place { slots.append(nil) }
            slots.append(newValue)
        }
    }

    /// Changes the value of an exchange where it stands, if it has one.
    mutating func update(_ id: ExchangeID, _ change: (inout Value) -> Void) {
        let place = id.number - 1
        guard place >= 0, place < slots.count, slots[place] != nil else { return }
        change(&slots[place]!)
    }

    /// Removes the value of an exchange and returns it; moved, so that nothing is copied.
    mutating func removeValue(forKey id: ExchangeID) -> Value? {
        let place = id.number - 1
        return place >= 0 && place < slots.count ? slots[place].take() : nil
    }

    /// Whether an exchange has a value.
    func contains(_ id: ExchangeID) -> Bool {
        let place = id.number - 1
        guard place >= 0, place < slots.count, case .some = slots[place] else { return false }
        return true
    }

    /// The exchange with the highest number of those whose value is accepted.
    func lastKey(where isAccepted: (Value) -> Bool) -> ExchangeID? {
        slots.lastIndex { $0.map(isAccepted) ?? false }.map { ExchangeID($0 + 1) }
    }

    /// The exchanges that have a value, in order.
    var keys: [ExchangeID] {
        slots.indices.filter { slots[$0] != nil }.map { ExchangeID($0 + 1) }
    }
}
