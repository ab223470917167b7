// On a site of files: the answer to a saved query as the server shows it, its rows gathered and with its notes.
"use strict";
var solgraphAnswer = (() => {
const MOST = 2000, SHOWN = 3;
const each = (terms) => [...new Map(terms.filter(Boolean).map((term) => [JSON.stringify(term), term])).values()];

// Columns that are not empty, and rows of cells: those that differ only in columns of several values are one.
async function gathered(query, { head, results: { bindings } }) {
  const { several, order } = (await solgraphEngine.ready()).queries[query];
  const columns = head.vars.filter((name) => bindings.some((row) => row[name])), keys = columns.filter((name) => !several.includes(name));
  const groups = new Map();
  bindings.forEach((row, number) => {
    const key = keys.length < columns.length ? JSON.stringify(keys.map((name) => row[name] ?? null)) : number;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  });
  return { columns, order, rows: [...groups.values()].map((group) => columns.map((name) => each(group.map((row) => row[name])))) };
}

// The names and meanings of columns stand below, on the page.
function described(name) {
  const code = [...document.querySelectorAll(".meanings dt code")].find((each) => each.textContent === name);
  return code ? [code.previousSibling.textContent.trim(), code.parentElement.nextElementSibling.textContent] : [name, ""];
}

// Where the query orders rows by a thing, they come in the order of the names that are shown.
async function inOrder(answer) {
  let { rows } = answer;
  for (const order of answer.order ?? []) rows = await byName(answer.columns, rows, order);
  return rows;
}

async function byName(columns, rows, order) {
  const places = order.map((name) => columns.indexOf(name)), last = places.pop(), thing = (row) => row[last][0]?.value ?? "";
  if (last === undefined || last < 0 || places.includes(-1)) return rows;
  const labels = await solgraphEngine.labels(rows.map(thing).filter(Boolean)), runs = [];
  const compared = (one, other) => Number(one > other) - Number(one < other), key = (row) => fold(labels.get(thing(row)) ?? "");
  for (const row of rows) {
    const before = runs.at(-1)?.at(-1);
    const goesOn = before && places.every((place) => before[place][0]?.value === row[place][0]?.value) && thing(before) <= thing(row);
    goesOn ? runs.at(-1).push(row) : runs.push([row]);
  }
  return runs.flatMap((run) => run.sort((one, other) => compared(key(one), key(other)) || compared(thing(one), thing(other))));
}

async function table(answer, { sort, values = "{}" }) {
  const { columns } = answer, shown = (await inOrder(answer)).slice(0, MOST), texts = JSON.parse(values), body = make("tbody");
  const labels = await solgraphEngine.labels(shown.flat(2).filter(({ type }) => type === "uri").map(({ value }) => value));
  const heads = columns.map(described);
  for (const row of shown) {
    const cells = await Promise.all(row.map((terms, column) => cell(terms, labels, ["answer", "certainty"].includes(columns[column]) ? texts : {})));
    cells.forEach((made, column) => (made.dataset.column = heads[column][0]));
    body.append(make("tr", {}, ...cells));
  }
  const made = make("table", { className: "answer" }, make("thead", {}, make("tr", {}, ...heads.map(([textContent, title]) => make("th", { scope: "col", textContent, title })))), body);
  made.dataset.sort = sort;
  sortable(made);
  const scroll = make("div", { className: "scroll", tabIndex: 0, role: "group" }, made);
  scroll.setAttribute("aria-labelledby", "asked-status");
  return scroll;
}

async function cell(terms, labels, texts) {
  const shown = await Promise.all(terms.map(async ({ type, value }) => {
    if (type !== "uri") return texts[value] ?? value;
    return /^https?:/i.test(value) ? make("a", { href: await solgraphEngine.address(value), textContent: labels.get(value) }) : labels.get(value);
  }));
  const joined = (some) => some.flatMap((one, number) => (number ? ["; ", one] : [one]));
  if (shown.length <= SHOWN + 1) return make("td", {}, ...joined(shown));
  const others = make("details", {}, make("summary", { textContent: `+ ${shown.length - SHOWN}` }), ...joined(shown.slice(SHOWN)));
  return make("td", {}, ...joined(shown.slice(0, SHOWN)), others);
}

// Notes: what complete lists say, silence, and what is unclear about the things asked for or in the rows

async function notes(query, values, { results }) {
  const known = await solgraphEngine.ready(), { params, absence, silent, unclear } = known.queries[query], asked = {};
  const language = document.documentElement.lang, made = [];
  const sentence = known.notes.sentences[language] ?? known.notes.sentences.en;
  for (const param of params.filter(({ kind }) => kind === "iri")) {
    const texts = (values[param.name] ?? []).filter((text) => text.trim());
    asked[param.name] = await Promise.all((texts.length || !param.default ? texts : [param.default]).map((text) => solgraphEngine.found(text, param)));
  }
  const note = async (kind, about = "", sources = [], texts = {}) => {
    const names = await solgraphEngine.labels(sources), date = texts.date ? sentence.date.replace("{date}", texts.date) : "";
    const all = { ...texts, date, sources: sources.map((iri) => names.get(iri)).join("; ") };
    for (const name of ["network", "city", "point"]) if (all[name]) all[name] = (await solgraphEngine.labels([all[name]])).get(all[name]);
    made.push({ about, text: sentence[kind].replace(/\{(\w+)\}/g, (_, name) => all[name] ?? "") });
  };
  const place = { note, sentence, year: values.year?.[0] ?? "" };
  if (results && !results.bindings.length && silent) await note("silence");
  const unclearPoints = unclear ? await points(Object.values(asked).flat(), results?.bindings ?? [], known) : [];
  const noted = async (some) => { for (const { point, about, sources } of some) await note("unclear", about, sources, { point }); };
  await noted(unclearPoints.filter(({ rank }) => rank > 1));
  for (const iri of asked[absence] ?? []) await (iri.startsWith(`${known.id}network/`) ? lists : without)(iri, place);
  await noted(unclearPoints.filter(({ rank }) => rank < 2));
  return made;
}

// The answer to another saved query, gathered, each row by its columns.
async function answered(query, values) {
  const { columns, rows } = await gathered(query, JSON.parse((await solgraphEngine.answer(await solgraphEngine.bind(query, values))).text));
  return rows.map((row) => Object.fromEntries(columns.map((name, column) => [name, row[column].map(({ value }) => value)])));
}

async function lists(network, { note }) {
  const number = (cell) => Number(cell?.[0] ?? 0), text = (cell) => cell?.[0] ?? "";
  const rows = await answered("completeness", { network: [network] }), complete = rows.filter((row) => text(row.settles));
  const [most] = rows.filter((row) => number(row.claimed)).sort((one, other) => number(other.claimed) - number(one.claimed) || text(other.date).localeCompare(text(one.date), "en"));
  if (most && !complete.some((row) => text(row.settles) === "true")) await note("claimed", network, most.source, { date: text(most.date), claimed: text(most.claimed), members: text(most.members) });
  for (const { settles, source, date, listed } of complete) await note(text(settles) === "true" ? "complete" : text(date) ? "outgrown" : "undated", network, source, { date: text(date), listed: text(listed) });
  if (!complete.length) await note("incomplete", network, [], { network });
}

async function without(city, { note, sentence, year }) {
  const networks = new Map();
  for (const row of await answered("absent-from", { city: [city] })) {
    if (row.date?.[0]?.startsWith(year) && !row.elsewhere?.length) networks.set(row.network[0], [...(networks.get(row.network[0]) ?? []), row]);
  }
  const groups = [...networks.values()], denied = groups.map((rows) => rows.filter(({ answer }) => year || answer[0] === "no"));
  const absent = async (kind, rows) => {
    const [newest, ...others] = rows.sort((one, other) => other.date[0].localeCompare(one.date[0], "en"));
    const count = others.reduce((sum, { source }) => sum + source.length, 0), more = count ? sentence.more.replace("{count}", count) : "";
    await note(kind, newest.network[0], newest.source, { date: newest.date[0], more, network: newest.network[0], city, listed: newest.listed[0] });
  };
  for (const rows of denied) if (rows.length) await absent("absent", rows);
  for (const [place, rows] of groups.entries()) if (!denied[place].length) await absent("unlisted", rows);
  await note("others", city);
}

async function points(asked, bindings, { notes: { unclear, places, never } }) {
  const inRows = new Set(bindings.flatMap((row) => Object.values(row)).filter(({ type }) => type === "uri").map(({ value }) => value));
  const shown = [...inRows].filter((iri) => ![...places, ...never].some((begin) => iri.startsWith(begin)) && !asked.includes(iri)), found = new Map();
  const things = [...new Set([...asked, ...shown])].map((iri) => `<${iri}>`).join(" ");
  for (const { finding, thing, source } of things ? await solgraphEngine.rows(unclear.replace("{things}", () => things)) : []) {
    if (!found.has(finding.value)) found.set(finding.value, { about: new Set(), sources: new Set() });
    found.get(finding.value).about.add(thing.value);
    found.get(finding.value).sources.add(source.value);
  }
  const ranked = [...found].filter(([iri]) => !inRows.has(iri)).map(([point, { about, sources }]) => {
    const [ofAsked, ofShown] = [asked, shown].map((some) => some.filter((iri) => about.has(iri)).sort());
    return { point, sources: [...sources], about: ofAsked[0] ?? ofShown[0], rank: 2 * Boolean(ofAsked.length) + Boolean(ofShown.length) };
  });
  return ranked.sort((one, other) => other.rank - one.rank);
}

async function list(made, heading) {
  const items = await Promise.all(made.map(async ({ about, text }) => make("li", {}, about ? make("a", { href: await solgraphEngine.address(about), textContent: text }) : text)));
  return make("details", { open: items.length < 7 }, make("summary", { textContent: `${heading} (${items.length})` }), make("ul", {}, ...items));
}

return { MOST, gathered, table, notes, list };
})();
