// SPARQL in the browser, on a site of files: Oxigraph asks all of the data. Both are loaded when somebody asks for the first time.
"use strict";
var solgraphEngine = (() => {
const { library, data, moved } = document.currentScript.dataset;
const root = new URL("..", document.currentScript.src);
let loading = null;

async function load() {
  await Promise.all([library, data, moved].map(loadScript));
  const { graphs, ...known } = solgraphData, pages = solgraphMoved;
  await oxigraph.init({ module_or_path: await unpacked(oxigraph.wasm) });
  const store = new oxigraph.Store();
  store.load(graphs, { format: "application/trig", no_transaction: true });
  store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }"); // queries that name no document ask all of them
  const prologue = Object.entries(known.prefixes).map(([name, iri]) => `PREFIX ${name}: <${iri}> `).join("");
  const homes = new Map(Object.entries(pages).flatMap(([page, places]) => places.map((place) => [place, page])));
  return { ...known, store, prologue, homes };
}

function ready() {
  loading ||= load().catch((error) => { loading = null; throw error; });
  return loading;
}

// SELECT, ASK, CONSTRUCT or DESCRIBE, which is the first of these words outside of IRIs, texts and comments.
const formOf = (query) =>
  /\b(select|ask|construct|describe)\b(?!:)/i.exec(query.replace(/<[^<>\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#.*$/gm, ""))?.[1].toUpperCase() ?? "SELECT";

// The answer in one of these media types, or else in that for programs; raises what the engine says.
async function answer(query, accept = "") {
  const { store, prologue } = await ready(), isGraph = /^(CONSTRUCT|DESCRIBE)$/.test(formOf(query));
  const usual = isGraph ? "application/n-triples" : "application/sparql-results+json";
  const type = accept && !accept.includes(",") ? accept : usual;
  return { type, text: store.query(prologue + query, { results_format: type }) };
}

// The same as a response of the server, with its faults.
async function ask(accept, query) {
  const { prologue } = await ready();
  try {
    const { type, text } = await answer(query, accept);
    return new Response(text, { headers: { "content-type": type } });
  } catch (error) {
    const detail = String(error.message ?? error), place = /\b(\d+):(\d+)/.exec(detail);
    const [line, column] = place ? [Number(place[1]), Number(place[2])] : [];
    const problem = { detail: detail.replace(/^error at \d+:\d+:\s*/, ""), line, column: line === 1 ? Math.max(column - prologue.length, 1) : column };
    return new Response(JSON.stringify(problem), { status: 400 });
  }
}

async function rows(query) {
  return JSON.parse((await answer(query)).text).results.bindings;
}

// Saved queries: values are bound as on the server

class Fault extends Error {}

async function bind(name, values) {
  const { queries } = await ready(), { pieces, params } = queries[name], terms = {};
  for (const param of params) terms[param.variable] = await termsOf(param, (values[param.name] ?? []).filter((text) => text.trim()));
  const [from, to] = ["from", "to"].map((each) => terms[params.find((param) => param.name === each)?.variable]?.[0]);
  if (from && to && Number(from) > Number(to)) throw new Fault(`The period from ${from} to ${to} ends before it begins.`);
  return pieces.map((piece) => written(piece, terms)).join("");
}

function written(piece, terms) {
  if (typeof piece === "string") return piece;
  const found = terms[piece.variable];
  if (piece.before === undefined) return found[0] ?? piece.text;
  return found.length ? `${piece.before}${found.join(" ")} }` : "";
}

async function termsOf(param, given) {
  const texts = given.length || param.default === null ? given : [param.default];
  if (!texts.length && param.required) throw new Fault(`${param.name}: ?`);
  return Promise.all(texts.map((text) => (param.kind === "iri" ? found(text, param).then((iri) => `<${iri}>`) : literal(text, param))));
}

function literal(text, param) {
  const type = param.kind === "number" ? "decimal" : param.kind.replace(/^xsd:/, ""), trimmed = text.trim();
  if (param.values.length && !param.values.includes(text)) throw new Fault(`${param.name} = '${text}' is not allowed. Allowed: ${param.values.join(", ")}`);
  if (param.pattern && !new RegExp(`^(?:${param.pattern})$`).test(trimmed)) throw new Fault(`${param.name} = '${text}' is not ${param.meaning}.`);
  if (type === "integer" && /^\d+$/.test(trimmed)) return trimmed;
  const quoted = (value) => `"${value.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r")}"`;
  if (type === "string") return quoted(text);
  return type.startsWith("@") ? quoted(text) + type : `${quoted(trimmed)}^^<http://www.w3.org/2001/XMLSchema#${type}>`;
}

// The thing that is called so in any language: by IRI, prefixed name, name or slug; a document takes no name from a thing.
async function found(text, { name, type, scheme }) {
  const { id, prefixes, names } = await ready(), [prefix, local] = text.trim().split(/:(.*)/s);
  const iri = local !== undefined && prefixes[prefix] ? prefixes[prefix] + local : text.trim();
  const among = (type ? `?thing a/rdfs:subClassOf* <${type}> .` : "") + (scheme ? `?thing skos:inScheme <${scheme}> .` : "");
  const by = [...names.shown, ...names.further].map((each) => `<${each}>`).join("|");
  const things = await rows(`SELECT DISTINCT ?thing ?name { ${among} ?thing a ?class . OPTIONAL { ?thing ${by} ?name } FILTER NOT EXISTS { ?thing sg:unnamed true } }`);
  const called = (of) => [...new Set(things.filter((row) => of(row)).map((row) => row.thing.value))];
  const wanted = fold(text), slug = (row) => row.thing.value.replace(/^.*[/#]/, "");
  const matches = [called((row) => row.thing.value === iri), called((row) => row.name && fold(row.name.value) === wanted), called((row) => fold(slug(row)) === wanted)];
  const some = matches.find((each) => each.length) ?? [], own = some.filter((each) => !/^(?:source|finding|passage|observation)\//.test(each.replace(id, "")));
  const chosen = own.length ? own : some;
  if (chosen.length === 1) return chosen[0];
  const near = [...new Set(things.filter((row) => row.name && fold(row.name.value).includes(wanted)).map((row) => row.name.value))].slice(0, 5);
  throw new Fault(chosen.length ? `${name}: '${text}' names ${chosen.length} things: ${chosen.join(", ")}` : `${name}: '${text}'? ${near.join(", ")}`);
}

// Names of IRIs as on the server: the language of the page, then English, then none; what has no name is called by what it ties together.
async function labels(iris) {
  const { id, names } = await ready(), wanted = [...new Set(iris)], best = new Map();
  const listed = (some) => some.map((iri) => `<${iri}>`).join(" "), tongues = [document.documentElement.lang, "en"];
  const rank = ({ by, name }) => {
    const language = name["xml:lang"] ?? "", place = tongues.findIndex((tongue) => `${language}-`.startsWith(`${tongue}-`));
    return `${place < 0 ? tongues.length + Boolean(language) : place} ${names.shown.indexOf(by.value)} ${name.value}`;
  };
  for (const row of await rows(`SELECT ?iri ?by ?name { VALUES ?iri { ${listed(wanted)} } VALUES ?by { ${listed(names.shown)} } ?iri ?by ?name }`))
    if (!best.has(row.iri.value) || rank(row) < rank(best.get(row.iri.value))) best.set(row.iri.value, row);
  const found = new Map([...best].map(([iri, { name }]) => [iri, name.value]));
  const unnamed = wanted.filter((iri) => iri.startsWith(id) && !found.has(iri));
  const ties = unnamed.length ? await rows(`SELECT ?tie ?member ?group { VALUES ?tie { ${listed(unnamed)} } ?tie org:member ?member ; org:organization ?group }`) : [];
  const ends = ties.length ? await labels(ties.flatMap(({ member, group }) => [member.value, group.value])) : null;
  for (const { tie, member, group } of ties) found.set(tie.value, `${ends.get(member.value)} – ${ends.get(group.value)}`);
  for (const iri of wanted) if (!found.has(iri)) found.set(iri, await shortened(iri));
  return found;
}

async function shortened(iri) {
  const { prefixes } = await ready();
  const [prefix, namespace] = Object.entries(prefixes).filter(([, each]) => iri.startsWith(each)).sort(([, one], [, other]) => other.length - one.length)[0] ?? [];
  return namespace && /^\w(?:[\w.-]*[\w-])?$/.test(iri.slice(namespace.length)) ? `${prefix}:${iri.slice(namespace.length)}` : iri;
}

// Where a thing is shown.
async function address(iri) {
  const { id, homes } = await ready(), base = id.replace(/id\/$/, "");
  if (!iri.startsWith(base)) return iri;
  const place = iri.replace(id, ""), home = homes.get(place);
  return new URL(home ? `${home}#${place}` : iri.startsWith(id) ? `doc/${place}.html` : `${iri.slice(base.length)}.html`, root).href;
}

return { ready, rows, ask, answer, bind, found, labels, address, Fault };
})();
