// Asks Comunica about a graph: node ask.mjs GRAPH.nq QUERIES.json
//
// QUERIES.json is a list of {name, text, bound}: a query as it stands in its file, and with its values in place. Both
// are parsed, the bound one is answered. Writes {name: {refused, failed, type, answer}}: what the parser says against
// the one or the other, what kept it from answering, and the answer as SPARQL JSON or N-Triples.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// The packages lie in the folder where this runs, outside the checkout.
const installed = createRequire(`${process.cwd()}/`);
const { QueryEngine } = installed("@comunica/query-sparql-rdfjs");
const { Parser, Store } = installed("n3");

const FORMATS = {
  bindings: "application/sparql-results+json",
  boolean: "application/sparql-results+json",
  quads: "application/n-triples",
};

const [graph, queries] = process.argv.slice(2).map((path) => readFileSync(path, "utf8"));
const sources = [new Store(new Parser({ format: "N-Quads" }).parse(graph))];
const engine = new QueryEngine();

// The cases of a query have one text.
const parsing = new Map();

function parsed(text) {
  if (!parsing.has(text)) parsing.set(text, engine.explain(text, { sources }, "parsed"));
  return parsing.get(text);
}

async function answered(text) {
  const result = await engine.query(text, { sources });
  const { data } = await engine.resultToString(result, FORMATS[result.resultType]);
  return { type: result.resultType, answer: (await data.toArray()).join("") };
}

// Some of Comunica's promises never settle, and without a timer Node.js would end and name no query.
async function inTime(answer) {
  let timer;
  const late = new Promise((_, refuse) => {
    timer = setTimeout(() => refuse(new Error("no answer within 20 seconds")), 20_000);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

async function tried({ text, bound }) {
  const [asItStands, withValues, answer] = await Promise.allSettled([parsed(text), parsed(bound), inTime(answered(bound))]);
  const refused = [asItStands, withValues].filter((one) => one.reason).map((one) => one.reason.message);
  return { refused, failed: answer.reason?.message, ...answer.value };
}

const told = {};
for (const query of JSON.parse(queries)) told[query.name] = await tried(query);
process.stdout.write(JSON.stringify(told));
