"use strict";
// The editor: answers without leaving the page; with CodeMirror also colours, line numbers, and words while typing.
// Without any script the form itself asks.

const form = document.getElementById("editor");
const area = document.getElementById("query"),
  fault = document.getElementById("fault"),
  format = document.getElementById("format");

let words = [];

// Words that fit what is being typed: prefixes and terms by their name or label, and the variables of the query.
function completion(context) {
  const begun = context.matchBefore(/[?$]?[\w-]*:?[\w.-]*/),
    start = begun.text.toLowerCase();
  if (start.length < 2 && !context.explicit) return null;
  const variables = /^[?$]/.test(start) ? new Set(context.state.doc.toString().match(/[?$]\w+/g)) : [];
  const known = [...[...variables].map((label) => ({ label })), ...words].filter((word) => word.label !== begun.text);
  const byTerm = known.filter((word) => word.label.toLowerCase().startsWith(start));
  const byLabel = start.length > 2 ? known.filter((word) => word.detail?.toLowerCase().startsWith(start)) : [];
  return { from: begun.from, options: [...new Set([...byTerm, ...byLabel])].slice(0, 40), filter: false };
}

// CodeMirror in place of the text area, which keeps its text. It writes style sheets of its own, which the page allows
// in a shadow root alone; what describes the field has to be in there too.
function replaceArea({ EditorView, keymap, tags, ...cm }) {
  const shadow = area.parentElement.appendChild(document.createElement("div")).attachShadow({ mode: "open" }),
    keys = shadow.appendChild(document.getElementById("keys").cloneNode(true));
  keys.hidden = true;
  area.hidden = true;
  const colours = { keyword: "keyword", variableName: "variable", string: "string", atom: "iri", comment: "comment" };
  const styles = Object.entries(colours).map(([tag, name]) => ({ tag: tags[tag], color: `var(--${name})` }));
  const running = { key: "Mod-Enter", run: () => run() || true };
  return new EditorView({
    doc: area.value,
    parent: shadow,
    root: shadow,
    extensions: [
      cm.history(),
      cm.lineNumbers(),
      cm.bracketMatching(),
      cm.StreamLanguage.define(cm.sparql),
      cm.syntaxHighlighting(cm.HighlightStyle.define(styles)),
      cm.autocompletion({ override: [completion], icons: false }),
      keymap.of([running, { key: "Tab", run: cm.acceptCompletion }, ...cm.defaultKeymap, ...cm.historyKeymap]),
      EditorView.lineWrapping,
      cm.EditorState.phrases.of({ Completions: form.dataset.words }),
      EditorView.theme(THEME),
      EditorView.contentAttributes.of({ "aria-label": area.labels[0].textContent, "aria-describedby": keys.id }),
      EditorView.updateListener.of((update) => (area.value = update.state.doc.toString())),
    ],
  });
}

const THEME = {
  "&": { background: "var(--paper)", border: "1px solid #7d8886", borderRadius: "6px", font: ".95rem/1.5 var(--mono)" },
  "&.cm-focused": { outline: "none" }, // around the shadow root there is the page's own
  ".cm-scroller": { font: "inherit", maxHeight: "70vh" },
  ".cm-content, .cm-gutter": { minHeight: "18rem" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-gutters": { background: "var(--sheet)", color: "var(--soft)", borderRight: "1px solid var(--rule)" },
  ".cm-matchingBracket.cm-matchingBracket": { background: "var(--wash)" },
  ".cm-tooltip": { background: "var(--paper)", border: "1px solid var(--rule)", borderRadius: "4px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--wash)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--soft)", fontStyle: "normal" },
  ".cm-diagnostic": { color: "var(--ink)" },
};

const view = window.codemirror && replaceArea(codemirror);

// Answers

let asked = 0,
  answered = ""; // the query of the answer that is shown, which may have been edited since

async function run() {
  const turn = ++asked;
  answered = area.value;
  history.replaceState(null, "", `?${new URLSearchParams({ query: area.value })}`); // what is shared is what was asked
  complain("");
  show(document.getElementById("told"), form.dataset.running);
  document.getElementById("result").hidden = false;
  try {
    const accept = "application/sparql-results+json, application/ld+json;q=0.1, application/n-triples;q=0.9";
    const response = await ask(accept);
    const text = await response.text();
    if (turn !== asked) return;
    if (!response.ok) refuse(text);
    else await receive(response.headers.get("content-type") ?? "", text);
  } catch {
    if (turn === asked) complain(form.dataset.lost);
  }
}

const ask = (accept, query = answered) =>
  window.solgraphEngine ? solgraphEngine.ask(accept, query) : fetch(form.action, { method: "POST", headers: { Accept: accept }, body: new URLSearchParams({ query }) });

function refuse(text) {
  document.getElementById("result").hidden = true;
  let problem = { detail: text };
  try {
    problem = JSON.parse(text);
  } catch {
    // not from us, perhaps from a proxy: shown as it is
  }
  const { line, column = 1, detail, title, hint } = problem;
  const place = line ? `${fill(form.dataset.place, { line, column })} ` : "";
  const at = line ? area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0) + column - 1 : -1;
  const told = (detail ?? title).replace(line ? /,? error at \d+:\d+/ : /$^/, ""); // the place is told in front
  complain(`${place}${told}${hint && !line ? `\n${hint}` : ""}`, Math.min(at, area.value.length - 1));
}

// What is wrong, and where in the query if that is known.
function complain(text, at = -1) {
  fault.hidden = !text;
  show(fault, text);
  area.setAttribute("aria-invalid", String(Boolean(text)));
  const marks = at < 0 ? [] : [{ from: at, to: at + 1, severity: "error", message: text }];
  view?.dispatch(codemirror.setDiagnostics(view.state, marks));
  if (!text) return;
  (view ?? area).focus();
  if (at >= 0 && view) view.dispatch({ selection: { anchor: at }, scrollIntoView: true });
  else if (at >= 0) area.setSelectionRange(at, at);
}

