/// Finds dates beside a word of birth.
enum BirthDateFinder {
    private static let context = ContextWords([
        "born", "birth", "DOB", "dob", "geburtsdatum", "geboren", "naissance", "nacimiento",
        "nacido", "nascita", "nascimento",
    ])
    private static let wordMax = 40

    static func scan(_ bytes: [UInt8], _ sink: inout SensitiveSink) {
        var place = 0
        while place < bytes.count {
            guard let date = WrittenDate.read(bytes, at: place) else {
                place = WrittenDate.next(bytes, after: place)
                continue
            }
            let hasYear = date.readings.contains { (1900...2100).contains($0.year ?? 0) }
            if hasYear,
                context.occur(before: place, within: wordMax, in: bytes)
            {
                sink.add(.dateOfBirth, place..<date.end, in: bytes)
            }
            place = date.end
        }
    }
}
