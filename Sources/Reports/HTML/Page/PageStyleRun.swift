/// What a single run looks like, and paper.
enum PageStyleRun {
    static let text = #"""
        .run-head .back { margin: 0 0 6px -4px; }
        .run-head h2 { font-size: 18px; display: flex; gap: 10px; align-items: center; }
        .lead { font-size: 15px; max-width: 90ch; }
        .reproduce { display: flex; gap: 8px; margin-top: 14px; align-items: center; max-width: 100%; }
        .reproduce code { flex: 1; min-width: 0; overflow-x: auto; white-space: nowrap; padding: 7px 10px;
          background: var(--faint); border-radius: 6px; }
        .actions { margin-top: 8px; }
        .rules { list-style: none; }
        .rules li { display: flex; gap: 10px; padding: 4px 0; }
        .rules li b { font-weight: 550; }
        .rules li p { color: var(--soft); font-size: 13px; }
        .rules .broken p { color: var(--ink); }
        .rules .mark { font-weight: 700; flex: 0 0 14px; }
        button.witness { padding: 0 7px; font-size: 12px; color: var(--bad); border-color: var(--bad-soft);
          background: var(--bad-soft); }
        .tools { display: inline-flex; gap: 5px; margin-left: auto; }
        .tools button { font-size: 12px; font-weight: 400; padding: 0 9px; }
        .brand .tools button { font-size: 15px; }
        .timeline { border: 1px solid var(--line); border-radius: 8px; overflow: hidden;
          background: var(--card); }
        .timeline svg { display: block; max-width: 100%; }
        .lane { fill: transparent; } .lane.odd { fill: var(--faint); opacity: 0.55; }
        .lane-name, .axis { font-size: 12px; fill: var(--soft); }
        .axis { font-size: 11px; font-variant-numeric: tabular-nums; }
        .grid { stroke: var(--line); }
        .slice { cursor: pointer; outline: none; }
        .slice rect { fill: var(--accent); opacity: 0.82; }
        .slice.poor rect { fill: var(--bad); }
        .slice.hangs rect { opacity: 0.4; }
        .slice text { font-size: 11px; fill: var(--card); font-weight: 600; pointer-events: none; }
        .slice .ticks { stroke: var(--card); stroke-opacity: 0.55; fill: none; pointer-events: none; }
        .slice .cross { stroke: var(--card); stroke-width: 2; fill: none; }
        .slice.hit rect { stroke: var(--hit); stroke-width: 2; }
        .slice.witness rect { stroke: var(--bad); stroke-width: 2.5; stroke-dasharray: 4 2; }
        .slice:focus-visible rect, .slice:hover rect { opacity: 1; stroke: var(--ink); stroke-width: 2; }
        .fault { fill: var(--hit); cursor: pointer; outline: none; }
        .fault:focus-visible { stroke: var(--ink); stroke-width: 2; }
        .fault.masked, .fault.inapplicable, .fault.unreached { fill: none; stroke: var(--soft); }
        .wait { fill: var(--soft); opacity: 0.35; }
        .note { stroke: var(--soft); stroke-width: 2; fill: none; }
        .note.foreign { stroke: var(--bad); } .note.ended { stroke: var(--ink); stroke-width: 3; }
        #tip { position: fixed; z-index: 8; background: var(--ink); color: var(--paper); font-size: 12px;
          padding: 6px 11px; border-radius: 6px; max-width: min(420px, 92vw); pointer-events: none; }
        #tip div:first-child { font-weight: 600; }
        .exchange { border: 1px solid var(--line); border-bottom: 0; background: var(--card);
          scroll-margin-top: 12px; }
        .exchange:first-of-type { border-radius: 8px 8px 0 0; }
        .exchange:last-of-type { border-radius: 0 0 8px 8px; border-bottom: 1px solid var(--line); }
        summary { cursor: pointer; padding: 2px 0; }
        .exchange > summary { display: flex; flex-wrap: wrap; gap: 2px 10px; padding: 7px 12px;
          list-style: none; align-items: baseline; }
        .exchange > summary::-webkit-details-marker { display: none; }
        .exchange > summary:hover { background: var(--faint); }
        .exchange[open] > summary { border-bottom: 1px solid var(--line); }
        .exchange .id { min-width: 3ch; text-align: right; color: var(--soft);
          font-variant-numeric: tabular-nums; }
        .exchange .up { font-weight: 550; }
        .exchange .said { flex-basis: 100%; padding-left: calc(3ch + 10px); color: var(--soft);
          font-size: 12px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
        .exchange .hit { color: var(--hit); }
        .inside { padding: 10px 14px 14px; }
        .inside > details, section > details:not(.exchange) { margin-top: 8px; }
        .chip { font-size: 12px; border-radius: 4px; padding: 0 7px; background: var(--faint); }
        .chip.bad { background: var(--bad-soft); } .chip.warn { background: var(--warn-soft); }
        .met b { color: var(--hit); } .met .dim { display: block; font-size: 12px; }
        .met.masked b, .met.inapplicable b { color: var(--soft); }
        .status-change del, .key del { color: var(--bad); background: var(--bad-soft); padding: 0 5px; }
        .status-change ins, .key ins { color: var(--good); background: var(--good-soft); padding: 0 5px;
          text-decoration: none; }
        .key { font-size: 12px; margin-top: 4px; } .key del { text-decoration: none; }
        .code:is(div) { background: var(--paper); border: 1px solid var(--line); border-radius: 6px;
          padding: 8px 0; overflow: auto; max-height: 460px; line-height: 1.55; white-space: pre-wrap;
          tab-size: 4; contain: content; }
        .code:is(div) > div { padding: 0 10px; unicode-bidi: isolate; }
        .sign { display: inline-block; width: 2ch; color: var(--soft); user-select: none; }
        .gone { background: var(--bad-soft); } .new { background: var(--good-soft); }
        .gone mark { background: color-mix(in srgb, var(--bad) 32%, transparent); color: inherit; }
        .new mark { background: color-mix(in srgb, var(--good) 32%, transparent); color: inherit; }
        .skip-lines { display: block; width: 100%; border: 0; border-radius: 0; text-align: left;
          background: var(--faint); color: var(--soft); font-size: 12px; }
        .compare { width: 100%; min-width: 620px; background: var(--card); border: 1px solid var(--line); }
        .compare th { text-align: left; font-weight: 400; color: var(--soft); font-size: 12px; }
        .compare td, .compare th { padding: 5px 12px; border-top: 1px solid var(--line);
          vertical-align: top; }
        .compare .more td { border-top: 0; padding-top: 0; }
        .compare .what { white-space: nowrap; font-size: 12px; color: var(--soft); }
        .compare .what.bad { color: var(--bad); } .compare .what.warn { color: var(--warn); }
        .compare .none { color: var(--soft); }
        .compare .dim { font-size: 12px; }
        @media print {
          body { background: #fff; color: #000; }
          #side, .tools, .home i, .actions, .reproduce button, .back, #toast, #tip { display: none; }
          #frame { display: block; } #main { max-width: none; padding: 0; }
          .code:is(div) { max-height: none; } .exchange, tr { break-inside: avoid; }
        }
        """#
}
