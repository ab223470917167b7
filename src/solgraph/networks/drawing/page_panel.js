// Part 4: details, lists and search.

function choose(thing) {
  chosen = thing;
  cluster = null;
  if (thing?.links) current = thing;
  $("details").replaceChildren(...(!thing ? [] : thing.links ? aboutNode(thing) : aboutEdge(thing)));
  stated();
  paint();
}

// The nodes of a group stand out, as do the links among them.
function gather(group) {
  choose(null);
  cluster = group;
  fillTops();
  stated();
  paint();
}

// On a server, a link to what a tie rests on, which the drawer opens; else its evidence is among its texts.
function evidenceOf(edge) {
  if (!data.evidence || edge.from === edge.to) return null;
  const ends = [edge.from, edge.to].map((node) => `ends=${encodeURIComponent(node.id)}`);
  const link = make("a", say("Evidence"));
  link.href = `${data.evidence}${data.evidence.includes("?") ? "&" : "?"}${ends.join("&")}`;
  link.setAttribute("aria-label", `${say("Evidence")}: ${titleOf(edge)}`);
  link.className = "evidence-of";
  return link;
}

// To how many others a node is tied by what is shown.
const degreeOf = (node) =>
  new Set(node.links.filter((edge) => edge.shown).map((edge) => other(edge, node)).filter((end) => end !== node)).size;

// The nodes that are tied to most others, and what most nodes share.
function fillTops() {
  const most = nodes
    .filter((node) => node.shown)
    .map((node) => [node, degreeOf(node)])
    .filter(([, degree]) => degree)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 12);
  list("tops", say("Most ties"), most.map(([node, degree]) => [go(node), node.country, degree.toLocaleString(tongue)]));
  list("groups", say("Shared by most"), groups.slice(0, 12).map((group) => {
    const toggle = button(group.name, () => gather(cluster === group ? null : group));
    toggle.setAttribute("aria-pressed", String(cluster === group));
    return [toggle, "", group.members.length];
  }));
}

function list(id, heading, rows) {
  const items = rows.map(([name, more, number]) =>
    make("li", null, make("span", null, name, ...(more ? [" ", make("small", more)] : [])), make("b", String(number))));
  $(id).replaceChildren(...(rows.length ? [make("h2", heading), make("ul", null, ...items)] : []));
}

const listed = (pairs) =>
  make(
    "dl",
    null,
    ...pairs
      .filter(([, text]) => text !== undefined && text !== "")
      .flatMap(([name, text]) => [make("dt", named(name)), make("dd", null, text)]),
  );
const close = () =>
  button(say("Close"), () => {
    choose(null);
    stage.focus();
  });
const go = (node) =>
  button(node.label, () => {
    show(node);
    $("details").focus();
  });

function aboutNode(node) {
  const where = data.things && /^[a-z]+:/.test(node.id) ? data.things + node.id.replace(":", "/") : node.iri;
  const link = /^(https?:|\/)/.test(where ?? "")
    ? Object.assign(make("a", data.things ? node.label : where), { href: where, rel: "noreferrer" })
    : where;
  const shown = node.links.filter((edge) => edge.shown),
    rounded = (value) => (Number.isInteger(value) ? value : Number(value.toPrecision(3)));
  const facts = listed([
    ["kind", kindOf(node)],
    ["country", node.country],
    ["years", yearsOf(node)],
    ...node.texts,
    [data.things ? "page" : "IRI", link],
  ]);
  const items = shown
    .slice(0, PAGE)
    .map((edge) =>
      make(
        "li",
        null,
        go(other(edge, node)),
        evidenceOf(edge) ?? "",
        ...linesOf(edge).map(([name, text]) => make("p", `${named(name)}: ${text}`)),
      ),
    );
  const measures = make(
    "details",
    null,
    make("summary", say("Measures")),
    listed(Object.entries(node.measures).map(([name, value]) => [name, String(rounded(value))])),
  );
  const more = shown.length > PAGE ? [make("p", filled("and {number} more", { number: shown.length - PAGE }))] : [];
  const all = data.partial && node.measures.degree;
  return [
    make("h2", node.label),
    facts,
    make("p", all ? filled("{shown} of {all} links", { shown: shown.length, all }) : countOf(shown.length)),
    make("ul", null, ...items),
    ...more,
    measures,
    close(),
  ];
}

