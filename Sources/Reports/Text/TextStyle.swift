/// How a text report looks.
package struct TextStyle: Hashable, Sendable {
    /// Whether to use colour.
    package var color: Bool
    /// How many columns there are.
    ///
    /// Lines that are to be pasted may be longer.
    package var width: Int

    package init(color: Bool = false, width: Int = 100) {
        self.color = color
        self.width = max(60, width)
    }

    enum Paint: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
        case boldRed = "1;31"
        case boldGreen = "1;32"
        case boldYellow = "1;33"
    }

    func paint(_ text: String, _ paint: Paint) -> String {
        color && !text.isEmpty ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
    }
}

extension String {
    /// The text with spaces up to a width, or shortened to it.
    func fitted(to width: Int) -> String {
        let text = shortened(to: width)
        return text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// The text with spaces before it.
    func rightAligned(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
