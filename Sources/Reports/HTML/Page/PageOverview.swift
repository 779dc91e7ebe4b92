/// The head of the page, and the tables of faults, invariants and failures.
enum PageOverview {
    static let script = #"""
        // The head of the page, and the tables that say what broke by which fault.
        const fact = (name, value, more) => value === null || value === "" ? null
          : el("div", { class: "fact" }, el("dt", null, name), el("dd", more, value));
        const seedsText = () => {
          const seeds = data.rows.map((row) => row[SEED]).filter((seed) => seed !== null);
          if (!seeds.length) return "";
          return seeds.length === 1 ? seeds[0] : seeds[0] + " \u2026 " + seeds[seeds.length - 1];
        };
        const verdictCounts = () => data.verdicts.map((verdict, place) =>
          [verdict, data.rows.filter((row) => row[VERDICT] === place).length]).filter((one) => one[1]);
        const drawHead = () => {
          const counts = verdictCounts();
          const outcome = { 0: "passed", 3: "off-tape", 4: "nondeterministic", 5: "invalid" }[data.exit]
            || "failed";
          const title = data.kind === "replay" ? "Replay" : "Storm";
          document.title = visible(title + ": " + cut(data.scenario, 120) + " \u00b7 Stormtape");
          empty(byId("head"),
            el("div", { class: "brand" },
              el("button", { type: "button", class: "home", on: { click: () => openRun(null) },
                "aria-label": "Overview" }, el("i", { "aria-hidden": true }), "stormtape"),
              el("span", { class: "tools" },
                button("?", showHelp, { class: "plain", "aria-label": "Keys" }),
                button("\u25d0", turnTheme, { class: "plain", "aria-label": "Light or dark" }))),
            el("h1", null, cut(oneLine(data.scenario), 120)),
            el("p", { class: "sum" }, data.kind === "storm" ? badge(outcome) : null,
              el("span", { class: "bar", role: "img", "aria-label": counts.map((one) =>
                one[1] + " " + one[0]).join(", ") }, counts.map(([verdict, number]) => {
                const part = el("i", { class: toneOf(verdict) });
                part.style.flexGrow = number;
                return part;
              })),
              el("span", { class: "counts" }, counts.map(([verdict, number]) =>
                el("span", { class: toneOf(verdict) }, count(number) + " " + verdict)))),
            el("dl", { class: "facts" },
              data.score && data.kind === "storm" ? fact("score", [data.score, el("small", null,
                data.passed + " of " + plural(data.judged, "run") + " passed: 95 % interval "
                + data.interval)]) : null,
              fact("grade", data.grade && [data.grade, data.reasons.length
                ? el("small", null, cut(data.reasons.join("; "), 300)) : null]),
              fact("seeds", seedsText()),
              fact("digest", data.digest.slice(0, 16), { class: "code", title: data.digest }),
              fact("cassette", data.cassette.slice(0, 16), { class: "code", title: data.cassette }),
              fact("judges", data.waiting),
              fact("exit code", String(data.exit)),
              data.unstable.length ? fact("unstable seeds", data.unstable.join(", ")) : null));
        };

        const cell = (number, tone, share, label, changes) => {
          if (!number) return el("td", { class: "none" }, "\u00b7");
          const isOn = Object.entries(changes).every(([name, value]) => state[name] === value);
          const one = button(count(number), () => toggleFilter(changes), { "aria-label": label,
            "aria-pressed": String(isOn), class: "cell " + tone });
          one.style.setProperty("--share", String(Math.round(12 + 60 * share)) + "%");
          return el("td", null, one);
        };
        const headRow = (first, columns) => el("thead", null, el("tr", null, el("th", { scope: "col" },
          first), columns.map((name) => el("th", { scope: "col", class: "number" }, name))));

