import Judgement
import Testing

@Suite("Numbers of people and accounts")
struct DetectorNumberTests {
    static func found(_ kind: SensitiveKind, in text: String) -> [String] {
        let bytes = Array(text.utf8)
        return SensitiveScanner.matches(in: text, kinds: [kind]).map {
            String(decoding: bytes[$0.range], as: UTF8.self)
        }
    }

    @Test(
        "a number with right check digits is found whole",
        arguments: [
            (SensitiveKind.paymentCard, "4111 1111 1111 1111"), (.paymentCard, "5555555555554444"),
            (.paymentCard, "2223-0031-2200-3222"), (.paymentCard, "3782 822463 10005"),
            (.paymentCard, "6011111111111117"), (.paymentCard, "30569309025904"),
            (.paymentCard, "3530111333300000"), (.iban, "DE89370400440532013000"),
            (.iban, "GB82 WEST 1234 5698 7654 32"), (.iban, "FR1420041010050500013M02606"),
            (.iban, "NO9386011117947"), (.usSSN, "536-90-4399"), (.ukNINO, "AB123456C"),
            (.ukNINO, "AB 12 34 56 C"), (.germanTaxID, "86 095 742 719"),
            (.frenchNIR, "1 85 05 78 006 084 91"), (.frenchNIR, "185057800608491"),
            (.frenchNIR, "185052A00608435"), (.spanishDNI, "12345678Z"),
            (.spanishDNI, "12.345.678-Z"), (.spanishDNI, "X1234567L"),
            (.italianFiscalCode, "RSSMRA85T10A562S"), (.brazilCPF, "529.982.247-25"),
            (.brazilCNPJ, "11.222.333/0001-81"), (.brazilCNPJ, "12.ABC.345/01DE-35"),
            (.indiaAadhaar, "2345 6789 0124"), (.mac, "3c:22:fb:4a:9b:0e"),
            (.mac, "3C-22-FB-4A-9B-0E"), (.mac, "3c22.fb4a.9b0e"),
            (.btcAddress, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
            (.btcAddress, "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
            (.btcAddress, "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
            (.btcAddress, "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr"),
            (.ethAddress, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
            (.ethAddress, "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"),
        ])
    func strong(kind: SensitiveKind, number: String) {
        #expect(Self.found(kind, in: "It is \(number), he said.") == [number])
        #expect(Self.found(kind, in: number) == [number])
        #expect(Self.found(kind, in: "{\"v\":\"\(number)\"}") == [number])
    }

    @Test(
        "a wrong check digit, or a number that no one has, is clean",
        arguments: [
            (SensitiveKind.paymentCard, "4111 1111 1111 1112"), (.paymentCard, "5555555555554445"),
            (.paymentCard, "9999 9999 9999 9995"), (.paymentCard, "0000 0000 0000 0000"),
            (.paymentCard, "41111111111111111111"), (.iban, "DE89370400440532013001"),
            (.iban, "DE8937040044053201300"), (.iban, "XX89370400440532013000"),
            (.usSSN, "000-12-3456"), (.usSSN, "666-12-3456"), (.usSSN, "912-12-3456"),
            (.usSSN, "123-00-3456"), (.usSSN, "123-45-0000"), (.usSSN, "078-05-1120"),
            (.usSSN, "219-09-9999"), (.ukNINO, "QQ123456C"), (.ukNINO, "GB123456C"),
            (.ukNINO, "AB123456E"), (.germanTaxID, "86 095 742 718"),
            (.germanTaxID, "12 345 678 903"), (.frenchNIR, "185057800608492"),
            (.frenchNIR, "185137800608491"), (.spanishDNI, "12345678A"),
            (.spanishDNI, "X1234567M"), (.italianFiscalCode, "RSSMRA85T10A562T"),
            (.italianFiscalCode, "RSSMRA85Z10A562S"), (.brazilCPF, "529.982.247-26"),
            (.brazilCPF, "111.111.111-11"), (.brazilCNPJ, "11.222.333/0001-82"),
            (.brazilCNPJ, "12.ABC.345/01DE-36"), (.indiaAadhaar, "2345 6789 0125"),
            (.indiaAadhaar, "1345 6789 0124"), (.mac, "00:00:00:00:00:00"),
            (.mac, "ff:ff:ff:ff:ff:ff"), (.mac, "3c:22:fb:4a:9b:0e:11"),
            (.btcAddress, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"),
            (.btcAddress, "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp"),
            (.ethAddress, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"),
            (.ethAddress, "0x0000000000000000000000000000000000000000"),
        ])
    func wrong(kind: SensitiveKind, number: String) {
        #expect(Self.found(kind, in: "It is \(number), he said.") == [])
    }

    @Test(
        "a weak form counts only beside a word of its context",
        arguments: [
            (SensitiveKind.usSSN, "Her SSN is", "536904399"),
            (.usRoutingNumber, "routing number:", "021000021"),
            (.nhsNumber, "NHS number", "943 476 5919"), (.nhsNumber, "NHS no.", "9434765919"),
            (.canadaSIN, "SIN", "130 692 544"), (.canadaSIN, "social insurance", "130692544"),
            (.germanTaxID, "Steuer-ID", "86095742719"), (.brazilCPF, "CPF", "52998224725"),
            (.brazilCNPJ, "CNPJ", "11222333000181"),
            (.indiaAadhaar, "Aadhaar", "234567890124"), (.indiaPAN, "PAN", "ABCPE1234F"),
            (.australiaTFN, "TFN:", "123 456 782"), (.dutchBSN, "BSN", "111222333"),
            (.passport, "passport no.", "P12345678"),
            (.paymentCard, "Visa card", "4111111111111111110"),
        ])
    func weak(kind: SensitiveKind, word: String, number: String) {
        #expect(Self.found(kind, in: "\(word) \(number).") == [number])
        #expect(Self.found(kind, in: "The order is \(number).") == [])
    }

    @Test(
        "a weak form with a wrong check digit is clean beside its word too",
        arguments: [
            (SensitiveKind.usRoutingNumber, "routing number:", "021000022"),
            (.usRoutingNumber, "routing number:", "991000021"),
            (.nhsNumber, "NHS number", "943 476 5918"), (.canadaSIN, "SIN", "130 692 545"),
            (.canadaSIN, "SIN", "046 454 286"), (.germanTaxID, "Steuer-ID", "86095742718"),
            (.indiaAadhaar, "Aadhaar", "234567890125"), (.indiaPAN, "PAN", "ABCZE1234F"),
            (.australiaTFN, "TFN:", "123 456 783"), (.dutchBSN, "BSN", "111222334"),
            (.usSSN, "SSN", "000904399"), (.passport, "passport", "111111111"),
        ])
    func weakWrong(kind: SensitiveKind, word: String, number: String) {
        #expect(Self.found(kind, in: "\(word) \(number).") == [])
    }

    @Test(
        "a part of a longer number, a UUID or a word is no number",
        arguments: [
            "ORD-4111111111111111", "id_4111111111111111", "4111111111111111-7",
            "0.4111111111111111", "x4111111111111111", "4111111111111111x", "12 123-45-6789-01",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "1 4111 1111 1111 1111",
        ])
    func joined(text: String) {
        #expect(SensitiveScanner.matches(in: text, kinds: [.paymentCard, .usSSN]) == [])
    }

    @Test("an expiry date may follow a card")
    func expiry() {
        #expect(
            Self.found(.paymentCard, in: "4111 1111 1111 1111 12/27 123")
                == ["4111 1111 1111 1111"])
    }

    @Test("a context word of capitals is found only as written, and only whole")
    func contextWords() {
        #expect(Self.found(.canadaSIN, in: "sin 130692544") == [])
        #expect(Self.found(.indiaPAN, in: "the PANEL ABCPE1234F") == [])
        #expect(Self.found(.usSSN, in: "customerSsn=536904399") == ["536904399"])
    }
}
