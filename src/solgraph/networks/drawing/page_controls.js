// Part 5: what is under the pointer, and keys.

function thingAt(x, y) {
  for (const node of [...nodes].reverse()) {
    const [u, v] = toScreen(node);
    if (node.shown && Math.hypot(u - x, v - y) < node.r + 4) return node;
  }
  let best = null,
    least = 6;
  for (const edge of edges) {
    const away = edge.shown ? distance(curve(edge), x, y, edge.bend) : Infinity;
    if (away < least) [best, least] = [edge, away];
  }
  return best;
}

function distance(c, x, y, bend) {
  if (c.loop) return Math.abs(Math.hypot(x - c.x, y - c.y + c.loop) - c.loop);
  const steps = bend ? 12 : 1,
    at = (t) =>
      bend
        ? [
            (1 - t) ** 2 * c.x + 2 * t * (1 - t) * c.cx + t * t * c.u,
            (1 - t) ** 2 * c.y + 2 * t * (1 - t) * c.cy + t * t * c.v,
          ]
        : t
          ? [c.u, c.v]
          : [c.x, c.y];
  let least = Infinity;
  for (let step = 0; step < steps; step += 1) {
    const [[a, b], [d, e]] = [at(step / steps), at((step + 1) / steps)],
      square = (d - a) ** 2 + (e - b) ** 2 || 1;
    const share = Math.max(0, Math.min(1, ((x - a) * (d - a) + (y - b) * (e - b)) / square));
    least = Math.min(least, Math.hypot(x - a - share * (d - a), y - b - share * (e - b)));
  }
  return least;
}

const titleOf = (thing) =>
  thing.links ? thing.label : `${thing.from.label} ${data.directed ? "→" : "–"} ${thing.to.label}`;
const linesOf = (thing) => [
  ...(yearsOf(thing) ? [["years", yearsOf(thing)]] : []),
  ...(!thing.links && data.weighted && !(data.served && isCounted) ? [["weight", thing.weight]] : []),
  ...thing.texts,
];

function hint(thing, x, y) {
  $("tip").hidden = !thing;
  if (!thing) return;
  const brief = thing.links
    ? [
        ["", [kindOf(thing), thing.country].filter(Boolean).join(", ")],
        ["", countOf(thing.links.filter((edge) => edge.shown).length)],
      ]
    : linesOf(thing);
  $("tip").textContent = [
    titleOf(thing),
    ...brief.map(([name, text]) => (name ? `${named(name)}: ${text}` : text)),
  ].join("\n");
  $("tip").style.left = `${Math.max(4, Math.min(x + 14, stage.clientWidth - $("tip").offsetWidth - 6))}px`;
  $("tip").style.top =
    `${y + 22 + $("tip").offsetHeight > stage.clientHeight ? Math.max(4, y - $("tip").offsetHeight - 10) : y + 18}px`;
}

function zoom(factor, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
  const scale = Math.max(1e-3, Math.min(view.scale * factor, 2e3)),
    change = scale / view.scale;
  Object.assign(view, { fitted: false, scale, x: x - (x - view.x) * change, y: y - (y - view.y) * change });
  rest();
}

function rest() {
  // thousands of lines are drawn again when the drawing stands still
  clearTimeout(moving);
  moving = setTimeout(() => {
    moving = 0;
    paint();
  }, 150);
  paint();
}

function step(right, down) {
  const drawn = nodes.filter((node) => node.shown);
  if (!drawn.length) return;
  const cost = (node) => {
    const across = (node.x - current.x) * right + (node.y - current.y) * down,
      aside = Math.abs((node.x - current.x) * down) + Math.abs((node.y - current.y) * right);
    return across > 0 ? across + 2 * aside : Infinity;
  };
  const next = current
    ? drawn.reduce((best, node) => (cost(node) < cost(best) ? node : best), current)
    : drawn.reduce((best, node) => (node.r > best.r ? node : best));
  if (next === current && cost(next) !== 0 && current) return;
  current = next;
  const [x, y] = toScreen(next);
  if (x < 30 || y < 30 || x > stage.clientWidth - 30 || y > stage.clientHeight - 30)
    Object.assign(view, { x: view.x + stage.clientWidth / 2 - x, y: view.y + stage.clientHeight / 2 - y });
  $("live").textContent = [
    next.label,
    kindOf(next),
    next.country,
    countOf(next.links.filter((edge) => edge.shown).length),
  ]
    .filter(Boolean)
    .join(", ");
  paint();
}

