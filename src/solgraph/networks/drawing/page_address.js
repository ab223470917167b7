// Part 6: what is shown stands in the address of a page on a server, and the start.

// What only the script reads; all else in the address, such as the year, is what the server selects.
const LOOK = ["layout", "colour", "size"];

// What is shown now; the usual is not in the address.
function shownNow() {
  const ends = !chosen ? [] : chosen.links ? [chosen.id] : [chosen.from.id, chosen.to.id];
  return [
    ...LOOK.filter((name) => $(name).value !== usual[name]).map((name) => [name, $(name).value]),
    ...ends.map((id) => ["node", id]),
    ...(cluster ? [["cluster", cluster.name]] : []),
  ];
}

// An address with what is shown now in it, in place of what it says of that.
function withState(where) {
  const address = new URL(where, location.href);
  for (const name of [...LOOK, "node", "cluster"]) address.searchParams.delete(name);
  for (const [name, value] of shownNow()) address.searchParams.append(name, value);
  return address;
}

function stated() {
  if (!data.served || restoring) return;
  const address = withState(location.href).href;
  if (address !== location.href) history.pushState(null, "", address);
}

// Show what the address says.
function restore() {
  if (!data.served) return;
  restoring = true;
  const asked = new URLSearchParams(location.search),
    named = asked.getAll("node").map((id) => nodes.find((node) => node.id === id));
  for (const name of LOOK) {
    const wanted = asked.get(name) ?? usual[name];
    if ([...$(name).options].some((option) => option.value === wanted)) $(name).value = wanted;
  }
  dress();
  if ($("layout").value !== how) place($("layout").value);
  const link = named[0] && named[1] && named[0].links.find((edge) => other(edge, named[0]) === named[1]);
  choose(link || named[0] || null);
  cluster = groups.find((group) => group.name === asked.get("cluster")) ?? null;
  fillTops();
  restoring = false;
}

// What the server selects is asked of it, with what is shown now.
function ask(changes) {
  const address = withState(location.href);
  for (const [name, value] of Object.entries(changes)) {
    address.searchParams.delete(name);
    if (value !== "") address.searchParams.set(name, value);
  }
  location.assign(address);
}

let asking = 0;
function askForYears() {
  filter();
  if (!data.served) return;
  clearTimeout(asking);
  const year = +$("year").value < firstYear ? "" : $("year").value;
  asking = setTimeout(() => ask({ year, undated: $("undated").checked ? "" : "exclude" }), 700);
}

$("app").hidden = false;
setUp();
// On a phone the drawing comes first: what is chosen seldom is folded away.
const controls = document.querySelector("details.controls"),
  isWide = matchMedia("(min-width: 60rem)");
const unfold = () => Object.assign(controls, { hidden: false, open: isWide.matches });
if (controls) {
  unfold();
  isWide.addEventListener("change", unfold);
}
const usual = Object.fromEntries(LOOK.map((name) => [name, $(name).value]));
let restoring = false;
$("undated").checked = !data.excludes;
$("layout").addEventListener("change", () => {
  place($("layout").value);
  stated();
});
for (const id of ["colour", "size"])
  $(id).addEventListener("change", () => {
    dress();
    stated();
  });
country?.addEventListener("input", filter);
for (const id of ["year", "undated"]) $(id).addEventListener("input", askForYears);
$("search").addEventListener("input", search);
$("controls").addEventListener("submit", (event) => {
  event.preventDefault();
  const hit = search();
  if (hit) {
    show(hit);
    stage.focus();
  }
});
for (const [id, action] of [
  ["in", () => zoom(1.3)],
  ["out", () => zoom(1 / 1.3)],
  ["whole", fit],
])
  $(id).addEventListener("click", action);
// Links and forms to other selections of the same network keep how it is shown.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-keeps]");
  if (link) link.href = withState(link.href).href;
});
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.matches("form[data-keeps]")) return;
  const chosen = [...formData, ...shownNow()].filter(([, value]) => value !== "");
  for (const name of new Set(formData.keys())) formData.delete(name);
  for (const [name, value] of chosen) formData.append(name, value);
});
addEventListener("popstate", restore);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
new ResizeObserver(() => (view.fitted ? fit() : paint())).observe(stage);
dress();
filter();
place(how);
restore();
