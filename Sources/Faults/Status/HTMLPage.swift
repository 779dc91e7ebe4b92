import Cassette
import WireProtocols

/// Pages in HTML that come where an answer is expected.
enum HTMLPage {
    /// The page of a single-page application, which servers send for every unknown route.
    static let application = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Console</title></head>
        <body><div id="root"></div><script src="/assets/index.js"></script></body></html>

        """

    /// The page of a network that wants a log-in first.
    static let logIn = """
        <!doctype html>
        <html><head><title>Log in to the network</title></head>
        <body><form method="post" action="/login"><input name="user"><input name="password" \
        type="password"><button>Log in</button></form></body></html>

        """

    /// The errors of Cloudflare and nginx with their titles.
    static let errors: [(code: Int, title: String)] = [
        (502, "Bad gateway"), (503, "Service temporarily unavailable"),
        (504, "Gateway time-out"), (520, "Web server is returning an unknown error"),
        (521, "Web server is down"), (522, "Connection timed out"),
        (523, "Origin is unreachable"), (524, "A timeout occurred"), (403, "Just a moment..."),
    ]

    /// The page of an error.
    static func error(_ page: (code: Int, title: String), isNginx: Bool) -> ErrorAnswer {
        guard !isNginx else {
            var answer = ErrorAnswer.page(
                bare("\(page.code) \(nginxTitles[page.code] ?? page.title)", by: "nginx"),
                status: page.code)
            answer.headers.append("server", "nginx")
            return answer
        }
        let title = page.code == 403 ? page.title : "\(page.code): \(page.title)"
        var answer = ErrorAnswer.page(bare(title, by: "cloudflare"), status: page.code)
        answer.headers.append("server", "cloudflare")
        answer.headers.append("cf-ray", "0000000000000000-FRA")
        return answer
    }

    private static let nginxTitles = [
        403: "Forbidden", 502: "Bad Gateway", 503: "Service Temporarily Unavailable",
        504: "Gateway Time-out",
    ]

    private static func bare(_ title: String, by server: String) -> String {
        "<html>\r\n<head><title>\(title)</title></head>\r\n<body>\r\n<center><h1>\(title)</h1>"
            + "</center>\r\n<hr><center>\(server)</center>\r\n</body>\r\n</html>\r\n"
    }
}

extension ErrorAnswer {
    /// A page in HTML.
    static func page(_ html: String, status: Int) -> ErrorAnswer {
        ErrorAnswer(
            status: status, headers: [HeaderField("content-type", "text/html; charset=UTF-8")],
            body: Array(html.utf8))
    }
}
