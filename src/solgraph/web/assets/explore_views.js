// The views of a selection on a site of files, with what the server shows in them. Each is given what is left, and gives
// a part of the page, the rows of its file, and a network where it is one.
"use strict";
var solgraphViews = (() => {
const { cities, name, slug, byName, cityLink, append, make, draw } = solgraphElements;
const { id, certainties, layers, themes, facets, europe, outlines } = solgraphExplorer;
const words = document.getElementById("explorer").dataset, PAGE = 60, ROWS = 40, COLUMNS = 30, CLOSEST = 2, WIDE = 1400;

const number = (text, value) => text.replace("{number}", value);

// The form of a view, with these numbers in its sentences.
function form(name, numbers = {}) {
  const part = document.getElementById(`view-${name}`).content.cloneNode(true);
  for (const each of part.querySelectorAll("[data-text]")) {
    each.textContent = each.dataset.text.replace(/\{(\w+)\}/g, (_, key) => numbers[key]);
    each.hidden = each.dataset.only && !numbers[each.dataset.only];
  }
  return part;
}

// Items a page at a time, from the beginning to the page that the address names.
function paged(list, items, item, size = PAGE) {
  const button = make("button", { type: "button", class: "button quiet" }, words.more), turn = make("p", { class: "turn" }, button);
  let shown = 0;
  const more = (count) => {
    list.append(...items.slice(shown, (shown += count)).map(item));
    turn.hidden = shown >= items.length;
  };
  button.onclick = () => more(size);
  more(size * (Number(new URLSearchParams(location.search).get("page")) || 1));
  return turn;
}

// Names and ties

const country = (city) => cities[city].country[1], point = (city) => cities[city].point;
const network = (value) => facets.network[value]?.[1], layer = (tie) => layers.indexOf(tie.layer[0]);

const mark = (tie) => solgraphElements.mark(layer(tie), tie.certainty);

// City → its networks, each with the tie that is dated best.
function tiesOf(records, among = null) {
  const found = new Map();
  for (const record of records)
    for (const city of record.isTie ? record.cities : [])
      for (const each of !among || among.has(city) ? record.network : []) {
        if (!found.has(city)) found.set(city, new Map());
        const before = found.get(city).get(each);
        if (!before || record.certainty < before.certainty) found.get(city).set(each, record);
      }
  return found;
}

let all = null; // the ties of all cities
const ties = (left, city) => (all ??= tiesOf(left.all)).get(city) ?? new Map();
const sorted = (own) => [...own].sort(([one, tie], [other, second]) =>
  layer(tie) - layer(second) || byName(certainties[tie.certainty], certainties[second.certainty]) || byName(network(one), network(other)));

// Cards and table

function rowOf(left, city) {
  const { initiatives, findings } = cities[city];
  return [name(city), id + "city/" + slug(city), country(city), initiatives, findings, ties(left, city).size];
}

const HEAD = ["city", "iri", "country", "initiatives", "findings", "networks"];

function cards(left) {
  const part = form("cards"), list = part.querySelector(".cards");
  part.append(paged(list, left.cities, (city) => card(left, city)));
  return { part, rows: [HEAD, ...left.cities.map((city) => rowOf(left, city))] };
}

function card(left, city) {
  const { text, initiatives, findings } = cities[city], own = ties(left, city);
  const known = [[words.initiatives, initiatives], [words.networks, own.size || "0"], [words.findings, findings]].filter(([, count]) => count);
  return make("li", { class: "card" },
    make("h2", {}, cityLink(city), " ", make("span", {}, country(city))),
    make("p", { class: "says" }, text || (initiatives ? "" : words.memberships)),
    make("p", { class: "marks", "aria-hidden": "true" }, ...sorted(own).map(([, tie]) => mark(tie))),
    make("p", { class: "meta" }, known.map(([template, count]) => number(template, count)).join(" · ")));
}

function table(left) {
  const part = form("table"), cell = (value) => make("td", { class: "n" }, value || "");
  const row = (city) => {
    const [, , where, initiatives, findings, networks] = rowOf(left, city);
    const listed = sorted(ties(left, city)).flatMap(([each, tie], place) =>
      [place ? ", " : "", make("a", { class: "in evidence-of", href: left.details[tie.place][0] }, mark(tie), " ", network(each))]);
    return make("tr", {}, make("th", { scope: "row" }, cityLink(city)), make("td", {}, where), cell(initiatives), cell(findings), cell(networks || "0"), make("td", {}, ...listed));
  };
  part.append(paged(part.querySelector("tbody"), left.cities, row));
  const which = (city) => sorted(ties(left, city)).map(([each]) => network(each)).join("; ");
  return { part, rows: [[...HEAD, "in"], ...left.cities.map((city) => [...rowOf(left, city), which(city)])] };
}

// Map: the window fits what is drawn; names stand where there is room, those of the most networks first

function placed(left) {
  const located = left.cities.filter(point), at = (city) => point(city).slice(2);
  const inside = located.filter((city) => at(city)[0] >= europe[0] && at(city)[0] <= europe[2] && at(city)[1] <= europe[1] && at(city)[1] >= europe[3]);
  const drawn = inside.length ? inside : located, [xs, ys] = [0, 1].map((axis) => (drawn.length ? drawn.map((city) => at(city)[axis]) : [0]));
  const [west, east, north, south] = [Math.min(...xs) - 130, Math.max(...xs) + 130, Math.min(...ys) - 130, Math.max(...ys) + 130];
  const wide = Math.max(east - west, 900, (south - north) / 0.8), high = Math.max(south - north, wide * 0.55), scale = WIDE / wide;
  const shown = ([x, y]) => [x - (west + east - wide) / 2, y - (north + south - high) / 2].map((each) => Math.round(each * scale));
  const dots = drawn.map((city) => {
    const weight = ties(left, city).size, [x, y] = shown(at(city));
    return { city, x, y, weight, r: Math.round((drawn.length > 60 ? 4 : 8) + 4.5 * Math.sqrt(Math.min(weight, 16))) };
  });
  dots.sort((one, other) => other.weight - one.weight || one.city - other.city);
  return { dots, height: Math.round(high * scale), scale, shown, outside: located.length - drawn.length, unlocated: left.cities.length - located.length };
}

function mapped(part, { dots, height, scale, shown }) {
  const [west, south, east, north] = outlines, [x, y] = shown([west, north]), svg = part.querySelector(".map svg"), group = svg.querySelector(".dots");
  svg.setAttribute("viewBox", `0 0 ${WIDE} ${height}`);
  append(svg.querySelector("image"), { x, y, width: (east - west) * scale, height: (south - north) * scale }, []);
  const circle = ({ city, x, y, r }) =>
    draw("a", { href: cities[city].href, tabindex: -1 }, draw("title", {}, name(city)), draw("circle", { cx: x, cy: y, r }));
  group.append(...dots.toReversed().map(circle), ...names(dots, height, 1), ...names(dots, height, 2).slice(0, 36));
}

const meets = (box) => ([left, top, right, bottom]) => box[0] < right + 3 && left < box[2] + 3 && box[1] < bottom + 3 && top < box[3] + 3;

// Places for labels beside their dots, how much nearer to its own dot than to others a label is, and which dots are lesser
// ones, which it may cover where all other places are worse; as geometry.py has them.
const BESIDE = [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [1, -1], [-1, 1], [-1, -1], [1, 0.5], [1, -0.5], [-1, 0.5], [-1, -0.5], [0.5, 1], [0.5, -1], [-0.5, 1], [-0.5, -1]];
const GAP = 5, CLEAR = 8, LESSER = 0.8;

const away = ([left, top, right, bottom], { x, y, r }) => Math.hypot(x - Math.min(Math.max(x, left), right), y - Math.min(Math.max(y, top), bottom)) - r;

function beside({ x, y, r }, wide, high) {
  return BESIDE.map(([across, down]) => {
    const far = (r + GAP) * (Math.abs(across * down) === 1 ? 0.8 : 1);
    const left = x + across * far - ((1 - across) * wide) / 2, top = y + down * far - ((1 - down) * high) / 2;
    return [left, top, left + wide, top + high];
  });
}

function names(dots, height, size) {
  const pen = document.createElement("canvas").getContext("2d"), taken = [], high = 30 * size;
  pen.font = `${25 * size}px ${getComputedStyle(document.body).fontFamily}`;
  return dots.flatMap((dot) => {
    const wide = pen.measureText(name(dot.city)).width + 6;
    const others = dots.filter((other) => other !== dot), rivals = others.filter(({ r }) => r > LESSER * dot.r);
    const isClear = (box) => rivals.every((other) => away(box, other) >= Math.max(away(box, dot), 0) + CLEAR);
    const cost = (box, place) => [14 * others.filter((other) => away(box, other) < away(box, dot) + 6).length + 0.4 * place, box];
    const isFree = (box) => box[0] > 4 && box[2] < WIDE - 4 && box[1] > 4 && box[3] < height - 4 && !taken.some(meets(box)) && isClear(box);
    const [[, box] = []] = beside(dot, wide, high).map(cost).filter(([, each]) => isFree(each)).sort(([one], [other]) => one - other);
    if (!box) return [];
    taken.push(box);
    return draw("text", { x: box[0] + 3, y: box[3] - 8 * size, class: size > 1 ? "large" : null }, name(dot.city));
  });
}

function map(left) {
  const drawing = placed(left), part = form("map", drawing);
  mapped(part, drawing);
  const rows = left.cities.map((city) => [...rowOf(left, city), ...(point(city) ? [point(city)[1], point(city)[0]] : ["", ""])]);
  return { part, rows: [[...HEAD, "lat", "long"], ...rows] };
}

// Network: of each city the two ties that are closest by shared alliances, as closest.py has them

function shared(left) {
  const members = new Map(), pairs = new Map(), among = new Set(left.cities);
  for (const tie of left.all)
    if (tie.isTie && tie.layer.includes(layers[0]) && left.holds(tie))
      for (const each of tie.network) members.set(each, new Set([...(members.get(each) ?? []), ...tie.cities.filter((city) => among.has(city))]));
  const inOrder = [...members].sort(([one], [other]) => (facets.network[one][0] < facets.network[other][0] ? -1 : 1)); // sums come out the same
  for (const [each, named] of inOrder) {
    const own = [...named].sort((one, other) => one - other);
    own.forEach((first, place) => {
      for (const second of own.slice(place + 1)) {
        const key = first * cities.length + second;
        if (!pairs.has(key)) pairs.set(key, { ends: [first, second], shared: [], weight: 0 });
        pairs.get(key).shared.push(each);
        pairs.get(key).weight += 1 / (own.length - 1);
      }
    });
  }
  return [...pairs.values()];
}

function closest(pairs) {
  const own = new Map(), kept = new Set();
  for (const pair of pairs) for (const end of pair.ends) own.set(end, [...(own.get(end) ?? []), pair]);
  const strength = new Map([...own].map(([city, listed]) => [city, listed.reduce((sum, each) => sum + each.shared.length, 0)]));
  for (const [city, listed] of own) {
    const other = ({ ends }) => ends[Number(ends[0] === city)];
    const away = (pair) => (point(city) && point(other(pair)) ? Math.hypot(0.6 * (point(city)[0] - point(other(pair))[0]), point(city)[1] - point(other(pair))[1]) : Infinity);
    const order = (one, second) => second.shared.length - one.shared.length || second.weight - one.weight || strength.get(other(one)) - strength.get(other(second)) ||
      (away(one) === away(second) ? 0 : away(one) - away(second)) || (slug(other(one)) < slug(other(second)) ? -1 : 1);
    for (const pair of listed.sort(order).slice(0, CLOSEST)) kept.add(pair);
  }
  return [...kept];
}

function net(left) {
  const drawing = placed(left), at = new Map(drawing.dots.map((dot) => [dot.city, dot]));
  const lines = closest(shared(left)).filter(({ ends }) => ends.every((end) => at.has(end)));
  const part = form("network", { ...drawing, number: lines.length }), list = part.querySelector(".columns");
  mapped(part, drawing);
  const called = ({ ends }) => ends.map(name).join(" – "), which = (line) => line.shared.map(network).join("; ");
  for (const line of lines) {
    const [from, to] = line.ends.map((end) => at.get(end));
    part.querySelector(".ties").append(draw("path", { d: `M${from.x} ${from.y}L${to.x} ${to.y}`, class: `w${Math.min(line.shared.length, 5)}` }, draw("title", {}, `${called(line)}: ${which(line)}`)));
    list.append(make("li", {}, `${called(line)} `, make("span", { class: "meta" }, line.shared.length)));
  }
  const rows = lines.map((line) => [...line.ends.map(name), line.shared.length, line.weight, which(line), ...line.ends.map((end) => id + "city/" + slug(end))]);
  return { part, rows: [["source", "target", "shared", "weight", "networks", "source_iri", "target_iri"], ...rows], graph: { nodes: left.cities, lines } };
}

// Matrices: cities by themes, or by networks

function matrix(left) {
  return left.texts.by ? byNetworks(left) : byThemes(left);
}

function byThemes(left) {
  const cells = new Map(), among = new Set(left.cities);
  for (const record of left.records)
    for (const city of record.isTie ? [] : record.cities.filter((each) => among.has(each)))
      for (const theme of record.theme) {
        if (!cells.has(city)) cells.set(city, new Map());
        const own = cells.get(city), before = own.get(theme) ?? { count: 0, isExample: false };
        own.set(theme, { count: before.count + 1, isExample: before.isExample || record.isExample });
      }
  const covered = (city) => columns.filter(([theme]) => cells.get(city).has(theme)).length;
  const columns = themes.filter(([theme]) => [...cells.values()].some((own) => own.has(theme)));
  const sort = facets.theme.findIndex(([known]) => known === left.texts.sort), of = (city) => cells.get(city).get(sort)?.count ?? 0;
  const rows = [...cells.keys()].sort((one, other) => of(other) - of(one) || covered(other) - covered(one) || byName(name(one), name(other)));
  const cell = (city, theme) => {
    const { count, isExample } = cells.get(city).get(theme) ?? {};
    if (!count) return null;
    const href = left.address({ city: slug(city), about: facets.theme[theme][0] }), label = `${name(city)}: ${facets.theme[theme][1]}${isExample ? `, ${words.example}` : ""}`;
    const step = count > 7 ? 5 : count > 4 ? 4 : count > 2 ? 3 : count, isOpen = slug(city) === left.cell[0] && facets.theme[theme][0] === left.cell[1];
    return make("a", { class: `cell s${step}${isExample ? " example" : ""}`, href, rel: "nofollow", title: label, "aria-current": isOpen || null }, count);
  };
  const part = form("themes", { cities: rows.length, themes: columns.length });
  const foot = columns.map(([theme]) => rows.filter((city) => cells.get(city).has(theme)).length);
  grid(left, part, { facet: "theme", columns: columns.map(([theme, head]) => [theme, facets.theme[head][1]]), rows, first: covered, cell, foot, nothing: words.undescribed });
  behind(left, part);
  const values = rows.map((city) => [name(city), ...columns.map(([theme]) => cells.get(city).get(theme)?.count ?? "")]);
  return { part, rows: [["city", ...columns.map(([theme]) => facets.theme[theme][1])], ...values] };
}

// What stands behind the cell that is opened, the examples first.
function behind(left, part) {
  const [city, about] = left.cell, panel = form("behind"), theme = facets.theme.find(([known]) => known === about);
  const found = left.records.filter((record) => !record.isTie && record.cities.some((each) => slug(each) === city) && record.theme.some((each) => facets.theme[each] === theme));
  if (!found.length) return;
  panel.querySelector(".close a").href = left.address();
  panel.querySelector("h2").append(cityLink(cities.findIndex(({ slug }) => slug === city)), `: ${theme[1]}`);
  panel.querySelector("ul").append(...found.sort((one, other) => other.isExample - one.isExample).map((record) => {
    const [where, title, text] = left.details[record.place];
    return make("li", {}, make("a", { class: "lead", href: where }, title), text, record.isExample ? make("small", { class: "meta" }, ` ${words.example}`) : "");
  }));
  part.querySelector(".kinds").after(panel);
}

function byNetworks(left) {
  const own = tiesOf(left.records, new Set(left.cities)), sizes = new Map(), kinds = new Map();
  for (const listed of own.values())
    for (const [each, tie] of listed) {
      sizes.set(each, (sizes.get(each) ?? 0) + 1);
      kinds.set(each, layer(tie));
    }
  const largest = [...sizes.keys()].sort((one, other) => sizes.get(other) - sizes.get(one) || byName(network(one), network(other)));
  const columns = largest.slice(0, COLUMNS).sort((one, other) => kinds.get(one) - kinds.get(other));
  const sort = facets.network.findIndex(([known]) => known === left.texts.sort), has = (city) => Number(own.get(city).has(sort));
  const rows = [...own.keys()].sort((one, other) => has(other) - has(one) || own.get(other).size - own.get(one).size || byName(name(one), name(other)));
  const cell = (city, each) => {
    const tie = own.get(city).get(each);
    return tie && make("a", { class: "cell evidence-of", href: left.details[tie.place][0], "aria-label": `${name(city)}, ${network(each)}: ${words[certainties[tie.certainty]]}` }, mark(tie));
  };
  const part = form("networks", { cities: rows.length, networks: columns.length, total: sizes.size });
  const heads = columns.map((each) => [each, words[facets.layer[layers[kinds.get(each)]][0]]]);
  grid(left, part, { facet: "network", columns: heads, rows, first: (city) => own.get(city).size, cell, foot: columns.map((each) => sizes.get(each)), nothing: words.nothing });
  const values = rows.map((city) => [name(city), ...columns.map((each) => certainties[own.get(city).get(each)?.certainty] ?? "")]);
  return { part, rows: [["city", ...columns.map(network)], ...values] };
}

function grid(left, part, { facet, columns, rows, first, cell, foot, nothing }) {
  const groups = new Map(), table = part.querySelector("table"), empty = () => [make("td"), make("td")];
  for (const tab of part.querySelectorAll("[data-by]")) {
    tab.href = left.address({ by: tab.dataset.by, sort: "" });
    if (tab.dataset.by === left.texts.by) tab.setAttribute("aria-current", "page");
  }
  if (!rows.length) return void part.querySelector(".filled").replaceChildren(make("p", { class: "note" }, nothing));
  for (const [, head] of columns) groups.set(head, (groups.get(head) ?? 0) + 1);
  const sorter = ([value]) => {
    const [known, label] = facets[facet][value], isSorted = known === left.texts.sort;
    return make("th", { scope: "col", "aria-sort": isSorted ? "descending" : null }, make("a", { href: left.address({ sort: isSorted ? "" : known }), title: table.dataset.sort }, make("span", {}, label)));
  };
  table.tHead.append(
    make("tr", {}, ...empty(), ...[...groups].map(([head, span]) => make("th", { scope: "colgroup", colspan: span }, head))),
    make("tr", {}, ...empty(), ...columns.map(sorter)));
  const row = (city) => make("tr", {}, make("th", { scope: "row" }, cityLink(city)), make("td", { class: "n" }, first(city)), ...columns.map(([value]) => make("td", {}, cell(city, value))));
  part.querySelector(".scroll").after(paged(table.tBodies[0], rows, row, ROWS));
  table.tFoot.rows[0].append(...foot.map((count) => make("td", { class: "n" }, count || "")));
}

// Timeline: how many ties of each layer began in a year

function timeline(left) {
  const begun = new Map(), dated = left.records.filter((record) => record.isTie && record.since), all = left.records.filter((record) => record.isTie);
  for (const { since, layer: own } of dated) {
    if (!begun.has(since)) begun.set(since, layers.map(() => 0));
    for (const each of own) begun.get(since)[layers.indexOf(each)]++;
  }
  const part = form("timeline", { begun: dated.length, undated: all.length - dated.length }), years = [...begun].sort(([one], [other]) => one - other);
  if (years.length) bars(part.querySelector(".begun svg"), years);
  else part.querySelector(".filled").remove();
  part.querySelector("tbody")?.append(...years.map(([year, counts]) => make("tr", {}, make("th", { scope: "row" }, year), ...counts.map((count) => make("td", { class: "n" }, count || "")))));
  const kinds = layers.map((each) => facets.layer[each]?.[0] ?? "");
  return { part, rows: [["year", ...kinds], ...years.map(([year, counts]) => [year, ...counts])] };
}

const step = (span, most) => [1, 2, 5, 10, 20, 50, 100, 500, 1000].find((each) => span / each <= most);
const steps = (from, to, by) => Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, place) => from + place * by);

