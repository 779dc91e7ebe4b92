/// One line of the result table, as Markdown.
public struct Row: Sendable {
    /// What was measured.
    public var name: String
    /// The figure of Stormtape.
    public var figure: String
    /// What was run beside it, and its figure.
    public var beside: String
    /// The ratio of the two.
    public var ratio: String

    /// Creates a line.
    public init(_ name: String, _ figure: String, beside: String, ratio: String) {
        self.name = name
        self.figure = figure
        self.beside = beside
        self.ratio = ratio
    }

    /// Prints it.
    public func show() {
        print("| \(name) | \(figure) | \(beside) | \(ratio) |")
    }
}

/// A figure with three significant digits and thousands apart.
public func text(_ figure: Double, _ unit: String) -> String {
    "\(digits(figure)) \(unit)"
}

/// A ratio as a reader compares it.
public func times(_ ratio: Double) -> String {
    "× " + digits(ratio)
}

private func digits(_ figure: Double) -> String {
    let magnitude = abs(figure)
    if magnitude >= 100 {
        let step = magnitude >= 10_000 ? 100.0 : magnitude >= 1_000 ? 10.0 : 1.0
        return grouped(Int((figure / step).rounded() * step))
    }
    let scale = magnitude >= 10 ? 10.0 : magnitude >= 1 ? 100.0 : 1_000.0
    return "\((figure * scale).rounded() / scale)"
}

private func grouped(_ number: Int) -> String {
    let plain = Array(String(abs(number)))
    var text = ""
    for (index, digit) in plain.enumerated() {
        if index > 0, (plain.count - index) % 3 == 0 { text.append(",") }
        text.append(digit)
    }
    return (number < 0 ? "-" : "") + text
}
