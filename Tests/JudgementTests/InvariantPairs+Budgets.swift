import Judgement
import Simulation

extension InvariantPairs {
    static let budgets = [
        InvariantPair(
            #"{"max_calls":{"upstream":"openai","count":1}}"#, keeps: RetryRuleTests.attempts([]),
            breaks: RetryRuleTests.attempts([0]), .byRequest([2])),
        InvariantPair(
            #"{"max_virtual_time_ms":80}"#, keeps: RetryRuleTests.attempts([70]),
            breaks: RetryRuleTests.attempts([80]),
            .byDelivery([1], "the run took 90 ms of virtual time, at most 80 ms allowed")),
        InvariantPair(
            #"{"latency":{"max_ms":100}}"#, keeps: TextRuleTests.taking(90),
            breaks: TextRuleTests.taking(100), .byDelivery([1], "110 ms")),
        InvariantPair(
            #"{"time_to_first_output_ms":50}"#, keeps: BudgetRuleTests.speaking(at: 50),
            breaks: BudgetRuleTests.speaking(at: 60), .byDelivery([1], "after 60 ms")),
        InvariantPair(
            #"{"max_steps":1}"#, keeps: BudgetRuleTests.uses(""),
            breaks: BudgetRuleTests.uses("a"), .byDelivery([2], "at most 1 allowed")),
        InvariantPair(
            #"{"max_model_calls":1}"#, keeps: BudgetRuleTests.uses(""),
            breaks: BudgetRuleTests.uses("a"), .byRequest([2], "2 times")),
        InvariantPair(
            #"{"max_tool_calls":1}"#, keeps: BudgetRuleTests.uses("a"),
            breaks: BudgetRuleTests.uses("ab"), .byRequest([3], "2 times")),
        InvariantPair(
            #"{"token_budget":329}"#, keeps: BudgetRuleTests.answer("gpt-4o", "100+10"),
            breaks: BudgetRuleTests.answer("gpt-4o", "100+10 200+20"),
            .byDelivery([2], "came to 330 tokens")),
        // 1,000 times 2.50 and 100 times 10.00, for a million: 0.0035.
        InvariantPair(
            BudgetRuleTests.priced("0.0035"),
            keeps: BudgetRuleTests.answer("gpt-4o", "1000+100"),
            breaks: BudgetRuleTests.answer("gpt-4o", "1000+101"),
            .byDelivery([1], "at most 0.0035 USD allowed")),
        InvariantPair(
            #"{"no_loop":true}"#, keeps: BudgetRuleTests.uses("aab"),
            breaks: BudgetRuleTests.uses("aaa"),
            .byRequest([2, 3, 4], "3 times with equal arguments")),
        InvariantPair(
            #"{"progress":{"every":3}}"#, keeps: BudgetRuleTests.uses("abc"),
            breaks: BudgetRuleTests.uses("abbbb"), .byDelivery([3, 4, 5])),
    ]
}
