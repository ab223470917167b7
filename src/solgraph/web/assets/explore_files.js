// On a site of files: cities narrowed down by facets and seen in several views, all as on the server. What is chosen is
// in the address.
"use strict";
{
const { sorts, facets, open, blocked } = solgraphExplorer;
const { cities, byName, make, csv, save, translate } = solgraphElements, { gexf, views } = solgraphViews;
const root = document.getElementById("explorer"), words = root.dataset, SHOWN = 8, MOST = 120;
const TIES = sorts.ties, WORK = sorts.work, BOTH = TIES.filter((facet) => WORK.includes(facet));
const NAMES = [...Object.keys(facets), "from", "to", "certain", "view", "by", "sort"];
const countries = cities.map(({ country }) => facets.country.indexOf(country));
const isChosen = (chosen, facet) => chosen[facet]?.size > 0;
const facetsOf = (record) => (record.isTie ? TIES : WORK);
const records = solgraphExplorer.records.map(([sort, own, values, certainty, since, span, ...certain], place) => {
  const isTie = sort === 1, names = isTie ? TIES : WORK;
  return { place, isTie, isExample: sort === 2, cities: own, certainty, since, span, certain, ...Object.fromEntries(names.map((facet, each) => [facet, values[each]])) };
});

// What a selection leaves

const overlap = ([start, end]) => ([first, last]) => start <= last && first <= end;
const covers = ({ period, certain }, record) => !period || record.certain.some(overlap(period)) || (!certain && overlap(period)(record.span));

// The facets of its sort of which a record has no chosen value; what was blocked fails unless a status is chosen.
function failing(record, chosen) {
  const failed = facetsOf(record).filter((facet) => isChosen(chosen, facet) && !record[facet].some((value) => chosen[facet].has(value)));
  if (!record.isTie && !isChosen(chosen, "status") && record.status.includes(blocked)) failed.push("status");
  return covers(chosen, record) ? failed : [...failed, "period"];
}

function explored(chosen) {
  const byFailing = new Map();
  for (const record of records) {
    const failed = failing(record, chosen);
    if (failed.length > 1) continue;
    const key = `${record.isTie} ${failed.join()}`;
    if (!byFailing.has(key)) byFailing.set(key, []);
    byFailing.get(key).push(record);
  }
  const matching = (which, facet) => which.flatMap((tie) => [...new Set(["", facet])].flatMap((failed) => byFailing.get(`${tie} ${failed}`) ?? []));
  const without = (facet) => Object.fromEntries(Object.entries(chosen).filter(([name]) => name !== facet));
  const sortsOf = (selection) => [[true, TIES], [false, WORK]].filter(([, own]) => own.some((facet) => !BOTH.includes(facet) && isChosen(selection, facet))).map(([tie]) => tie);
  const groups = (selection) => (sortsOf(selection).length ? sortsOf(selection).map((tie) => [tie]) : [[true, false]]);

  function left(facet) {
    const others = without(facet);
    let found = new Set(cities.keys());
    if (isChosen(others, "country")) found = new Set([...found].filter((city) => others.country.has(countries[city])));
    if (sortsOf(others).length || others.period || BOTH.some((each) => isChosen(others, each)))
      for (const group of groups(others)) {
        const named = new Set(matching(group, facet).flatMap((record) => record.cities));
        found = new Set([...found].filter((city) => named.has(city)));
      }
    return found;
  }

  function byValue(group, facet, among) {
    const found = new Map();
    for (const record of matching(group, facet))
      for (const value of record[facet] ?? []) {
        if (!found.has(value)) found.set(value, new Set());
        for (const city of record.cities) if (among.has(city)) found.get(value).add(city);
      }
    return found;
  }

  function counts(facet) {
    const among = left(facet);
    let found = new Map();
    if (facet === "country") for (const city of among) found.set(countries[city], (found.get(countries[city]) ?? new Set()).add(city));
    else if (!BOTH.includes(facet)) found = byValue([TIES.includes(facet)], facet, among);
    else {
      const [first, ...others] = groups(chosen).map((group) => byValue(group, facet, among));
      for (const other of others) for (const [value, named] of first) first.set(value, new Set([...named].filter((city) => other.get(value)?.has(city))));
      found = first;
    }
    return new Map([...found].map(([value, named]) => [value, named.size]).filter(([, number]) => number));
  }

  const found = left("");
  const matched = matching(groups(chosen).flat(), "").filter((record) => record.cities.some((city) => found.has(city)));
  return { cities: found, counts, records: matched, holds: (record) => !failing(record, chosen).length };
}

// The address; a value that no city has leaves none.

function read() {
  const query = new URLSearchParams(location.search), texts = Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""]));
  for (const facet of Object.keys(facets)) texts[facet] = query.getAll(facet);
  const faults = ["from", "to"].filter((name) => texts[name] && !/^[1-9]\d{0,3}$/.test(texts[name])).map((name) => `${name} = "${texts[name]}" is not a year.`);
  if (texts.view && !root.querySelector(`[data-view="${CSS.escape(texts.view)}"]`)) faults.push(`There is no view "${texts.view}".`);
  if (faults.length) for (const name of ["from", "to", "view"]) texts[name] = "";
  const since = Number(texts.from), until = Number(texts.to) || 9999;
  const chosen = Object.fromEntries(Object.keys(facets).map((facet) => [facet, new Set(texts[facet].map((slug) => valueOf(facet, slug)))]));
  if (since > until) faults.push(`from = ${since} is later than to = ${until}.`);
  Object.assign(chosen, { period: texts.from || texts.to ? [since, until] : null, certain: texts.certain === "true" });
  return { texts, chosen, faults, cell: [query.get("city"), query.get("about")] };
}

