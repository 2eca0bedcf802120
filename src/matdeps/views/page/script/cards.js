// The cards of the picture: which are shown, where they stand, and how one is painted.
const { pitch, card: cardWidth, height: cardHeight, gap, band } = data.sizes;
const FONT = '11.5px system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK JP", sans-serif';
let colors = {};
let cards = new Map();
let cardOf = new Map();
let lit = null;
let heads = [];

function readColors() {
  const style = getComputedStyle(document.querySelector("svg.picture, svg.sample, svg"));
  const names = ["ink", "soft", "face", "ground", "edge", "confirmed", "reported", "inferred", "alarm"];
  colors = Object.fromEntries(names.map((name) => [name, style.getPropertyValue("--" + name).trim() || "#555"]));
  for (const kind of [...Object.keys(data.glyphs)]) colors["k-" + kind] = style.getPropertyValue("--k-" + kind).trim();
  colors.glyph = matchMedia("(prefers-color-scheme: dark)").matches ? "#0d1013" : "#ffffff";
}

function nameGroup(kind, count) {
  const words = data.kinds[kind] || { one: kind, many: kind };
  return number(count) + " " + (count === 1 ? words.one : words.many);
}

// Make the cards that the state asks for, stacked in the columns and orders that were computed beforehand.
function makeCards(kept) {
  cards = new Map();
  cardOf = new Map();
  const columns = data.columns.map(() => []);
  const add = (card) => {
    cards.set(card.key, card);
    card.members.forEach((member) => cardOf.set(member, card.key));
    columns[card.col].push(card);
  };
  for (const unit of data.units) {
    const members = unit.m.filter((member) => kept.has(member));
    if (!members.length) continue;
    const one = (member) => ({
      key: nodes[member].id, col: unit.col, kind: nodes[member].k, text: nodes[member].n, members: [member],
      asked: nodes[member].asked, marked: marksOf[member].length > 0,
    });
    const isOpen = state.open.includes(unit.key);
    if (!unit.bundle || members.length < 2) members.forEach((member) => add(one(member)));
    else {
      add({
        key: unit.key, col: unit.col, kind: unit.kind, members: isOpen ? [] : members, bundle: true, open: isOpen,
        text: (isOpen ? "▾ " : "▸ ") + nameGroup(unit.kind, members.length),
        marked: !isOpen && members.some((member) => marksOf[member].length),
      });
      if (isOpen) members.forEach((member) => add({ ...one(member), inner: true }));
    }
  }
  let left = 0;
  heads = columns.map((column) => {
    const x = left;
    left += stackColumn(column, x) * pitch;
    return x;
  });
  return columns;
}

// Stack a column; what a large open group holds is folded into several columns beside each other. Gives their number.
function stackColumn(column, x) {
  const inner = column.filter((card) => card.inner).length;
  const most = Math.max(14, Math.ceil(Math.sqrt(2.2 * inner)));
  let row = 0, wide = 1, within = 0;
  column.forEach((card, place) => {
    card.row = place;
    if (!card.inner) {
      row += Math.min(within, most);
      within = 0;
    }
    const across = card.inner ? Math.floor(within / most) : 0;
    card.x = x + across * pitch;
    card.y = card.inner ? row + (within % most) : row;
    if (card.inner) within += 1;
    else row += 1;
    wide = Math.max(wide, across + 1);
  });
  const rows = row + Math.min(within, most);
  for (const card of column) card.y = (card.y - (rows - 1) / 2) * (cardHeight + gap);
  return wide;
}

function most(words, order) {
  const counts = new Map();
  words.forEach((word) => counts.set(word, (counts.get(word) || 0) + 1));
  return [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || order.indexOf(b) - order.indexOf(a))[0];
}

// One line for all links between two cards in one direction.
function makeLines() {
  const pairs = new Map();
  links.forEach((link, place) => {
    const tail = cardOf.get(link.f), head = cardOf.get(link.t);
    if (!tail || !head || tail === head) return;
    const id = tail + ">" + head;
    if (!pairs.has(id)) pairs.set(id, { id, from: tail, to: head, links: [] });
    pairs.get(id).links.push(place);
  });
  return [...pairs.values()];
}

const WIDTHS = { confirmed: 2.1, reported: 1.7, inferred: 1.3 };
const ENDS = { confirmed: "triangle", reported: "vee", inferred: "circle" };
const DASHES = { definite: false, minor: [2, 4], possible: [9, 6] };

