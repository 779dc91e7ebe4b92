internal import Determinism

extension SavedFailure {
    /// A member of the list `saved_failures` of a storm.
    var json: JSONValue {
        .object(
            [
                JSONMember("signature", .string(signature)),
                JSONMember("origin", .string(origin)),
                JSONMember("outcome", .string(outcome)),
            ] + run.reportMembers)
    }
}
