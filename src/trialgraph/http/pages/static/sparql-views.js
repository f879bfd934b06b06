// Views of an answer: table, bars, and for RDF a graph of nodes and edges. Texts go in as text, never as markup.
"use strict";
window.trialgraph = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const XSD = "http://www.w3.org/2001/XMLSchema#";
  const RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label";
  const NUMBERS = new Set(["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"].map((n) => XSD + n));
  const ROWS = 500;
  const MOST_BARS = 60;
  const MOST_NODES = 120;
  const NAMES_AT_ONCE = 300;
  const MOST_NAMES = 3000;

  const make = (name, attributes = {}, ...content) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...content);
    return element;
  };
  const draw = (name, attributes = {}, ...content) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...content);
    return element;
  };
  const count = (number, one) => `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;
  const isNumber = (term) => term?.type !== "uri" && NUMBERS.has(term?.datatype);

  // N-Triples, as this server writes them: one triple a line.
  const unescaped = (text) =>
    text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, short, long, char) =>
      char ? ({ t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" }[char] ?? char) : String.fromCodePoint(parseInt(short ?? long, 16)),
    );
  const TERM = /^(?:<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?)\s*/;
  const triples = (text) =>
    text.split("\n").filter((line) => line && !line.startsWith("#")).map((line) => {
      const row = {};
      let rest = line;
      for (const name of ["subject", "predicate", "object"]) {
        const found = TERM.exec(rest);
        if (!found) return null;
        rest = rest.slice(found[0].length);
        if (found[1] !== undefined) row[name] = { type: "uri", value: unescaped(found[1]) };
        else if (found[2] !== undefined) row[name] = { type: "bnode", value: found[2] };
        else row[name] = { type: "literal", value: unescaped(found[3]), "xml:lang": found[4], datatype: found[5] };
      }
      return row;
    }).filter(Boolean);

  // Of an answer that was cut, what is whole: up to the last line, or the last row. A row ends at the third level of
  // brackets: of the answer, its results and their list.
  const whole = (text, isGraph) => {
    if (isGraph) return text.slice(0, text.lastIndexOf("\n") + 1);
    let [end, depth, quoted] = [text.indexOf("[", text.indexOf('"bindings"')) + 1, 0, false];
    for (let at = 0; at < text.length; at += 1) {
      const char = text[at];
      if (quoted && char === "\\") at += 1;
      else if (char === '"') quoted = !quoted;
      else if (!quoted && (char === "{" || char === "[")) depth += 1;
      else if (!quoted && (char === "}" || char === "]")) {
        depth -= 1;
        if (depth === 3) end = at + 1;
      }
    }
    return `${text.slice(0, end)}]}}`;
  };

  const results = (namesAddress, mostChars) => {
    const box = document.getElementById("results");
    const bar = document.getElementById("views");
    const known = new Map();
    let answer = null;

    // Labels, short names and pages of IRIs, asked of this server for what is shown.
    const learn = async (terms) => {
      const iris = [...new Set(terms.filter((t) => t?.type === "uri").map((t) => t.value))].filter((iri) => !known.has(iri)).slice(0, MOST_NAMES);
      for (let at = 0; at < iris.length; at += NAMES_AT_ONCE) {
        const part = iris.slice(at, at + NAMES_AT_ONCE);
        try {
          const response = await fetch(namesAddress, {
            method: "POST",
            headers: { "Content-Type": "application/json", Accept: "application/json" },
            body: JSON.stringify(part),
          });
          if (!response.ok) return;
          for (const [iri, name] of Object.entries(await response.json())) known.set(iri, name);
        } catch {
          return; // an answer without names is better than none
        }
      }
    };
    const textOf = (term) => (term ? (term.type === "uri" ? (known.get(term.value)?.label || known.get(term.value)?.curie || term.value) : term.value) : "");

    const shortened = (text) => (text.length > mostChars ? `${text.slice(0, mostChars)} … (${count(text.length, "character")} in all)` : text);
    const cell = (term, label) => {
      if (!term) return "";
      if (term.type === "bnode") return `_:${term.value}`;
      if (term.type === "uri") {
        const name = known.get(term.value) ?? {};
        const words = shortened(label?.value || name.label || name.curie || term.value);
        const title = shortened(term.value);
        const parts = [name.href ? make("a", { href: name.href, title }, words) : make("span", { title }, words)];
        if (name.curie && name.curie !== words) parts.push(" ", make("code", { class: "soft" }, name.curie));
        return make("span", {}, ...parts);
      }
      const text = make("bdi", {}, isNumber(term) ? readable(term) : term.datatype === `${XSD}boolean` ? (/^(true|1)$/.test(term.value) ? "yes" : "no") : shortened(term.value));
      if (term["xml:lang"]) text.lang = term["xml:lang"];
      if (term.datatype && term.datatype !== `${XSD}string`) text.title = `"${shortened(term.value)}"^^${term.datatype.replace(XSD, "xsd:")}`;
      return text;
    };
    // Digits in groups; what has an exponent, or more digits than a number can hold, stays as it is.
    const readable = (term) => {
      const found = /^(-?)(\d+)(\.\d+)?$/.exec(term.value);
      if (!found) return shortened(term.value);
      return found[2].length > 4 && term.value.length < 60 ? `${found[1]}${found[2].replace(/\B(?=(\d{3})+$)/g, ",")}${found[3] ?? ""}` : shortened(term.value);
    };

    // ?trialLabel beside ?trial is the text of its link.
    const columnsOf = (names) => names.filter((name) => !(name.endsWith("Label") && names.includes(name.slice(0, -5))));
    const heading = (name) => {
      const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/_/g, " ");
      return words === words.toUpperCase() ? words : words[0].toUpperCase() + words.slice(1).toLowerCase();
    };

    const table = async () => {
      const columns = columnsOf(answer.names);
      const body = make("tbody");
      const more = make("button", { type: "button" });
      let order = [...answer.rows];
      let shown = 0;
      const add = async () => {
        const next = order.slice(shown, shown + ROWS);
        await learn(next.flatMap((row) => columns.map((name) => row[name])));
        shown += next.length;
        for (const row of next) {
          const line = body.insertRow();
          for (const name of columns) {
            const place = line.insertCell();
            if (isNumber(row[name])) place.className = "num";
            place.append(cell(row[name], row[`${name}Label`]));
          }
        }
        more.hidden = shown >= order.length;
        more.textContent = `Show ${Math.min(ROWS, order.length - shown)} more of ${count(order.length, "row")}`;
      };
      const head = make("tr");
      for (const name of columns) {
        const button = make("button", { type: "button", class: "sort" }, heading(name));
        const place = make("th", { scope: "col" }, button);
        if (answer.rows.some((row) => row[name]) && answer.rows.every((row) => !row[name] || isNumber(row[name]))) place.className = "num";
        button.addEventListener("click", async () => {
          const down = place.getAttribute("aria-sort") === "ascending";
          for (const other of head.children) other.removeAttribute("aria-sort");
          place.setAttribute("aria-sort", down ? "descending" : "ascending");
          const value = (row) => row[`${name}Label`]?.value ?? textOf(row[name]);
          await learn(answer.rows.map((row) => row[name]));
          order = [...answer.rows].sort((one, other) => {
            if (!one[name] || !other[name]) return Number(!one[name]) - Number(!other[name]); // nothing stands last
            const least = isNumber(one[name]) && isNumber(other[name]) ? Number(one[name].value) - Number(other[name].value) : value(one).localeCompare(value(other), "en", { numeric: true });
            return down ? -least : least;
          });
          body.replaceChildren();
          shown = 0;
          await add();
        });
        head.append(place);
      }
      more.addEventListener("click", add);
      await add();
      const whole = make("table", {}, make("caption", { class: "hidden" }, "Results"), make("thead", {}, head), body);
      return [make("div", { class: "frame", tabindex: "0", role: "region", "aria-label": "Results as a table" }, whole), more];
    };

    const numeric = () => answer.names.filter((name) => answer.rows.some((row) => row[name]) && answer.rows.every((row) => !row[name] || isNumber(row[name])));
    const bars = async () => {
      const columns = numeric();
      const choice = make("select", { id: "bar-column" });
      for (const name of columns) choice.append(new Option(heading(name), name));
      const holder = make("div", { class: "frame", tabindex: "0", role: "region", "aria-label": "Results as bars" });
      const fill = async () => {
        const number = choice.value || columns[0];
        const others = answer.names.filter((name) => !columns.includes(name));
        const words = columnsOf(others).filter((name) => answer.rows.some((row) => row[name])).slice(0, 2);
        const drawn = answer.rows.filter((row) => row[number]).slice(0, MOST_BARS);
        await learn(drawn.flatMap((row) => words.map((name) => row[name])));
        const most = Math.max(...drawn.map((row) => Math.abs(Number(row[number].value))), Number.MIN_VALUE);
        const rows = make("table", { class: "bars" });
        rows.createCaption().textContent = drawn.length < answer.rows.length ? `${heading(number)}: the first ${drawn.length} of ${count(answer.rows.length, "row")}` : heading(number);
        for (const row of drawn) {
          const line = rows.insertRow();
          line.append(make("th", { scope: "row" }, words.map((name) => row[`${name}Label`]?.value ?? textOf(row[name])).filter(Boolean).join(", ")));
          const meter = make("meter", { max: most, value: Math.abs(Number(row[number].value)), "aria-hidden": "true" });
          line.insertCell().append(meter);
          const value = line.insertCell();
          value.className = "num";
          value.textContent = readable(row[number]);
        }
        holder.replaceChildren(rows);
      };
      choice.addEventListener("change", fill);
      await fill();
      const pick = make("p", { class: "field" }, make("label", { for: "bar-column" }, "Number"), choice);
      return columns.length > 1 ? [pick, holder] : [holder];
    };

    // Nodes repel each other, edges pull: a few hundred steps on a small graph, from places that are always the same.
    const layout = (nodes, edges, width, height) => {
      nodes.forEach((node, at) => {
        const turn = at * 2.399963; // the golden angle spreads them evenly
        node.x = width / 2 + 14 * Math.sqrt(at + 1) * Math.cos(turn);
        node.y = height / 2 + 14 * Math.sqrt(at + 1) * Math.sin(turn);
      });
      const ideal = Math.sqrt((width * height) / (nodes.length + 1)) * 0.7;
      for (let step = 0, heat = width / 8; step < 260; step += 1, heat *= 0.978) {
        for (const node of nodes) node.dx = node.dy = 0;
        for (let i = 0; i < nodes.length; i += 1) {
          for (let j = i + 1; j < nodes.length; j += 1) {
            const [dx, dy] = [nodes[i].x - nodes[j].x || 0.01, nodes[i].y - nodes[j].y || 0.01];
            const push = (ideal * ideal) / (dx * dx + dy * dy);
            nodes[i].dx += dx * push; nodes[i].dy += dy * push;
            nodes[j].dx -= dx * push; nodes[j].dy -= dy * push;
          }
        }
        for (const { from, to } of edges) {
          const [dx, dy] = [from.x - to.x, from.y - to.y];
          const pull = Math.hypot(dx, dy) / ideal;
          from.dx -= dx * pull; from.dy -= dy * pull;
          to.dx += dx * pull; to.dy += dy * pull;
        }
        for (const node of nodes) {
          node.dx += (width / 2 - node.x) * 0.05;
          node.dy += (height / 2 - node.y) * 0.1;
          const length = Math.hypot(node.dx, node.dy) || 1;
          node.x = Math.min(width - 90, Math.max(90, node.x + (node.dx / length) * Math.min(length, heat)));
          node.y = Math.min(height - 20, Math.max(20, node.y + (node.dy / length) * Math.min(length, heat)));
        }
      }
    };
    const graph = async () => {
      const nodes = new Map();
      const edges = new Map();
      const labels = new Map(answer.rows.filter((r) => r.predicate.value === RDFS_LABEL).map((r) => [r.subject.value, r.object.value]));
      let left = 0;
      for (const row of answer.rows) {
        if (row.object.type === "literal") continue; // its table has them
        const ends = [row.subject, row.object].map((term) => `${term.type} ${term.value}`);
        if (nodes.size + ends.filter((key) => !nodes.has(key)).length > MOST_NODES) {
          left += 1;
          continue;
        }
        [row.subject, row.object].forEach((term, at) => nodes.has(ends[at]) || nodes.set(ends[at], { term }));
        const key = ends.join("\n");
        if (!edges.has(key)) edges.set(key, { from: nodes.get(ends[0]), to: nodes.get(ends[1]), by: new Map() });
        edges.get(key).by.set(row.predicate.value, row.predicate);
      }
      await learn([...nodes.values()].map((n) => n.term).concat(answer.rows.map((row) => row.predicate)));
      const [width, height] = [1060, Math.min(1400, 420 + nodes.size * 8)];
      layout([...nodes.values()], [...edges.values()], width, height);
      const picture = draw("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "network", role: "group", "aria-label": `${count(nodes.size, "node")} and ${count(edges.size, "edge")}; the same triples are in the table` });
      for (const edge of edges.values()) {
        const words = [...edge.by.values()].map((term) => known.get(term.value)?.label || textOf(term)).join(", ");
        picture.append(draw("g", {}, draw("title", {}, words), draw("line", { class: "edge", x1: edge.from.x, y1: edge.from.y, x2: edge.to.x, y2: edge.to.y })));
        if (edges.size <= 40) picture.append(draw("text", { class: "lab", x: (edge.from.x + edge.to.x) / 2, y: (edge.from.y + edge.to.y) / 2 - 3, "text-anchor": "middle" }, words));
      }
      for (const node of nodes.values()) {
        const words = labels.get(node.term.value) ?? (node.term.type === "bnode" ? "_:" + node.term.value : textOf(node.term));
        const short = words.length > 28 ? `${words.slice(0, 27)}…` : words;
        const href = known.get(node.term.value)?.href;
        const mark = [draw("title", {}, words), draw("circle", { class: "node", cx: node.x, cy: node.y, r: 6 }), draw("text", { x: node.x, y: node.y - 10, "text-anchor": "middle" }, short)];
        picture.append(href ? draw("a", { href }, ...mark) : draw("g", {}, ...mark));
      }
      const note = left ? [make("p", { class: "small soft" }, `${count(MOST_NODES, "node")} are drawn; ${count(left, "triple")} more are in the table.`)] : [];
      return [...note, make("div", { class: "frame", tabindex: "0", role: "region", "aria-label": "Results as a graph" }, picture)];
    };

    const raw = async () => [make("pre", { tabindex: "0" }, make("code", {}, answer.text.slice(0, 200_000)))];

    const VIEWS = { Table: table, Bars: bars, Graph: graph, Raw: raw };
    const select = async (name) => {
      for (const button of bar.querySelectorAll("button[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === name));
      box.replaceChildren(...(await VIEWS[name]()));
    };

    return {
      clear: () => {
        box.replaceChildren();
        bar.replaceChildren();
      },
      // Show an answer, or what is whole of one that was cut; what there is of it, in words.
      show: async (received, type, downloads, cut) => {
        const isGraph = type.includes("n-triples");
        const text = cut ? whole(received, isGraph) : received;
        const parsed = isGraph ? { head: { vars: ["subject", "predicate", "object"] }, results: { bindings: triples(text) } } : JSON.parse(text);
        if (parsed.boolean !== undefined) {
          box.replaceChildren(make("p", { class: "big-n" }, parsed.boolean ? "Yes" : "No"));
          bar.replaceChildren(...downloads);
          return "Answered";
        }
        answer = { names: parsed.head.vars, rows: parsed.results.bindings, text };
        const rows = answer.rows.length;
        if (rows === 0 && cut) {
          box.replaceChildren(make("p", {}, "The first row alone is larger than this page can hold."));
          bar.replaceChildren(...downloads);
          return "Nothing is shown";
        }
        if (rows === 0) {
          box.replaceChildren(make("p", {}, "No results: nothing in the graph matches the query."));
          bar.replaceChildren();
          return "No results";
        }
        const offered = ["Table", ...(numeric().length ? ["Bars"] : []), ...(isGraph ? ["Graph"] : []), "Raw"];
        const buttons = offered.map((name) => {
          const button = make("button", { type: "button", "data-view": name, "aria-pressed": "false" }, name);
          button.addEventListener("click", () => select(name));
          return button;
        });
        bar.replaceChildren(make("span", { class: "row tight", role: "group", "aria-label": "View" }, ...buttons), make("span", { class: "row tight push" }, ...downloads));
        await select(isGraph && answer.rows.some((row) => row.object.type !== "literal") ? "Graph" : "Table");
        const found = count(rows, isGraph ? "triple" : "result");
        return cut ? `The first ${found}` : found;
      },
    };
  };

  return { make, results };
})();
