// The editor in place of the plain form: completion from this graph, the questions as tabs, nothing from elsewhere.
"use strict";
(() => {
  const home = document.getElementById("editor");
  if (!home || typeof Yasgui === "undefined") return;
  const endpoint = new URL(home.dataset.endpoint, location.href).href;
  const vocabulary = fetch(home.dataset.words).then((response) => response.json());
  const { Yasqe } = Yasgui;
  const MOST = 100;

  // Words that are typed match the IRI, its short name and its label, so that "disease" finds tg:trialDisease.
  const fitting = (terms, prefixes, typed) => {
    const typedText = typed.replace(/^</, "").toLowerCase();
    const near = ([iri, label]) => {
      const text = `${iri} ${label}`.toLowerCase();
      const short = Object.entries(prefixes).find(([, space]) => iri.startsWith(space));
      const curie = short ? `${short[0]}:${iri.slice(short[1].length)}`.toLowerCase() : "";
      return text.includes(typedText) || curie.startsWith(typedText);
    };
    return terms.filter(near).slice(0, MOST).map(([iri]) => iri);
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
  // The other completers ask hosts elsewhere.
  Yasqe.defaults.autocompleters = ["trialgraph-prefixes", "trialgraph-class", "trialgraph-property", "variables"];
  Yasqe.defaults.prefixCcApi = null;
  Yasqe.defaults.createShortLink = undefined;

  // A view of results as bars: the first column of numbers, named by the labels beside it.
  const NUMBERS = /#(integer|decimal|double|float|int|long|nonNegativeInteger)$/;
  const MOST_BARS = 60;
  class Bars {
    constructor(yasr) {
      this.yasr = yasr;
      this.priority = 5;
      this.label = "Bars";
      this.helpReference = "";
    }
    columns() {
      const rows = this.yasr.results?.getBindings?.() ?? [];
      const names = this.yasr.results?.getVariables?.() ?? [];
      const number = names.find(
        (name) => rows.some((row) => row[name]) && rows.every((row) => !row[name] || NUMBERS.test(row[name].datatype ?? "")),
      );
      const others = names.filter((name) => name !== number);
      const labels = others.filter((name) => name.endsWith("Label"));
      return { rows, number, words: labels.length ? labels : others.slice(0, 1) };
    }
    canHandleResults() {
      const { rows, number } = this.columns();
      return rows.length > 0 && number !== undefined;
    }
    draw() {
      const { rows, number, words } = this.columns();
      const drawn = rows.slice(0, MOST_BARS).filter((row) => row[number]);
      const longest = Math.max(...drawn.map((row) => Math.abs(Number(row[number].value))), Number.MIN_VALUE);
      const table = document.createElement("table");
      table.className = "bars";
      const caption = table.createCaption();
      caption.textContent = drawn.length < rows.length ? `${number}, the first ${drawn.length} of ${rows.length} rows` : number;
      for (const row of drawn) {
        const line = table.insertRow();
        line.insertCell().textContent = words.map((name) => row[name]?.value ?? "").join(", ");
        const value = Number(row[number].value);
        const bar = document.createElement("meter");
        bar.max = longest;
        bar.value = Math.abs(value);
        bar.setAttribute("aria-hidden", "true");
        line.insertCell().append(bar);
        line.insertCell().textContent = row[number].value;
      }
      this.yasr.resultsEl.replaceChildren(table);
    }
    getIcon() {
      const icon = document.createElement("span");
      icon.textContent = "\u2261";
      return icon;
    }
  }
  Yasgui.Yasr.registerPlugin("bars", Bars);
  Yasgui.Yasr.defaults.pluginOrder = ["table", "bars", "response"];

  const first = document.getElementById("query").value;
  Yasqe.defaults.value = first;
  home.hidden = false;
  document.getElementById("plain").hidden = true;
  const yasgui = new Yasgui(home, {
    requestConfig: { endpoint, method: "POST", headers: () => ({}) },
    copyEndpointOnNewTab: true,
    persistenceId: `trialgraph ${location.host}`,
    endpointCatalogueOptions: { getData: () => [{ endpoint }] },
    corsProxy: undefined,
  });
  // A query of this graph is sent to this endpoint, also in a tab kept from another address of it.
  for (const tab of Object.values(yasgui._tabs)) tab.setEndpoint(endpoint);

  // Our own IRIs lead to their pages here, whatever their host answers.
  home.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("a[href]");
      const base = home.dataset.base;
      if (link && link.href.startsWith(base)) link.href = new URL(link.href.slice(base.length), home.dataset.home).href;
    },
    true,
  );

  vocabulary.then((words) => {
    const label = document.createElement("label");
    label.textContent = "Open a question in a new tab ";
    const list = document.createElement("select");
    list.id = "open-question";
    list.append(new Option("choose …", ""));
    const groups = new Map();
    words.questions.forEach((question, at) => {
      if (!groups.has(question.topic)) {
        const group = document.createElement("optgroup");
        group.label = question.topic;
        groups.set(question.topic, group);
        list.append(group);
      }
      groups.get(question.topic).append(new Option(question.title, String(at)));
    });
    list.addEventListener("change", () => {
      const question = words.questions[Number(list.value)];
      if (list.value === "" || !question) return;
      const tab = yasgui.addTab(true, { name: question.title.slice(0, 40) });
      tab.setEndpoint(endpoint);
      tab.setQuery(question.query);
      list.value = "";
    });
    label.append(list);
    const line = document.createElement("p");
    line.className = "fields";
    line.append(label);
    home.before(line);
  });
})();
