// Suggestions below the search field: names in all languages, accents optional. Without this the form works as it is.
// On a site of files, also the page of hits.
"use strict";

const fold = (text) =>
  text.toLowerCase().replace(/ł/g, "l").replace(/ø/g, "o").replace(/[đð]/g, "d").replace(/æ/g, "ae").replace(/œ/g, "oe")
    .replace(/ß/g, "ss").normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

// Data are scripts, since browsers let no page read other files from a disk; each is loaded once. Several, with spaces
// between them, one after the other: in another language the second changes what the first sets.
const scripts = new Map();
const loadScript = (addresses) => addresses.split(" ").reduce((before, src) => before.then(() => loadOnce(src)), Promise.resolve());
function loadOnce(src) {
  const place = (done, onerror) => document.head.append(Object.assign(document.createElement("script"), { src, onload: () => unpacking.then(done, onerror), onerror }));
  if (!scripts.has(src)) scripts.set(src, new Promise(place).catch((error) => { scripts.delete(src); throw error; }));
  return scripts.get(src);
}

// On a site of files large scripts hold their data compressed, in base64: all of them, or how they differ from the English.
let unpacking = Promise.resolve();
function setPacked(name, ...texts) {
  const set = ([data, words]) => { window[name] = words ? changed(window[name], data, words) : data; };
  const parsed = async (text) => JSON.parse(new TextDecoder().decode(await unpacked(text)));
  unpacking = Promise.allSettled([unpacking]).then(() => Promise.all(texts.map(parsed))).then(set);
}
async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

// What another language has: [value] takes the place of the old, 1 is the same link one folder up, words change anywhere.
function changed(old, change, words) {
  if (Array.isArray(change)) return change[0];
  if (change === 1) return `../${old}`;
  if (typeof old === "string") return Object.hasOwn(words, old) ? words[old] : old;
  for (const key in old && typeof old === "object" ? { ...old, ...change } : {}) old[key] = changed(old[key], change?.[key], words);
  return old;
}

// An element with its properties and children.
function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const last = (addresses) => new URL(addresses.split(" ").at(-1), document.baseURI).href;

function closeness(name, wanted) {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(" " + wanted)) return 2;
  return name.includes(wanted) ? 3 : wanted.split(" ").every((word) => name.includes(word)) ? 4 : 9;
}

class Suggestions {
  constructor(field) {
    this.field = field;
    this.chosen = -1;
    this.found = [];
    this.list = document.createElement("ul");
    this.list.id = "suggestions";
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", field.dataset.found);
    field.form.append(this.list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]])
      field.setAttribute(name, value);
    field.addEventListener("input", () => this.suggest());
    field.addEventListener("keydown", (event) => this.steer(event));
    field.addEventListener("blur", () => this.close());
  }

  names() {
    this.loading ||= this.load(this.field.dataset.names).catch((error) => { this.loading = null; throw error; });
    return this.loading;
  }

  async load(addresses) {
    await loadScript(addresses);
    const address = last(addresses);
    const { kinds, groups, things } = window.solgraphNames;
    return things.flatMap(([where, kind, ...names]) => names.map((name) =>
      ({ name, folded: fold(name), where: new URL(where, address).href, kind: kinds[kind], group: groups[kind] })));
  }

  async find(most = 8) {
    const wanted = fold(this.field.value);
    const names = wanted ? await this.names() : [];
    const seen = new Set();
    return names.map((one, place) => ({ ...one, rank: closeness(one.folded, wanted) * 1e5 + place }))
      .filter((one) => one.rank < 9e5).sort((a, b) => a.rank - b.rank)
      .filter((one) => !seen.has(one.where) && seen.add(one.where)).slice(0, most);
  }

  async suggest() {
    const typed = this.field.value;
    const found = await this.find().catch(() => []);
    if (this.field.value === typed && document.activeElement === this.field) this.show(found);
  }

  show(found) {
    this.found = found;
    this.chosen = -1;
    this.list.replaceChildren(...found.map((one, place) => {
      const item = document.createElement("li");
      const kind = document.createElement("small");
      item.id = "suggestion-" + place;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      kind.textContent = one.kind;
      item.append(one.name, kind);
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => { location.href = one.where; });
      return item;
    }));
    this.list.hidden = !found.length;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    this.field.removeAttribute("aria-activedescendant");
  }

  close() {
    this.show([]);
  }

  steer(event) {
    if (event.key === "Escape") {
      if (this.found.length) event.preventDefault();  // else it empties the field
      return this.close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && this.chosen >= 0) {
      event.preventDefault();
      location.href = this.found[this.chosen].where;
    }
    if (!step) return;
    event.preventDefault();
    if (this.found.length) this.choose(this.chosen < 0 && step < 0 ? this.found.length - 1 : this.chosen + step);
    else this.suggest();
  }

  choose(place) {
    this.chosen = (place + this.found.length) % this.found.length;
    [...this.list.children].forEach((item, one) => item.setAttribute("aria-selected", String(one === this.chosen)));
    this.field.setAttribute("aria-activedescendant", "suggestion-" + this.chosen);
  }
}

