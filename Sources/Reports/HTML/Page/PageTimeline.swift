/// A run in lanes on its clock, drawn as SVG.
enum PageTimeline {
    static let script = #"""
        // The lanes of a run. Time is virtual; long silences can be folded so that all is seen.
        const laneHeight = 34;
        const endOf = (one) => one.start + one.span;
        const lastOf = (run) => Math.max(run.time, ...run.moments.slice(-1).map((moment) => moment[0]));
        const layOut = (run) => {
          // On a real clock there is no common time: exchanges stand one after the other.
          let next = 0;
          const left = new Map(run.moments.filter((moment) => moment[1] === "hung-up")
            .map((moment) => [moment[2], moment[0]]));
          // Of a long log only the first moments are here: the run may have gone on after them.
          const last = run.clock === "virtual" ? lastOf(run) : Infinity;
          return run.exchanges.map((exchange) => {
            const start = exchange.at === null ? next : exchange.at;
            // An answer that the agent did not wait for ends with its patience, or with the run.
            const until = exchange.at === null ? Infinity : Math.min(last, left.get(exchange.id) ?? last);
            const span = Math.max(0, Math.min(exchange.dur, until - start));
            next = start + Math.max(span, 1e6);
            return { exchange, start, span };
          });
        };
        const scaleOf = (instants, isFolded) => {
          const points = [...new Set(instants)].sort((one, other) => one - other);
          const places = [0];
          for (let k = 1; k < points.length; k += 1) {
            const gap = points[k] - points[k - 1];
            places.push(places[k - 1] + (isFolded ? Math.pow(gap / 1e6, 0.33) + 0.4 : gap));
          }
          const all = places[places.length - 1] || 1;
          return { points, place: (instant) => {
            let low = 0, high = points.length - 1;
            if (high < 1) return 0;
            while (high - low > 1) {
              const half = (low + high) >> 1;
              if (points[half] <= instant) low = half; else high = half;
            }
            const gap = points[high] - points[low];
            const part = gap ? Math.max(0, Math.min(1, (instant - points[low]) / gap)) : 0;
            return (places[low] + part * (places[high] - places[low])) / all;
          } };
        };
        const instantsOf = (run, slices) => [0, ...slices.flatMap((one) => [one.start, endOf(one)]),
          ...run.moments.map((moment) => moment[0])];
        const isUneven = (instants) => {
          const sorted = [...new Set(instants)].sort((one, other) => one - other);
          const all = sorted[sorted.length - 1] - sorted[0];
          return sorted.some((instant, k) => k > 0 && instant - sorted[k - 1] > 0.4 * all);
        };
        const showTip = (event, lines) => {
          const tip = empty(byId("tip"), lines.filter(Boolean).map((line) => el("div", null, line)));
          tip.hidden = false;
          const at = event.target.getBoundingClientRect();
          const x = event.type === "focus" || !event.clientX ? at.left : event.clientX;
          tip.style.left = Math.max(8, Math.min(x + 12, innerWidth - tip.offsetWidth - 8)) + "px";
          const below = at.bottom + 8;
          tip.style.top = (below + tip.offsetHeight < innerHeight ? below
            : at.top - tip.offsetHeight - 8) + "px";
        };
        const hideTip = () => { byId("tip").hidden = true; };
        const tipped = (lines) => ({ mouseenter: (event) => showTip(event, lines), mouseleave: hideTip,
          focus: (event) => showTip(event, lines), blur: hideTip });

        const outcomeOf = (exchange) => {
          const ending = { complete: "", closed: "cut", reset: "reset", hang: "hangs",
            unconnected: "no connection", killed: "the agent was killed", goaway: "GOAWAY",
            "rst-stream": "RST_STREAM" }[exchange.ending];
          const parts = exchange.source === "miss" ? ["not on the tape"]
            : [exchange.status === null ? (ending ? "" : "no answer") : String(exchange.status), ending];
          if (exchange.cancelled && exchange.ending !== "killed") parts.push("the agent hung up");
          return parts.filter(Boolean).join(", ");
        };
        const isFine = (exchange) => exchange.status !== null && exchange.status < 400
          && exchange.ending === "complete" && exchange.source !== "miss";

