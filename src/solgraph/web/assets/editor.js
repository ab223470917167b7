"use strict";
// The editor: colours, words while typing, and answers without leaving the page. Without it the form itself asks.

const form = document.getElementById("editor");
const area = document.getElementById("query"),
  colours = document.getElementById("colours"),
  list = document.getElementById("words"),
  fault = document.getElementById("fault"),
  format = document.getElementById("format");

const KEYWORDS =
  "SELECT CONSTRUCT DESCRIBE ASK WHERE FROM NAMED GRAPH PREFIX BASE DISTINCT REDUCED AS ORDER GROUP BY HAVING ASC DESC " +
  "LIMIT OFFSET VALUES UNDEF OPTIONAL UNION MINUS FILTER BIND EXISTS NOT IN SERVICE SILENT COUNT SUM MIN MAX AVG SAMPLE " +
  "GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN " +
  "UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS NOW " +
  "COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE A TRUE FALSE";
const known = new Set(KEYWORDS.split(" "));
const TOKENS = new RegExp(
  [
    "(?<comment>#[^\\n]*)",
    '(?<string>"""[^]*?"""|\'\'\'[^]*?\'\'\'|"(?:[^"\\\\\\n]|\\\\.)*"|\'(?:[^\'\\\\\\n]|\\\\.)*\')',
    '(?<iri><[^<>"{}|^`\\\\\\s]*>)',
    "(?<variable>[?$]\\w+)",
    "(?<name>[A-Za-z][\\w-]*:[\\w.-]*)",
    "(?<word>[A-Za-z_]+)",
  ].join("|"),
  "g",
);

// Colours

function span(kind, text) {
  const element = document.createElement("span");
  element.className = kind;
  element.textContent = text;
  return element;
}

function kindOf(groups) {
  const kind = Object.keys(groups).find((name) => groups[name] !== undefined);
  if (kind !== "word") return kind;
  return known.has(groups.word.toUpperCase()) ? "keyword" : "";
}

let wrong = -1; // where the query is not valid

function paint() {
  const text = area.value,
    parts = [];
  let end = 0;
  for (const token of text.matchAll(TOKENS)) {
    parts.push(...marked(text, end, token.index, ""));
    parts.push(...marked(text, token.index, token.index + token[0].length, kindOf(token.groups)));
    end = token.index + token[0].length;
  }
  parts.push(...marked(text, end, text.length, ""), " \n");
  colours.replaceChildren(...parts);
  follow();
}

function marked(text, start, end, kind) {
  const piece = text.slice(start, end);
  if (wrong >= start && wrong < end) return [span(`${kind} here`, piece)];
  return kind ? [span(kind, piece)] : [piece];
}

function follow() {
  colours.scrollTop = area.scrollTop;
  colours.style.height = `${area.offsetHeight}px`;
}

// Words that fit what is being typed

let words = [],
  fitting = [],
  current = 0;

function begun() {
  const found = /[\w-]*:?[\w.-]*$/.exec(area.value.slice(0, area.selectionStart));
  return found && found[0].length > 1 && !/[?$]$/.test(area.value.slice(0, area.selectionStart - found[0].length))
    ? found[0]
    : "";
}

function offer() {
  const start = begun().toLowerCase();
  const byTerm = start ? words.filter((word) => word.term.toLowerCase().startsWith(start) && word.term !== begun()) : [];
  const byLabel = start.length > 2 ? words.filter((word) => word.label.toLowerCase().startsWith(start)) : [];
  fitting = [...new Set([...byTerm, ...byLabel])].slice(0, 40);
  current = 0;
  list.hidden = !fitting.length;
  list.replaceChildren(...fitting.map(item));
  point(0);
  if (fitting.length) placeList();
}

function item(word, number) {
  const element = document.createElement("li"),
    label = document.createElement("small");
  element.id = `word-${number}`;
  element.setAttribute("role", "option");
  element.textContent = word.term;
  label.textContent = word.label === word.term ? word.kind : word.label;
  element.append(label);
  element.addEventListener("mousedown", (event) => {
    event.preventDefault();
    take(number);
  });
  return element;
}

function point(number) {
  current = (number + fitting.length) % Math.max(1, fitting.length);
  [...list.children].forEach((one, n) => one.setAttribute("aria-selected", String(n === current)));
  list.children[current]?.scrollIntoView({ block: "nearest" });
  if (fitting.length) area.setAttribute("aria-activedescendant", `word-${current}`);
  else area.removeAttribute("aria-activedescendant");
}

