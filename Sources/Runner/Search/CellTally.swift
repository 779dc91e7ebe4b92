package import Judgement

/// The cells of many runs, of which most have the same: these are kept once, with how many runs
/// they stand for.
///
/// Scores and gates come to the same numbers as with the cells of every single run.
package struct CellTally: Sendable {
    private var kinds: [(cells: [Cell], runs: Int)] = []
    private var places: [[Cell]: Int] = [:]

    /// No run.
    package init() {}

    /// Adds the cells of one run, whose key names nothing that tells it from others.
    package mutating func add(_ cells: [Cell]) {
        if let place = places[cells] {
            kinds[place].runs += 1
        } else {
            places[cells] = kinds.count
            kinds.append((cells, 1))
        }
    }

    /// The cells in the order in which their kind of run appeared first, each kind as a run of its
    /// own.
    package var cells: [Cell] {
        kinds.enumerated().flatMap { number, kind in
            kind.cells.map { cell in
                var cell = cell
                cell.run.plan = String(number + 1)
                cell.runs = kind.runs
                return cell
            }
        }
    }
}
