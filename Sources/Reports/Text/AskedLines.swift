/// What an agent that is a server was asked, as lines: the request, the answer, how it begins.
enum AskedLines {
    static func lines(_ asked: [AskedSummary], _ style: TextStyle) -> [String] {
        asked.map { item in
            let outcome = style.paint(item.outcome, item.isFine ? .green : .red)
            let head = "    ?  \(SafeText.line(item.route))  "
            let body = SafeText.line(String(decoding: item.body, as: UTF8.self))
            let room = max(0, style.width - head.count - item.outcome.count - 2)
            return head + outcome + style.paint("  " + body.shortened(to: room), .dim)
        }
    }
}
