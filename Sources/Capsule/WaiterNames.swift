internal import Simulation

/// Numbers for the agent's threads and timers that are the same in every run.
///
/// The library names each by the ordinals of births from the first process on. Numbers go up in
/// the order in which they are first met, and those that are met together in the order of their names.
struct WaiterNames {
    private var numbers: [[UInt16]: Int] = [:]
    private var turns: [[UInt16]: Int] = [:]

    /// The number of a waiter; a new one when it was not met before.
    ///
    /// One that only lets others go first has a number below zero beside it: whether it ever does is
    /// left to chance, and must not count for others.
    mutating func id(of birth: [UInt16], yields: Bool) -> WaiterID {
        if yields {
            let number = turns[birth] ?? -turns.count - 1
            turns[birth] = number
            return WaiterID(number)
        }
        if let known = numbers[birth] { return WaiterID(known) }
        let number = numbers.count + 1
        numbers[birth] = number
        return WaiterID(number)
    }
}
