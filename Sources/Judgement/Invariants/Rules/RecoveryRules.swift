internal import Determinism

/// Rules about how an agent comes out of failures, and what it tells its user.
enum RecoveryRules {
    private static let undoneWords =
        "Faults left the task undone when a request that one of them hit got no whole answer in "
        + "any attempt, and nothing made up for it: a later whole answer of any model, or of the "
        + "same route of a tool; or when one fired and the run did not end well."
    private static let userText =
        "What the user sees is the output, and what was written to standard error where that is "
        + "blank."

    static let all = [
        InvariantKind(
            "recovers_within", .retries,
            summary: "After the last fault that fired, its upstream gives a whole answer that is "
                + "no error within so many milliseconds of virtual time, or so many further "
                + "requests to it. Where the answer that the fault changed is itself whole, "
                + "nothing had to recover.",
            parameters: [
                InvariantParameter(
                    "ms", "milliseconds", standard: "no limit",
                    "Counted from the moment at which the agent knew of the failure to the end of "
                        + "the whole answer."),
                InvariantParameter(
                    "calls", "whole number", standard: "no limit",
                    "The most requests to the upstream after the one that the fault hit; at least "
                        + "one of both limits must be given."),
            ],
            example: #"{"calls": 3}"#
        ) { (arguments) throws(InvariantError) in
            try arguments.allow(["ms", "calls"])
            let limit = try RetryRules.milliseconds(arguments.optional("ms"))
            let calls = try arguments.optional("calls")?.whole(
                in: 1...InvariantArguments.countMax)
            guard limit != nil || calls != nil else {
                throw InvariantError(
                    .missingArgument, at: arguments.path, "a limit is missing; add `ms` or `calls`")
            }
            return RecoversWithin(limit: limit, calls: calls)
        },
        InvariantKind(
            "completes_after_faults", .end,
            summary:
                "Where faults fired, the agent still ends by itself with code 0 and its output "
                + "is not blank; one that is a server answers what it is asked.",
            example: "true"
        ) { (arguments) throws(InvariantError) in
            try arguments.isTrue()
            return CompletesAfterFaults()
        },
        InvariantKind(
            "user_informed", .output,
            summary: "Where faults left the task undone the user is told: one of the words is "
                + "there, in any case of letters. " + undoneWords + " " + userText
                + " A fault that leaves an answer whole is not seen by this rule.",
            parameters: [
                InvariantParameter(
                    "words", "list of texts", standard: Mentions.undone.joined(separator: ", "),
                    "Words of which one must be there.")
            ],
            example: #"{"words": ["try again", "could not"]}"#
        ) { (arguments) throws(InvariantError) in
            let options = try arguments.options(["words"])
            return UserInformed(words: try options.optional("words")?.texts() ?? Mentions.undone)
        },
        InvariantKind(
            "graceful_error", .output,
            summary: "Where the run failed, what the user sees is not blank and shows no stack "
                + "trace, no class name of an exception, no HTML and no key. It failed when it did "
                + "not end well or faults left the task undone. " + undoneWords + " " + userText,
            example: "true"
        ) { (arguments) throws(InvariantError) in
            try arguments.isTrue()
            return GracefulError()
        },
    ]
}
