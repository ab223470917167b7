// Part 2: the drawing.

const toScreen = (thing) => [thing.x * view.scale + view.x, thing.y * view.scale + view.y];
let waiting = false;
function paint() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    draw();
  });
}

function place(name) {
  how = name;
  nodes.forEach((node, n) => {
    [node.x, node.y] = [data.layouts[how][n][0], -data.layouts[how][n][1]];
  });
  fit();
}

// As EUROPE in geometry.py: on the map, what lies beyond is reached by moving it.
const inEurope = (node) => node.x > -2900 && node.x < 3100 && node.y > -2400;

function fit() {
  const shown = nodes.some((node) => node.shown) ? nodes.filter((node) => node.shown) : nodes;
  const drawn = how === "map" && shown.some(inEurope) ? shown.filter(inEurope) : shown;
  const wide = stage.clientWidth,
    high = stage.clientHeight,
    xs = drawn.map((node) => node.x),
    ys = drawn.map((node) => node.y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const margin = wide < 600 ? 45 : 80;
  const scale = Math.min(
    (wide - 2 * margin) / (right - left || 1),
    (high - 2 * margin) / (bottom - top || 1),
    how === "map" ? 1.5 : 160,
  );
  Object.assign(view, {
    scale,
    x: wide / 2 - (scale * (left + right)) / 2,
    y: high / 2 - (scale * (top + bottom)) / 2,
  });
  paint();
}

function draw() {
  const dense = window.devicePixelRatio || 1,
    wide = stage.clientWidth,
    high = stage.clientHeight;
  if (canvas.width !== wide * dense || canvas.height !== high * dense)
    [canvas.width, canvas.height] = [wide * dense, high * dense];
  const style = getComputedStyle(document.documentElement);
  colours = Object.fromEntries(
    ["paper", "ink", "accent", "sea", "land", "border", "edge", "halo"].map((name) => [
      name,
      style.getPropertyValue(`--${name}`).trim(),
    ]),
  );
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.fillStyle = how === "map" ? colours.sea : colours.paper;
  pen.fillRect(0, 0, wide, high);
  if (how === "map") drawLand(dense);
  const centre = hovered?.links ? hovered : chosen?.links ? chosen : null;
  const near = new Set(
    centre ? [centre, ...centre.links.filter((edge) => edge.shown).map((edge) => other(edge, centre))] : [],
  );
  drawEdges(centre);
  const drawn = nodes.filter((node) => node.shown);
  for (const node of drawn) drawNode(node, centre && !near.has(node) ? 0.35 : 1);
  drawLabels(drawn, near, wide, high);
}

function drawLand(dense) {
  pen.setTransform(dense * view.scale, 0, 0, dense * view.scale, dense * view.x, dense * view.y);
  Object.assign(pen, {
    fillStyle: colours.land,
    strokeStyle: colours.border,
    lineWidth: 1 / view.scale,
    lineJoin: "round",
  });
  pen.fill(land);
  pen.stroke(land);
  pen.setTransform(dense, 0, 0, dense, 0, 0);
}

function curve(edge) {
  const [x, y] = toScreen(edge.from),
    [u, v] = toScreen(edge.to);
  if (edge.from === edge.to) return { x, y, u, v, loop: edge.from.r + 5 };
  return { x, y, u, v, cx: (x + u) / 2 - (v - y) * 0.16 * edge.bend, cy: (y + v) / 2 + (u - x) * 0.16 * edge.bend };
}

function trace(edge) {
  const c = curve(edge);
  pen.moveTo(c.x, c.y);
  if (c.loop) pen.arc(c.x, c.y - c.loop, c.loop, Math.PI / 2, Math.PI * 2.5);
  else if (edge.bend) pen.quadraticCurveTo(c.cx, c.cy, c.u, c.v);
  else pen.lineTo(c.u, c.v);
  if (data.directed && edges.length <= MANY && !c.loop) traceHead(c, edge.to.r + 2);
}

function traceHead(c, away) {
  const angle = Math.atan2(c.v - c.cy, c.u - c.cx),
    x = c.u - away * Math.cos(angle),
    y = c.v - away * Math.sin(angle);
  for (const side of [0.45, -0.45]) {
    pen.moveTo(x, y);
    pen.lineTo(x - 9 * Math.cos(angle + side), y - 9 * Math.sin(angle + side));
  }
}

function drawEdges(centre) {
  const many = edges.length > MANY,
    marked = [],
    byWidth = new Map();
  if (many && moving) return;
  for (const edge of edges) {
    if (!edge.shown) continue;
    if (edge === hovered || edge === chosen || (centre && (edge.from === centre || edge.to === centre)))
      marked.push(edge);
    else if (byWidth.has(edge.width)) byWidth.get(edge.width).push(edge);
    else byWidth.set(edge.width, [edge]);
  }
  const least = 0.02 * Math.min(1, stage.clientWidth / 1000),
    count = Math.max(edges.length, 1);
  const strength = (centre ? 0.35 : 1) * Math.max(least, Math.min(0.65, 6 / Math.sqrt(count), 400 / count));
  for (const [width, alike] of byWidth) stroke(alike, colours.edge, width, strength);
  for (const edge of marked) stroke([edge], colours.accent, edge.width + 1, 0.9);
}

function stroke(alike, colour, width, strength) {
  Object.assign(pen, { strokeStyle: colour, lineWidth: width, globalAlpha: strength });
  for (let start = 0; start < alike.length; start += 100) {
    // a single path would not grow darker where its lines cross
    pen.beginPath();
    alike.slice(start, start + 100).forEach(trace);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

function drawNode(node, strength) {
  const [x, y] = toScreen(node),
    r = node.r;
  Object.assign(pen, { fillStyle: node.look.colour, strokeStyle: colours.halo, lineWidth: 1.5, globalAlpha: strength });
  pen.beginPath();
  if (node.look.shape === "circle") pen.arc(x, y, r, 0, 7);
  else if (node.look.shape === "square") pen.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
  else if (node.look.shape === "triangle") {
    pen.moveTo(x, y - r * 1.1);
    pen.lineTo(x + r * 1.1, y + r * 0.9);
    pen.lineTo(x - r * 1.1, y + r * 0.9);
    pen.closePath();
  } else {
    pen.moveTo(x, y - r * 1.2);
    pen.lineTo(x + r * 1.2, y);
    pen.lineTo(x, y + r * 1.2);
    pen.lineTo(x - r * 1.2, y);
    pen.closePath();
  }
  pen.fill();
  pen.stroke();
  pen.globalAlpha = 1;
  if (node !== current && node !== chosen && !matches.has(node)) return;
  pen.beginPath();
  pen.arc(x, y, r + 5, 0, 7);
  Object.assign(pen, { strokeStyle: node === current ? colours.ink : colours.accent, lineWidth: 2.5 });
  pen.setLineDash(matches.has(node) && node !== current ? [4, 3] : []);
  pen.stroke();
  pen.setLineDash([]);
}

// Names beside their nodes, the most wanted first; a name without room is left out. Only much lesser nodes are covered.
function drawLabels(drawn, near, wide, high) {
  const rank = (node) => {
    const wanted = node === current || node === hovered || node === chosen;
    return (wanted ? 4000 : matches.has(node) ? 3000 : near.has(node) ? 2000 : 0) + node.r;
  };
  const inside = drawn.map((node) => ({ node, x: toScreen(node)[0], y: toScreen(node)[1], rank: rank(node) }));
  const seen = inside.filter(({ x, y }) => x > -9 && y > -9 && x < wide + 9 && y < high + 9);
  const discs = seen.map(({ node, x, y }) => [x - node.r - 4, y - node.r - 4, x + node.r + 4, y + node.r + 4, node]);
  const taken = [];
  const meets = (box) => (b) => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3];
  const inRoom = (box) => box[0] > 2 && box[2] < wide - 2 && box[1] > 2 && box[3] < high - 2;
  const font = `13px ${getComputedStyle(document.body).fontFamily}`;
  Object.assign(pen, { font, textBaseline: "middle", textAlign: "center", lineJoin: "round", lineWidth: 3.5 });
  Object.assign(pen, { strokeStyle: colours.halo, fillStyle: colours.ink });
  for (const label of seen.sort((a, b) => b.rank - a.rank || b.node.strength - a.node.strength).slice(0, 250)) {
    const lines = inLines(label.node.label),
      width = Math.max(...lines.map((line) => pen.measureText(line).width)) + 4;
    const boxes = around(label, width, lines.length * 15 + 2);
    const open = boxes.filter((box) => inRoom(box) && !taken.some(meets(box)));
    const grave = discs.filter(([, , , , node]) => node !== label.node && node.r > 0.8 * label.node.r);
    let box =
      open.find((free) => !discs.some((disc) => disc[4] !== label.node && meets(free)(disc))) ??
      open.find((free) => !grave.some(meets(free)));
    if (!box && label.rank > 1999) box = open[0];
    if (!box) continue;
    taken.push(box);
    pen.globalAlpha = near.size && label.rank < 2000 ? 0.5 : 1;
    write(lines, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
  }
  pen.globalAlpha = 1;
}

function inLines(label) {
  const text = label.length > 60 ? `${label.slice(0, 58)}…` : label,
    middle = text.length / 2;
  if (text.length < 24) return [text];
  const gaps = [...text.matchAll(/ /g)].map((match) => match.index);
  const cut = gaps.reduce((best, gap) => (Math.abs(gap - middle) < Math.abs(best - middle) ? gap : best), 0);
  return cut ? [text.slice(0, cut), text.slice(cut + 1)] : [text];
}

// prettier-ignore
const SIDES = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [1, 1], [-1, -1], [-1, 1]];

// Boxes right, left, above, below and aslant, first near the node, then farther away.
function around({ node, x, y }, width, height) {
  return [4, 10].flatMap((gap) => {
    const away = node.r + gap;
    return SIDES.map(([right, down]) => {
      const aslant = right && down ? 0.8 : 1;
      const left = x + right * away * aslant - ((1 - right) * width) / 2;
      const top = y + down * away * aslant - ((1 - down) * height) / 2;
      return [left, top, left + width, top + height];
    });
  });
}

function write(lines, x, y) {
  lines.forEach((line, number) => {
    const height = y + (number - (lines.length - 1) / 2) * 15;
    pen.strokeText(line, x, height);
    pen.fillText(line, x, height);
  });
}