// The hits of a site of files by kind: all whose names or texts hold the words that are in the address of the page.
class Hits {
  constructor(place, suggestions) {
    const asked = new URLSearchParams(location.search).get("q");
    if (!asked) return;
    suggestions.field.value = asked;
    Promise.all([suggestions.find(Infinity), this.texts(place, asked)]).then(([named, others]) => {
      const known = new Set(named.map((one) => one.where));
      this.show(place, asked, [...named, ...others.filter((one) => !known.has(one.where))]);
    });
  }

  async texts(place, asked) {
    const address = last(place.dataset.texts), wanted = fold(asked).split(" ");
    await loadScript(place.dataset.texts);
    const { groups, things } = window.solgraphTexts;
    const holds = (folded) => wanted.every((word) => ` ${folded}`.includes(` ${word}`));
    return things.filter(([, , name, text]) => holds(fold(`${name} ${text}`)))
      .map(([where, kind, name, text]) => ({ where: new URL(where, address).href, name, text, group: groups[kind] }));
  }

  show(place, asked, found) {
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    status.textContent = found.length ? place.dataset.found.replace("{asked}", asked).replace("{number}", found.length) : place.dataset.nothing;
    const groups = new Map(found.map((one) => [one.group, found.filter((other) => other.group === one.group)]));
    place.replaceChildren(status, ...[...groups].map(([group, hits]) => this.section(group, hits)));
  }

  section(group, hits) {
    const section = document.createElement("section");
    const heading = document.createElement("h2");
    const list = document.createElement("ul");
    heading.textContent = `${group} (${hits.length})`;
    list.className = "columns";
    list.append(...hits.map((one) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = one.where;
      link.textContent = one.name;
      item.append(link);
      if (one.text) item.append(Object.assign(document.createElement("p"), { className: "meta", textContent: one.text }));
      return item;
    }));
    if (hits.some((one) => one.text)) list.className = "prose";
    section.append(heading, list);
    return section;
  }
}

// Filters of long lists: what does not match is hidden while somebody types. Without this the form asks the server.
class Filter {
  constructor(form) {
    this.form = form;
    this.groups = [...document.querySelectorAll(".filtered details")].map((group) => ({ group, open: group.open }));
    form.hidden = false;
    form.elements.q.addEventListener("input", () => this.apply());
    form.addEventListener("submit", (event) => { if (form.dataset.static) event.preventDefault(); });
  }

  // What is compared is read when somebody types for the first time.
  read() {
    for (const one of this.groups) {
      one.name = fold(one.group.querySelector("summary b").textContent);
      one.items = [...one.group.querySelectorAll("li")].map((item) => [item, fold(item.textContent)]);
    }
  }

  apply() {
    if (!this.groups[0]?.items) this.read();
    const wanted = fold(this.form.elements.q.value);
    let found = 0;
    for (const { group, open, name, items } of this.groups) {
      let shown = 0;
      for (const [item, text] of items) shown += !(item.hidden = !name.includes(wanted) && !text.includes(wanted));
      group.hidden = !shown;
      group.open = open || Boolean(wanted);
      found += shown;
    }
    this.form.querySelector("[role=status]").textContent = wanted ? found : "";
  }
}

for (const form of document.querySelectorAll("form.filter")) new Filter(form);
const field = document.getElementById("q");
if (field) {
  const suggestions = new Suggestions(field);
  const hits = document.getElementById("hits");
  if (hits) new Hits(hits, suggestions);
}
