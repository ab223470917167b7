// Serves a graph as Comunica's own SPARQL endpoint on loopback: node serve.mjs GRAPH.nq PORT

import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";

// The packages lie in the folder where this runs, outside the checkout.
const installed = createRequire(`${process.cwd()}/`);
const { QueryEngine } = installed("@comunica/query-sparql-rdfjs");
const { HttpServiceSparqlEndpoint } = installed("@comunica/actor-init-query");
const { Store, StreamParser } = installed("n3");

const [graph, port] = process.argv.slice(2);
const store = new Store();
for await (const quad of createReadStream(graph).pipe(new StreamParser({ format: "N-Quads" }))) store.add(quad);

const engine = new QueryEngine();
const service = new HttpServiceSparqlEndpoint({ engine, context: { sources: [store] }, timeout: 300_000 });
const variants = Object.entries(await engine.getResultMediaTypes()).map(([type, quality]) => ({ type, quality }));
// Its own way to start would listen on every interface.
const { stdout, stderr } = process;
createServer((request, response) => service.handleRequest(engine, variants, stdout, stderr, request, response)).listen(Number(port), "127.0.0.1");