// The links of the node at which the keyboard is, one after the other; Enter opens what they rest on.
function stepEdge(by) {
  const shown = current?.links.filter((edge) => edge.shown) ?? [];
  if (!shown.length) return;
  const edge = shown[(shown.indexOf(chosen) + by + shown.length + (by < 0 && !shown.includes(chosen) ? 1 : 0)) % shown.length];
  choose(edge);
  $("live").textContent = [titleOf(edge), ...linesOf(edge).map(([name, text]) => `${named(name)}: ${text}`)].join(", ");
}

function openEvidence(edge) {
  const link = $("details").querySelector(".evidence-of");
  if (link) link.click();
  else $("details").focus();
}

const KEYS = {
  ArrowLeft: () => step(-1, 0),
  ArrowRight: () => step(1, 0),
  ArrowUp: () => step(0, -1),
  ArrowDown: () => step(0, 1),
  "+": () => zoom(1.3),
  "=": () => zoom(1.3),
  "-": () => zoom(1 / 1.3),
  0: fit,
  e: () => stepEdge(1),
  E: () => stepEdge(-1),
  Enter: () => {
    if (chosen && !chosen.links) return openEvidence(chosen);
    if (current) {
      choose(current);
      $("details").focus();
    }
  },
  Escape: () => choose(null),
};

stage.addEventListener("keydown", (event) => {
  if (event.target !== stage || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.matches("input[type=search]")) {
    event.preventDefault();
    $("search").closest("details")?.setAttribute("open", "");
    $("search").focus();
  }
  if (event.key === "Escape" && $("details").contains(event.target)) {
    choose(null);
    stage.focus();
  }
});

const fingers = new Map();
let held = null,
  travelled = 0;
const spot = (event) => [
  event.clientX - stage.getBoundingClientRect().left,
  event.clientY - stage.getBoundingClientRect().top,
];
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  fingers.set(event.pointerId, spot(event));
  [held, travelled] = [thingAt(...spot(event)), 0];
});
canvas.addEventListener("pointermove", (event) => {
  const [x, y] = spot(event),
    before = fingers.get(event.pointerId);
  if (!before) {
    const thing = thingAt(x, y);
    hint(thing, x, y);
    if (thing !== hovered) {
      hovered = thing;
      paint();
    }
    return;
  }
  const apart = () => {
      const [[a, b], [c, d]] = [...fingers.values()];
      return Math.hypot(a - c, b - d) || 1;
    },
    old = fingers.size === 2 ? apart() : 0;
  fingers.set(event.pointerId, [x, y]);
  travelled += Math.abs(x - before[0]) + Math.abs(y - before[1]);
  if (fingers.size === 2) zoom(apart() / old, x, y);
  else if (travelled > 4 && held?.links)
    Object.assign(held, { x: held.x + (x - before[0]) / view.scale, y: held.y + (y - before[1]) / view.scale });
  else if (travelled > 4) Object.assign(view, { fitted: false, x: view.x + x - before[0], y: view.y + y - before[1] });
  rest();
});
for (const end of ["pointerup", "pointercancel"])
  canvas.addEventListener(end, (event) => {
    fingers.delete(event.pointerId);
    if (end !== "pointerup" || travelled > 4) return;
    choose(held);
    if (held && !held.links) openEvidence(held);
  });
canvas.addEventListener("pointerleave", () => {
  hovered = null;
  hint(null);
  paint();
});
canvas.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * 0.0015), ...spot(event));
  },
  { passive: false },
);
