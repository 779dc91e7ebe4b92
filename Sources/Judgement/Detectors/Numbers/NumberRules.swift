/// The numbers known by shape and check digits.
///
/// A shape is strong when other data rarely has it, or when its check leaves few chances. A bare
/// run of 9 to 12 digits is always weak: with one check digit every tenth number would match.
extension NumberRule {
    static let all: [NumberRule] = payments + english + european + others + devices

    private static let payments: [NumberRule] = [
        NumberRule(
            .paymentCard,
            strong: [
                "9999999999999999", "999999999999999", "99999999999999", "9999 9999 9999 9999",
                "9999-9999-9999-9999", "9999 999999 99999", "9999-999999-99999",
                "9999 999999 9999", "9999-999999-9999", "9999 9999 9999 9999 999",
            ],
            weak: [
                "999999999999", "9999999999999", "99999999999999999", "999999999999999999",
                "9999999999999999999", "9999 9999 9999",
            ],
            context: ["card", "visa", "credit", "debit", "maestro", "payment", "amex", "PAN"],
            mayBeFollowed: true, proves: PaymentNumbers.card),
        NumberRule(
            .usRoutingNumber, weak: ["999999999"],
            context: ["routing", "ABA", "RTN", "ACH", "wire"],
            proves: PaymentNumbers.usRoutingNumber),
    ]

    private static let english: [NumberRule] = [
        NumberRule(
            .usSSN, strong: ["999-99-9999"], weak: ["999 99 9999", "999999999"],
            context: ["ssn", "social security", "social-security", "social_security"],
            proves: NationalNumbers.usSSN),
        NumberRule(
            .ukNINO, strong: ["AA999999A", "AA 99 99 99 A", "AA-99-99-99-A"],
            proves: { number in
                number.allSatisfy { !$0.isASCIILetter || $0.isASCIIUpper }
                    && NationalNumbers.ukNINO(number)
            }),
        NumberRule(
            .nhsNumber, weak: ["9999999999", "999 999 9999", "999-999-9999"],
            context: ["NHS", "nhs number", "nhs no", "patient"],
            proves: NationalNumbers.nhsNumber),
        NumberRule(
            .canadaSIN, weak: ["999999999", "999 999 999", "999-999-999"],
            context: ["SIN", "social insurance", "NAS", "assurance sociale"],
            proves: NationalNumbers.canadaSIN),
        NumberRule(
            .australiaTFN, weak: ["999999999", "999 999 999", "999-999-999"],
            context: ["tfn", "tax file"], proves: NationalNumbers.australiaTFN),
    ]

    private static let european: [NumberRule] = [
        NumberRule(
            .germanTaxID, strong: ["99 999 999 999"], weak: ["99999999999"],
            context: ["steuer", "idnr", "identifikationsnummer", "tax id", "TIN"],
            proves: NationalNumbers.germanTaxID),
        NumberRule(
            .frenchNIR,
            strong: [
                "999999999999999", "999999A99999999", "9 99 99 99 999 999 99",
                "9 99 99 9A 999 999 99",
            ],
            proves: NationalNumbers.frenchNIR),
        NumberRule(
            .spanishDNI,
            strong: [
                "99999999A", "99999999-A", "99.999.999-A", "A9999999A", "A-9999999-A", "A9999999-A",
            ],
            proves: { number in
                number.allSatisfy { !$0.isASCIILetter || $0.isASCIIUpper }
                    && NationalNumbers.spanishDNI(number)
            }),
        NumberRule(
            .italianFiscalCode, strong: ["AAAAAAXXAXXAXXXA", "AAA AAA XXAXX AXXXA"],
            proves: NationalNumbers.italianFiscalCode),
        NumberRule(
            .dutchBSN, weak: ["999999999", "999.999.999", "9999.99.999", "9999 99 999"],
            context: ["bsn", "burgerservicenummer", "sofi"], proves: NationalNumbers.dutchBSN),
    ]

    private static let others: [NumberRule] = [
        NumberRule(
            .brazilCPF, strong: ["999.999.999-99"], weak: ["99999999999"], context: ["cpf"],
            proves: NationalNumbers.brazilCPF),
        NumberRule(
            .brazilCNPJ, strong: ["XX.XXX.XXX/XXXX-99"], weak: ["XXXXXXXXXXXX99"],
            context: ["cnpj"], proves: NationalNumbers.brazilCNPJ),
        NumberRule(
            .indiaAadhaar, strong: ["9999 9999 9999", "9999-9999-9999"], weak: ["999999999999"],
            context: ["aadhaar", "aadhar", "uidai", "UID"],
            proves: NationalNumbers.indiaAadhaar),
        NumberRule(
            .indiaPAN, weak: ["AAAAA9999A"],
            context: [
                "PAN", "permanent account", "income tax", "pan card", "pan number", "pan no",
            ],
            proves: NationalNumbers.indiaPAN),
        NumberRule(
            .passport, weak: ["999999999", "A99999999", "AA9999999", "A9999999", "99AA99999"],
            context: ["passport", "passeport", "reisepass", "pasaporte"],
            proves: { Set($0).count > 2 }),
    ]

    /// Addresses of nobody and of all are not addresses of a device.
    private static let devices: [NumberRule] = [
        NumberRule(
            .mac, strong: ["HH:HH:HH:HH:HH:HH", "HH-HH-HH-HH-HH-HH", "HHHH.HHHH.HHHH"],
            proves: { Set($0).count > 1 })
    ]

    /// A rule and one of its shapes.
    struct Entry: Sendable {
        let rule: NumberRule
        let shape: NumberShape
        let isWeak: Bool
    }

    static let firstGroupMax = 19

    /// The entries by the length of the first group, so that a token is compared with few.
    static let entries: [[Entry]] = {
        var table = Array(repeating: [Entry](), count: firstGroupMax + 1)
        for rule in all {
            for shape in rule.strong where shape.firstGroup <= firstGroupMax {
                table[shape.firstGroup].append(Entry(rule: rule, shape: shape, isWeak: false))
            }
            for shape in rule.weak where shape.firstGroup <= firstGroupMax {
                table[shape.firstGroup].append(Entry(rule: rule, shape: shape, isWeak: true))
            }
        }
        return table
    }()
}
