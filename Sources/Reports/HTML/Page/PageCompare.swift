/// A run beside the undisturbed one.
enum PageCompare {
    static let script = #"""
        // This run beside the undisturbed one. Exchanges are paired by what was asked, take and attempt.
        const anchorOf = (exchange) => exchange.fp ? exchange.fp + "/" + exchange.take + "/"
          + exchange.attempt : "";
        const routeOf = (exchange) => exchange.up + " " + exchange.route;
        const align = (here, there) => {
          const places = new Map(there.map((exchange, place) => [anchorOf(exchange), place]));
          const used = new Set(), pairs = [];
          for (const one of here) {
            const place = one.take > 0 ? places.get(anchorOf(one)) : undefined;
            const isPaired = place !== undefined && !used.has(place);
            if (isPaired) used.add(place);
            pairs.push([one, isPaired ? place : null]);
          }
          // A request that was asked in other words takes the first of the same route that is left.
          for (const pair of pairs) {
            if (pair[1] !== null || pair[0].attempt > 1) continue;
            const place = there.findIndex((other, at) => !used.has(at)
              && routeOf(other) === routeOf(pair[0]));
            if (place >= 0) { used.add(place); pair[1] = place; pair.push("asked"); }
          }
          const out = [];
          let next = 0;
          const rest = (until) => {
            for (; next < until; next += 1) if (!used.has(next)) out.push([null, there[next], "only there"]);
          };
          for (const [one, place, asked] of pairs) {
            if (place === null) { out.push([one, null, "only here"]); continue; }
            rest(place);
            const other = there[place];
            const isSame = one.del === other.del && one.status === other.status
              && one.ending === other.ending;
            out.push([one, other, asked ? "asked otherwise" : isSame ? (one.dur === other.dur ? "same"
              : "same, other time") : "changed"]);
          }
          rest(there.length);
          return out;
        };
        const sideView = (exchange) => exchange === null ? el("span", { class: "none" }, "\u2014")
          : [el("b", null, exchange.id), " ", el("span", null, cut(oneLine(exchange.route), 60)), " ",
            el("span", { class: isFine(exchange) ? "good" : "bad" }, outcomeOf(exchange)),
            el("span", { class: "dim" }, exchange.at === null ? "" : " at " + shortTime(exchange.at))];
        const compareView = (run) => {
          const calm = read("undisturbed");
          if (!calm) return null;
          const tones = { same: "", changed: "bad", "only here": "warn", "only there": "warn",
            "asked otherwise": "warn", "same, other time": "" };
          const line = ([here, there, what]) => {
            const row = el("tr", { class: "pair " + what.replace(/\W+/g, "-") },
              el("td", null, sideView(there)), el("td", { class: "what " + tones[what] }, what),
              el("td", null, sideView(here)));
            if (what !== "changed" && what !== "asked otherwise") return row;
            const kind = what === "changed" ? "del" : "req";
            const before = bodyOf(there[kind]), after = bodyOf(here[kind]);
            if (!before || !after || before.place === after.place) return row;
            const place = el("td", { colspan: "3" });
            const details = el("details", { on: { toggle: () => {
              if (place.querySelector(".diff")) return;
              details.append(differenceView(before.text, after.text));
            } } }, el("summary", null, kind === "del" ? "the answers compared" : "the requests compared"));
            place.append(details);
            return [row, el("tr", { class: "more" }, place)];
          };
          return el("section", null, el("h3", null, "Beside the undisturbed run"),
            el("div", { class: "scroll" }, el("table", { class: "compare" },
              el("thead", null, el("tr", null, el("th", { scope: "col" }, "undisturbed"), el("th",
                { scope: "col" }, ""), el("th", { scope: "col" }, "this run"))),
              el("tbody", null, align(run.exchanges, calm.exchanges).map(line),
                el("tr", null, el("td", null, "the agent " + calm.ending), el("td", { class: "what"
                  + (calm.ending === run.ending ? "" : " bad") }, calm.ending === run.ending ? "same"
                  : "changed"), el("td", null, "the agent " + run.ending))))));
        };
        """#
}
