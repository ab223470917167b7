"use strict";
// The page of a network, part 1: the graph, what is chosen, filters, colours and sizes. All text comes in through
// textContent: what a label says is never markup.

const data = globalThis.solgraphNetwork ?? JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const country = document.getElementById("country"); // on a server a field of its form
const stage = $("stage"),
  canvas = $("canvas"),
  pen = canvas.getContext("2d");
const PALETTE = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8c6d31"]; // as in picture.py
const GREY = "#9a9a9a",
  SHAPES = ["circle", "square", "triangle", "diamond"],
  // Shape and colour (in the style sheet) of a layer of networks, the same on every page.
  LAYERS = { alliance: "circle", declaration: "diamond", project: "square", scheme: "triangle" },
  MANY = 5000,
  PAGE = 200;

// A page in another language brings its words: English text → its translation.
const words = data.words ?? {},
  tongue = document.documentElement.lang;
const say = (text) => (Object.hasOwn(words, text) ? words[text] : text);
const filled = (text, values) => say(text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
const spaced = (word) => say(word.replaceAll("_", " "));
const named = (word) => spaced(word).charAt(0).toUpperCase() + spaced(word).slice(1);
const kindOf = (node) => say(node.kind ?? "");
const localised = (texts) => texts.map(([name, text]) => [name, name === "change" ? say(text) : text]);
const whole = (texts) => texts.map(([name, parts]) => [name, parts.map((part) => data.parts[part]).join("; ")]);
const texts = data.texts.map((listed) => localised(whole(listed)));

const nodes = data.nodes.map((node, number) => ({
  ...node,
  texts: localised(node.texts),
  measures: Object.fromEntries(
    data.measures.map((name, place) => [name, node.measures[place]]).filter(([, value]) => value !== null),
  ),
  number,
  links: [],
  strength: 0,
  x: 0,
  y: 0,
  r: 6,
  shown: true,
  look: null,
}));
const edges = data.edges.map(([from, to, tie]) => {
  const [weight, since, until, text, notBefore, notAfter, spans] = data.ties[tie]; // many edges have them alike
  const looks = { shown: true, bend: 0, width: 1, depth: 1, dash: [] };
  return { from: nodes[from], to: nodes[to], weight, since, until, notBefore, notAfter, spans, texts: texts[text], ...looks };
});
const pairs = new Map();
const heaviest = edges.reduce((most, edge) => Math.max(most, edge.weight), 0) || 1;
const weighted = new Set(edges.map((edge) => edge.weight)).size > 1;
for (const edge of edges) {
  const key = [edge.from.number, edge.to.number].sort((a, b) => a - b).join(" ");
  const twins = pairs.get(key) ?? 0;
  pairs.set(key, twins + 1);
  edge.bend = (twins % 2 ? 1 : -1) * Math.ceil(twins / 2) * (edge.from.number < edge.to.number ? 1 : -1);
  edge.from.links.push(edge);
  if (edge.to !== edge.from) {
    edge.to.links.push(edge);
    for (const end of [edge.from, edge.to]) end.strength += edge.weight;
  }
}
// The more two nodes share, the darker and wider their line; dashed where no source says since when.
const textOf = (thing, wanted) => thing.texts.find(([name]) => name === wanted)?.[1];
const isDated = (thing) => thing.since != null || thing.until != null || Boolean(thing.spans);
// What was only seen counts in the years in which it was seen, as it does when a year is selected.
const isSeen = (thing, year) => {
  const seen = textOf(thing, "active")?.split("; ") ?? [];
  return year === null ? seen.length > 0 : seen.includes(String(year));
};
const isCounted = edges.some((edge) => textOf(edge, "shared"));
for (const edge of edges) {
  const amount = isCounted ? Number(textOf(edge, "shared") ?? 1) : 10 * Math.sqrt(Math.max(0, edge.weight) / heaviest);
  if (weighted || isCounted) edge.depth = [1, 2, 4, 7].filter((limit) => amount > limit).length;
  edge.width = (0.9 + 0.55 * edge.depth) * Math.max(0.35, Math.min(1, Math.sqrt(300 / edges.length)));
  if (!isCounted && !weighted && edges.length <= MANY && !isDated(edge) && edge.notBefore == null && edge.notAfter == null)
    edge.dash = textOf(edge, "active") ? [6, 3] : [2, 3];
}
const groups = (data.groups ?? []).map(([name, members, place]) => ({
  name,
  members: members.map((number) => nodes[number]),
  place,
  y: place && -place[1],
}));
const land = new Path2D();
for (const steps of data.land ?? outlines) {
  let x = 0,
    y = 0;
  for (let step = 0; step < steps.length; step += 2) {
    x += steps[step];
    y -= steps[step + 1];
    if (step) land.lineTo(x, y);
    else land.moveTo(x, y);
  }
  land.closePath();
}
const years = edges.flatMap((edge) => [edge.since, edge.until]).filter((year) => year !== null);
const [firstYear, lastYear] = data.span?.length
  ? data.span
  : [years.reduce((a, b) => Math.min(a, b), Infinity), years.reduce((a, b) => Math.max(a, b), -Infinity)];
const hasYears = data.span ? data.span.length > 0 : firstYear < lastYear;
const other = (edge, node) => (edge.from === node ? edge.to : edge.from);
const countOf = (number) => filled(number === 1 ? "{number} link" : "{number} links", { number });
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const spanOf = ([since, until]) => `${since ?? ""}–${until ?? ""}`;
const yearsOf = (thing) =>
  thing.spans?.length > 1
    ? thing.spans.map(spanOf).join(", ")
    : thing.since == null && thing.until == null
    ? ""
    : thing.since === thing.until
      ? `${thing.since}`
      : spanOf([thing.since, thing.until]);
const groupOf = (node, by) =>
  by === "layer"
    ? (textOf(node, "layer") ?? kindOf(node))
    : String((by === "community" ? node.measures.community : node[by]) ?? "unknown");

const view = { scale: 1, x: 0, y: 0, fitted: true };
let how = data.start,
  chosen = null,
  current = null,
  hovered = null,
  cluster = null,
  matches = new Set(),
  moving = 0,
  colours = {};

function make(tag, text, ...children) {
  const element = document.createElement(tag);
  if (text !== null && text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}

function button(text, action) {
  const element = make("button", text);
  element.type = "button";
  element.className = "plain";
  element.addEventListener("click", action);
  return element;
}

function offer(id, options, wanted) {
  $(id).replaceChildren(...options.map(([value, text]) => Object.assign(make("option", text), { value })));
  if (wanted !== undefined) $(id).value = wanted;
  $(id).parentElement.hidden = options.length < 2;
}

function setUp() {
  offer(
    "layout",
    Object.keys(data.layouts).map((name) => [name, say({ map: "map", force: "by links" }[name])]),
    how,
  );
  const several = (by) => new Set(nodes.map((node) => groupOf(node, by))).size;
  const colourings = ["kind", "country", "community"].filter((by) => several(by) > 1);
  if (nodes.some((node) => textOf(node, "layer"))) colourings.unshift("layer");
  const usual = ["layer", "kind"].includes(colourings[0]) ? colourings[0] : "none";
  offer("colour", [...colourings.map((by) => [by, say(by)]), ["none", say("none")]], usual);
  const sizes = data.measures.filter((name) => name !== "community").sort();
  const first = data.weighted && sizes.includes("weighted_degree") ? "weighted_degree" : "degree";
  const ordered = [...sizes.filter((name) => name === first), ...sizes.filter((name) => name !== first)];
  offer("size", [...ordered.map((name) => [name, spaced(name)]), ["none", say("all alike")]]);
  const countries = [...new Set(nodes.map((node) => node.country).filter(Boolean))].sort((a, b) =>
    a.localeCompare(b, tongue),
  );
  if (country) offer("country", [["", say("all countries")], ...countries.map((name) => [name, name])]);
  for (const label of document.querySelectorAll(".years")) label.hidden = !hasYears;
  if (hasYears) Object.assign($("year"), { min: firstYear - 1, max: lastYear, value: data.year ?? firstYear - 1 });
}

const runsIn = (thing, year) =>
  year === null ||
  (thing.spans ?? [[thing.since ?? thing.notBefore, thing.until ?? thing.notAfter]]).some(
    ([since, until]) => (since ?? -Infinity) <= year && year <= (until ?? Infinity),
  );

function filter() {
  const near = country?.value,
    undated = $("undated").checked || !hasYears;
  const year = hasYears && +$("year").value >= firstYear ? +$("year").value : null;
  const inCountry = (node) => !near || node.country === near;
  $("shown-year").textContent = year ?? say("all years");
  $("year").setAttribute("aria-valuetext", year ?? say("all years"));
  for (const edge of edges) {
    const inTime = (undated || isDated(edge) || isSeen(edge, year)) && [edge, edge.from, edge.to].every((thing) => runsIn(thing, year));
    edge.shown = inTime && (inCountry(edge.from) || inCountry(edge.to));
  }
  for (const node of nodes)
    node.shown = node.links.some((edge) => edge.shown) || (inCountry(node) && runsIn(node, year));
  if (chosen && chosen.links && !chosen.shown) choose(null);
  if (current && !current.shown) current = null;
  const count = (things, text) =>
    filled(text, {
      shown: things.filter((thing) => thing.shown).length.toLocaleString(tongue),
      all: things.length.toLocaleString(tongue),
    });
  const place = near ? filled("; {country} and those linked with it", { country: near }) : "";
  const isWhole = [...nodes, ...edges].every((thing) => thing.shown);
  $("status").textContent =
    "partial" in data && isWhole ? "" : `${count(nodes, "{shown} of {all} nodes")}, ${count(edges, "{shown} of {all} links")}${place}.`;
  fillLists();
  fillTops();
  paint();
}

// Of what has no layer, such as cities among networks, the look is plain.
function layerLook(label) {
  const layer = data.layers?.[label] ?? label.toLowerCase();
  return LAYERS[layer] ? { colour: `--${layer}`, shape: LAYERS[layer] } : { colour: "--soft", shape: "circle" };
}

function dress() {
  const by = $("colour").value,
    size = $("size").value,
    counts = new Map();
  for (const node of nodes) counts.set(groupOf(node, by), (counts.get(groupOf(node, by)) ?? 0) + 1);
  const groups = [...counts]
    .filter(([name]) => name !== "unknown")
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], tongue, { numeric: true }));
  const room = PALETTE.length * SHAPES.length,
    few = groups.length <= SHAPES.length,
    looks = new Map();
  const rest = { colour: GREY, shape: "circle" },
    plain = { colour: "--tie", shape: "circle" };
  groups
    .slice(0, room)
    .forEach(([name], n) =>
      looks.set(
        name,
        by === "layer"
          ? layerLook(name)
          : { colour: PALETTE[n % PALETTE.length], shape: SHAPES[few ? n : Math.floor(n / PALETTE.length)] },
      ),
    );
  const most = Math.max(...nodes.map((node) => Math.abs(node.measures[size] ?? 0)), 1e-9);
  const scale = Math.max(0.3, Math.min(stage.clientWidth < 600 ? 0.75 : 1, Math.sqrt(40 / nodes.length)));
  for (const node of nodes) {
    node.look = by === "none" ? plain : (looks.get(groupOf(node, by)) ?? rest);
    node.r = scale * (size === "none" ? 8 : 5 + 9 * Math.sqrt(Math.abs(node.measures[size] ?? 0) / most));
  }
  const left = nodes.filter((node) => node.look === rest).length;
  const shown =
    by === "none"
      ? []
      : [
          ...groups.slice(0, room).map(([name, count]) => [by === "kind" ? say(name) : name, count, looks.get(name)]),
          ...(left ? [[say("other or unknown"), left, rest]] : []),
        ];
  $("legend-title").textContent = by === "none" ? "" : named(by);
  $("legend-title").hidden = by === "none";
  $("legend").replaceChildren(
    ...shown.map(([name, count, look]) => make("li", null, mark(look), `${name} (${count})`)),
  );
  $("legend-size").textContent = [
    size === "none" ? "" : filled("Size: {measure}.", { measure: spaced(size) }),
    weighted || isCounted ? say("The darker a line, the more it stands for.") : "",
    edges.some((edge) => edge.dash.length) ? say("Dashed: no source says since when.") : "",
  ].join(" ");
  fillLists();
  paint();
}

function mark(look) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"),
    path = document.createElementNS(svg.namespaceURI, "path");
  svg.setAttribute("viewBox", "-8 -8 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.style.fill = look.colour.startsWith("--") ? `var(${look.colour})` : look.colour;
  path.setAttribute(
    "d",
    {
      circle: "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0",
      square: "M-6-6H6V6H-6z",
      triangle: "M0-7L7 6H-7z",
      diamond: "M0-8L7 0L0 8L-7 0z",
    }[look.shape],
  );
  svg.append(path);
  return svg;
}
