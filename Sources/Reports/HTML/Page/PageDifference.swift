/// What was recorded against what was delivered, line by line.
enum PageDifference {
    static let script = #"""
        // Two texts as lines that are the same, gone or new. Bounded: no body makes the page slow.
        const longLine = 600;
        // JSON is broken into lines without being parsed, so that a broken one is shown as it is.
        const pretty = (text) => {
          if (!/^\s*[[{]/.test(text) || text.includes("\n{") || text.length > 200000) return text;
          let out = "", depth = 0, inText = false;
          const line = () => "\n" + "  ".repeat(Math.max(0, Math.min(depth, 40)));
          for (let at = 0; at < text.length; at += 1) {
            const sign = text[at];
            if (inText) {
              out += sign;
              if (sign === "\\") { out += text[at + 1] || ""; at += 1; }
              else if (sign === "\"") inText = false;
            } else if (sign === "\"") { inText = true; out += sign; }
            else if (sign === "{" || sign === "[") {
              const next = /^\s*([\]}])/.exec(text.slice(at + 1, at + 50));
              if (next) { out += sign + next[1]; at += next[0].length; }
              else { depth += 1; out += sign + line(); }
            } else if (sign === "}" || sign === "]") { depth -= 1; out += line() + sign; }
            else if (sign === ",") out += sign + line();
            else if (sign === ":") out += ": ";
            else if (!/\s/.test(sign)) out += sign;
          }
          return out;
        };
        const linesOf = (text) => pretty(text).replace(/\r\n/g, "\n").replace(/\n$/, "").split("\n");

        const middle = (one, other) => {
          // The longest common subsequence, as long as the table stays small.
          const rows = one.length, columns = other.length;
          if (rows * columns > 1500000) {
            return [...one.map((line) => ["-", line]), ...other.map((line) => ["+", line])];
          }
          const width = columns + 1;
          const best = new Uint16Array((rows + 1) * width);
          for (let r = rows - 1; r >= 0; r -= 1) for (let c = columns - 1; c >= 0; c -= 1) {
            best[r * width + c] = one[r] === other[c] ? best[(r + 1) * width + c + 1] + 1
              : Math.max(best[(r + 1) * width + c], best[r * width + c + 1]);
          }
          const out = [];
          let r = 0, c = 0;
          while (r < rows || c < columns) {
            if (r < rows && c < columns && one[r] === other[c]) { out.push(["=", one[r]]); r += 1; c += 1; }
            else if (c >= columns || (r < rows
              && best[(r + 1) * width + c] >= best[r * width + c + 1])) { out.push(["-", one[r]]); r += 1; }
            else { out.push(["+", other[c]]); c += 1; }
          }
          return out;
        };
        // Within a change, all that is gone stands before all that is new.
        const grouped = (lines) => {
          const out = [];
          let fresh = [];
          for (const line of lines) {
            if (line[0] === "+") fresh.push(line);
            else {
              if (line[0] === "=") { out.push(...fresh); fresh = []; }
              out.push(line);
            }
          }
          return [...out, ...fresh];
        };
        const difference = (before, after) => {
          const one = linesOf(before), other = linesOf(after);
          let head = 0, tail = 0;
          const most = Math.min(one.length, other.length);
          while (head < most && one[head] === other[head]) head += 1;
          while (tail < most - head
            && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
          const same = (line) => ["=", line];
          return [...one.slice(0, head).map(same),
            ...grouped(middle(one.slice(head, one.length - tail),
              other.slice(head, other.length - tail))),
            ...one.slice(one.length - tail).map(same)];
        };
        // What is new in a line stands out when most of the line stayed.
        const marked = (line, twin) => {
          if (twin === undefined) return [cut(line, longLine)];
          let head = 0, tail = 0;
          const most = Math.min(line.length, twin.length);
          while (head < most && line[head] === twin[head]) head += 1;
          while (tail < most - head && line[line.length - 1 - tail] === twin[twin.length - 1 - tail]) {
            tail += 1;
          }
          const from = Math.max(0, head - 200);
          return [from ? "\u2026 " : "", line.slice(from, head),
            el("mark", null, cut(line.slice(head, line.length - tail), longLine)),
            cut(line.slice(line.length - tail), 200)];
        };
        const isAlike = (line, twin) => {
          const most = Math.min(line.length, twin.length);
          let same = 0, tail = 0;
          while (same < most && line[same] === twin[same]) same += 1;
          while (tail < most - same && line[line.length - 1 - tail] === twin[twin.length - 1 - tail]) {
            tail += 1;
          }
          return (same + tail) * 2 > Math.max(line.length, twin.length);
        };
        const codeLine = (sign, kids) => el("div", { class: { "-": "gone", "+": "new", "=": "same" }[sign] },
          el("span", { class: "sign", "aria-label": { "-": "recorded only", "+": "delivered only" }[sign] },
            sign === "=" ? " " : sign), kids);
        const shortened = (lines, around) => {
          const keep = new Set();
          lines.forEach(([sign], at) => {
            if (sign !== "=") for (let k = at - around; k <= at + around; k += 1) keep.add(k);
          });
          const out = [];
          let skipped = 0;
          const flush = () => { if (skipped) out.push(["~", skipped]); skipped = 0; };
          lines.forEach((line, at) => {
            if (keep.has(at)) { flush(); out.push(line); } else skipped += 1;
          });
          flush();
          return out;
        };
        const differenceView = (before, after) => {
          const lines = difference(before, after);
          const view = el("div", { class: "code diff", tabindex: "0" });
          const draw = (isWhole) => {
            const shown = (isWhole ? lines : shortened(lines, 3)).slice(0, 1500);
            const out = [];
            for (let at = 0; at < shown.length; at += 1) {
              const [sign, line] = shown[at];
              if (sign === "~") {
                out.push(button(plural(line, "line") + " the same", () => draw(true), { class: "skip-lines" }));
                continue;
              }
              let gone = at, fresh;
              while (gone < shown.length && shown[gone][0] === "-") gone += 1;
              fresh = gone;
              while (fresh < shown.length && shown[fresh][0] === "+") fresh += 1;
              if (sign !== "-" || fresh === gone) {
                out.push(codeLine(sign, marked(line)));
                continue;
              }
              const number = gone - at;
              const twin = (k, by) => number === fresh - gone && isAlike(shown[k][1], shown[k + by][1])
                ? shown[k + by][1] : undefined;
              for (let k = at; k < gone; k += 1) {
                out.push(codeLine("-", marked(shown[k][1], twin(k, number))));
              }
              for (let k = gone; k < fresh; k += 1) {
                out.push(codeLine("+", marked(shown[k][1], twin(k, -number))));
              }
              at = fresh - 1;
            }
            if (shown.length === 1500) out.push(el("div", { class: "dim" }, "further lines are left out"));
            empty(view, out);
          };
          draw(false);
          return view;
        };
        const leftOut = (body) => body.total > body.kept
          ? el("p", { class: "dim" }, count(body.total - body.kept) + " more bytes are not in this report")
          : null;
        const bodyView = (body) => {
          if (!body || !body.total) return el("p", { class: "dim" }, "empty");
          const lines = linesOf(body.text);
          const most = 400;
          return [el("div", { class: "code", tabindex: "0" }, lines.slice(0, most).map((line) =>
            el("div", { class: "same" }, cut(line, longLine) || " ")),
          lines.length > most ? el("div", { class: "dim" }, plural(lines.length - most, "more line"))
            : null), leftOut(body)];
        };
        """#
}
