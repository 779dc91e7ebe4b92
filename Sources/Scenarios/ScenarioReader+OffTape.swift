internal import Cassette
internal import Determinism
internal import Faults
internal import Judgement

extension ScenarioReader {
    mutating func invariants(_ pair: YAMLNode.Pair?) -> [JSONValue] {
        list(pair).compactMap { node in invariant(node) }
    }

    private mutating func invariant(_ node: YAMLNode) -> JSONValue? {
        guard case .mapping(let pairs) = node.content, let first = pairs.first else {
            fail(
                "an invariant must be a map with its name as the key", at: node.place,
                hint: "as '- exit_code: 0'")
            return nil
        }
        let value = node.json.membersSorted
        do throws(InvariantError) {
            _ = try Invariant.parse(value)
            return value
        } catch {
            let blamed = pairs.first { error.path.dropFirst(2).hasPrefix($0.key) } ?? first
            fail(error.message, at: blamed.keyPlace)
            return nil
        }
    }

    mutating func stubs(_ pair: YAMLNode.Pair?) -> [Stub] {
        list(pair).compactMap { node in stub(node) }
    }

    private mutating func stub(_ node: YAMLNode) -> Stub? {
        let what = "an entry of 'stubs'"
        guard let members = members(node, of: what, keys: ScenarioKeys.stub.names) else {
            return nil
        }
        let json = members["json"]
        guard (json == nil) != (members["body"] == nil) else {
            fail("\(what) needs either 'body' or 'json'", at: node.place)
            return nil
        }
        var stub = Stub(body: "")
        stub.upstream = text(members.pair("upstream"))
        stub.route = route(members.pair("route"))
        stub.contains = text(members.pair("contains"))
        let statuses = Int64(Stub.statuses.lowerBound)...Int64(Stub.statuses.upperBound)
        stub.status = whole(members.pair("status"), in: statuses).map { Int($0) } ?? 200
        stub.contentType =
            json == nil ? "text/plain; charset=utf-8" : "application/json"
        if let pair = members.pair("content_type"), let type = text(pair) {
            if !Stub.isHeaderValue(type) {
                fail("'content_type' must not hold control characters", at: pair.value.place)
            }
            stub.contentType = type
        }
        if let json { stub.body = json.json.encodedText() }
        if let body = members["body"] {
            guard case .scalar(let text, _) = body.content else {
                fail(
                    "'body' must be a text, was \(body.kind)", at: body.place,
                    hint: "use 'json' for structured values")
                return nil
            }
            stub.body = text
        }
        return stub
    }

    mutating func normalisers(_ pair: YAMLNode.Pair?) -> [Normaliser] {
        list(pair).compactMap { node in normaliser(node) }
    }

    private mutating func normaliser(_ node: YAMLNode) -> Normaliser? {
        let what = "an entry of 'normalise'"
        guard let members = members(node, of: what, keys: ScenarioKeys.normaliser.names) else {
            return nil
        }
        require("path", in: members, of: what)
        require("as", in: members, of: what)
        let upstream = text(members.pair("upstream"))
        guard let path = text(members.pair("path")),
            let kind = word(members.pair("as"), as: Normaliser.Kind.self)
        else { return nil }
        guard path == "$" || path.hasPrefix("$.") || path.hasPrefix("$[") else {
            if let place = members["path"]?.place {
                fail(
                    "'path' must be a JSON path", at: place,
                    hint: "did you mean '$.\(path)'?", allowed: "as $.messages[*].content")
            }
            return nil
        }
        return Normaliser(upstream: upstream, path: path, kind: kind)
    }
}
