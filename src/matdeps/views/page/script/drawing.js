// The picture itself: vis-network pans, zooms and finds what is clicked; the cards and places are ours.
let network = null, visNodes = null, visEdges = null;
let lines = [];
let columns = [];
const canvas = document.getElementById("canvas");
const given = new Map(data.network ? data.network.nodes.map((node) => [node.id, node]) : []);

function startPicture() {
  if (!data.network || typeof vis === "undefined") return;
  document.getElementById("canvas-box").hidden = false;
  document.getElementById("still").classList.add("replaced");
  readColors();
  visNodes = new vis.DataSet();
  visEdges = new vis.DataSet();
  fillPicture();
  network = new vis.Network(canvas, { nodes: visNodes, edges: visEdges }, data.network.options);
  network.on("beforeDrawing", paintHeads);
  network.on("click", onClick);
  network.on("hoverNode", () => canvas.classList.add("pointing"));
  network.on("blurNode", () => canvas.classList.remove("pointing"));
  canvas.addEventListener("keydown", onKey);
  // The library's own canvas must not be a second stop of the Tab key.
  canvas.querySelectorAll("[tabindex]").forEach((inner) => inner.setAttribute("tabindex", "-1"));
  start();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readColors();
    restyle();
  });
}

// Where a card stands in the window: for tests, and for whoever scripts the page.
canvas.locate = (key) => {
  const card = cards.get(key);
  if (!card || !network) return null;
  const at = network.canvasToDOM({ x: card.x, y: card.y }), box = canvas.getBoundingClientRect();
  return { x: box.left + at.x, y: box.top + at.y };
};

function finish(node) {
  return { ...node, label: undefined, ctxRenderer: renderCard };
}

function renderCard({ ctx, id, x, y, state: { hover } }) {
  const card = cards.get(id);
  const chosen = state.node === id;
  return {
    drawNode() {
      if (card) paintCard(ctx, { ...card, x, y }, chosen, hover, network.getScale());
    },
    nodeDimensions: { width: cardWidth, height: cardHeight },
  };
}

function paintHeads(context) {
  if (!cards.size) return;
  const top = measurePicture().top + 18;
  context.font = "12px system-ui, sans-serif";
  context.textAlign = "center";
  context.fillStyle = colors.soft;
  data.columns.forEach((name, place) => {
    if (columns[place].length) context.fillText(name, heads[place], top);
  });
}

// Draw what the state asks for. The camera stays where it is.
function drawPicture() {
  if (!network) return;
  visEdges.clear();
  visNodes.clear();
  fillPicture();
  if (cards.size) fitBox();
  // Thousands of lines are left out while the picture moves, so that it moves smoothly.
  const many = lines.length > 700;
  network.setOptions({ interaction: { hideEdgesOnDrag: many, hideEdgesOnZoom: many } });
}

function fillPicture() {
  columns = makeCards(filterNodes());
  lines = makeLines();
  const path = findLit();
  visNodes.add([...cards.values()].map((card) => finish({ ...given.get(card.key), id: card.key, x: card.x, y: card.y, shape: "custom" })));
  visEdges.add(lines.map((line) => styleLine(line, path)));
  document.getElementById("empty").hidden = cards.size > 0;
}

function restyle() {
  if (!network) return;
  const path = findLit();
  visEdges.update(lines.map((line) => styleLine(line, path)));
  network.redraw();
}

// The links to light up, and the cards that they join; null lights all alike.
function findLit() {
  lit = null;
  let path = null;
  if (state.link !== "") path = new Set([Number(state.link)]);
  else if (byId.has(state.node)) path = new Set(findPath(byId.get(state.node)).links);
  if (!path || !path.size) return null;
  lit = new Set([state.node]);
  for (const link of path) lit.add(cardOf.get(links[link].f)).add(cardOf.get(links[link].t));
  return path;
}

function measurePicture(all = [...cards.values()]) {
  const size = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const card of all) {
    size.left = Math.min(size.left, card.x - cardWidth / 2);
    size.right = Math.max(size.right, card.x + cardWidth / 2);
    size.top = Math.min(size.top, card.y - cardHeight / 2 - 34);
    size.bottom = Math.max(size.bottom, card.y + cardHeight / 2);
  }
  return size;
}

// Show all of it where letters stay readable; else the side where reading begins.
function start() {
  if (!network || !cards.size) return;
  const size = measurePicture(), margin = 14, least = 0.78;
  fitBox();
  const width = canvas.clientWidth - 2 * margin, height = canvas.clientHeight - 2 * margin;
  const fit = Math.min(width / (size.right - size.left), height / (size.bottom - size.top), 1.25);
  const scale = Math.max(fit, least);
  const wide = (size.right - size.left) * scale > width;
  const half = (canvas.clientWidth / 2 - margin) / scale;
  const x = !wide ? (size.left + size.right) / 2 : data.upstream ? size.right - half : size.left + half;
  network.moveTo({ position: { x, y: (size.top + size.bottom) / 2 }, scale, animation: false });
}

