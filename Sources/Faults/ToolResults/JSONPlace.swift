import Determinism

/// Where a value stands inside a JSON document.
struct JSONPlace: Hashable {
    /// One step down.
    private enum Step: Hashable {
        /// The n-th member of an object and its name.
        case member(Int, String)
        /// The n-th element of an array.
        case element(Int)
    }

    private var steps: [Step] = []

    /// So many places are looked at in one document.
    private static let visitedMax = 200_000

    /// The places of all values that fit, in the order of the text.
    static func all(in json: JSONValue, where fits: (JSONValue) -> Bool) -> [JSONPlace] {
        all(in: json) { _, value in fits(value) }
    }

    /// The same where it also matters where they stand.
    static func all(
        in json: JSONValue, wherePlaced fits: (JSONPlace, JSONValue) -> Bool
    ) -> [JSONPlace] {
        var found: [JSONPlace] = []
        var visited = 0
        func visit(_ value: JSONValue, _ place: JSONPlace) {
            visited += 1
            guard visited <= visitedMax else { return }
            if fits(place, value) { found.append(place) }
            switch value {
            case .array(let elements):
                for (index, element) in elements.enumerated() {
                    visit(element, place.appending(.element(index)))
                }
            case .object(let members):
                for (index, member) in members.enumerated() {
                    visit(member.value, place.appending(.member(index, member.key)))
                }
            case .null, .bool, .number, .string: break
            }
        }
        visit(json, JSONPlace())
        return found
    }

    /// As a JSON Pointer (RFC 6901).
    var pointer: String {
        steps.map { step in
            switch step {
            case .element(let index): "/\(index)"
            case .member(_, let key):
                "/"
                    + key.unicodeScalars.map { scalar in
                        switch scalar {
                        case "~": "~0"
                        case "/": "~1"
                        default: String(scalar)
                        }
                    }.joined()
            }
        }.joined()
    }

    /// The name of the member that the value is; nil for elements and the whole.
    var key: String? {
        if case .member(_, let key) = steps.last { key } else { nil }
    }

    /// The value at this place.
    func value(in json: JSONValue) -> JSONValue? {
        var value = json
        for step in steps {
            guard let next = JSONPlace.child(of: value, step) else { return nil }
            value = next
        }
        return value
    }

    /// The document with another value at this place.
    func replacing(in json: JSONValue, by value: JSONValue) -> JSONValue {
        changing(json, steps[...]) { _ in value }
    }

    /// The document with the member that stands here changed: its name, its value, or both; none
    /// removes it, several put more than one there.
    func changingMember(
        in json: JSONValue, _ change: (JSONMember) -> [JSONMember]
    ) -> JSONValue {
        guard case .member(let index, _) = steps.last else { return json }
        return changing(json, steps.dropLast()) { parent in
            guard var members = parent.objectValue, members.indices.contains(index) else {
                return parent
            }
            members.replaceSubrange(index...index, with: change(members[index]))
            return .object(members)
        }
    }

    private func changing(
        _ json: JSONValue, _ rest: ArraySlice<Step>, _ change: (JSONValue) -> JSONValue
    ) -> JSONValue {
        guard let step = rest.first else { return change(json) }
        switch (json, step) {
        case (.array(var elements), .element(let index)) where elements.indices.contains(index):
            elements[index] = changing(elements[index], rest.dropFirst(), change)
            return .array(elements)
        case (.object(var members), .member(let index, _)) where members.indices.contains(index):
            members[index].value = changing(members[index].value, rest.dropFirst(), change)
            return .object(members)
        default: return json
        }
    }

    private static func child(of value: JSONValue, _ step: Step) -> JSONValue? {
        switch (value, step) {
        case (.array(let elements), .element(let index)):
            elements.indices.contains(index) ? elements[index] : nil
        case (.object(let members), .member(let index, _)):
            members.indices.contains(index) ? members[index].value : nil
        default: nil
        }
    }

    private func appending(_ step: Step) -> JSONPlace {
        var place = self
        place.steps.append(step)
        return place
    }
}
