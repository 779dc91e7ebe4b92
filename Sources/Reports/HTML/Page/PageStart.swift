/// Keys, theme, and what happens when the page opens.
enum PageStart {
    static let script = #"""
        // Keys, theme, and the beginning.
        const root = document.documentElement;
        const isDark = () => root.dataset.theme ? root.dataset.theme === "dark"
          : matchMedia("(prefers-color-scheme: dark)").matches;
        const turnTheme = () => {
          root.dataset.theme = isDark() ? "light" : "dark";
          try { localStorage.setItem("stormtape-theme", root.dataset.theme); } catch { /* not kept */ }
        };
        try {
          const kept = localStorage.getItem("stormtape-theme");
          if (kept === "dark" || kept === "light") root.dataset.theme = kept;
        } catch { /* a file may not keep anything */ }
        const helpLines = [["j k or \u2193 \u2191", "next and previous run"], ["Enter", "open it"],
          ["/", "search"], ["Esc", "back; then clear the filters"], ["+ \u2212 0 \u2190 \u2192",
            "in the timeline: zoom and move"], ["t", "light or dark"]];
        const showHelp = () => {
          const box = el("dialog", { "aria-label": "Keys" }, el("dl", { class: "help" },
            helpLines.map(([keys, act]) => [el("dt", null, keys), el("dd", null, act)])),
          button("close", () => box.close()));
          box.addEventListener("close", () => box.remove());
          document.body.append(box);
          box.showModal();
        };
        const goBack = () => {
          const at = document.activeElement;
          hideTip();
          if (at && at.id === "words" && at.value) return setFilter({ q: "" });
          if (at && at.id === "words") return at.blur();
          if (state.run !== null && data.kind === "storm") { openRun(null); return byId("list").focus(); }
          return clearFilters();
        };
        document.addEventListener("keydown", (event) => {
          if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog")) return;
          if (event.key === "Escape") return goBack();
          if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
            if (event.key === "ArrowDown" && event.target.id === "words") byId("list").focus();
            return;
          }
          const isList = event.target.id === "list";
          const isCode = event.target.classList.contains("code");
          const acts = { j: () => choose(chosen + 1, state.run !== null),
            k: () => choose(chosen - 1, state.run !== null), "/": () => byId("words").focus(),
            t: turnTheme, "?": showHelp };
          if (!isList && !isCode && event.target === document.body) {
            acts.ArrowDown = acts.j;
            acts.ArrowUp = acts.k;
            acts.Enter = () => choose(chosen, true);
          }
          if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
        });
        const start = () => {
          readFragment();
          if (data.kind === "replay") state.run = 0;
          document.body.classList.toggle("one", data.kind === "replay");
          drawHead();
          drawSide();
          search();
          drawFilters();
          drawList(true);
          drawMain();
        };
        addEventListener("hashchange", () => { readFragment(); search(); drawFilters(); drawList(true);
          drawMain(); });
        addEventListener("popstate", () => { readFragment(); search(); drawFilters(); drawList(true);
          drawMain(); });
        addEventListener("beforeprint", () => document.querySelectorAll("details.exchange").forEach(
          (view) => { view.open = true; }));
        start();
        """#
}
