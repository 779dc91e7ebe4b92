internal import Simulation

/// Numbers for the agent's threads and timers that are the same in every run.
///
/// The library names each by the ordinals of births from the first process on. Numbers go up in
/// the order in which they are first met, and those that are met together in the order of their names.
struct WaiterNames {
    private var numbers: [[UInt16]: Int] = [:]

    /// The number of a waiter; a new one when it was not met before.
    mutating func id(of birth: [UInt16]) -> WaiterID {
        if let known = numbers[birth] { return WaiterID(known) }
        let number = numbers.count + 1
        numbers[birth] = number
        return WaiterID(number)
    }
}
