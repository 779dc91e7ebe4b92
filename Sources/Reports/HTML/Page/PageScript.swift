/// The script of the page, in the order in which its parts need each other.
enum PageScript {
    static let text = "\n" + parts.joined(separator: "\n") + "\n"

    private static let parts = [
        PageBasics.script, PageFilter.script, PageOverview.script, PageList.script,
        PageDifference.script, PageTimeline.script, PageExchange.script, PageCompare.script,
        PageRun.script, PagePrompt.script, PageStart.script,
    ]
}
