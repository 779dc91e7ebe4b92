import Faults
import Judgement
import Simulation

extension InvariantPairs {
    static let tools = [
        InvariantPair(
            #"{"tool_called":{"tool":"find","at_least":2}}"#, keeps: BudgetRuleTests.uses("ab"),
            breaks: BudgetRuleTests.uses("a"), .atEnd([2], "at least 2 times")),
        InvariantPair(
            #"{"tool_not_called":{"tool":"refund"}}"#, keeps: BudgetRuleTests.uses("a"),
            breaks: ToolRuleTests.usual, .byRequest([4], "refund was used")),
        InvariantPair(
            #"{"tool_order":{"tools":["find","refund"]}}"#, keeps: ToolRuleTests.usual,
            breaks: BudgetRuleTests.uses("a"), .atEnd([2], "refund was not used after")),
        InvariantPair(
            #"{"only_tools":["find"]}"#, keeps: BudgetRuleTests.uses("a"),
            breaks: ToolRuleTests.usual, .byRequest([3], "POST /orders/7/mail")),
        InvariantPair(
            #"{"tool_arguments_valid":true}"#,
            keeps: ToolRuleTests.carriedOut("refund", #"{"order":7}"#, "refunded"),
            breaks: ToolRuleTests.carriedOut("refund", #"{"order":"7"}"#, "refunded"),
            .byRequest([1, 2], "$.order")),
        InvariantPair(
            #"{"bound_arguments":{"from":{"tool":"find","path":"order.id"},"#
                + #""to":{"tool":"refund","path":"order"}}}"#,
            keeps: ToolRuleTests.bound(#"{"order":{"id":7}}"#),
            breaks: ToolRuleTests.bound(#"{"order":{"id":8}}"#),
            .byRequest([3], "no earlier result of find")),
        InvariantPair(
            #"{"no_act_on_truncated":true}"#,
            keeps: ToolRuleTests.carriedOut("refund", #"{"order":7}"#, "refunded"),
            breaks: ToolRuleTests.carriedOut(
                "refund", #"{"order":7}"#, "refunded", finish: "length"),
            .byRequest([1, 2], "ended for length (`length`)")),
        InvariantPair(
            #"{"temporal":"never call(\"POST /refund\") before ok(\"GET /identity/*\")"}"#,
            keeps: TemporalTests.refunds(isChecked: true).ended(),
            breaks: TemporalTests.refunds(isChecked: false).ended(),
            .byRequest([2], "POST /refund was called (exchange 2) before any")),
    ]

    static let effects = [
        InvariantPair(
            #"{"no_repeated_side_effect":true}"#,
            keeps: InvariantTests.refunds(200, .complete, "k", "k"),
            breaks: InvariantTests.refunds(200, .complete, nil, nil), .byRequest([1, 3])),
        InvariantPair(
            #"{"no_duplicate_side_effect":true}"#,
            keeps: ToolRuleTests.twice("refund", #"{"order":7}"#, "done", #"{"order":8}"#),
            breaks: ToolRuleTests.twice("refund", #"{"order":7}"#, "done", #"{"order":7}"#),
            .byRequest([2, 3], "used twice")),
        InvariantPair(
            ToolRuleTests.verified,
            keeps: ToolRuleTests.charged("Error: timed out", #"{"charges":[]}"#),
            breaks: ToolRuleTests.charged("Error: timed out", nil), .byRequest([2, 3])),
    ]
}
