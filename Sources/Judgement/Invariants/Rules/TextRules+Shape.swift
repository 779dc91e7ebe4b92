internal import Cassette
internal import Determinism
internal import Simulation

extension TextRules {
    static let shapes = [
        InvariantKind(
            "output_not_empty", .output, summary: "The output is more than blanks.",
            example: "true"
        ) { (arguments) throws(InvariantError) in
            _ = try arguments.options([])
            return NotEmpty()
        },
        InvariantKind(
            "completes", .end,
            summary: "The agent ends by itself: it does not hang, crash or meet a limit, and, when "
                + "it is a server, answers every question.",
            example: "true"
        ) { (arguments) throws(InvariantError) in
            _ = try arguments.options([])
            return Completes()
        },
        InvariantKind(
            "word_count", .output, summary: "The output has so many words.",
            parameters: [
                InvariantParameter("min", "whole number", standard: "0", "The least number."),
                InvariantParameter("max", "whole number", standard: "any", "The greatest number."),
            ],
            example: #"{"min": 5, "max": 200}"#
        ) { (arguments) throws(InvariantError) in
            try arguments.allow(["min", "max"])
            let least = try arguments.optional("min")?.whole(in: 0...InvariantArguments.countMax)
            let most = try arguments.optional("max")?.whole(in: 0...InvariantArguments.countMax)
            guard least != nil || most != nil, least ?? 0 <= most ?? .max else {
                throw InvariantError(
                    .wrongValue, at: arguments.path,
                    "give `min`, `max` or both, and `min` not above `max`")
            }
            return WordCount(least: least ?? 0, most: most)
        },
        InvariantKind(
            "no_mojibake", .output,
            summary: "The output is UTF-8 that nobody decoded wrongly: no U+FFFD, no `Ã©`.",
            example: "true"
        ) { (arguments) throws(InvariantError) in
            _ = try arguments.options([])
            return NoMojibake()
        },
        InvariantKind(
            "language", .output,
            summary: "So great a share of the output's letters is of this script.",
            parameters: [
                InvariantParameter(
                    "script", Script.all.map(\.name).joined(separator: ", "),
                    "The script; the short form is the script alone."),
                InvariantParameter("share", "share from 0 to 1", standard: "0.8", "The least."),
            ],
            example: #"{"script": "latin", "share": 0.9}"#
        ) { (arguments) throws(InvariantError) in
            if arguments.isObject { try arguments.allow(["script", "share"]) }
            let word = arguments.isObject ? try arguments.required("script") : arguments
            let name = try word.word(of: Script.all.map(\.name))
            return Language(
                script: Script.all.first { $0.name == name } ?? .latin,
                share: try arguments.optional("share")?.share() ?? Ratio(4, 5) ?? .always)
        },
        FinishReason.kind,
    ]

    struct NotEmpty: InvariantRule {
        var id: String { "output_not_empty" }

        func check(_ conduct: Conduct) -> Finding {
            conduct.outputTexts.contains(where: OutputText.isBlank)
                ? .brokenAtEnd("the output is empty or blank") : .holds("there is output")
        }
    }

    struct Completes: InvariantRule {
        var id: String { "completes" }

        func check(_ conduct: Conduct) -> Finding {
            let trace = conduct.trace
            if let crash = CrashSignature.reason(trace) { return .brokenAtEnd(crash) }
            let seen = "the agent \(EndText.text(of: trace.end))"
            switch trace.end {
            case .exited(.code), .dismissed:
                guard let failed = trace.asked.first(where: { !$0.isFine }) else {
                    return .holds(seen)
                }
                return .brokenAtEnd("the agent \(AskedText.failure(failed))")
            case .exited(.signal), .stopped, .wallLimit, nil:
                return .brokenAtEnd(seen)
            }
        }
    }

    /// Words are what blanks part.
    struct WordCount: InvariantRule {
        let least: Int
        let most: Int?

        var id: String { "word_count in \(least)...\(most.map { String($0) } ?? "")" }

        func check(_ conduct: Conduct) -> Finding {
            var counts: [Int] = []
            for output in conduct.outputTexts {
                let count = output.unicodeScalars.split(whereSeparator: \.properties.isWhitespace)
                    .count
                guard count >= least, count <= most ?? .max else {
                    let limit = count < least ? "at least \(least)" : "at most \(most ?? 0)"
                    return .brokenAtEnd("the output has \(count) words, \(limit) allowed")
                }
                counts.append(count)
            }
            return .holds("the output has \(counts.first ?? 0) words")
        }
    }

    struct NoMojibake: InvariantRule {
        var id: String { "no_mojibake" }

        func check(_ conduct: Conduct) -> Finding {
            for (bytes, text) in zip(conduct.outputs, conduct.outputTexts) {
                if !bytes.elementsEqual(text.utf8) {
                    return .brokenAtEnd("the output is not UTF-8")
                }
                if let place = Mojibake.first(in: Array(text.unicodeScalars)) {
                    return .brokenAtEnd(
                        "the output has wrongly decoded text: \(OutputText.quoted(place))")
                }
            }
            return .holds("the output is clean UTF-8")
        }
    }

    struct Language: InvariantRule {
        let script: Script
        let share: Ratio

        var id: String { "language(\(script.name)) >= \(share)" }

        func check(_ conduct: Conduct) -> Finding {
            var (letters, own) = (0, 0)
            for output in conduct.outputTexts {
                for scalar in output.unicodeScalars where scalar.properties.isAlphabetic {
                    letters += 1
                    if script.contains(scalar) { own += 1 }
                }
            }
            guard letters > 0 else { return .unjudged("the output has no letters") }
            let seen = "\(own) of \(letters) letters are \(script.name)"
            let isEnough =
                UInt64(own).multipliedReportingOverflow(by: UInt64(share.denominator)).partialValue
                >= UInt64(letters).multipliedReportingOverflow(by: UInt64(share.numerator))
                .partialValue
            return isEnough ? .holds(seen) : .brokenAtEnd(seen)
        }
    }
}
