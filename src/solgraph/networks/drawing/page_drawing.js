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
  const wide = how === "force" ? widened(data.layouts[how]) : 1;
  nodes.forEach((node, n) => {
    [node.x, node.y] = [wide * data.layouts[how][n][0], -data.layouts[how][n][1]];
  });
  for (const group of groups) if (group.place) group.x = wide * group.place[0];
  fit();
}

// Axes mean nothing where links decide: the drawing is as broad as the screen, within reason.
function widened(places) {
  const extent = (axis) => places.reduce((most, place) => Math.max(most, place[axis]), -Infinity) - places.reduce((least, place) => Math.min(least, place[axis]), Infinity);
  const wide = stage.clientWidth / stage.clientHeight / (extent(0) / extent(1) || 1);
  return Math.max(0.75, Math.min(1.5, wide || 1));
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
  // A few places far away would make the map of many small.
  const most = how === "map" && drawn.length > 100 ? 0.02 : 0;
  const part = (numbers, share) => numbers.sort((a, b) => a - b)[Math.round(share * (numbers.length - 1))];
  const [left, right, top, bottom] = [part(xs, most), part(xs, 1 - most), part(ys, most), part(ys, 1 - most)];
  const margin = wide < 600 ? 45 : 80;
  const scale = Math.min(
    (wide - 2 * margin) / (right - left || 1),
    (high - 2 * margin) / (bottom - top || 1),
    how === "map" ? 1.5 : 160,
  );
  Object.assign(view, {
    fitted: true,
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
  const style = getComputedStyle($("app"));
  colours = Object.fromEntries(
    ["paper", "ink", "soft", "accent", "sea", "land", "border", "halo", "tie", ...Object.keys(LAYERS)].map((name) => [
      name,
      style.getPropertyValue(`--${name}`).trim(),
    ]),
  );
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.fillStyle = how === "map" ? colours.sea : colours.paper;
  pen.fillRect(0, 0, wide, high);
  if (how === "map") drawLand(dense);
  const centre = hovered?.links ? hovered : chosen?.links ? chosen : null;
  const pair = chosen && !chosen.links ? [chosen.from, chosen.to] : [];
  const near = new Set(
    centre
      ? [centre, ...centre.links.filter((edge) => edge.shown).map((edge) => other(edge, centre))]
      : (cluster?.members ?? pair),
  );
  drawEdges(centre, near);
  const drawn = nodes.filter((node) => node.shown);
  for (const node of drawn) drawNode(node, near.size && !near.has(node) ? 0.25 : 1);
  const taken = how === "force" ? drawGroups(wide, high) : [];
  drawLabels(drawn, near, taken, wide, high);
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

// How strongly lines of each depth are drawn.
const STRENGTHS = [0.26, 0.4, 0.58, 0.78, 0.95];

function drawEdges(centre, near) {
  const many = edges.length > MANY,
    alike = new Map();
  if (many && moving) return;
  for (const edge of edges) {
    if (!edge.shown) continue;
    const isMarked = edge === hovered || edge === chosen || (centre && (edge.from === centre || edge.to === centre));
    const isNear = isMarked || !near.size || (cluster && near.has(edge.from) && near.has(edge.to));
    const key = [isMarked ? 2 : Number(isNear), edge.depth, edge.dash.length && edge.dash[0], layerOf(edge)].join(" ");
    if (alike.has(key)) alike.get(key).push(edge);
    else alike.set(key, [edge]);
  }
  const crowd = Math.max(0.06, Math.min(1, Math.sqrt(800 / Math.max(edges.length, 1))));
  for (const key of [...alike.keys()].sort()) {
    const [level, depth, , layer] = key.split(" "),
      isMarked = level === "2";
    const strength = isMarked ? 0.9 : STRENGTHS[depth] * crowd * (level === "0" ? 0.3 : 1);
    stroke(alike.get(key), isMarked ? colours.accent : colours[layer], isMarked ? 1 : 0, strength);
  }
}

// A link to a network of a layer has its colour, unless it joins networks of two layers.
function layerOf(edge) {
  const ends = [edge.to, edge.from].map((node) => node.look.colour.slice(2));
  const layers = new Set(ends.filter((name) => Object.hasOwn(LAYERS, name)));
  return layers.size > 1 ? "soft" : ([...layers][0] ?? "tie");
}

function stroke(alike, colour, more, strength) {
  Object.assign(pen, { strokeStyle: colour, globalAlpha: strength });
  for (let start = 0; start < alike.length; start += 100) {
    // a single path would not grow darker where its lines cross
    const part = alike.slice(start, start + 100);
    pen.lineWidth = Math.max(...part.map((edge) => edge.width)) + more;
    pen.setLineDash(part[0].dash);
    pen.beginPath();
    part.forEach(trace);
    pen.stroke();
  }
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

function drawNode(node, strength) {
  const [x, y] = toScreen(node),
    r = node.r;
  Object.assign(pen, { fillStyle: colours[node.look.colour.slice(2)] ?? node.look.colour, strokeStyle: colours.halo, lineWidth: 1.5, globalAlpha: strength });
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
