// The SPARQL page: the editor in place of the plain form, one query at a time, its answer in several views. Completion,
// names and questions come from this server; nothing comes from elsewhere.
"use strict";
(() => {
  const home = document.getElementById("editor");
  if (!home || typeof Yasgui === "undefined") return;
  const { Yasqe } = Yasgui;
  const endpoint = new URL(home.dataset.endpoint, location.href).href;
  const vocabulary = fetch(home.dataset.words).then((response) => response.json());
  const MOST_HINTS = 100;
  const LONGEST_LINK = 8000;
  const ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9, application/problem+json;q=0.8";
  const make = window.trialgraph.make;
  const mostBytes = Number(home.dataset.bytes);

  // Words that are typed match the IRI, its short name and its label, so that "disease" finds tg:trialDisease.
  const fitting = (terms, prefixes, typed) => {
    const words = typed.replace(/^</, "").toLowerCase();
    const fits = ([iri, label]) => {
      const short = Object.entries(prefixes).find(([, space]) => iri.startsWith(space));
      const curie = short ? `${short[0]}:${iri.slice(short[1].length)}`.toLowerCase() : "";
      return `${iri} ${label}`.toLowerCase().includes(words) || curie.startsWith(words);
    };
    return terms.filter(fits).slice(0, MOST_HINTS).map(([iri]) => iri);
  };
  const completer = (kind, key) => ({
    ...Yasqe.Autocompleters[kind],
    name: `trialgraph-${kind}`,
    bulk: false,
    persistenceId: null,
    get: async (yasqe, token) => {
      const words = await vocabulary;
      return fitting(words[key], words.prefixes, token?.autocompletionString ?? token?.string ?? "");
    },
  });
  Yasqe.registerAutocompleter(completer("class", "classes"), false);
  Yasqe.registerAutocompleter(completer("property", "properties"), false);
  Yasqe.registerAutocompleter(
    {
      ...Yasqe.Autocompleters.prefixes,
      name: "trialgraph-prefixes",
      bulk: true,
      persistenceId: null,
      get: async () => Object.entries((await vocabulary).prefixes).map(([name, space]) => `${name}: <${space}>`).sort(),
    },
    false,
  );

  document.getElementById("plain").hidden = true;
  home.hidden = false;
  const runButton = document.getElementById("run");
  const status = document.getElementById("status");
  const results = window.trialgraph.results(home.dataset.names, Number(home.dataset.chars));

  const start = document.getElementById("query").value;
  const run = () => void answer();
  const yasqe = new Yasqe(document.getElementById("code"), {
    value: start,
    // the other completers, and prefix.cc, ask hosts elsewhere
    autocompleters: ["trialgraph-prefixes", "trialgraph-class", "trialgraph-property", "variables"],
    prefixCcApi: null,
    createShareableLink: null,
    createShortLink: undefined,
    consumeShareLink: null,
    showQueryButton: false,
    persistenceId: `trialgraph ${location.host}`,
    editorHeight: "19rem",
    requestConfig: { endpoint },
    extraKeys: { ...Yasqe.defaults.extraKeys, "Ctrl-Enter": run, "Cmd-Enter": run, Tab: false, "Shift-Tab": false },
  });
  yasqe.getInputField().setAttribute("aria-label", "Query");
  const scroller = yasqe.getScrollerElement();
  for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", "Text of the query"]]) scroller.setAttribute(name, value);

  let running = null;
  let marks = [];

  const say = (words, kind = "") => {
    status.className = kind === "error" ? "note error" : "soft";
    status.textContent = words;
  };
  const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
  const sentence = (text) => {
    const words = text.trim();
    return words ? `${words[0].toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}` : "";
  };

  // Where the server says that it is wrong: the whole token there, and at the end of the query what is before it.
  const markError = (line, column) => {
    const doc = yasqe.getDoc();
    const row = Math.min(line - 1, doc.lastLine());
    const text = doc.getLine(row);
    const at = Array.from(text).slice(0, column - 1).join("").length; // columns count characters
    const token = text.slice(at).match(/^(?:[\w:?$-]+|\S)/)?.[0] ?? "";
    const from = token ? at : Math.max(0, at - 1);
    const until = Math.max(from + token.length, from + 1);
    marks.push(doc.markText({ line: row, ch: from }, { line: row, ch: until }, { className: "query-error" }));
    doc.addLineClass(row, "background", "query-error-line");
    marks.push({ clear: () => doc.removeLineClass(row, "background", "query-error-line") });
    doc.setCursor({ line: row, ch: from });
    yasqe.scrollIntoView({ line: row, ch: from }, 60);
  };
  const clearMarks = () => {
    for (const mark of marks) mark.clear();
    marks = [];
  };
  yasqe.on("change", clearMarks);

  const showProblem = (problem, code) => {
    const said = String(problem.detail ?? problem.title ?? `The server answered with status ${code}`);
    const placed = problem.line && problem.column;
    const what = (placed ? said.replace(/^\d+:\d+: /, "") : said).split("; ").map(sentence).join(" ");
    say(placed ? `Line ${problem.line}, column ${problem.column}: ${what}` : what, "error");
    if (placed) markError(problem.line, problem.column);
  };

  // An answer, or as much of it as a page holds: then the request is cancelled, and the server stops the query.
  const held = async (response) => {
    const [reader, decoder, pieces] = [response.body.getReader(), new TextDecoder(), []];
    for (let size = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return { text: pieces.join("") + decoder.decode(), cut: false };
      size += value.length;
      pieces.push(decoder.decode(value, { stream: true }));
      if (size > mostBytes) {
        await reader.cancel();
        return { text: pieces.join(""), cut: true };
      }
    }
  };

  async function answer() {
    if (running) {
      running.abort();
      return;
    }
    const query = yasqe.getValue();
    const abort = new AbortController();
    running = abort;
    runButton.textContent = "Cancel";
    runButton.setAttribute("aria-busy", "true");
    clearMarks();
    results.clear();
    say("Running …");
    const since = performance.now();
    try {
      const response = await fetch(endpoint, {
        method: "POST",
        headers: { Accept: ACCEPT, "Content-Type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ query }),
        signal: abort.signal,
      });
      const { text, cut } = await held(response);
      const type = response.headers.get("Content-Type") ?? "";
      if (!response.ok) {
        showProblem(type.includes("json") ? JSON.parse(text) : { detail: text }, response.status);
      } else {
        const found = await results.show(text, type, downloads(query, type.includes("n-triples")), cut);
        const why = cut ? `, as the answer is larger than ${mostBytes / 1e6} MB; a download has all` : "";
        say(`${found} in ${seconds(since)}${why}.`);
      }
    } catch (error) {
      if (abort.signal.aborted) say(`Cancelled after ${seconds(since)}. The query was stopped; there are no results.`);
      else say("The server did not answer, or its answer was cut off. Check that it is still running, and try again.", "error");
    } finally {
      running = null;
      runButton.textContent = "Run";
      runButton.removeAttribute("aria-busy");
    }
  }
  runButton.addEventListener("click", run);

  // Links where the query fits into an address, else a form.
  const downloads = (query, graph) => {
    const formats = graph
      ? { Turtle: "turtle", "N-Triples": "ntriples", "JSON-LD": "jsonld", "RDF/XML": "rdfxml" }
      : { Excel: "xlsx", CSV: "csv", TSV: "tsv", JSON: "json", XML: "xml" };
    return Object.entries(formats).map(([name, format]) => {
      const address = `${endpoint}?${new URLSearchParams({ query, format })}`;
      if (address.length < LONGEST_LINK) {
        return make("a", { class: "button", href: address, download: `answer.${format}` }, name);
      }
      const form = make("form", { method: "post", action: endpoint });
      form.append(
        make("input", { type: "hidden", name: "query", value: query }),
        make("input", { type: "hidden", name: "format", value: format }),
        make("button", {}, name),
      );
      return form;
    });
  };

  const open = (query) => {
    yasqe.setValue(query);
    clearMarks();
    home.scrollIntoView({ block: "nearest" });
    run();
  };

  // A link holds the whole query: #query=…
  const fromAddress = () => {
    const query = new URLSearchParams(location.hash.slice(1)).get("query");
    if (query) yasqe.setValue(query);
  };
  window.addEventListener("hashchange", fromAddress);
  fromAddress();
  const share = document.getElementById("share");
  share.addEventListener("click", async () => {
    const query = new URLSearchParams({ query: yasqe.getValue() });
    history.replaceState(null, "", `#${query}`);
    try {
      await navigator.clipboard.writeText(location.href);
      say("The link to this query is in the clipboard and in the address bar.");
    } catch {
      say("The link to this query is in the address bar.");
    }
  });

  // Examples of the page, its questions and its classes: each holds its query; a click opens and runs it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-query]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.dataset.query);
  });
  const questions = document.getElementById("questions");
  const filter = document.getElementById("filter");
  vocabulary.then((words) => {
    for (const item of questions.querySelectorAll("a[data-slug]")) {
      const question = words.questions.find((one) => one.slug === item.dataset.slug);
      if (question) item.dataset.query = question.query;
    }
    filter.closest("p").hidden = false;
  });
  filter.addEventListener("input", () => {
    const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const group of questions.querySelectorAll("section")) {
      let any = false;
      for (const item of group.querySelectorAll("li")) {
        const text = `${item.textContent} ${item.dataset.words} ${group.dataset.topic}`.toLowerCase();
        item.hidden = !wanted.every((word) => text.includes(word));
        any = any || !item.hidden;
      }
      group.hidden = !any;
    }
    document.getElementById("no-question").hidden = [...questions.querySelectorAll("section")].some((g) => !g.hidden);
  });
})();
