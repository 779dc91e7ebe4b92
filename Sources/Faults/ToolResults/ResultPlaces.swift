import Cassette
import Determinism

/// Which value of a tool's result a fault changes: a JSON Pointer, or its number among those that
/// fit, which the seed draws.
struct ResultPlaces: Sendable {
    private let parameter: String
    private let name: String
    private let fits: @Sendable (JSONPlace, JSONValue) -> Bool
    private let orWhole: @Sendable (ToolResult) -> Bool

    private init(
        _ parameter: String = "place", of name: String,
        orWhole: @escaping @Sendable (ToolResult) -> Bool = { _ in false },
        where fits: @escaping @Sendable (JSONPlace, JSONValue) -> Bool
    ) {
        self.parameter = parameter
        self.name = name
        self.fits = fits
        self.orWhole = orWhole
    }

    /// The texts, or all of a result that is plain text or an object without any.
    static let textsOrWhole = ResultPlaces(
        of: "text",
        orWhole: { result in
            guard let json = try? result.json() else { return result.text != nil }
            return json.objectValue != nil
        },
        where: { _, value in value.stringValue != nil })

    /// The texts that are not empty, or all of a result that is such a plain text.
    static let nonEmptyTexts = ResultPlaces(
        of: "text",
        orWhole: { result in
            (try? result.json()) == nil && result.text?.isEmpty == false
        },
        where: { _, value in value.stringValue?.isEmpty == false })

    /// The texts that begin with a date.
    static let dates = ResultPlaces(of: "date") { _, value in
        value.stringValue.flatMap { CivilDate(prefixOf: $0) } != nil
    }

    /// The numbers, and the texts that begin with a date.
    static let numbersAndDates = ResultPlaces(of: "number or date") { _, value in
        PlausibleLie.fits(value)
    }

    /// The values that hold no others.
    static let scalars = ResultPlaces(of: "value") { _, value in JSONEdge.fits(value) }

    /// The members of objects.
    static let members = ResultPlaces("member", of: "member") { place, _ in place.key != nil }

    /// The places that fit, in the order of the text.
    func all(in json: JSONValue) -> [JSONPlace] {
        JSONPlace.all(in: json, wherePlaced: fits)
    }

    /// The parameters that name one of them.
    var parameters: [ParameterSpec] {
        let summary = "Which \(name) is meant, from 1 in the order of the text."
        return [
            .place(parameter, from: 1, summary) { delivery, context in
                guard let result = try? ToolResult(delivery, context) else { return nil }
                let count = Int64((try? result.json()).map { all(in: $0).count } ?? 0)
                if count > 0 { return 1...count }
                return orWhole(result) ? 1...1 : nil
            },
            ParameterSpec(
                "pointer", .text, default: .fixed(""),
                "A JSON Pointer that names it instead, as /items/0/price; empty for none."),
        ]
    }

    /// The place that parameters name.
    func chosen(
        in json: JSONValue, _ parameters: FaultParameters
    ) throws(Inapplicable) -> JSONPlace {
        let pointer = parameters.text("pointer")
        let places = all(in: json)
        if !pointer.isEmpty {
            guard let place = places.first(where: { $0.pointer == pointer }) else {
                throw Inapplicable("the result has no \(name) at \(pointer)")
            }
            return place
        }
        let number = parameters.integer(parameter)
        guard number >= 1, number <= places.count else {
            throw Inapplicable("the result has \(places.count) values that are a \(name)")
        }
        return places[Int(number) - 1]
    }
}
