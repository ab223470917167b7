// Reads a network file with a JavaScript library and prints what it found: node read.cjs FORMAT FILE
const fs = require('fs');
const [format, file] = process.argv.slice(2);
const text = fs.readFileSync(file, 'utf-8');

const graphology = (parse) => {
  const {Graph} = require('graphology');
  const graph = parse(class extends Graph {
    constructor(options) {
      super({...options, multi: true});
    }
  }, text);
  return {
    directed: graph.directedSize > 0,
    nodes: graph.mapNodes((key, told) => [key, told]),
    edges: graph.mapEdges((_, told, one, other) => [one, other, told])
  };
};

const cytoscape = () => {
  const read = require('cytoscape')({headless: true, ...JSON.parse(text)});
  return {
    directed: read.data('directed'),
    nodes: read.nodes().map((one) => [one.id(), {...one.data(), ...one.position()}]),
    edges: read.edges().map((one) => [one.source().id(), one.target().id(), one.data()])
  };
};

const checkGeojson = () => require('@placemarkio/check-geojson').check(text).features.length;

const READERS = {
  graphml: () => graphology(require('graphology-graphml').parse),
  gexf: () => graphology(require('graphology-gexf').parse),
  cyjs: cytoscape,
  geojson: checkGeojson
};
process.stdout.write(JSON.stringify(READERS[format]()));
