/// What the other parts of the script are made with; text becomes text only here.
enum PageBasics {
    static let script = #"""
        "use strict";
        // What the page is made with. Text reaches the document only through `el`, as text.
        const byId = (id) => document.getElementById(id);
        const read = (id) => { const at = byId(id); return at ? JSON.parse(at.textContent) : null; };
        const data = read("index");
        let bodyTable = null;
        const bodyOf = (place) => {
          if (place === undefined || place < 0) return null;
          bodyTable = bodyTable || read("bodies");
          const [text, total, kept, binary] = bodyTable[place];
          return { text, total, kept, binary, place };
        };

        // Characters that command a terminal, turn the order of others round or cannot be seen.
        const hiddenSigns = /[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu;
        const pictureOf = (sign) => {
          const code = sign.codePointAt(0);
          const name = { 0: "NUL", 7: "BEL", 8: "BS", 13: "CR", 27: "ESC", 127: "DEL" }[code];
          return "\u27e8" + (name || code.toString(16).toUpperCase().padStart(4, "0")) + "\u27e9";
        };
        const visible = (text) => String(text)
          .replace(hiddenSigns, pictureOf)
          .replace(/(\p{M}{4})\p{M}+/gu, "$1\u27e8marks\u27e9");
        const oneLine = (text) => String(text).replace(/[\n\t]+/g, " ");
        const cut = (text, most) => text.length <= most ? text
          : text.slice(0, most) + " \u2026 " + count(text.length - most) + " more characters";
        const count = (number) => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, "\u2009");
        const plural = (number, noun) => count(number) + " " + noun + (number === 1 ? "" : "s");

        const fill = (node, kids) => {
          for (const kid of kids.flat(9)) {
            if (kid === null || kid === undefined || kid === false) continue;
            node.append(kid instanceof Node ? kid : document.createTextNode(visible(kid)));
          }
          return node;
        };
        const dress = (node, dressing) => {
          for (const [name, value] of Object.entries(dressing || {})) {
            if (value === null || value === undefined || value === false) continue;
            if (name === "on") for (const [what, act] of Object.entries(value)) {
              node.addEventListener(what, act);
            } else node.setAttribute(name, visible(value === true ? "" : value));
          }
          return node;
        };
        const el = (tag, dressing, ...kids) => fill(dress(document.createElement(tag), dressing), kids);
        const svg = (tag, dressing, ...kids) => fill(
          dress(document.createElementNS("http://www.w3.org/2000/svg", tag), dressing), kids);
        const empty = (node, ...kids) => { node.replaceChildren(); return fill(node, kids); };
        const button = (label, act, more) => el("button", { type: "button", on: { click: act }, ...more },
          label);

        // Rounded down, so that no part of a span ever reads as the whole of the next larger one.
        const shortTime = (nanoseconds) => {
          if (nanoseconds < 0) return "-" + shortTime(-nanoseconds);
          const ms = Math.floor(nanoseconds / 1e6);
          if (nanoseconds === 0) return "0 s";
          if (ms < 1) return Math.floor(nanoseconds / 1000) + " \u00b5s";
          if (ms < 1000) return Math.floor(nanoseconds / 1e5) / 10 + " ms";
          if (ms < 120000) return (ms / 1000).toFixed(3).replace(/\.?0+$/, "") + " s";
          return Math.floor(ms / 60000) + " min " + Math.floor(ms / 1000 % 60) + " s";
        };
        const toneOf = (verdict) => ({ passed: "good", "passed-assumed": "warn", "off-tape": "warn",
          invalid: "warn" })[verdict] || "bad";
        const markOf = (verdict) => ({ good: "\u2713", warn: "!", bad: "\u2717" })[toneOf(verdict)];
        const badge = (verdict, more) => el("span", { class: "badge " + toneOf(verdict) },
          markOf(verdict) + " " + verdict, more);

        let toastTimer = 0;
        const say = (text) => {
          empty(byId("toast"), text).classList.add("on");
          clearTimeout(toastTimer);
          toastTimer = setTimeout(() => byId("toast").classList.remove("on"), 2200);
        };
        const copy = (text, what) => {
          const old = () => {
            const area = el("textarea", { class: "off", "aria-hidden": true });
            area.value = text;
            document.body.append(area);
            area.select();
            const done = document.execCommand("copy");
            area.remove();
            say(done ? what + " copied" : "the browser refused to copy");
          };
          if (!navigator.clipboard) return old();
          navigator.clipboard.writeText(text).then(() => say(what + " copied"), old);
        };
        """#
}