const aboutEdge = (edge) => [
  make("h2", titleOf(edge)),
  listed([["from", go(edge.from)], ["to", go(edge.to)], ...linesOf(edge).map(([name, text]) => [name, String(text)])]),
  evidenceOf(edge) ?? "",
  close(),
];

function fillLists() {
  const measure = $("size").value === "none" ? "degree" : $("size").value;
  fill("nodes", ["name", "kind", "country", measure], nodes, (node) => [
    go(node),
    kindOf(node),
    node.country ?? "",
    String(node.measures[measure] ?? ""),
  ]);
  fill("links", ["from", "to", "years", "weight", "attributes"], edges, (edge) => [
    go(edge.from),
    go(edge.to),
    yearsOf(edge),
    String(edge.weight),
    make("div", edge.texts.map(([name, text]) => `${named(name)}: ${text}`).join("\n"), ...(evidenceOf(edge) ? [" ", evidenceOf(edge)] : [])),
  ]);
}

function fill(id, heads, things, cells) {
  const box = $(id),
    body = box.querySelector("tbody"),
    more = box.querySelector(":scope > button"),
    shown = things.filter((thing) => thing.shown);
  const add = () => {
    body.append(
      ...shown
        .slice(body.rows.length, body.rows.length + PAGE)
        .map((thing) => make("tr", null, ...cells(thing).map((cell) => make("td", null, cell)))),
    );
    more.hidden = body.rows.length >= shown.length;
  };
  box
    .querySelector("thead")
    .replaceChildren(make("tr", null, ...heads.map((head) => Object.assign(make("th", named(head)), { scope: "col" }))));
  body.replaceChildren();
  more.onclick = add;
  if (box.open) add();
  box.ontoggle = () => {
    if (box.open && !body.rows.length) add();
  };
}

function show(node) {
  const [x, y] = toScreen(node),
    edge = 60;
  if (x < edge || y < edge || x > stage.clientWidth - edge || y > stage.clientHeight - edge) {
    view.x += stage.clientWidth / 2 - x;
    view.y += stage.clientHeight / 2 - y;
  }
  choose(node);
}

// How well a node fits: 0 of that very name, 1 begins so, 2 holds it, 3 is the beginning of it ("Milan" of "Milano").
function fitness(node, wanted) {
  const names = [node.label, node.id.replace(/^[^:]*:/, "").replaceAll("-", " ")].map(folded);
  const fits = [
    (name) => name === wanted,
    (name) => name.startsWith(wanted),
    (name) => name.includes(wanted),
    (name) => name.length > 3 && wanted.startsWith(name),
  ];
  const best = fits.findIndex((test) => names.some(test));
  return best < 0 ? Infinity : best;
}

function search() {
  const wanted = folded($("search").value.trim()),
    fits = new Map(nodes.map((node) => [node, wanted && node.shown ? fitness(node, wanted) : Infinity]));
  const near = nodes.filter((node) => fits.get(node) < 3).sort((a, b) => fits.get(a) - fits.get(b));
  const hits = near.length ? near : nodes.filter((node) => fits.get(node) === 3);
  matches = new Set(hits);
  $("matches").replaceChildren(
    ...hits.slice(0, 12).map((node) => make("li", null, go(node))),
    ...(wanted && !hits.length ? [make("li", say("Nothing has this name."))] : []),
  );
  if (wanted) $("live").textContent = filled("{number} found", { number: hits.length });
  paint();
  return hits[0];
}
