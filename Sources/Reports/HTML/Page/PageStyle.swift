/// The style of the page.
enum PageStyle {
    static let text = "\n\(PageStyleBase.text)\n\(PageStyleRun.text)\n"
}
