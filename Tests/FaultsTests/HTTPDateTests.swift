import Testing

@testable import Faults

@Suite("Dates of HTTP")
struct HTTPDateTests {
    @Test(
        "a date is an instant, and is written in two forms",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z"),
            (951_825_599, "Tue, 29 Feb 2000 11:59:59 GMT", "2000-02-29T11:59:59Z"),
            (1_795_651_199, "Wed, 25 Nov 2026 23:59:59 GMT", "2026-11-25T23:59:59Z"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31T23:59:59Z"),
        ] as [(Int64, String, String)])
    func forms(seconds: Int64, text: String, internetText: String) {
        #expect(HTTPDate(text)?.seconds == seconds)
        #expect(HTTPDate(seconds: seconds).text == text)
        #expect(HTTPDate(seconds: seconds).internetText == internetText)
    }

    @Test(
        "what no calendar has, or HTTP writes otherwise, is no date",
        arguments: [
            "Tue, 31 Feb 2026 00:00:00 GMT", "Sun, 29 Feb 2026 00:00:00 GMT",
            "Mon, 01 Jan 2026 00:00:00 GMT", "Thu, 1 Jan 2026 00:00:00 GMT",
            "Thu, +1 Jan 2026 00:00:00 GMT", "Thu, 01 Jan 2026 0:00:00 GMT",
            "Thu, 01 Jan 2026 00:00:+0 GMT", "Thu,  01 Jan 2026 00:00:00 GMT",
            "Thu, 31 Dec 1998 23:59:60 GMT",
        ])
    func refused(text: String) {
        #expect(HTTPDate(text) == nil)
    }
}
