// The page for questions of a site of files: what may be meant, with values that can be changed, and what each leaves out.
"use strict";
{
const root = document.getElementById("readings"), { questions, words, choose, none, change, unused, unexplained } = root.dataset;
const { queries, parameters, values } = JSON.parse(words), asked = (new URLSearchParams(location.search).get("q") ?? "").trim();

// A value in a field: a choice where a list says what there is.
function chip({ name, text, among }, number) {
  const field = among.length ? make("select", { name }, ...among.map((value) => make("option", { value, textContent: values[value] ?? value, selected: value === text })))
    : make("input", { name, value: text, size: Math.max(text.length + 1, 5), maxLength: 500, autocomplete: "off", spellcheck: false });
  field.id = `chip-${number}-${name}`;
  return make("label", { className: "chip on", htmlFor: field.id }, make("span", { textContent: parameters[name] }), " ", field);
}

function reading({ query, chosen, ...left }, number) {
  const [summary, address] = queries[query], where = `${address}?${new URLSearchParams(chosen.map(({ name, text }) => [name, text]))}`;
  const lacks = [[unused, left.unused], [unexplained, left.unexplained]].filter(([, some]) => some.length).map(([sentence, some]) => sentence.replace("{words}", some.join(", "))).join(" ");
  const form = make("form", { className: "chips", action: address, method: "get" }, ...chosen.map((each, place) => chip(each, `${number}-${place}`)), make("button", { type: "submit", className: "button quiet", textContent: change }));
  form.setAttribute("aria-label", summary);
  const heading = make("h2", {}, make("a", { href: chosen.length ? where : address, textContent: summary }));
  return make("li", {}, heading, ...(lacks ? [make("p", { className: "meta", textContent: lacks })] : []), ...(chosen.length ? [form] : []));
}

async function show() {
  await loadScript(questions);
  const found = solgraphUnderstand(solgraphQuestions, document.documentElement.lang)(asked);
  const status = make("p", { role: "status", textContent: found.length ? choose : none });
  root.replaceChildren(make("h1", { textContent: asked }), status, make("ol", { className: "readings" }, ...found.map(reading)));
}

if (asked) {
  document.title = `${asked} · solgraph`;
  show();
}
}