function bars(svg, years) {
  const [width, height] = [960, 320], total = (counts) => counts.reduce((sum, count) => sum + count, 0);
  const [first] = years[0], [last] = years.at(-1), most = Math.max(...years.map(([, counts]) => total(counts)));
  const perYear = (width - 44) / (last - first + 1), perTie = (height - 40) / most, leap = step(last - first, 10), x = (year) => 40 + (year - first) * perYear;
  for (const count of steps(0, most, step(most, 5))) {
    const y = height - 24 - count * perTie;
    svg.append(draw("path", { class: "tick", d: `M36 ${y}H${width}` }), draw("text", { x: 30, y: y + 4, "text-anchor": "end" }, count));
  }
  for (const year of steps(Math.ceil(first / leap) * leap, last, leap)) svg.append(draw("text", { x: x(year + 0.4), y: height - 4, "text-anchor": "middle" }, year));
  for (const [year, counts] of years)
    counts.forEach((count, place) => {
      const kind = facets.layer[layers[place]]?.[0], y = height - 24 - total(counts.slice(0, place + 1)) * perTie;
      if (count) svg.append(draw("g", {}, draw("title", {}, `${year}: ${words[kind]}, ${count}`), draw("rect", { class: kind, x: x(year), y, width: perYear * 0.8, height: count * perTie })));
    });
}

// Files

function gexf({ nodes, lines }) {
  const xml = (tag, attributes, ...children) => append(document.createElementNS("http://gexf.net/1.3", tag), attributes, children);
  const edge = ({ ends: [from, to], weight, shared: listed }, place) =>
    xml("edge", { id: place, source: slug(from), target: slug(to), weight, label: listed.map(network).join("; ") });
  const graph = xml("graph", { defaultedgetype: "undirected" },
    xml("nodes", {}, ...nodes.map((city) => xml("node", { id: slug(city), label: name(city) }))), xml("edges", {}, ...lines.map(edge)));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(xml("gexf", { version: "1.3" }, graph))}\n`;
}

return { gexf, views: { cards, map, table, network: net, matrix, timeline } };
})();
