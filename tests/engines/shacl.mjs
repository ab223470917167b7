// Results of rdf-validate-shacl: node shacl.mjs SHAPES.nt DATA.nt, as JSON rows of focus node, shape, path and value.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.PACKAGES}/`);
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);
const { default: n3 } = await load("n3");
const { default: factory } = await load("@rdfjs/dataset");
const { default: Validator } = await load("rdf-validate-shacl");

const read = (path) => factory.dataset(new n3.Parser().parse(readFileSync(path, "utf8")));
const [shapes, data] = process.argv.slice(2).map(read);
const { results } = await new Validator(shapes).validate(data);
const text = (term) => term?.value ?? "";
console.log(JSON.stringify(results.map((r) => [r.focusNode, r.sourceShape, r.path, r.value].map(text))));
