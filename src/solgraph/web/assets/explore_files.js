// On a site of files: cities narrowed down by facets, counted here as the server counts. What is chosen is in the address.
"use strict";
{
const { sorts, cities, records, facets, open, blocked } = solgraphExplorer;
const root = document.getElementById("explorer"), words = root.dataset, PAGE = 60, SHOWN = 8, MOST = 120;
const TIES = sorts.ties, WORK = sorts.work, BOTH = TIES.filter((facet) => WORK.includes(facet));
const facetsOf = (record) => (record[0] ? TIES : WORK);
const valuesOf = (record, facet) => record[2 + facetsOf(record).indexOf(facet)] ?? [];
const isChosen = (chosen, facet) => chosen[facet]?.size > 0;

// The facets of its sort of which a record has no chosen value; what was blocked fails unless a status is chosen.
function failing(record, chosen) {
  const failed = facetsOf(record).filter((facet) => isChosen(chosen, facet) && !valuesOf(record, facet).some((value) => chosen[facet].has(value)));
  if (!record[0] && !isChosen(chosen, "status") && valuesOf(record, "status").includes(blocked)) failed.push("status");
  return failed;
}

function explored(chosen) {
  const byFailing = new Map();
  for (const record of records) {
    const failed = failing(record, chosen);
    if (failed.length > 1) continue;
    const key = `${record[0]} ${failed.join()}`;
    if (!byFailing.has(key)) byFailing.set(key, []);
    byFailing.get(key).push(record);
  }
  const matching = (which, facet) => which.flatMap((tie) => [...new Set(["", facet])].flatMap((failed) => byFailing.get(`${tie} ${failed}`) ?? []));
  const without = (facet) => Object.fromEntries(Object.entries(chosen).filter(([name]) => name !== facet));
  const sortsOf = (selection) => [[1, TIES], [0, WORK]].filter(([, own]) => own.some((facet) => !BOTH.includes(facet) && isChosen(selection, facet))).map(([tie]) => tie);
  const groups = (selection) => (sortsOf(selection).length ? sortsOf(selection).map((tie) => [tie]) : [[1, 0]]);

  function left(facet) {
    const others = without(facet);
    let found = new Set(cities.keys());
    if (isChosen(others, "country")) found = new Set([...found].filter((city) => others.country.has(cities[city][2])));
    if (sortsOf(others).length || BOTH.some((each) => isChosen(others, each)))
      for (const group of groups(others)) {
        const named = new Set(matching(group, facet).flatMap((record) => record[1]));
        found = new Set([...found].filter((city) => named.has(city)));
      }
    return found;
  }

  function byValue(group, facet, among) {
    const found = new Map();
    for (const record of matching(group, facet))
      for (const value of facetsOf(record).includes(facet) ? valuesOf(record, facet) : []) {
        if (!found.has(value)) found.set(value, new Set());
        for (const city of record[1]) if (among.has(city)) found.get(value).add(city);
      }
    return found;
  }

  function counts(facet) {
    const among = left(facet);
    let found = new Map();
    if (facet === "country") for (const city of among) found.set(cities[city][2], (found.get(cities[city][2]) ?? new Set()).add(city));
    else if (!BOTH.includes(facet)) found = byValue([TIES.includes(facet) ? 1 : 0], facet, among);
    else {
      const [first, ...others] = groups(chosen).map((group) => byValue(group, facet, among));
      for (const other of others) for (const [value, named] of first) first.set(value, new Set([...named].filter((city) => other.get(value)?.has(city))));
      found = first;
    }
    return new Map([...found].map(([value, named]) => [value, named.size]).filter(([, number]) => number));
  }
  return { cities: left(""), counts };
}

// The address; a value that no city has leaves none.

const read = () => Object.fromEntries(Object.keys(facets).map((facet) => [facet, new Set(new URLSearchParams(location.search).getAll(facet).map((slug) => valueOf(facet, slug)))]));

function valueOf(facet, slug) {
  const found = facets[facet].findIndex(([known]) => known === slug);
  return found < 0 ? facets[facet].push([slug, slug]) - 1 : found;
}

function addressOf(chosen, facet, value) {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(chosen)) {
    const toggled = new Set(values);
    if (name === facet && !toggled.delete(value)) toggled.add(value);
    for (const each of toggled) query.append(name, facets[name][each][0]);
  }
  return query.size ? `?${query}` : location.pathname;
}