        const timeline = (run, witnesses, jump) => {
          const slices = layOut(run);
          const instants = instantsOf(run, slices);
          const lanes = ["agent", ...new Set(run.exchanges.map((exchange) => exchange.up)), "faults"];
          const height = 24 + lanes.length * laneHeight + 6;
          const view = { from: 0, to: 1, folded: isUneven(instants) };
          const end = Math.max(...instants);
          const box = el("div", { class: "timeline" });
          const draw = () => {
            const hasFocus = box.querySelector("svg") === document.activeElement;
            const width = Math.max(320, box.clientWidth || 800);
            const left = Math.min(120, width * 0.26), room = width - left - 14;
            const scale = scaleOf(instants, view.folded);
            const xOf = (instant) => left + (scale.place(instant) - view.from) / (view.to - view.from) * room;
            const yOf = (lane) => 24 + lanes.indexOf(lane) * laneHeight;
            const picture = svg("svg", { width, height, viewBox: "0 0 " + width + " " + height, tabindex: "0",
              role: "group", "aria-label": "Timeline of " + plural(slices.length, "exchange") + " over "
                + shortTime(end) + ". Plus and minus zoom, arrows move, 0 shows all.",
              on: { keydown: keys, wheel } },
            svg("clipPath", { id: "lanes" }, svg("rect", { x: left, y: 0, width: room + 14, height })),
            lanes.map((lane, at) => svg("g", null,
              svg("rect", { class: at % 2 ? "lane odd" : "lane", x: 0, y: yOf(lane), width,
                height: laneHeight }),
              svg("text", { class: "lane-name", x: 8, y: yOf(lane) + laneHeight / 2 + 4 },
                cut(oneLine(lane), Math.floor(left / 8)).replace(/ more characters$/, "")))),
            axis(scale, xOf, left, width, height),
            svg("g", { "clip-path": "url(#lanes)" }, agentMarks(run, xOf, yOf("agent")),
              slices.map((one) => sliceView(one, xOf, yOf(one.exchange.up), end)),
              faultMarks(run, slices, xOf, yOf("faults"))));
            box.replaceChildren(picture);
            if (hasFocus) picture.focus();
          };
          const zoom = (by, around) => {
            const span = Math.min(1, Math.max(0.005, (view.to - view.from) * by));
            const at = around === undefined ? 0.5 : around;
            const from = view.from + (view.to - view.from) * at - span * at;
            view.from = Math.max(0, Math.min(1 - span, from));
            view.to = view.from + span;
            draw();
          };
          const move = (by) => {
            const span = view.to - view.from;
            view.from = Math.max(0, Math.min(1 - span, view.from + by * span));
            view.to = view.from + span;
            draw();
          };
          const wheel = (event) => {
            if (!event.ctrlKey && !event.metaKey) return;
            event.preventDefault();
            zoom(event.deltaY > 0 ? 1.25 : 0.8, event.offsetX / box.clientWidth);
          };
          const keys = (event) => {
            const act = { "+": () => zoom(0.6), "=": () => zoom(0.6), "-": () => zoom(1.6),
              0: () => zoom(1e9), ArrowLeft: () => move(-0.2), ArrowRight: () => move(0.2) }[event.key];
            if (act) { event.preventDefault(); event.stopPropagation(); act(); }
          };
          const sliceView = ({ exchange, start, span }, xOf, y, last) => {
            const hangs = exchange.ending === "hang";
            const x = xOf(start), wide = Math.max(3, xOf(hangs ? last : start + span) - x);
            const fired = run.met.filter((met) => met.exchange === exchange.id && met.fate === "fired");
            const ticks = (exchange.steps || []).filter((step) => step[1] === "body" && step[0] <= span)
              .map((step) => "M" + xOf(start + step[0]).toFixed(1) + " " + (y + 9) + "v16").join("");
            const about = [exchange.id + "  " + exchange.up + "  " + oneLine(exchange.route),
              outcomeOf(exchange) + (exchange.attempt > 1 ? ", attempt " + exchange.attempt : ""),
              (exchange.at === null ? "" : "from " + shortTime(start) + ", ") + "for " + shortTime(span)
                + ", " + plural(exchange.chunks, "chunk"),
              ...fired.map((met) => "\u26a1 " + met.fault), exchange.said];
            const tone = (isFine(exchange) ? "fine" : "poor") + (fired.length ? " hit" : "")
              + (witnesses.includes(exchange.id) ? " witness" : "") + (hangs ? " hangs" : "");
            return svg("g", { class: "slice " + tone, tabindex: "0", role: "button",
              "aria-label": about.filter(Boolean).join(". "), on: { ...tipped(about),
                click: () => jump(exchange.id), keydown: (event) => {
                  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); jump(exchange.id); }
                } } },
            svg("rect", { x, y: y + 7, width: wide, height: 20, rx: 3 }),
            svg("path", { class: "ticks", d: ticks }),
            wide > 26 ? svg("text", { x: x + 5, y: y + 21 }, String(exchange.id)
              + (exchange.attempt > 1 && wide > 44 ? " \u21bb" : "")) : null,
            exchange.cancelled ? svg("path", { class: "cross", d: "M" + (x + wide - 4) + " " + (y + 13)
              + "l8 8m0 -8l-8 8" }) : null);
          };
          const faultMarks = (one, all, xOf, y) => one.met.map((met) => {
            const slice = all.find((each) => each.exchange.id === met.exchange);
            if (!slice) return null;
            const x = xOf(slice.start) + 2, about = [met.fault, met.parameters, met.anchor,
              met.note || met.fate];
            return svg("path", { class: "fault " + met.fate, d: "M" + x + " " + (y + 8) + "l7 9l-7 9l-7 -9z",
              tabindex: "0", role: "button", "aria-label": about.filter(Boolean).join(". "),
              on: { ...tipped(about), click: () => jump(met.exchange), keydown: (event) => {
                if (event.key === "Enter") jump(met.exchange);
              } } });
          });
          new ResizeObserver(() => { if (box.firstChild?.getAttribute("width") !== String(Math.max(320,
            box.clientWidth))) draw(); }).observe(box);
          return el("section", { class: "lanes" }, el("h3", null, "Timeline",
            el("span", { class: "tools" },
              button("\u2212", () => zoom(1.6), { "aria-label": "Zoom out" }),
              button("+", () => zoom(0.6), { "aria-label": "Zoom in" }),
              button("all", () => zoom(1e9)),
              button("fold silence", (event) => {
                view.folded = !view.folded;
                event.target.setAttribute("aria-pressed", String(view.folded));
                draw();
              }, { "aria-pressed": String(view.folded) }))),
          run.clock === "real" || run.exchanges.some((exchange) => exchange.at === null)
            ? el("p", { class: "dim" }, "The agent's clock was its own or not fully under control: "
              + "exchanges stand one after the other.") : null, box);
        };
        const axis = (scale, xOf, left, width, height) => {
          const out = [];
          let last = -Infinity;
          for (const instant of scale.points) {
            const x = xOf(instant);
            if (x < left - 1 || x > width - 30 || x - last < 76) continue;
            last = x;
            out.push(svg("path", { class: "grid", d: "M" + x + " 20V" + (height - 4) }),
              svg("text", { class: "axis", x: x + 3, y: 14 }, shortTime(instant)));
          }
          return svg("g", { "aria-hidden": true }, out);
        };
        const agentMarks = (run, xOf, y) => {
          const open = new Map(), out = [];
          const end = run.moments.length ? lastOf(run) : 0;
          const bar = (from, to, until) => {
            const about = ["the agent waits " + shortTime(Math.max(0, to - from)), until > to
              ? "it would have waited " + shortTime(until - from) : ""];
            out.push(svg("rect", { class: "wait", x: xOf(from), y: y + 13, width: Math.max(1.5, xOf(to)
              - xOf(from)), height: 8, rx: 2, on: tipped(about), "aria-label": about.join(". ") }));
          };
          for (const [at, kind, number, until, text] of run.moments) {
            if (kind === "waits") open.set(number, [at, until]);
            else if (kind === "woke" && open.has(number)) {
              bar(open.get(number)[0], at, 0);
              open.delete(number);
            } else {
              if (kind === "killed") {
                for (const [from, until] of open.values()) bar(from, at, until);
                open.clear();
              }
              const about = { output: "writes " + plural(number, "byte") + " to " + text,
                foreign: "tries to reach " + text, asked: "is asked, question " + number,
                "program-died": "starts a program, which dies", killed: "is killed", started: "is started again, life " + number,
                ended: "the agent " + text }[kind];
              if (!about) continue;
              out.push(svg("path", { class: "note " + kind, d: "M" + xOf(at) + " " + (y + 6) + "v22",
                on: tipped([about, "at " + shortTime(at)]), "aria-label": about }));
            }
          }
          for (const [from, until] of open.values()) bar(from, Math.min(end, until || end), until);
          return out;
        };
        """#
}