function valueOf(facet, slug) {
  const found = facets[facet].findIndex(([known]) => known === slug);
  return found < 0 ? facets[facet].push([slug, slug]) - 1 : found;
}

function addressOf(texts, changed = {}) {
  const query = new URLSearchParams(), all = { ...texts, ...changed };
  if (all.view === "cards") all.view = "";
  if (all.view !== "matrix") all.by = all.sort = "";
  for (const [name, values] of Object.entries(all)) for (const text of [values].flat()) if (text) query.append(name, text);
  return query.size ? `?${query}` : location.pathname;
}

function toggled(texts, facet, value) {
  const slug = facets[facet][value][0], own = texts[facet];
  return addressOf(texts, { [facet]: own.includes(slug) ? own.filter((each) => each !== slug) : [...own, slug].sort() });
}

// The page

const number = (text, value) => text.replace("{number}", value);

// A facet, its chosen values first; these.
function showFacet(part, { texts, chosen }, counts) {
  const facet = part.dataset.name, label = (value) => facets[facet][value][1];
  for (const value of chosen[facet]) if (!counts.has(value)) counts.set(value, 0);
  const listed = [...counts].sort(([one, few], [other, many]) =>
    chosen[facet].has(other) - chosen[facet].has(one) || many - few || byName(label(one), label(other)));
  const choice = ([value, count]) => make("li", {},
    make("a", { href: toggled(texts, facet, value), "aria-current": chosen[facet].has(value) || null }, make("span", {}, label(value)), " ", make("span", { class: "n" }, count)));
  const list = (values) => make("ul", {}, ...values.map(choice)), wasOpen = part.querySelector(".others")?.open;
  part.hidden = !listed.length;
  part.replaceChildren(part.firstElementChild, list(listed.slice(0, SHOWN)));
  if (listed.length > SHOWN)
    part.append(make("details", { class: "others", open: wasOpen ? "" : null }, make("summary", {}, number(words.all, listed.length)), list(listed.slice(SHOWN, MOST))));
  return listed.filter(([value]) => chosen[facet].has(value)).map(([value]) => [label(value), toggled(texts, facet, value)]);
}

function period({ texts, chosen }) {
  const years = texts.from === texts.to ? texts.from : `${texts.from}–${texts.to}`;
  return chosen.period ? [[years + (chosen.certain ? `, ${words.certain}` : ""), addressOf(texts, { from: "", to: "", certain: "" })]] : [];
}

