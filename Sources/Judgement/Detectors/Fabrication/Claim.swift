/// A fact in a text that can be looked up in what the agent was given.
package struct Claim: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case number
        case date
        case time
        case identifier
        case url
        case email
    }

    package let kind: Kind
    /// The bytes of the text.
    package let range: Range<Int>
    /// As it stands in the text.
    package let text: String
    /// The forms in which it is compared: any of them among the sources' is enough.
    let forms: [ClaimForm]
}

/// What is compared of a claim.
enum ClaimForm: Hashable, Sendable {
    case number(PlainDecimal)
    case day(CalendarDay)
    /// Minutes of the day, and seconds when they are given.
    case time(minutes: Int, seconds: Int?)
    /// Lower case, without separators; between two digits one mark stays, so that `1.2.34` is not
    /// `12.3.4`.
    case identifier([UInt8])
    /// Scheme and host in lower case, without a slash at the end.
    case address([UInt8])

    /// The form of an identifier as it is written.
    init(identifier token: ArraySlice<UInt8>) {
        var form: [UInt8] = []
        var isApart = false
        for byte in token.lowered {
            guard byte.isASCIIAlphanumeric || byte >= 0x80 else {
                isApart = true
                continue
            }
            if isApart, byte.isASCIIDigit, form.last?.isASCIIDigit == true { form.append(0x2E) }
            form.append(byte)
            isApart = false
        }
        self = .identifier(form)
    }
}
