internal import Cassette
internal import Determinism

/// The frame of the page: nothing in it comes from a run but the blocks of JSON.
enum HTMLDocument {
    /// Data that the script reads.
    struct Block {
        let id: String
        let json: JSONValue
    }

    static func bytes(_ blocks: [Block]) -> [UInt8] {
        var page = Array(head.utf8)
        for block in blocks {
            page += Array("<script type=\"application/json\" id=\"\(block.id)\">".utf8)
            page += ScriptSafe.bytes(block.json)
            page += Array("</script>\n".utf8)
        }
        return page + Array("<script>\(PageScript.text)</script>\n</body>\n</html>\n".utf8)
    }

    private static let head = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="\(policy)">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <title>Stormtape report</title>
        <style>\(PageStyle.text)</style>
        </head>
        <body>
        <a class="skip" href="#list">Skip to the runs</a>
        <header id="head"></header>
        <div id="frame">
        <nav id="side" aria-label="Runs"></nav>
        <main id="main" tabindex="-1"></main>
        </div>
        <div id="tip" role="tooltip" hidden></div>
        <div id="toast" role="status" aria-live="polite"></div>
        <noscript><p>This report needs JavaScript; it loads nothing from a network.</p></noscript>

        """

    private static let policy =
        "default-src 'none'; script-src '\(hash(PageScript.text))'; "
        + "style-src '\(hash(PageStyle.text))'; base-uri 'none'; form-action 'none'"

    /// A source expression of the content policy.
    private static func hash(_ text: String) -> String {
        let digest = Digest(hashing: Array(text.utf8))
        return "sha256-" + String(decoding: Base64.encode(digest.bytes), as: UTF8.self)
    }
}
