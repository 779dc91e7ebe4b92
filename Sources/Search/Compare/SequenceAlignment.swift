/// The longest common subsequence of two lists, by Myers' method, at a bounded cost.
enum SequenceAlignment {
    /// A stretch of both lists with the same elements.
    struct Match: Hashable {
        var left: Int
        var right: Int
        var count: Int
    }

    /// The common stretches in order.
    ///
    /// Lists that differ in more than `limit` elements have only what begins and ends them in
    /// common: beyond that an alignment tells nobody anything, and costs the square of it.
    static func matches<Element: Hashable>(
        _ first: [Element], _ second: [Element], limit: Int = 1_000
    ) -> [Match] {
        // Numbers are compared faster than texts, and each is compared many times.
        var numbers: [Element: Int] = [:]
        func number(_ element: Element) -> Int {
            if let known = numbers[element] { return known }
            numbers[element] = numbers.count
            return numbers.count - 1
        }
        let (left, right) = (first.map(number), second.map(number))
        var head = 0
        let most = min(left.count, right.count)
        while head < most, left[head] == right[head] { head += 1 }
        var tail = 0
        while tail < most - head, left[left.count - 1 - tail] == right[right.count - 1 - tail] {
            tail += 1
        }
        let mine = Array(left[head..<(left.count - tail)])
        let theirs = Array(right[head..<(right.count - tail)])
        var found = head > 0 ? [Match(left: 0, right: 0, count: head)] : []
        for match in middle(mine, theirs, limit) {
            found.append(
                Match(left: match.left + head, right: match.right + head, count: match.count))
        }
        if tail > 0 {
            found.append(
                Match(left: left.count - tail, right: right.count - tail, count: tail))
        }
        return found
    }

    /// Forward search: `frontier[k]` is how far the left list is used up on diagonal k.
    private static func middle(_ left: [Int], _ right: [Int], _ limit: Int) -> [Match] {
        guard !left.isEmpty, !right.isEmpty else { return [] }
        let most = min(limit, left.count + right.count)
        var frontier = [Int](repeating: 0, count: 2 * most + 3)
        let zero = most + 1
        var steps: [[Int]] = []
        for edits in 0...most {
            steps.append(Array(frontier[(zero - edits)...(zero + edits)]))
            var diagonal = -edits
            while diagonal <= edits {
                let place = zero + diagonal
                let goesDown =
                    diagonal == -edits
                    || (diagonal != edits && frontier[place - 1] < frontier[place + 1])
                var x = goesDown ? frontier[place + 1] : frontier[place - 1] + 1
                var y = x - diagonal
                while x < left.count, y >= 0, y < right.count, left[x] == right[y] {
                    x += 1
                    y += 1
                }
                frontier[place] = x
                if x >= left.count, y >= right.count {
                    return trace(steps, edits, left.count, right.count)
                }
                diagonal += 2
            }
        }
        return []
    }

    /// Goes back from the end; `steps[d]` is the frontier before edit d, from diagonal -d to d.
    private static func trace(
        _ steps: [[Int]], _ edits: Int, _ leftCount: Int, _ rightCount: Int
    ) -> [Match] {
        var found: [Match] = []
        var (x, y) = (leftCount, rightCount)
        for edit in stride(from: edits, through: 0, by: -1) {
            let before = steps[edit]
            func reach(_ diagonal: Int) -> Int {
                let place = diagonal + edit
                return before.indices.contains(place) ? before[place] : -1
            }
            let diagonal = x - y
            var (startX, startY) = (0, 0)
            if edit > 0 {
                let goesDown =
                    diagonal == -edit
                    || (diagonal != edit && reach(diagonal - 1) < reach(diagonal + 1))
                let previous = goesDown ? diagonal + 1 : diagonal - 1
                let from = reach(previous)
                (startX, startY) =
                    goesDown ? (from, from - diagonal) : (from + 1, from + 1 - diagonal)
                if x > startX {
                    found.append(Match(left: startX, right: startY, count: x - startX))
                }
                (x, y) = (from, from - previous)
            } else if x > 0 {
                (startX, startY) = (0, 0)
                found.append(Match(left: 0, right: 0, count: x))
            }
        }
        return found.reversed()
    }
}
