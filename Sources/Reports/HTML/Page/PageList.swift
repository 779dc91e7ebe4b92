/// The list of runs, of which only the rows in sight are in the document.
enum PageList {
    static let script = #"""
        // The runs: filters above, and a list of which only the rows in sight are in the document.
        const rowHeight = 56;
        let chosen = 0;
        const option = (value, label) => el("option", { value }, label);
        const choice = (name, label, options) => {
          if (options.length < 2 && !state[name]) return null;
          const select = el("select", { "aria-label": label, on: { change: (event) =>
            setFilter({ [name]: event.target.value }) } }, option("", label), options);
          select.value = state[name];
          return select;
        };
        const drawFilters = () => {
          const ids = data.invariants;
          const set = names.filter((name) => state[name]);
          empty(byId("choices"),
            choice("verdict", "any verdict", verdictCounts().map(([one, number]) => option(one, one
              + " (" + number + ")"))),
            choice("fault", "any fault", data.faults.map((fault) => fault[0]).sort()
              .map((one) => option(one, one))),
            choice("rule", "any invariant", ids.map((id) => option(id, cut(oneLine(id), 60)))),
            choice("prompt", "any prompt", data.prompts.map((prompt, place) => option(String(place),
              cut(oneLine(prompt), 60)))),
            set.length ? button("clear " + plural(set.length, "filter"), clearFilters,
              { class: "plain" }) : null);
          if (byId("words").value !== state.q) byId("words").value = state.q;
        };
        const clearFilters = () => setFilter(Object.fromEntries(names.map((name) => [name, ""])));
        const drawSide = () => {
          const list = el("div", { id: "list", role: "listbox", tabindex: "0", "aria-label": "Runs",
            on: { scroll: () => drawList(false), keydown: listKey } },
          el("div", { id: "rows", role: "presentation" }));
          empty(byId("side"), el("div", { class: "filters", role: "search" },
            el("input", { id: "words", type: "search", placeholder: "Search runs   /",
              "aria-label": "Search runs", autocomplete: "off", spellcheck: "false",
              on: { input: (event) => setFilter({ q: event.target.value }) } }),
            el("div", { id: "choices" })), el("p", { id: "found", role: "status" }), list);
          new ResizeObserver(() => drawList(false)).observe(list);
        };
        const rowView = (at) => {
          const place = found[at];
          const row = data.rows[place];
          const verdict = verdictOf(row);
          const faults = [...new Set(faultPlaces(row).map((fault) => data.faults[fault][0]))];
          const reason = oneLine(data.texts[row[REASON]] || "");
          const view = el("div", { class: "row", role: "option", id: "row-" + at,
            "aria-selected": String(place === state.run || at === chosen), "aria-posinset": at + 1,
            "aria-setsize": found.length, "data-run": place, "data-open": place === state.run
              ? "" : null, on: { click: () => { chosen = at; openRun(place); } } },
          el("span", { class: "mark " + toneOf(verdict), "aria-label": verdict }, markOf(verdict)),
          el("span", { class: "seed" }, seedText(row), shownRuns.has(place) ? el("b", { title:
            "shown in full" }, "\u2022") : null),
          el("span", { class: "time" }, shortTime(row[TIME])),
          el("span", { class: "about" }, faults.length ? faults.join(" \u00b7 ") : "no fault fired",
            reason ? el("em", null, cut(reason, 120)) : null));
          view.style.transform = "translateY(" + at * rowHeight + "px)";
          return view;
        };
        const shownRuns = new Set(data.shown);
        const drawList = (isNew) => {
          const list = byId("list"), rows = byId("rows");
          if (isNew) {
            chosen = Math.max(0, found.indexOf(state.run));
            list.scrollTop = 0;
            empty(byId("found"), found.length === data.rows.length ? plural(found.length, "run")
              : count(found.length) + " of " + plural(data.rows.length, "run"));
          }
          rows.style.height = found.length * rowHeight + "px";
          const first = Math.max(0, Math.floor(list.scrollTop / rowHeight) - 4);
          const last = Math.min(found.length,
            Math.ceil((list.scrollTop + list.clientHeight) / rowHeight) + 4);
          const views = [];
          for (let at = first; at < last; at += 1) views.push(rowView(at));
          rows.replaceChildren(...views);
          const isDrawn = chosen >= first && chosen < last;
          if (isDrawn) list.setAttribute("aria-activedescendant", "row-" + chosen);
          else list.removeAttribute("aria-activedescendant");
        };
        const choose = (at, opens) => {
          if (!found.length) return;
          const list = byId("list");
          chosen = Math.max(0, Math.min(found.length - 1, at));
          const top = chosen * rowHeight;
          if (top < list.scrollTop) list.scrollTop = top;
          const over = top + rowHeight - list.clientHeight;
          if (over > list.scrollTop) list.scrollTop = over;
          if (opens) openRun(found[chosen]);
          else drawList(false);
        };
        const listKey = (event) => {
          const page = Math.max(1, Math.floor(byId("list").clientHeight / rowHeight) - 1);
          const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity,
            End: Infinity }[event.key];
          if (step !== undefined) {
            event.preventDefault();
            choose(Math.max(0, Math.min(found.length - 1, chosen + step)), false);
          } else if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            choose(chosen, true);
          }
        };
        """#
}
