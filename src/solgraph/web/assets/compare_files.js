// On a site of files: two to four cities side by side, as the server compares them, from what is known of each.
"use strict";
{
const { cities, name, slug, byName, cityLink, make, draw, mark, csv, save, translate } = solgraphElements;
const root = document.getElementById("comparison"), words = root.dataset, form = document.querySelector("form.choose"), MOST = 4, NEAR = 6;
const filled = (key, values) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const link = (label, href) => make("a", { href }, label);
const count = (listed) => make("span", { class: "count" }, listed.length);
const silent = () => make("span", { class: "none", role: "img", "aria-label": words.silent }, "–");
const addressOf = (chosen) => `?${new URLSearchParams(chosen.map((city) => ["city", slug(city)]))}`;
const html = (text) => document.createRange().createContextualFragment(text);
let chosen = [];

// Cities by slug, by their name here, or else by a name in any language, which are loaded only then.
async function find(text) {
  const known = cities.findIndex((city) => city.slug === text), same = (...names) => names.some((each) => fold(each) === fold(text));
  const named = known < 0 ? [...cities.keys()].filter((city) => same(name(city))) : [known];
  if (named.length) return named;
  await loadScript(document.getElementById("q").dataset.names);
  const pages = solgraphNames.things.filter(([, , ...names]) => same(...names)).map(([where]) => where);
  return [...cities.keys()].filter((city) => pages.some((where) => where.endsWith(`doc/city/${slug(city)}.html`)));
}

// The cities of the address; what is none of them, or several, is said.
async function read() {
  const texts = new URLSearchParams(location.search).getAll("city").map((text) => text.trim()).filter(Boolean), faults = [];
  const found = await Promise.all(texts.map(find));
  found.forEach((named, place) => {
    if (named.length !== 1) faults.push(`"${texts[place]}" ${named.length ? `names several cities: ${named.map(slug).join(", ")}.` : "is no city here."}`);
  });
  chosen = [...new Set(found.filter(({ length }) => length === 1).flat())];
  if (chosen.length > MOST) faults.push(filled("many", { most: MOST, number: chosen.length }));
  return faults;
}

// The form, with a field more than there are cities

function choose() {
  const [first] = form.querySelectorAll("p"), last = form.lastElementChild.previousElementSibling;
  const fields = Array.from({ length: Math.min(Math.max(chosen.length + 1, 2), MOST) }, (_, place) => {
    const field = first.cloneNode(true), [label, input] = field.children, city = chosen[place];
    label.htmlFor = input.id = `city-${place}`;
    label.textContent = filled("city", { number: place + 1 });
    input.value = city === undefined ? "" : cities.filter((each) => each.name === name(city)).length > 1 ? slug(city) : name(city);
    return field;
  });
  form.replaceChildren(...fields, ...[...form.children].filter((part) => !part.querySelector("input")));
  const others = (city) => addressOf(chosen.filter((each) => each !== city)), quiet = (label, href) => make("a", { class: "button quiet", href }, label);
  const buttons = chosen.length === 2 ? [quiet(words.swap, addressOf(chosen.toReversed()))] : chosen.length > 2 ? chosen.map((city) => quiet(filled("remove", { city: name(city) }), others(city))) : [];
  form.after(make("p", { class: "actions" }, ...buttons.flatMap((button) => [button, " "])));
}

// Tables: two cities stand on both sides of what they are compared by, more of them after it

function row(head, cells, kind = null) {
  const [first, ...others] = cells.map((cell) => make("td", {}, ...[cell].flat())), title = make("th", { scope: "row" }, head);
  return make("tr", { class: kind }, ...(chosen.length === 2 ? [first, title] : [title, first]), ...others);
}

function fill(table, bodies) {
  const heads = chosen.map((city) => make("th", { scope: "col" }, cityLink(city)));
  heads.splice(chosen.length === 2 ? 1 : 0, 0, make("td"));
  table.classList.add(`of-${chosen.length}`);
  table.tHead.append(make("tr", {}, ...heads));
  table.append(...bodies);
}

function known(part, { described, columns }, shared) {
  const own = chosen.map((city) => described[slug(city)]), has = (key) => own.some((each) => each?.[key]);
  const listed = [
    row(words.country, chosen.map((city) => cities[city].country[1])),
    row(words.networks, chosen.map((_, place) => shared.filter(({ ties }) => ties[place].length).length || silent()), "figures"),
    ...(own.some((each) => each?.contents.length) ? columns.map((column, place) => row(column, own.map((each) => each?.contents[place] ?? silent()), "figures")) : []),
    row(words.mayor, own.map((each) => (each?.mayors ? html(each.mayors) : silent()))),
    ...(has("numbers") ? [row(words.numbers, own.map((each) => (each?.numbers ? html(each.numbers) : silent())))] : []),
  ];
  fill(part.querySelector(".known table"), [make("tbody", {}, ...listed)]);
}

// Networks: those of all, of some, and of one of the cities

function networks({ networks: every }) {
  const shared = every.map(([label, href, layer, listed, own]) => {
    const of = (city, wanted) => (own[slug(city)] ?? []).filter(([certainty]) => certainty < 3 === wanted);
    const ties = chosen.map((city) => of(city, true)), others = chosen.map((city) => of(city, false));
    return { label, href, layer, listed, ties, others, number: ties.filter(({ length }) => length).length };
  });
  return shared.filter(({ number, others }) => number || others.flat().length).sort((one, other) => other.number - one.number || one.layer - other.layer || byName(one.label, other.label));
}

const sign = (thing, href, number) => make("a", { class: "evidence-of sign", href, "aria-label": filled("evidence", { thing, number }) }, number);

function tie({ label, layer }, [certainty, dates, role, documents, where]) {
  const href = typeof where === "string" ? where : solgraphDetails.details[where][0];
  return { glyph: certainty < 3 ? mark(layer, certainty) : "", dates: html(dates), role: html(role), sign: sign(label, href, documents) };
}

const listed = ({ listed: [, date, href] }, kind, key) => make("a", { class: kind, href }, filled(key, { date }));

function side(shared, place) {
  const found = [...shared.ties[place], ...shared.others[place]].map((each) => tie(shared, each));
  if (!found.length) return shared.listed ? listed(shared, "meta", "no") : silent();
  return found.map(({ glyph, dates, role, sign }) => make("span", { class: "tie" }, glyph, " ", dates, role, " ", sign));
}

function showNetworks(part, shared) {
  const section = part.querySelector(".networks"), of = (which) => shared.filter(which), all = chosen.length;
  const groups = [[words.all, of(({ number }) => number === all)], [words.some, of(({ number }) => number > 1 && number < all)],
    [words.others, of(({ others, number }) => others.flat().length && number < 2)]].filter(([, listed]) => listed.length);
  if (!shared.length) return section.remove();
  if (groups.length) fill(section.querySelector("table"), groups.map(([title, listed]) => make("tbody", {},
    make("tr", { class: "group" }, make("th", { scope: "rowgroup", colspan: all + 1 }, `${title} `, count(listed))),
    ...listed.map((each) => row(link(each.label, each.href), chosen.map((_, place) => side(each, place)))))));
  else section.querySelector(".scroll").remove();
  section.querySelector(".listed").hidden = !shared.some(({ number, listed }) => number === 1 && listed);
  section.querySelector(".alone").append(...chosen.map((city, place) => alone(city, of(({ number, ties }) => number === 1 && ties[place].length), place)));
}

function alone(city, only, place) {
  const items = only.flatMap((shared) => shared.ties[place].map((each) => {
    const { glyph, dates, role, sign } = tie(shared, each), whole = shared.listed ? listed(shared, "role", "whole") : "";
    return make("li", {}, make("span", { class: "name" }, glyph, " ", link(shared.label, shared.href), role), " ", make("span", { class: "meta" }, dates, " ", whole), " ", sign);
  }));
  return make("section", {}, make("h3", {}, `${filled("only", { city: name(city) })} `, count(only)), make("ul", { class: "plain" }, ...items));
}

// What they do: concepts with the initiatives and examples of each city

function doings({ aspects }, aspect) {
  const all = (aspects[aspect] ?? []).map(([label, href, own], concept) => {
    const [blocked, things] = [0, 1].map((which) => chosen.map((city) => own[slug(city)]?.[which] ?? (which ? [] : false)));
    return { concept, label, href, blocked, things, number: things.filter(({ length }) => length).length };
  });
  return all.filter(({ number }) => number).sort((one, other) => other.number - one.number || byName(one.label, other.label));
}

function showDoings(section, listed) {
  if (!listed.length) return section.remove();
  const most = Math.max(...listed.flatMap(({ things }) => things.map(({ length }) => length)));
  const cell = ({ things, blocked }, place) => {
    if (!things[place].length) return silent();
    const bar = draw("svg", { width: `${Math.round((things[place].length / most) * 70)}%`, "aria-hidden": "true" }, draw("rect", { width: "100%", height: "100%", rx: 2 }));
    const named = things[place].map((thing) => make("li", {}, link(solgraphDetails.details[thing][1], solgraphDetails.details[thing][0])));
    return make("details", { class: "doing" }, make("summary", {}, bar, ` ${named.length}${blocked[place] ? ` ${words.blocked}` : ""}`), make("ul", { class: "plain" }, ...named));
  };
  fill(section.querySelector("table"), [make("tbody", {}, ...listed.map((each) =>
    row(link(each.label, each.href), chosen.map((_, place) => cell(each, place)), each.number === chosen.length ? "shared" : null)))]);
}

function programmes(part, described, { theme, programmeKind }) {
  const places = (listed, own) => own.map((concept) => listed.findIndex((each) => each.concept === concept)).sort((one, other) => one - other);
  const article = ([record, kinds, themes]) => {
    const [href, title, text] = solgraphDetails.details[record], documents = solgraphExplorer.records[record][2].at(-1).length;
    const roles = places(programmeKind, kinds).flatMap((place) => [" ", make("span", { class: "role" }, programmeKind[place].label)]);
    const listed = places(theme, themes).flatMap((place, number) => [number ? ", " : "", link(theme[place].label, theme[place].href)]);
    return make("article", { class: "programme" }, make("h4", {}, link(title, href), ...roles), ...(text ? [make("p", {}, text)] : []),
      make("p", { class: "meta" }, ...listed, " ", sign(title, href, documents)));
  };
  const rank = ([, , themes]) => places(theme, themes)[0] ?? theme.length;
  part.querySelector(".programmes .alone").append(...chosen.map((city) => {
    const listed = (described[slug(city)]?.programmes ?? []).toSorted((one, other) => rank(one) - rank(other) || one[0] - other[0]).map(article);
    return make("section", {}, make("h3", {}, name(city)), ...(listed.length ? listed : [make("p", { class: "meta" }, words.silent)]));
  }));
}

// Footnotes are numbered in the order in which the page comes to them.
function footnotes(part, sources) {
  const numbers = new Map();
  for (const each of part.querySelectorAll("a.mark")) {
    const source = Number(each.textContent);
    if (!numbers.has(source)) numbers.set(source, numbers.size + 1);
    each.textContent = numbers.get(source);
    each.href = `#s${each.textContent}`;
  }
  part.querySelector(".notes").append(...[...numbers].map(([source, value]) => make("li", { id: `s${value}`, value }, link(...sources[source - 1]))));
  if (!numbers.size) part.querySelector("#sources").remove();
}

function table(shared, aspects) {
  const state = (has, isListed) => (has ? "yes" : isListed ? "no" : "not covered by the sources"), plain = (text) => html(text).textContent;
  const ofNetworks = shared.flatMap((each) => chosen.map((city, place) => {
    const own = each.ties[place], dates = [...own, ...each.others[place]].map(([, text, role]) => plain(text + role)).join("; ");
    return ["network", each.label, name(city), dates && !own.length ? "tied otherwise" : state(own.length, each.listed), "", dates || (each.listed?.[0] ?? "")];
  }));
  const ofDoings = Object.entries(aspects).flatMap(([aspect, listed]) => listed.flatMap((each) => chosen.map((city, place) => {
    const things = each.things[place].map((thing) => solgraphDetails.details[thing][1]).join("; ");
    return [aspect, each.label, name(city), each.blocked[place] ? "blocked" : state(things), things, ""];
  })));
  return [["aspect", "concept", "city", "answer", "things", "dates"], ...ofNetworks, ...ofDoings];
}

// The cities that share most alliances with the first; without any, most networks. None where many share but one.
function near(sides) {
  const every = sides.networks;
  const member = (own, city) => own[slug(city)]?.some(([certainty]) => certainty < 3);
  const mine = every.filter(([, , , , own]) => member(own, chosen[0])), alliances = mine.filter(([, , layer]) => layer === 0);
  const shared = (city) => (alliances.length ? alliances : mine).filter(([, , , , own]) => member(own, city)).length;
  const listed = [...cities.keys()].filter((city) => city !== chosen[0]).map((city) => [city, shared(city)]).filter(([, number]) => number);
  if (listed.length > sides.around && listed.every(([, number]) => number === 1)) return [];
  listed.sort(([one, many], [other, more]) => more - many || byName(name(one), name(other)));
  return listed.slice(0, sides.around).map(([city]) => city).filter((city) => !chosen.includes(city)).slice(0, NEAR);
}

async function show() {
  const faults = await read();
  choose();
  form.before(...faults.map((text) => make("p", { class: "note wrong", role: "alert" }, text)));
  if (faults.length || chosen.length < 2) return;
  await Promise.all([words.details, words.data].map(loadScript));
  const part = document.getElementById("sides").content.cloneNode(true), sides = solgraphComparison, shared = networks(sides);
  const aspects = Object.fromEntries(["theme", "programmeKind", "beneficiary", "offersService"].map((aspect) => [aspect, doings(sides, aspect)]));
  const inCommon = aspects.theme.filter(({ number }) => number === chosen.length);
  known(part, sides, shared);
  showNetworks(part, shared);
  for (const section of part.querySelectorAll("[data-aspect]")) showDoings(section, aspects[section.dataset.aspect]);
  part.querySelector(".aspects").classList.toggle("halves", chosen.length === 2);
  programmes(part, sides.described, aspects);
  footnotes(part, sides.sources);
  for (const item of part.querySelectorAll(".contents li")) item.hidden = !part.querySelector(item.firstElementChild.hash);
  part.querySelector(".files button").onclick = () => save("compare.csv", csv(table(shared, aspects)));
  const heading = document.querySelector("h1"), title = chosen.map(name).join(" · "), similar = near(sides);
  heading.before(make("p", { class: "eyebrow" }, words.title));
  heading.textContent = title;
  document.title = `${title} – ${document.title}`;
  const lead = filled("shared", { networks: shared.filter(({ number }) => number === chosen.length).length, themes: inCommon.length });
  document.querySelector(".summary").textContent = lead + (inCommon.length ? ` ${inCommon.map(({ label }) => label).join(", ")}.` : "");
  if (similar.length && chosen.length < MOST)
    root.before(make("p", { class: "meta" }, `${filled("add", { city: name(chosen[0]) })} `, ...similar.flatMap((city, place) => [place ? ", " : "", link(name(city), addressOf([...chosen, city]))])));
  root.replaceWith(part);
}

translate();
show();
}
