/// Colours, type and the frame of the page.
enum PageStyleBase {
    static let text = #"""
        :root {
          --paper: #fbfbf9; --card: #ffffff; --line: #e4e3dd; --ink: #1d2126; --soft: #656c75;
          --faint: #f1f0eb; --accent: #2d5bb9; --accent-soft: #e5ecfa;
          --good: #1b7a46; --good-soft: #dff2e6; --bad: #b3261e; --bad-soft: #fbe4e1;
          --warn: #8a5a00; --warn-soft: #fbeecb; --hit: #a8480a;
          --code: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
          color-scheme: light;
        }
        :root[data-theme="dark"] {
          --paper: #14171b; --card: #1a1e23; --line: #2c323a; --ink: #e3e6ea; --soft: #98a1ac;
          --faint: #20252b; --accent: #8ab0ff; --accent-soft: #22304c;
          --good: #67c98f; --good-soft: #17351f; --bad: #ff8a80; --bad-soft: #43201d;
          --warn: #e6b450; --warn-soft: #3a2d10; --hit: #ff9f5a;
          color-scheme: dark;
        }
        @media (prefers-color-scheme: dark) {
          :root:not([data-theme="light"]) {
            --paper: #14171b; --card: #1a1e23; --line: #2c323a; --ink: #e3e6ea; --soft: #98a1ac;
            --faint: #20252b; --accent: #8ab0ff; --accent-soft: #22304c;
            --good: #67c98f; --good-soft: #17351f; --bad: #ff8a80; --bad-soft: #43201d;
            --warn: #e6b450; --warn-soft: #3a2d10; --hit: #ff9f5a;
            color-scheme: dark;
          }
        }
        * { box-sizing: border-box; }
        html { height: 100%; }
        body {
          margin: 0; min-height: 100%; background: var(--paper); color: var(--ink);
          font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
          display: flex; flex-direction: column; overflow-wrap: anywhere;
        }
        [hidden] { display: none !important; }
        button, select, input { font: inherit; color: inherit; }
        button {
          background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 2px 10px;
          cursor: pointer;
        }
        button:hover { border-color: var(--soft); }
        button[aria-pressed="true"] { background: var(--accent-soft); border-color: var(--accent); }
        button.plain { background: none; border-color: transparent; color: var(--accent); padding: 0 4px; }
        button.plain:hover { text-decoration: underline; }
        button.plain[aria-pressed="true"] { border-color: var(--accent); }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
        .skip { position: absolute; left: -9999px; }
        .skip:focus { left: 8px; top: 8px; background: var(--card); padding: 4px 10px; z-index: 9; }
        .off { position: fixed; left: -9999px; }
        .dim { color: var(--soft); }
        .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
        .code, code { font-family: var(--code); font-size: 12px; }
        h1, h2, h3, h4, p, dl, dd, ol, ul { margin: 0; padding: 0; }
        h1 { font-size: 22px; font-weight: 650; letter-spacing: -0.01em; line-height: 1.25; }
        h2 { font-size: 16px; font-weight: 650; margin-bottom: 10px; }
        h3 { font-size: 14px; font-weight: 650; margin-bottom: 8px; display: flex; gap: 12px; }
        h4 { font-size: 12px; font-weight: 600; color: var(--soft); margin: 10px 0 4px; }
        #head { padding: 14px 24px 16px; border-bottom: 1px solid var(--line); background: var(--card); }
        .brand { display: flex; justify-content: space-between; margin-bottom: 8px; }
        .home {
          border: 0; background: none; padding: 0; color: var(--soft); font-weight: 600;
          letter-spacing: 0.02em; display: flex; align-items: center; gap: 7px;
        }
        .home i {
          width: 13px; height: 13px; border-radius: 50%;
          background: conic-gradient(var(--accent), transparent 85%);
        }
        .sum { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; margin-top: 10px; }
        .badge {
          display: inline-block; border-radius: 99px; padding: 1px 11px; font-size: 13px;
          font-weight: 600; white-space: nowrap;
        }
        .badge.good { background: var(--good-soft); }
        .badge.bad { background: var(--bad-soft); }
        .badge.warn { background: var(--warn-soft); }
        .bar { display: flex; gap: 2px; width: min(320px, 100%); height: 8px; }
        .bar i { border-radius: 2px; min-width: 3px; background: currentColor; }
        .counts { display: flex; flex-wrap: wrap; gap: 2px 14px; font-variant-numeric: tabular-nums; }
        .facts { display: flex; flex-wrap: wrap; gap: 10px 32px; margin-top: 14px; }
        .fact { min-width: 0; max-width: 46ch; }
        .fact dt { font-size: 12px; color: var(--soft); }
        .fact dd { font-weight: 500; font-variant-numeric: tabular-nums; }
        .fact dd.code { font-weight: 400; font-size: 13px; }
        .fact small { display: block; font-weight: 400; font-size: 12px; color: var(--soft); }
        #frame { flex: 1; display: grid; grid-template-columns: minmax(280px, 360px) minmax(0, 1fr); }
        #side {
          border-right: 1px solid var(--line); display: flex; flex-direction: column; position: sticky;
          top: 0; height: 100vh; background: var(--card);
        }
        .one #side { display: none; }
        .one #frame { grid-template-columns: minmax(0, 1fr); }
        .filters { padding: 12px 12px 6px; }
        .filters input, .filters select {
          width: 100%; background: var(--paper); border: 1px solid var(--line); border-radius: 6px;
          padding: 5px 9px; min-width: 0;
        }
        #choices { display: grid; grid-template-columns: 1fr 1fr; gap: 6px; margin-top: 6px; }
        #choices .plain { grid-column: 1 / -1; justify-self: start; }
        #found { padding: 2px 14px 6px; color: var(--soft); font-size: 12px; }
        #list { flex: 1; overflow-y: auto; min-height: 0; border-top: 1px solid var(--line); }
        #list:focus-visible { outline-offset: -2px; }
        #rows { position: relative; contain: strict; }
        .row {
          position: absolute; top: 0; left: 0; right: 0; height: 56px; padding: 7px 14px 7px 12px;
          border-bottom: 1px solid var(--faint); display: grid; cursor: pointer; overflow: hidden;
          grid-template: auto auto / 22px 1fr auto; column-gap: 4px;
        }
        .row:hover { background: var(--faint); }
        .row[aria-selected="true"] { background: var(--faint); }
        .row[data-open] { background: var(--accent-soft); }
        .row .mark { font-weight: 700; grid-row: 1 / 3; }
        .row .seed { font-weight: 550; font-variant-numeric: tabular-nums; overflow: hidden;
          text-overflow: ellipsis; white-space: nowrap; }
        .row .seed b { color: var(--accent); margin-left: 5px; }
        .row .time { color: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
        .row .about {
          grid-column: 2 / 4; font-size: 12px; color: var(--soft); white-space: nowrap; overflow: hidden;
          text-overflow: ellipsis;
        }
        .row .about em { font-style: normal; margin-left: 8px; opacity: 0.75; }
        #main { padding: 24px; min-width: 0; outline: none; max-width: 1240px; width: 100%; }
        #main section { margin-bottom: 32px; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        .matrix th { font-weight: 400; text-align: left; padding: 2px 14px 2px 0; }
        .matrix thead th { color: var(--soft); font-size: 12px; vertical-align: bottom; }
        .matrix td { text-align: right; padding: 1px 3px; min-width: 64px; }
        .matrix .number { text-align: right; padding: 2px 6px; }
        .matrix .none { color: var(--line); padding-right: 12px; }
        .matrix tbody th { max-width: 44ch; }
        .matrix .family th { padding-top: 10px; font-size: 12px; }
        .matrix .family .plain { padding: 0; color: var(--soft); }
        .cell { width: 100%; text-align: right; border-color: transparent; border-radius: 4px;
          padding: 1px 9px; color: var(--ink); }
        .cell.good { background: color-mix(in srgb, var(--good) var(--share), var(--card)); }
        .cell.bad { background: color-mix(in srgb, var(--bad) var(--share), var(--card)); }
        .cell.warn { background: color-mix(in srgb, var(--warn) var(--share), var(--card)); }
        .cell[aria-pressed="true"] { outline: 2px solid var(--accent); }
        .stories { list-style: none; border: 1px solid var(--line); border-radius: 8px;
          background: var(--card); overflow: hidden; }
        .stories li { display: flex; align-items: center; gap: 8px; padding-right: 14px; }
        .stories li + li { border-top: 1px solid var(--line); }
        .stories li > .plain { white-space: nowrap; }
        .story { flex: 1; min-width: 0; border: 0; border-radius: 0; background: none; text-align: left;
          padding: 9px 14px; display: grid; grid-template-columns: 132px 1fr; gap: 0 12px;
          align-items: baseline; }
        .story .badge { justify-self: start; }
        .story:hover { background: var(--faint); }
        .story .dim { grid-column: 2; font-size: 12px; }
        #toast { position: fixed; bottom: 22px; left: 50%; transform: translate(-50%, 8px); opacity: 0;
          background: var(--ink); color: var(--paper); padding: 6px 16px; border-radius: 99px;
          transition: opacity 0.15s, transform 0.15s; pointer-events: none; }
        #toast.on { opacity: 1; transform: translate(-50%, 0); }
        dialog { border: 1px solid var(--line); border-radius: 10px; background: var(--card);
          color: var(--ink); padding: 20px 24px; }
        dialog::backdrop { background: rgb(0 0 0 / 35%); }
        .help { display: grid; grid-template-columns: auto 1fr; gap: 5px 18px; margin-bottom: 14px; }
        .help dt { font-family: var(--code); font-size: 12px; }
        @media (max-width: 820px) {
          #frame { display: flex; flex-direction: column; }
          #head { padding: 12px 16px; }
          #main { padding: 18px 16px; order: 1; }
          #side { order: 2; position: static; height: 82vh; border-right: 0;
            border-top: 1px solid var(--line); }
          .in-run #side { display: none; }
          .in-run #head .sum, .in-run #head .facts { display: none; }
          .facts { gap: 8px 22px; }
          .matrix td { min-width: 52px; }
          .story { grid-template-columns: 1fr; gap: 2px; justify-items: start; }
          .story .dim { grid-column: 1; }
        }
        @media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
        """#
}
