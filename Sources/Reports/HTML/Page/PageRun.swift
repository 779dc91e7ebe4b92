/// The view of one run.
enum PageRun {
    static let script = #"""
        // One run: why it is what it is, its time, its exchanges.
        const runs = new Map();
        const runOf = (place) => {
          if (!runs.has(place)) runs.set(place, shownRuns.has(place) ? read("run-" + place) : null);
          return runs.get(place);
        };
        const reproduceOf = (place) => {
          const run = runOf(place), row = data.rows[place];
          if (run && run.reproduce) return run.reproduce;
          if (data.command.length < 2) return null;
          if (row[PLAN]) return data.command[0] + row[PLAN] + data.command[1];
          if (row[SEED] === null) return null;
          return data.command[0].replace(/--plan $/, "--scenario FILE --seed " + row[SEED])
            + data.command[1];
        };
        const reproduceView = (place) => {
          const line = reproduceOf(place);
          return line && el("div", { class: "reproduce" }, el("code", { tabindex: "0" }, oneLine(line)),
            button("copy", () => copy(line, "the command"), { "aria-label": "Copy the command" }));
        };
        const witnessLinks = (numbers) => numbers.map((number) => [" ", button(String(number),
          () => jumpTo(number), { class: "witness", "aria-label": "Go to exchange " + number })]);
        const rulesView = (rules) => {
          const order = [...rules.filter((rule) => !rule.passed), ...rules.filter((rule) => rule.passed)];
          const isBusy = rules.length > 8 && rules.some((rule) => !rule.passed);
          const first = isBusy ? rules.filter((rule) => !rule.passed) : order;
          const rest = isBusy ? rules.filter((rule) => rule.passed) : [];
          return el("section", null, el("h3", null, "Invariants"), ruleList(first),
            rest.length ? el("details", null, el("summary", null, plural(rest.length, "other") + " held"),
              ruleList(rest)) : null);
        };
        const ruleList = (rules) => el("ul", { class: "rules" },
            rules.map((rule) => el("li", { class: rule.passed ? rule.judged ? "held" : "unjudged"
              : "broken" }, el("span", { class: "mark " + (rule.passed ? rule.judged ? "good" : "warn"
              : "bad"), "aria-label": rule.passed ? rule.judged ? "held" : "not judged" : "broken" },
            rule.passed ? rule.judged ? "\u2713" : "\u25cb" : "\u2717"),
            el("div", null, el("b", null, cut(oneLine(rule.id), 140)), el("p", null,
              cut(oneLine(rule.message), 400), rule.seen ? el("span", { class: "dim" }, " " + rule.seen)
                : null, rule.witnesses.length ? el("span", { class: "dim" }, " exchange",
                witnessLinks(rule.witnesses)) : null)))));
        const outputView = (name, place) => {
          const body = bodyOf(place === null ? -1 : place);
          return body && el("details", null, el("summary", null, name + ", the last "
            + plural(body.total, "byte")), bodyView(body));
        };
        const endView = (run) => el("section", null, el("h3", null, "End"),
          el("p", null, "The agent " + run.ending + "."),
          run.foreign.map((address) => el("p", { class: "bad" }, "It tried to reach " + oneLine(address)
            + ", which is no mount.")),
          run.asked.map((one) => el("details", null, el("summary", null, "asked: ", one.route, " ",
            el("span", { class: one.fine ? "good" : "bad" }, one.outcome)), bodyView(bodyOf(one.body)))),
          outputView("standard output", run.out), outputView("standard error", run.err),
          run.err === null ? el("p", { class: "dim" }, "Standard error is left out: at this grade nothing "
            + "vouches that it repeats.") : null);
        const unmetView = (run) => run.unreached.length === 0 ? null : el("p", { class: "dim" },
          "Never reached: " + run.unreached.slice(0, 12).map((one) => one.fault + " at " + one.anchor)
            .join("; ") + (run.unreached.length > 12 ? " and " + (run.unreached.length - 12) + " more" : ""));
        const briefRules = (row) => rulesOf(row).map(([rule, outcome, text]) => ({
          id: data.invariants[rule], passed: outcome !== 1, judged: outcome !== 2, witnesses: [],
          message: text < 0 ? "" : data.texts[text], seen: null }));
        const briefView = (row) => {
          const group = data.groups[row[GROUP]];
          return [el("p", { class: "dim" }, "This run has a row and no more, so that the report stays small. ",
            group && group[0] !== state.run ? ["It failed like ", button(seedText(data.rows[group[0]]),
              () => openRun(group[0]), { class: "plain" }), shownRuns.has(group[0]) ? ", which is shown in full."
              : "."] : null),
          row[FAULTS].length ? el("ul", null, faultPlaces(row).map((fault, at) => el("li", null,
            "\u26a1 " + data.faults[fault][0], el("span", { class: "dim" }, " on exchange "
              + row[FAULTS][2 * at + 1] + " \u00b7 " + data.faults[fault][2])))) : null,
          rulesView(briefRules(row)),
          row[CUT] ? el("p", { class: "dim" }, "Not all that fired and broke is listed here, or the report "
            + "would be too large.") : null];
        };
        const drawRun = (place) => {
          const row = data.rows[place], run = runOf(place);
          const witnesses = run ? run.invariants.filter((rule) => !rule.passed)
            .flatMap((rule) => rule.witnesses) : [];
          const group = data.groups[row[GROUP]];
          const head = el("section", { class: "run-head" },
            data.kind === "storm" ? button("\u2190 overview", () => openRun(null), { class: "plain back" })
              : null,
            el("h2", null, badge(verdictOf(row)), " ", seedText(row)),
            row[REASON] < 0 || !data.texts[row[REASON]] ? null : el("p", { class: "lead" },
              cut(oneLine(data.texts[row[REASON]]), 600)),
            el("dl", { class: "facts" }, fact("time", shortTime(row[TIME]) + " virtual"),
              fact("exchanges", String(row[ASKED])), fact("grade", run ? run.grade : row[GRADE]),
              fact("digest", row[DIGEST], { class: "code", title: run ? run.digest : row[DIGEST] }),
              group && group[1] > 1 ? fact("like it", button(plural(group[1], "run"), () =>
                setFilter({ group: String(row[GROUP]) }), { class: "plain" })) : null,
              row[PROMPT] >= 0 ? fact("prompt", cut(data.prompts[row[PROMPT]], 300)) : null),
            run && !run.same ? el("p", { class: "bad" }, "What is shown is another run of the same plan: "
              + "it did not repeat.") : null,
            run && run.short ? el("p", { class: "dim" }, "Shown in short, or the page would be too large"
              + (data.kind === "storm" && reproduceOf(place)
                ? ": the line below shows more of it, with --format html." : ".")) : null,
            reproduceView(place),
            run ? el("p", { class: "actions" }, button("copy as prompt", () => copy(promptOf(place),
              "the prompt"), { title: "A summary for a language model" })) : null);
          if (!run) return empty(byId("main"), head, briefView(row));
          return empty(byId("main"), head, rulesView(run.invariants),
            timeline(run, witnesses, jumpTo), el("section", null, el("h3", null, "Exchanges"),
              run.exchanges.map((exchange) => exchangeView(run, exchange, witnesses)),
              run.count > run.exchanges.length ? el("p", { class: "dim" }, plural(run.count
                - run.exchanges.length, "more exchange")) : null, unmetView(run)),
            compareView(run), endView(run));
        };
        const drawMain = () => {
          hideTip();
          document.body.classList.toggle("in-run", state.run !== null);
          if (state.run === null) drawOverview(); else drawRun(state.run);
          const top = byId("frame").offsetTop;
          if (scrollY > top || innerWidth <= 820) scrollTo(0, innerWidth <= 820 ? 0 : top);
          drawList(false);
        };
        """#
}
