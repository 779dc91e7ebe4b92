/// Which runs are shown, kept in the fragment of the address.
enum PageFilter {
    static let script = #"""
        // Which runs are shown. All of it stands in the fragment of the address.
        const SEED = 0, VERDICT = 1, GROUP = 2, TIME = 3, ASKED = 4, FAULTS = 5, RULES = 6, REASON = 7,
          DIGEST = 8, PROMPT = 9, GRADE = 10, PLAN = 11, CUT = 12;
        // The invariants of a run: which, 0 held, 1 broken, 2 not judged, and the text of a broken one.
        const rulesOf = (row) => {
          const texts = row[RULES][1];
          let broken = 0;
          return (data.patterns[row[RULES][0]] || []).map(([rule, outcome]) =>
            [rule, outcome, outcome === 1 && broken < texts.length ? texts[broken++] : -1]);
        };
        const verdictOf = (row) => data.verdicts[row[VERDICT]];
        const faultPlaces = (row) => row[FAULTS].filter((_, place) => place % 2 === 0);
        const seedText = (row) => row[SEED] === null ? "the plan" : "seed " + row[SEED];
        const names = ["verdict", "fault", "family", "rule", "outcome", "prompt", "group", "q"];
        const state = { run: null };
        for (const name of names) state[name] = "";
        let found = [];

        const readFragment = () => {
          const given = new URLSearchParams(location.hash.slice(1));
          for (const name of names) state[name] = given.get(name) || "";
          const run = Number(given.get("run") || NaN);
          state.run = Number.isInteger(run) && data.rows[run] ? run : null;
        };
        const fragment = () => {
          const said = new URLSearchParams();
          for (const name of names) if (state[name]) said.set(name, state[name]);
          if (state.run !== null) said.set("run", state.run);
          return "#" + said.toString();
        };
        const saveFragment = (isNewPage) => {
          try { history[isNewPage ? "pushState" : "replaceState"](null, "", fragment()); }
          catch { location.hash = fragment(); }
        };

        const textOfRow = [];
        const rowText = (place) => {
          if (textOfRow[place] === undefined) {
            const row = data.rows[place];
            const faults = faultPlaces(row).map((fault) => data.faults[fault][0]);
            const broken = rulesOf(row).filter((rule) => rule[1] === 1)
              .map((rule) => data.invariants[rule[0]] + " " + (data.texts[rule[2]] || ""));
            textOfRow[place] = [seedText(row), verdictOf(row), ...faults, data.texts[row[REASON]],
              ...broken, row[DIGEST], data.prompts[row[PROMPT]]].join("\n").toLowerCase();
          }
          return textOfRow[place];
        };
        const wanted = (row, place) => {
          const s = state;
          if (s.verdict && !s.verdict.split(",").includes(verdictOf(row))) return false;
          if (s.group && row[GROUP] !== Number(s.group)) return false;
          if (s.prompt && row[PROMPT] !== Number(s.prompt)) return false;
          if (s.fault && !faultPlaces(row).some((f) => data.faults[f][0] === s.fault)) return false;
          if (s.family && !faultPlaces(row).some((f) => data.faults[f][1] === s.family)) return false;
          if (s.rule) {
            const outcome = { held: 0, broken: 1, unjudged: 2 }[s.outcome];
            const said = rulesOf(row).some((rule) => data.invariants[rule[0]] === s.rule
              && (outcome === undefined || rule[1] === outcome));
            if (!said) return false;
          }
          return !s.q || s.q.toLowerCase().split(/\s+/).every((word) => rowText(place).includes(word));
        };
        const search = () => {
          found = [];
          data.rows.forEach((row, place) => { if (wanted(row, place)) found.push(place); });
        };
        const setFilter = (changes) => {
          Object.assign(state, changes);
          search();
          saveFragment(false);
          drawFilters();
          drawList(true);
          if (state.run === null) drawOverview();
        };
        const toggleFilter = (changes) => {
          const isOn = Object.entries(changes).every(([name, value]) => state[name] === value);
          const off = Object.fromEntries(Object.keys(changes).map((name) => [name, ""]));
          setFilter(isOn ? off : changes);
        };
        const openRun = (place) => {
          state.run = place;
          saveFragment(true);
          drawMain();
        };
        """#
}
