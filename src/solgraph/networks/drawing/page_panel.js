// Part 3: details, lists and search.

function choose(thing) {
  chosen = thing;
  if (thing?.links) current = thing;
  $("details").replaceChildren(...(!thing ? [] : thing.links ? aboutNode(thing) : aboutEdge(thing)));
  paint();
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
  const link = /^https?:/.test(node.iri ?? "")
    ? Object.assign(make("a", node.iri), { href: node.iri, rel: "noreferrer" })
    : node.iri;
  const shown = node.links.filter((edge) => edge.shown),
    rounded = (value) => (Number.isInteger(value) ? value : Number(value.toPrecision(3)));
  const facts = listed([
    ["kind", kindOf(node)],
    ["country", node.country],
    ["years", yearsOf(node)],
    ...node.texts,
    ["IRI", link],
  ]);
  const items = shown
    .slice(0, PAGE)
    .map((edge) =>
      make(
        "li",
        null,
        go(other(edge, node)),
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
  return [
    make("h2", node.label),
    facts,
    make("p", countOf(shown.length)),
    make("ul", null, ...items),
    ...more,
    measures,
    close(),
  ];
}

const aboutEdge = (edge) => [
  make("h2", titleOf(edge)),
  listed([["from", go(edge.from)], ["to", go(edge.to)], ...linesOf(edge).map(([name, text]) => [name, String(text)])]),
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
    edge.texts.map(([name, text]) => `${named(name)}: ${text}`).join("\n"),
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