// The page

const make = (tag, values = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), values);
  made.append(...children);
  return made;
};
const number = (text, value) => text.replace("{number}", value);

function choice(chosen, facet, [value, count]) {
  const link = make("a", { href: addressOf(chosen, facet, value) }, make("span", {}, facets[facet][value][1]), " ", make("span", { className: "n" }, String(count)));
  if (chosen[facet].has(value)) link.setAttribute("aria-current", "true");
  return make("li", {}, link);
}

function showFacet(part, chosen, counts) {
  const facet = part.dataset.name, label = (value) => facets[facet][value][1];
  for (const value of chosen[facet]) if (!counts.has(value)) counts.set(value, 0);
  const listed = [...counts].sort(([one, few], [other, many]) =>
    chosen[facet].has(other) - chosen[facet].has(one) || many - few || label(one).localeCompare(label(other)));
  const list = (values) => make("ul", {}, ...values.map((each) => choice(chosen, facet, each)));
  part.hidden = !listed.length;
  const wasOpen = part.querySelector(".others")?.open;
  part.replaceChildren(part.firstElementChild, list(listed.slice(0, SHOWN)));
  if (listed.length > SHOWN)
    part.append(make("details", { className: "others", open: Boolean(wasOpen) }, make("summary", {}, number(words.all, listed.length)), list(listed.slice(SHOWN, MOST))));
}

function card([name, where, country, text, initiatives, networks, findings]) {
  const known = [[words.initiatives, initiatives], [words.networks, networks || "0"], [words.findings, findings]].filter(([, count]) => count);
  return make("li", { className: "card" },
    make("h2", {}, make("a", { href: new URL(where, document.baseURI).href }, name), " ", make("span", {}, facets.country[country][1])),
    make("p", { className: "says" }, text || (initiatives ? "" : words.memberships)),
    make("p", { className: "meta" }, known.map(([template, count]) => number(template, count)).join(" · ")));
}

function show() {
  const chosen = read(), result = explored(chosen), found = [...result.cities].sort((one, other) => one - other);
  for (const part of root.querySelectorAll(".facet")) showFacet(part, chosen, result.counts(part.dataset.name));
  root.querySelector("h1").replaceChildren(make("b", {}, String(found.length)), " ", found.length < cities.length ? words.of : words.cities);
  const chips = Object.entries(chosen).flatMap(([facet, values]) => [...values].map((value) => [facet, value]));
  root.querySelector(".chosen").replaceChildren(...chips.map(([facet, value]) => make("li", {},
    make("a", { className: "chip", href: addressOf(chosen, facet, value) }, make("span", { className: "hidden" }, `${words.remove} `), `${facets[facet][value][1]} ✕`))));
  document.getElementById("clear").parentElement.hidden = !chips.length;
  root.querySelector(".cards").replaceChildren(...(found.length ? [] : [make("li", {}, words.nothing)]));
  more(found);
}

function more(found) {
  const list = root.querySelector(".cards"), shown = list.querySelectorAll(".card").length;
  list.append(...found.slice(shown, shown + PAGE).map((city) => card(cities[city])));
  root.querySelector(".turn")?.remove();
  if (shown + PAGE < found.length)
    list.after(make("p", { className: "turn" }, make("button", { type: "button", textContent: words.more, onclick: () => more(found) })));
}

root.addEventListener("click", (event) => {
  const link = event.target.closest(".facets a, .chosen a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const text = link.firstElementChild.textContent;
  history.pushState(null, "", link.href);
  show();
  [...root.querySelectorAll(".facets a")].find((each) => each.firstElementChild?.textContent === text)?.focus({ preventScroll: true });
});
addEventListener("popstate", show);
for (const part of root.querySelectorAll(".facet")) part.open = open.includes(part.dataset.name) || read()[part.dataset.name].size > 0;
if (matchMedia("(max-width: 60rem)").matches) root.querySelector(".narrow").open = false;
show();
root.hidden = false;
}