function placeList() {
  const line = area.value.slice(0, area.selectionStart).split("\n").length,
    height = parseFloat(getComputedStyle(area).lineHeight);
  list.style.top = `${Math.min(area.offsetHeight, line * height + 14 - area.scrollTop)}px`;
  list.style.left = "2.5rem";
}

function leave() {
  fitting = [];
  list.hidden = true;
  area.removeAttribute("aria-activedescendant");
}

function take(number) {
  const start = area.selectionStart - begun().length,
    word = fitting[number].term;
  area.setRangeText(word, start, area.selectionStart, "end");
  leave();
  paint();
}

// Answers

let asked = 0;

async function run() {
  const turn = ++asked;
  leave();
  complain("", -1);
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
    if (turn === asked) complain(form.dataset.lost, -1);
  }
}

const ask = (accept) =>
  fetch(form.action, { method: "POST", headers: { Accept: accept }, body: new URLSearchParams({ query: area.value }) });

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
  if (at >= 0) area.setSelectionRange(at, at);
  area.focus();
}

function complain(text, at) {
  wrong = at;
  fault.hidden = !text;
  show(fault, text);
  area.setAttribute("aria-invalid", String(Boolean(text)));
  paint();
}

async function receive(type, text) {
  document.getElementById("result").hidden = false;
  const results = type.includes("json") ? JSON.parse(text) : null;
  if (results && "boolean" in results) return put([], [], form.dataset[results.boolean ? "yes" : "no"], text);
  if (results?.results) {
    const columns = results.head.vars;
    const rows = results.results.bindings.map((row) => columns.map((name) => row[name]));
    return put(columns, rows, fill(form.dataset.rows, { count: rows.length }), text);
  }
  const rows = [...text.matchAll(/^(\S+) (\S+) (.+) \.$/gm)].map((found) => found.slice(1).map(term));
  return put(["subject", "predicate", "object"], rows, fill(form.dataset.rows, { count: rows.length }), text);
}

const term = (text) => (text.startsWith("<") ? { type: "uri", value: text.slice(1, -1) } : { value: text });
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const show = (element, text) => (element.textContent = text);

function put(columns, rows, told, raw) {
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
  document.getElementById("table").replaceChildren(...(columns.length ? [table] : []));
  show(document.getElementById("raw"), raw);
  show(document.getElementById("told"), told);
}

function cellOf(value) {
  if (!value) return "";
  if (value.type !== "uri" || !/^https?:/.test(value.value)) return value.value;
  const link = document.createElement("a");
  link.href = value.value.replace(/^https:\/\/w3id\.org\/solgraph\/id\//, form.dataset.things);
  link.textContent = shortened(value.value);
  return link;
}

let prefixes = [];
const shortened = (iri) => {
  const found = prefixes.find(([, namespace]) => iri.startsWith(namespace));
  return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
};

async function raw() {
  // the raw view is in the format that is chosen, when it fits the answer
  const response = await ask(format.selectedOptions[0].dataset.media).catch(() => null);
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

const KEYS = {
  ArrowDown: () => point(current + 1),
  ArrowUp: () => point(current - 1),
  Enter: () => take(current),
  Tab: () => take(current),
  Escape: leave,
};

area.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  } else if (fitting.length && KEYS[event.key] && !event.shiftKey) {
    event.preventDefault();
    KEYS[event.key]();
  }
});
area.addEventListener("input", () => {
  wrong = -1;
  paint();
  offer();
});
for (const event of ["blur", "click"]) area.addEventListener(event, leave);
area.addEventListener("scroll", follow);
new ResizeObserver(follow).observe(area);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
area.parentElement.classList.add("coloured");
// A text area cannot be a combobox, so it says what it can: that a list may come, and what is chosen of it.
for (const [name, value] of Object.entries({ autocomplete: "list", haspopup: "listbox", controls: "words" }))
  area.setAttribute(`aria-${name}`, value);
paint();
fetch(form.dataset.terms)
  .then((response) => response.json())
  .then((found) => {
    prefixes = Object.entries(found.prefixes).sort((one, other) => other[1].length - one[1].length);
    words = [
      ...Object.keys(found.prefixes).map((name) => ({ term: `${name}:`, label: found.prefixes[name], kind: "prefix" })),
      ...found.terms,
    ];
  });
