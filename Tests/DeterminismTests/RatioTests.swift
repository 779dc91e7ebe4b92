import Determinism
import Testing

@Suite("Ratio")
struct RatioTests {
    @Test(
        "texts that are ratios are read exactly and reduced",
        arguments: [
            ("0", "0"), ("1", "1"), ("1/3", "1/3"), ("2/6", "1/3"), ("0/7", "0"), ("7/7", "1"),
            ("0.25", "1/4"), ("0.000000001", "1/1000000000"), ("1.000", "1"), ("25%", "1/4"),
            ("100%", "1"), ("0%", "0"), ("12.5%", "1/8"), ("0.0000001%", "1/1000000000"),
            ("4294967295/4294967295", "1"), ("1/4294967295", "1/4294967295"),
        ])
    func accepts(text: String, reduced: String) {
        #expect(Ratio(text: text)?.description == reduced)
    }

    @Test(
        "texts that are not ratios between 0 and 1 are refused",
        arguments: [
            "", " ", "1/0", "0/0", "3/2", "1.5", "1.000000001", "2", "101%", "100.1%", "-1", "+1",
            "-0",
            "1/", "/3", "1/3/4", ".5", "1.", "0.", "%", ".%", "0.0000000001", "0.00000001%",
            "1e-3", "0,5", "1/3 ", " 1/3", "4294967296/4294967296", "0x1", "½", "50%%", "1/2%",
            "0.1.1",
        ])
    func refuses(text: String) {
        #expect(Ratio(text: text) == nil)
    }

    @Test("fractions outside of 0...1 are refused")
    func refusesFractions() {
        #expect(Ratio(1, 0) == nil)
        #expect(Ratio(2, 1) == nil)
        #expect(Ratio(0, 5) == .never)
        #expect(Ratio(5, 5) == .always)
    }

    @Test("order is that of the values")
    func order() throws {
        let sorted = try [
            "0", "1/4294967295", "1/3", "0.333333334", "1/2", "4294967294/4294967295", "1",
        ]
        .map { try #require(Ratio(text: $0)) }
        #expect(sorted.reversed().sorted() == sorted)
    }
}
