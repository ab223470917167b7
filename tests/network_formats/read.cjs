// Reads network files with JavaScript libraries: "FORMAT⇥FILE" on a line of the input, what is in it as JSON on a line.
const fs = require('fs');
const readline = require('readline');

const graphology = (parse, text) => {
  const {Graph} = require('graphology');
  const graph = parse(class extends Graph {
    constructor(options) {
      super({...options, multi: true});
    }
  }, text);
  return {
    directed: graph.directedSize > 0,
    nodes: graph.mapNodes((key, attributes) => [key, attributes]),
    edges: graph.mapEdges((_, attributes, source, target) => [source, target, attributes])
  };
};

const cytoscape = (text) => {
  const read = require('cytoscape')({headless: true, ...JSON.parse(text)});
  return {
    directed: read.data('directed'),
    nodes: read.nodes().map((node) => [node.id(), {...node.data(), ...node.position()}]),
    edges: read.edges().map((edge) => [edge.source().id(), edge.target().id(), edge.data()])
  };
};

const READERS = {
  graphml: (text) => graphology(require('graphology-graphml').parse, text),
  gexf: (text) => graphology(require('graphology-gexf').parse, text),
  cyjs: cytoscape,
  geojson: (text) => require('@placemarkio/check-geojson').check(text).features.length
};

readline.createInterface({input: process.stdin}).on('line', (line) => {
  const [format, file] = line.split('\t');
  let answer;
  try {
    answer = {read: READERS[format](fs.readFileSync(file, 'utf-8'))};
  } catch (error) {
    answer = {error: `${file}: ${error.stack}`};
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