function frame(wanted, result) {
  const { texts, chosen, faults } = wanted, size = result.cities.size;
  const values = [...root.querySelectorAll(".facet[data-name]")].flatMap((part) => showFacet(part, wanted, result.counts(part.dataset.name)));
  const listed = [...values, ...period(wanted)];
  for (const field of root.querySelectorAll(".period input")) field.type === "checkbox" ? (field.checked = chosen.certain) : (field.value = texts[field.name]);
  root.querySelector("h1").replaceChildren(make("b", {}, size), " ", size < cities.length ? words.of : words.cities);
  root.querySelector(".chosen").replaceChildren(...listed.map(([label, href]) =>
    make("li", {}, make("a", { class: "chip", href }, make("span", { class: "hidden" }, `${words.remove} `), label, make("span", { "aria-hidden": "true" }, " ✕")))));
  for (const link of root.querySelectorAll(".views a")) {
    link.href = addressOf(texts, { view: link.dataset.view });
    link.toggleAttribute("aria-current", link.dataset.view === (texts.view || "cards"));
  }
  document.getElementById("clear").href = addressOf({}, { view: texts.view, by: texts.by });
  document.getElementById("clear").parentElement.hidden = !listed.length;
  const said = [words.title, listed.map(([label]) => label).join(", ")].filter(Boolean).join(": ");
  document.getElementById("cited").textContent = said;
  document.title = `${said} · solgraph`;
  translate();
  return faults.map((text) => make("p", { class: "note wrong", role: "alert", lang: "en" }, text));
}

let turn = 0, file = null;

async function show() {
  const mine = ++turn, wanted = read(), result = explored(wanted.chosen), view = wanted.texts.view || "cards", place = root.querySelector(".view");
  const faults = frame(wanted, result), isEmpty = !result.cities.size || faults.length;
  if (!isEmpty && view !== "map" && view !== "cards") await loadScript(words.details);
  if (mine !== turn) return;
  const left = { ...result, ...wanted, all: records, details: globalThis.solgraphDetails?.details, cities: [...result.cities].sort((one, other) => one - other), address: (changed) => addressOf(wanted.texts, changed) };
  const shown = isEmpty ? { part: faults.length ? "" : make("p", { class: "note" }, words.nothing) } : views[view](left);
  place.replaceChildren(...faults, shown.part);
  file = { view, ...shown };
  root.querySelector(".take").hidden = isEmpty;
  root.querySelector("[data-form=gexf]").hidden = !shown.graph;
  document.getElementById("cell")?.focus();
}

async function go(address, focus) {
  history.pushState(null, "", address);
  await show();
  if (focus) [...root.querySelectorAll("a")].find((link) => link.textContent === focus)?.focus({ preventScroll: true });
}

root.addEventListener("click", (event) => {
  const link = event.target.closest(":is(.facets, .chosen, .tabs, .close, .matrix thead) a, .matrix a[rel]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const opened = link.closest(".close") && root.querySelector(".matrix [aria-current]")?.href;
  go(link.href, link.closest(".matrix") ? "" : link.textContent).then(() => {
    if (opened) [...root.querySelectorAll(".matrix a[rel]")].find((cell) => cell.href === opened)?.focus();
  });
});
root.querySelector(".period").addEventListener("submit", (event) => {
  event.preventDefault();
  const { from, to, certain } = event.target.elements;
  go(addressOf(read().texts, { from: from.value.trim(), to: to.value.trim(), certain: certain.checked ? "true" : "" }));
});
root.querySelector(".files").addEventListener("click", (event) => {
  const form = event.target.dataset.form;
  if (form) save(`explore-${file.view}.${form}`, form === "csv" ? csv(file.rows) : gexf(file.graph));
});
addEventListener("popstate", show);
for (const part of root.querySelectorAll(".facet[data-name]")) part.open = open.includes(part.dataset.name) || isChosen(read().chosen, part.dataset.name);
if (matchMedia("(max-width: 60rem)").matches) root.querySelector(".narrow").open = false;
root.hidden = false;
show();
}
