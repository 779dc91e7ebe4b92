/// The exchanges of a run, with their requests and answers.
enum PageExchange {
    static let script = #"""
        // One exchange after the other: what was asked, and what was made of the recorded answer.
        const faultsOn = (run, id) => run.met.filter((met) => met.exchange === id);
        const changeOf = (exchange) => {
          if (exchange.rec === undefined || exchange.rec < 0) return "not recorded";
          const isSame = exchange.rec === exchange.del;
          if (isSame && exchange.recHead === null && exchange.recStatus === exchange.status) {
            return exchange.ending === "complete" ? "" : "cut";
          }
          return isSame ? "head changed" : "changed";
        };
        const isCutShort = (exchange) => Number.isInteger(exchange.sent)
          && exchange.sent < exchange.stepCount;
        const answerView = (exchange) => {
          const recorded = bodyOf(exchange.rec), delivered = bodyOf(exchange.del);
          const heads = exchange.recHead !== null && exchange.recHead !== undefined;
          const status = exchange.recStatus === null || exchange.recStatus === undefined
            || exchange.recStatus === exchange.status ? null : el("p", { class: "status-change" },
            "status ", el("del", null, exchange.recStatus), " ", el("ins", null,
              exchange.status === null ? "none" : exchange.status));
          if (!recorded) return [status, bodyView(delivered)];
          const isSame = exchange.rec === exchange.del;
          return [status,
            heads && exchange.recHead !== exchange.head && exchange.head ? el("details", null,
              el("summary", null, "header lines that changed"), differenceView(exchange.recHead,
                exchange.head)) : null,
            isSame ? [el("p", { class: "dim" }, isCutShort(exchange)
              ? "as recorded, but not all of it was written" : "delivered as recorded"), bodyView(delivered)]
              : delivered && recorded.text === delivered.text ? [el("p", { class: "dim" },
                "They differ behind what this report keeps of them."), bodyView(delivered)]
              : differenceView(recorded.text, delivered ? delivered.text : ""),
            isSame ? null : el("p", { class: "key" }, el("del", null, "recorded"), " ", el("ins", null,
              "delivered")),
            isSame ? null : leftOut(recorded)];
        };
        const exchangeView = (run, exchange, witnesses) => {
          const met = faultsOn(run, exchange.id);
          const change = changeOf(exchange);
          const inside = el("div", { class: "inside" });
          const fillIn = () => {
            if (inside.firstChild) return;
            const request = bodyOf(exchange.req);
            fill(inside, [
              exchange.miss.length ? el("div", { class: "code miss" }, exchange.miss.map((line) =>
                el("div", null, cut(line, longLine)))) : null,
              met.map((one) => el("p", { class: "met " + one.fate }, el("b", null, "\u26a1 " + one.fault),
                " ", one.note || one.fate, el("span", { class: "dim" }, one.parameters + (one.parameters
                  ? ", " : "") + "at " + one.anchor))),
              el("p", { class: "dim" }, [exchange.tape ? "interaction " + exchange.tape + " of the tape"
                : "no interaction of the tape", "take " + exchange.take, "attempt " + exchange.attempt,
              plural(exchange.bytes, "byte") + " in " + plural(exchange.chunks, "chunk"),
              isCutShort(exchange) ? exchange.sent + " of " + plural(exchange.stepCount, "step")
                + " were written" : ""].filter(Boolean).join(" \u00b7 ")),
              el("h4", null, "Answer"), answerView(exchange),
              el("details", null, el("summary", null, "Request" + (request ? ", "
                + plural(request.total, "byte") : "")), bodyView(request))]);
          };
          const view = el("details", { class: "exchange", id: "exchange-" + exchange.id,
            on: { toggle: () => { if (view.open) fillIn(); } } },
          el("summary", null, el("span", { class: "id" }, exchange.id),
            el("span", { class: "up" }, cut(oneLine(exchange.up), 24)),
            el("span", { class: "route" }, cut(oneLine(exchange.route), 120)),
            el("span", { class: isFine(exchange) ? "good" : "bad" }, outcomeOf(exchange)),
            exchange.attempt > 1 ? el("span", { class: "chip" }, "\u21bb attempt " + exchange.attempt) : null,
            exchange.source === "recorded" || exchange.source === "miss" ? null
              : el("span", { class: "chip" }, exchange.source),
            change && met.length ? el("span", { class: "chip warn" }, change) : null,
            witnesses.includes(exchange.id) ? el("span", { class: "chip bad" }, "witness") : null,
            met.filter((one) => one.fate === "fired").map((one) => el("span", { class: "hit" },
              "\u26a1 " + one.fault)),
            exchange.said ? el("span", { class: "said" }, oneLine(exchange.said)) : null), inside);
          return view;
        };
        const jumpTo = (id) => {
          const view = byId("exchange-" + id);
          if (!view) return;
          view.open = true;
          const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
          view.scrollIntoView({ block: "start", behavior: isCalm ? "auto" : "smooth" });
          view.querySelector("summary").focus({ preventScroll: true });
        };
        """#
}