        const faultTable = () => {
          const verdicts = verdictCounts().map((one) => one[0]);
          const tally = new Map();
          data.rows.forEach((row) => {
            const verdict = verdictOf(row);
            const met = new Set(faultPlaces(row));
            if (!met.size) met.add(-1);
            for (const place of met) {
              const one = tally.get(place) || { all: 0 };
              one.all += 1;
              one[verdict] = (one[verdict] || 0) + 1;
              tally.set(place, one);
            }
          });
          const families = [...new Set(data.faults.map((fault) => fault[1]))];
          const line = (place) => {
            const [name, , summary] = place < 0 ? ["no fault fired", "", ""] : data.faults[place];
            const one = tally.get(place);
            return el("tr", null, el("th", { scope: "row", title: summary }, name), verdicts.map(
              (verdict) => cell(one[verdict], toneOf(verdict), (one[verdict] || 0) / one.all,
                one[verdict] + " runs " + verdict + " with " + name,
                place < 0 ? { verdict } : { fault: name, verdict })),
              el("td", { class: "number" }, count(one.all)));
          };
          const harm = (place) => -verdicts.filter((verdict) => toneOf(verdict) === "bad")
            .reduce((sum, verdict) => sum + (tally.get(place)[verdict] || 0), 0);
          const bodies = families.map((family) => {
            const places = [...tally.keys()].filter((place) => place >= 0
              && data.faults[place][1] === family);
            places.sort((one, other) => harm(one) - harm(other) || one - other);
            return el("tbody", null, el("tr", { class: "family" }, el("th", { scope: "colgroup",
              colspan: String(verdicts.length + 2) }, button(family, () => toggleFilter({ family }),
              { class: "plain", "aria-pressed": String(state.family === family) }))), places.map(line));
          });
          if (tally.has(-1)) bodies.push(el("tbody", null, line(-1)));
          return el("section", null, el("h2", null, "Faults and verdicts"),
            el("div", { class: "scroll" }, el("table", { class: "matrix" },
              headRow("fault that fired", [...verdicts, "runs"]), bodies)));
        };
        const ruleTable = () => {
          const tally = data.invariants.map(() => [0, 0, 0]);
          for (const row of data.rows) for (const rule of rulesOf(row)) tally[rule[0]][rule[1]] += 1;
          if (!tally.length) return null;
          const outcomes = [["broken", 1, "bad"], ["held", 0, "good"], ["unjudged", 2, "warn"]];
          return el("section", null, el("h2", null, "Invariants"),
            el("div", { class: "scroll" }, el("table", { class: "matrix" },
              headRow("invariant", outcomes.map((one) => one[0])),
              el("tbody", null, tally.map((one, place) => el("tr", null,
                el("th", { scope: "row" }, cut(oneLine(data.invariants[place]), 90)),
                outcomes.map(([outcome, which, tone]) => cell(one[which], tone,
                  one[which] / (one[0] + one[1] + one[2]),
                  one[which] + " runs: " + data.invariants[place] + " " + outcome,
                  { rule: data.invariants[place], outcome }))))))));
        };
        let showsAllGroups = false;
        const groupTable = () => {
          if (!data.groups.length) return null;
          const most = showsAllGroups ? Infinity : 8;
          const line = ([place, number], group) => {
            const row = data.rows[place];
            const faults = [...new Set(faultPlaces(row).map((fault) => data.faults[fault][0]))];
            return el("li", null, button([badge(verdictOf(row)),
              el("span", { class: "why" }, cut(oneLine(data.texts[row[REASON]]), 160)),
              el("span", { class: "dim" }, faults.join(" \u00b7 "))], () => openRun(place),
            { class: "story" }), button(plural(number, "run"), () => toggleFilter({ group:
              String(group) }), { class: "plain", "aria-pressed": String(state.group === String(group)) }));
          };
          const rest = data.groups.length - most;
          return el("section", null, el("h2", null, "What went wrong, in "
            + plural(data.groups.length, "way")),
            el("ol", { class: "stories" }, data.groups.slice(0, most).map(line)),
            rest > 0 ? button("and " + plural(rest, "more kind"), () => {
              showsAllGroups = true;
              drawOverview();
            }, { class: "plain" }) : null);
        };
        const savedTable = () => {
          if (!data.saved || !data.saved.length) return null;
          const rest = data.savedCount - data.saved.length;
          return el("section", null, el("h2", null, plural(data.savedCount, "saved failure")
            + (data.savedCount === 1 ? " still fails" : " still fail")),
            el("ol", { class: "stories" }, data.saved.map(([verdict, signature, origin, reason, line]) =>
              el("li", null, badge(verdict), el("span", { class: "why" }, cut(oneLine(reason), 160)),
                el("span", { class: "dim" }, cut(oneLine(signature), 160) + " \u00b7 from "
                  + cut(oneLine(origin), 160)),
                line && button("copy", () => copy(line, "the command"),
                  { "aria-label": "Copy the command" })))),
            rest > 0 ? el("p", { class: "dim" }, "and " + plural(rest, "more")) : null);
        };
        // What rows leave out is not counted in the tables: the page says so.
        const cutNote = () => {
          const count = data.rows.filter((row) => row[CUT]).length;
          return count ? el("p", { class: "dim" }, "Of " + plural(count, "run") + " not all that fired and "
            + "broke is listed and counted here, or the report would be too large.") : null;
        };
        const drawOverview = () => empty(byId("main"), groupTable(), savedTable(), faultTable(),
          ruleTable(), cutNote());
        """#
}