// A small picture needs no tall box.
function fitBox() {
  const size = measurePicture(), height = Math.max(240, Math.ceil((size.bottom - size.top) * 1.25 + 28)) + "px";
  if (canvas.style.maxHeight === height) return;
  canvas.style.maxHeight = height;
  keepScale();
}

function fitAll() {
  if (!network || !cards.size) return;
  const size = measurePicture();
  const scale = Math.min(
    (canvas.clientWidth - 24) / (size.right - size.left), (canvas.clientHeight - 24) / (size.bottom - size.top), 1.5);
  moveTo((size.left + size.right) / 2, (size.top + size.bottom) / 2, scale);
}

function moveTo(x, y, scale) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  network.moveTo({ position: { x, y }, scale, animation: calm ? false : { duration: 220, easingFunction: "easeOutQuad" } });
}

// The library would shrink the picture with its box; what was readable stays as large as it was.
function keepScale() {
  if (!network) return;
  const scale = network.getScale(), position = network.getViewPosition();
  network.setSize("100%", "100%");
  network.moveTo({ position, scale, animation: false });
}

function isSeen(size) {
  const from = network.DOMtoCanvas({ x: 0, y: 0 }), to = network.DOMtoCanvas({ x: canvas.clientWidth, y: canvas.clientHeight });
  return size.left >= from.x && size.right <= to.x && size.top >= from.y && size.bottom <= to.y && network.getScale() >= 0.6;
}

function zoom(factor) {
  if (network) moveTo(network.getViewPosition().x, network.getViewPosition().y, Math.max(0.05, Math.min(4, network.getScale() * factor)));
}

// Bring a card into sight, if it is not, with the whole of its path where letters stay readable.
function reveal(key) {
  const card = cards.get(key);
  if (!network || !card) return;
  const shown = [...(lit || [])].map((one) => cards.get(one)).filter(Boolean);
  if (shown.length > 1) {
    const size = measurePicture(shown), least = 0.62;
    const scale = Math.min((canvas.clientWidth - 24) / (size.right - size.left), (canvas.clientHeight - 24) / (size.bottom - size.top), Math.max(network.getScale(), 0.9));
    if (scale >= least && !isSeen(size)) return moveTo((size.left + size.right) / 2, (size.top + size.bottom) / 2, scale);
    if (scale >= least) return;
  }
  const scale = network.getScale(), at = network.canvasToDOM({ x: card.x, y: card.y });
  const dx = (cardWidth / 2) * scale, dy = (cardHeight / 2) * scale;
  const seen = at.x > dx && at.x < canvas.clientWidth - dx && at.y > dy && at.y < canvas.clientHeight - dy;
  if (!seen || scale < 0.6) moveTo(card.x, card.y, Math.max(scale, 0.85));
}

function onClick(event) {
  canvas.focus({ preventScroll: true });
  if (event.nodes.length) press(event.nodes[0]);
  else if (event.edges.length) {
    const line = lines.find((one) => one.id === event.edges[0]);
    if (line) change({ link: String(line.links[0]), node: "" });
  } else if (state.node || state.link !== "") change({ node: "", link: "" });
}

function press(key) {
  const card = cards.get(key);
  if (card && card.bundle) change({ open: toggle(state.open, key), node: "", link: "" });
  else if (card) change({ node: key, link: "" });
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const card = cards.get(state.node);
  const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  if (event.key in steps) {
    const next = card ? findNext(card, ...steps[event.key]) : findFirst();
    if (next) change({ node: next.key, link: "" }, { undo: false });
  } else if (event.key === "Enter" || event.key === " ") {
    if (card && card.bundle) change({ open: toggle(state.open, card.key) });
    else if (card) document.getElementById("panel").focus();
  } else if (event.key === "+" || event.key === "=") zoom(1.25);
  else if (event.key === "-") zoom(0.8);
  else if (event.key === "0") fitAll();
  else if (event.key === "Escape") change({ node: "", link: "" });
  else return;
  event.preventDefault();
}

function findFirst() {
  const all = [...cards.values()];
  return all.find((card) => card.asked) || all[0];
}

// Up and down go through the column; left and right follow a line, to the nearest card on that side.
function findNext(card, across, along) {
  if (along) return columns[card.col][card.row + along];
  const near = lines
    .filter((line) => line.from === card.key || line.to === card.key)
    .map((line) => cards.get(line.from === card.key ? line.to : line.from))
    .filter((other) => Math.sign(other.col - card.col) === across);
  near.sort((a, b) => Math.abs(a.col - card.col) - Math.abs(b.col - card.col) || Math.abs(a.y - card.y) - Math.abs(b.y - card.y));
  return near[0];
}
