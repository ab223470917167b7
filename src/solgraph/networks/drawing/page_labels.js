// Part 3: names.

const meets = (box) => (b) => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3];
// In the drawing, and not below the buttons at its corner.
const within = (wide, high) => (box) =>
  box[0] > 2 && box[2] < wide - 2 && box[1] > 2 && box[3] < high - 2 && (box[2] < wide - 48 || box[1] > 120);

function letters(size, colour) {
  const font = `${size} ${getComputedStyle(document.body).fontFamily}`;
  Object.assign(pen, { font, textBaseline: "middle", textAlign: "center", lineJoin: "round", lineWidth: 3.5 });
  Object.assign(pen, { strokeStyle: colours.halo, fillStyle: colour });
}

// What nodes share, named where it draws them together, the largest first; the boxes of the names.
function drawGroups(wide, high) {
  const taken = [],
    inRoom = within(wide, high);
  const isNarrow = wide < 600;
  letters(isNarrow ? "600 12px" : "600 14px", colours.tie);
  for (const group of isNarrow ? groups.slice(0, 8) : groups) {
    if (!group.place || group.members.filter((node) => node.shown).length < 4) continue;
    const lines = inLines(group.name),
      width = Math.max(...lines.map((line) => pen.measureText(line).width)) + 6,
      height = lines.length * 16 + 4;
    const [x, y] = toScreen(group);
    const box = [0, -20, 20, -40, 40].map((down) => [x - width / 2, y + down - height / 2, x + width / 2, y + down + height / 2])
      .find((free) => inRoom(free) && !taken.some(meets(free)));
    if (!box) continue;
    taken.push(box);
    pen.globalAlpha = cluster && cluster !== group ? 0.35 : 1;
    write(lines, x, (box[1] + box[3]) / 2);
  }
  pen.globalAlpha = 1;
  return taken;
}

// Names beside their nodes, the most wanted first; a name without room is left out. Only much lesser nodes are covered.
function drawLabels(drawn, near, taken, wide, high) {
  const rank = (node) => {
    const wanted = node === current || node === hovered || node === chosen;
    return (wanted ? 4000 : matches.has(node) ? 3000 : near.has(node) ? 2000 : 0) + node.r;
  };
  const inside = drawn.map((node) => ({ node, x: toScreen(node)[0], y: toScreen(node)[1], rank: rank(node) }));
  const seen = inside.filter(({ x, y }) => x > -9 && y > -9 && x < wide + 9 && y < high + 9);
  const discs = seen.map(({ node, x, y }) => [x - node.r - 4, y - node.r - 4, x + node.r + 4, y + node.r + 4, node]);
  const inRoom = within(wide, high);
  letters("13px", colours.ink);
  for (const label of seen.sort((a, b) => b.rank - a.rank || b.node.strength - a.node.strength).slice(0, 250)) {
    const lines = inLines(label.node.label),
      width = Math.max(...lines.map((line) => pen.measureText(line).width)) + 4;
    const boxes = around(label, width, lines.length * 15 + 2);
    const open = clearest(label, boxes.filter((box) => inRoom(box) && !taken.some(meets(box))));
    const grave = discs.filter(([, , , , node]) => node !== label.node && node.r > 0.8 * label.node.r);
    let box =
      open.find((free) => !discs.some((disc) => disc[4] !== label.node && meets(free)(disc))) ??
      open.find((free) => !grave.some(meets(free)));
    if (!box && label.rank > 1999) box = open[0];
    if (!box) continue;
    taken.push(box);
    pen.globalAlpha = near.size && label.rank < 2000 ? 0.35 : 1;
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

// The boxes over which the fewest lines of the node run come first; of a large network all lines are thin.
function clearest({ node, x, y }, boxes) {
  if (edges.length > 400) return boxes;
  const ways = node.links.filter((edge) => edge.shown && edge.from !== edge.to).map((edge) => {
    const c = curve(edge),
      [u, v] = edge.bend ? [c.cx, c.cy] : edge.from === node ? [c.u, c.v] : [c.x, c.y];
    const far = Math.hypot(u - x, v - y) || 1,
      steps = [6, 14, 24, 36, 50].map((step) => (node.r + step) / far);
    return steps.filter((step) => step < 1).map((step) => [x + (u - x) * step, y + (v - y) * step]);
  });
  const holds = (box) => ([u, v]) => u > box[0] && u < box[2] && v > box[1] && v < box[3];
  const crossed = (box) => ways.filter((points) => points.some(holds(box))).length;
  return boxes.map((box) => [crossed(box), box]).sort((a, b) => a[0] - b[0]).map(([, box]) => box);
}

function write(lines, x, y) {
  lines.forEach((line, number) => {
    const height = y + (number - (lines.length - 1) / 2) * 15;
    pen.strokeText(line, x, height);
    pen.fillText(line, x, height);
  });
}