function styleLine(line, path) {
  const certainty = most(line.links.map((link) => links[link].d), ORDERS.certainty);
  const confidence = most(line.links.map((link) => links[link].c), ORDERS.confidence);
  const on = path && line.links.some((link) => path.has(link));
  const color = colors[confidence] || colors.soft;
  return {
    id: line.id, from: line.from, to: line.to, dashes: DASHES[certainty] || false,
    width: (WIDTHS[confidence] || 1.5) + (on ? 1.6 : 0),
    color: { color, hover: color, highlight: color, opacity: path && !on ? 0.16 : 1 },
    arrows: { to: { enabled: true, scaleFactor: confidence === "inferred" ? 0.4 : 0.55, type: ENDS[confidence] || "triangle" } },
  };
}

const wrapped = new Map();
function wrapText(context, text, width) {
  const key = width + "|" + text;
  if (wrapped.has(key)) return wrapped.get(key);
  const lines = [];
  let line = "";
  const fits = (some) => context.measureText(some).width <= width;
  for (const word of text.slice(0, 200).match(/\s*[^\s/-]*[/-]?/g)) {
    if (line && !fits((line + word).trimEnd())) {
      lines.push(line.trimEnd());
      line = word.trimStart();
    } else line += word;
    while (!fits(line) && [...line].length > 1) {
      const signs = [...line];
      let cut = signs.length - 1;
      while (cut > 1 && !fits(signs.slice(0, cut).join(""))) cut -= 1;
      lines.push(signs.slice(0, cut).join(""));
      line = signs.slice(cut).join("");
    }
  }
  lines.push(line.trimEnd());
  if (lines.length > 3) {
    let last = lines[2];
    while (last && !fits(last + "…")) last = last.slice(0, -1);
    lines.splice(2, lines.length, last.trimEnd() + "…");
  }
  wrapped.set(key, lines);
  return lines;
}

function box(context, x, y, width, height, radius) {
  context.beginPath();
  context.moveTo(x + radius, y);
  context.arcTo(x + width, y, x + width, y + height, radius);
  context.arcTo(x + width, y + height, x, y + height, radius);
  context.arcTo(x, y + height, x, y, radius);
  context.arcTo(x, y, x + width, y, radius);
  context.closePath();
}

function paintCard(context, card, isChosen, isHovered, scale) {
  const x = card.x - cardWidth / 2 + (card.inner ? 10 : 0), y = card.y - cardHeight / 2;
  const width = cardWidth - (card.inner ? 10 : 0);
  const color = colors["k-" + (card.kind in data.glyphs ? card.kind : "other")];
  context.save();
  // A dimmed card still hides the lines behind it.
  context.fillStyle = colors.ground;
  box(context, x, y, width, cardHeight, 5);
  context.fill();
  if (lit && !lit.has(card.key) && !isChosen) context.globalAlpha = 0.32;
  context.lineWidth = isChosen ? 3.6 : card.asked ? 3.2 : isHovered ? 2.2 : 1.3;
  context.strokeStyle = isChosen ? colors.ink : color;
  context.fillStyle = colors.face;
  if (card.bundle && !card.open) {
    box(context, x + 4, y + 4, width, cardHeight, 5);
    context.fill();
    context.stroke();
  }
  box(context, x, y, width, cardHeight, 5);
  context.fill();
  context.save();
  context.clip();
  context.fillStyle = color;
  context.fillRect(x, y, band, cardHeight);
  context.restore();
  context.stroke();
  context.fillStyle = colors.glyph;
  context.beginPath();
  (data.glyphs[card.kind] || data.glyphs.other).forEach(([dx, dy], at) => {
    context[at ? "lineTo" : "moveTo"](x + band / 2 + dx * 6.5, card.y + dy * 6.5);
  });
  context.fill();
  // Below this scale letters are specks that only cost time.
  if (scale > 0.3) {
    context.font = (card.asked || card.bundle ? "600 " : "") + FONT;
    context.fillStyle = colors.ink;
    context.textAlign = "left";
    context.textBaseline = "middle";
    const lines = wrapText(context, card.text, width - band - 12);
    lines.forEach((line, row) => context.fillText(line, x + band + 6, card.y + (row - (lines.length - 1) / 2) * 13));
  }
  if (card.marked) {
    context.beginPath();
    context.arc(x + width - 2, y + 2, 8, 0, 7);
    context.fillStyle = colors.alarm;
    context.fill();
    context.font = "700 " + FONT;
    context.fillStyle = "#ffffff";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText("!", x + width - 2, y + 2.5);
  }
  context.restore();
}
