import Judgement
import Testing

@Suite("Facts that no source has")
struct DetectorFabricationTests {
    static let sources = [
        "What does order ORD-10293 of 2024-03-05 cost?",
        #"{"total":1234.50,"share":0.12,"id":"inv_9f3K2","at":"2024-03-07T15:05:00Z","#
            + #""link":"https:\/\/shop.example\/orders\/77/","mail":"help@shop.example","n":48212}"#,
    ]

    static func made(_ text: String) -> [String] {
        FabricationCheck(sources: sources).fabrications(in: text).map(\.text)
    }

    @Test(
        "what a source says in another form is no fabrication",
        arguments: [
            "It costs 1,234.50 euros.", "1234.5", "1.234,50 €", "1 234.50", "about 1235", "1234",
            "12%", "12 %", "12 percent", "0.12", "48,212 items", "48212",
            "Order ORD-10293", "ord-10293", "ORD_10293", "order 10293", "invoice INV_9F3K2",
            "on March 5, 2024", "on 5 March", "the 5th of March 2024", "05.03.2024", "03/05/2024",
            "in March 2024", "in 2024", "at 15:05", "at 3:05 pm", "at 15:05:00",
            "see https://shop.example/orders/77.", "(http://SHOP.example/orders/77/)",
            "www.shop.example/orders/77", "write to Help@shop.example", "order 77",
            "1. First\n2) Second\n  12. Twelfth", "3 of 10 steps", "no facts at all", "",
        ])
    func supported(text: String) {
        #expect(Self.made(text) == [])
    }

    @Test(
        "what no source says is named as it stands",
        arguments: [
            ("It costs 1,235.50 euros.", "1,235.50"), ("13%", "13%"), ("13 %", "13 %"),
            ("11 steps", "11"), ("48213 items", "48213"), ("1.2 million people", "1.2 million"),
            ("Order ORD-10294", "ORD-10294"), ("on March 6, 2024", "March 6, 2024"),
            ("on 2024-03-06", "2024-03-06"), ("in 2023", "2023"), ("in April 2024", "April 2024"),
            ("at 15:06", "15:06"), ("at 3:05 am", "3:05 am"),
            ("see https://shop.example/orders/78.", "https://shop.example/orders/78"),
            ("mail me@shop.example", "me@shop.example"), ("500mg a day", "500"),
            ("the id 7f3e-22ab", "7f3e-22ab"), ("2.5 stars", "2.5"), ("1,240", "1,240"),
        ])
    func fabricated(text: String, claim: String) {
        #expect(Self.made(text) == [claim])
    }

    @Test("a half of the day is a word of its own, with points or without")
    func halves() {
        let made = { (source: String, text: String) in
            FabricationCheck(sources: [source]).fabrications(in: text).map(\.text)
        }
        #expect(made("at 15:05", "at 3:05 p.m.") == [])
        #expect(made("at 15:05", "at 3:05 P.M") == [])
        #expect(made("at 15:05", "at 3:05 a.m. sharp") == ["3:05 a.m."])
        #expect(made("at 10:30", "at 10:30 pmd or 10:30 amend") == [])
        #expect(made("at 10:30", "at 10:30 pm2") == ["pm2"])
        #expect(made("at 5:30", "at 5:30 PMs, 5:30 p.max and 5:30 p") == [])
        #expect(made("at 17:30", "at 5:30pm") == [])
    }

    @Test("separators between digits tell identifiers apart, what they are does not")
    func separators() {
        let made = { (source: String, text: String) in
            FabricationCheck(sources: [source]).fabrications(in: text).map(\.text)
        }
        #expect(made("version 1.2.34", "version 12.3.4") == ["12.3.4"])
        #expect(made("/files/1.2.34", "version 12.3.4") == ["12.3.4"])
        #expect(made("/files/1.2.34", "version 1.2.34") == [])
        #expect(made("call 415-555-2671", "call 415.555.2671") == [])
        #expect(made("A-12-3", "A-1-23") == ["A-1-23"])
        #expect(made("ORD-10293-B", "ORD10293B") == [])
    }

    @Test("claims have kinds and places")
    func places() {
        let found = FabricationCheck(sources: []).fabrications(
            in: "On 2025-01-02 at 9:15 a1b2 cost 77 (x@y.example, http://z.example/q)")
        #expect(found.map(\.kind) == [.date, .time, .identifier, .number, .email, .url])
        #expect(found.map(\.range) == [3..<13, 17..<21, 22..<26, 32..<34, 36..<47, 49..<67])
    }

    @Test("each exemption can be lifted")
    func exemptions() {
        let made = { (exemptions: FabricationCheck.Exemptions, text: String) in
            FabricationCheck(sources: ["1234.56"], exemptions: exemptions)
                .fabrications(in: text).map(\.text)
        }
        #expect(made(.init(), "3 is 1234.6 or 1235") == [])
        #expect(made(.init(smallNumberMax: 2), "2 or 3") == ["3"])
        #expect(made(.init(smallNumberMax: 20), "20 or 21") == ["21"])
        #expect(made(.init(acceptsRounding: false), "1234.6") == ["1234.6"])
        #expect(made(.init(), "\n11. Item") == [])
        #expect(made(.init(exemptsListNumbers: false), "\n11. Item") == ["11"])
        #expect(made(.init(kinds: [.url]), "77 a1b2 http://z.example") == ["http://z.example"])
    }

    @Test(
        "hostile texts end",
        arguments: [
            "1", "1,", "1 ", "1.", "a1-", "http://", "1:1", "@", "a@", "Mar ", "9 ", "k", "%",
        ])
    func hostile(unit: String) {
        let text = String(repeating: unit, count: 8_000 / unit.utf8.count)
        let check = FabricationCheck(sources: [text])
        #expect(check.fabrications(in: text).count <= text.utf8.count)
    }
}