async function receive(type, text) {
  document.getElementById("result").hidden = false;
  const results = type.includes("json") ? JSON.parse(text) : null;
  if (results && "boolean" in results) return put([], [], form.dataset[results.boolean ? "yes" : "no"], text);
  if (results?.results) {
    const columns = results.head.vars;
    const rows = results.results.bindings.map((row) => columns.map((name) => row[name]));
    return put(columns, rows, fill(form.dataset.rows, { count: rows.length }), text, "rows table");
  }
  const rows = [...text.matchAll(/^(\S+) (\S+) (.+) \.$/gm)].map((found) => found.slice(1).map(term));
  return put(["subject", "predicate", "object"], rows, fill(form.dataset.rows, { count: rows.length }), text, "triples");
}

const term = (text) => (text.startsWith("<") ? { type: "uri", value: text.slice(1, -1) } : { value: text });
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const show = (element, text) => (element.textContent = text);

function put(columns, rows, told, raw, kind = "rows") {
  const table = document.createElement("table"),
    head = table.createTHead().insertRow(),
    body = table.createTBody();
  for (const name of columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    show(cell, name);
    head.append(cell);
  }
  for (const row of rows.slice(0, 2000)) {
    const line = body.insertRow();
    for (const value of row) line.insertCell().append(cellOf(value));
  }
  table.className = "answer";
  table.dataset.sort = form.dataset.sort;
  sortable(table);
  document.getElementById("table").replaceChildren(...(columns.length ? [table] : []));
  show(document.getElementById("raw"), raw);
  show(document.getElementById("told"), told);
  offer(kind);
  label(table).catch(() => {}); // without names there are the IRIs
}

// Names in place of the IRIs: in the language of the page, else in English, else in any.
async function label(table) {
  const links = [...table.querySelectorAll("td a[data-iri]")], iris = [...new Set(links.map((link) => link.dataset.iri))];
  if (!iris.length) return;
  const values = iris.slice(0, 1000).map((iri) => `<${iri}>`).join(" ");
  const query = `SELECT ?iri ?name { VALUES ?iri { ${values} } ?iri <${SKOS}prefLabel>|<${RDFS}label> ?name }`;
  const { results } = await (await ask("application/sparql-results+json", query)).json();
  const tongues = ["", "en", document.documentElement.lang], names = new Map();
  const rank = (text) => tongues.indexOf(text["xml:lang"] ?? "");
  for (const { iri, name } of results.bindings)
    if (!names.has(iri.value) || rank(name) > rank(names.get(iri.value))) names.set(iri.value, name);
  for (const link of links) if (names.has(link.dataset.iri)) show(link, names.get(link.dataset.iri).value);
}

const SKOS = "http://www.w3.org/2004/02/skos/core#",
  RDFS = "http://www.w3.org/2000/01/rdf-schema#";

// The answer as a file, in the forms that fit it.
function offer(kinds) {
  const options = [...format.options].filter((option) => kinds.split(" ").includes(option.dataset.kind));
  document.getElementById("files").replaceChildren(...options.flatMap((option) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button quiet" });
    show(button, option.textContent);
    button.addEventListener("click", () => take(option.dataset).catch(() => complain(form.dataset.lost)));
    return [button, " "];
  }));
}

async function take({ media, ending }) {
  const response = await ask(media);
  if (!response.ok) return refuse(await response.text());
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = `answer.${ending}`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function cellOf(value) {
  if (!value) return "";
  if (value.type !== "uri" || !/^https?:/.test(value.value)) return value.value;
  const link = document.createElement("a");
  link.href = form.dataset.things ? value.value.replace(/^https:\/\/w3id\.org\/solgraph\/id\//, form.dataset.things) : value.value;
  window.solgraphEngine?.address(value.value).then((where) => (link.href = where));
  link.title = link.textContent = shortened(value.value);
  if (!/[<>"{}|\\^`\s]/.test(value.value)) link.dataset.iri = value.value;
  return link;
}

let prefixes = [];
const shortened = (iri) => {
  const found = prefixes.find(([, namespace]) => iri.startsWith(namespace));
  return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
};

async function raw() {
  // the raw view is in the format that is chosen, when that is a text and fits the answer
  const { kind, media } = format.selectedOptions[0].dataset, response = kind === "table" ? null : await ask(media).catch(() => null);
  if (response?.ok) show(document.getElementById("raw"), await response.text());
}

for (const button of document.querySelectorAll("button[data-view]"))
  button.addEventListener("click", () => {
    for (const one of document.querySelectorAll("button[data-view]")) {
      one.setAttribute("aria-pressed", String(one === button));
      document.getElementById(one.dataset.view).hidden = one !== button;
    }
    if (button.dataset.view === "raw") raw();
  });

area.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  run();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
const shared = new URLSearchParams(location.search).get("query"); // the files of a site cannot know it
if (window.solgraphEngine && shared) {
  area.value = shared;
  view?.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: shared } });
}
loadScript(form.dataset.terms)
  .then(() => {
    prefixes = Object.entries(solgraphTerms.prefixes).sort((one, other) => other[1].length - one[1].length);
    words = [
      ...Object.entries(solgraphTerms.prefixes).map(([name, namespace]) => ({ label: `${name}:`, detail: namespace })),
      ...solgraphTerms.terms.map(({ term, label, kind }) => ({ label: term, detail: label === term ? kind : label })),
    ];
  })
  .catch(() => {}); // without words nothing is completed
