// The answer: nodes, links and rows by number, and how they hang together. Texts are only ever set as text.
const data = JSON.parse(document.getElementById("data").textContent);
const labels = data.labels;
const nodes = data.nodes, links = data.links, rows = data.rows;
const byId = new Map(nodes.map((node, place) => [node.id, place]));

function say(name, values = {}) {
  return labels[name].replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

function number(value) {
  return value.toLocaleString("en");
}

// el("p", {class: "x"}, "text", child): an element; strings become text, never markup.
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) if (child !== undefined && child !== null && child !== "") made.append(child);
  return made;
}

function button(text, act, attributes = {}) {
  return el("button", { type: "button", onclick: act, ...attributes }, text);
}

function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

const rowsOf = nodes.map(() => []);
const crossing = nodes.map(() => -1);
rows.forEach((row, place) => {
  if (row.n !== undefined) rowsOf[row.n].push(place);
  for (const link of row.p || []) {
    for (const end of [links[link].f, links[link].t]) if (crossing[end] < 0) crossing[end] = place;
  }
});

const inward = nodes.map(() => []), outward = nodes.map(() => []);
links.forEach((link, place) => {
  outward[link.f].push(place);
  inward[link.t].push(place);
});

const marksOf = nodes.map(() => []);
data.restrictions.forEach((one, place) => {
  for (const id of one.nodes) if (byId.has(id)) marksOf[byId.get(id)].push(place);
});

// The links of a row's path up to a node that stands on it (for `depends`: from it on); anchors first.
function trace(row, node) {
  const path = rows[row].p || [];
  if (rows[row].n === node) return path;
  const anchors = path.filter((link) => links[link].a), flow = path.filter((link) => !links[link].a);
  const touches = (link) => links[link].f === node || links[link].t === node;
  const at = flow.findIndex(touches);
  if (at < 0) return anchors.filter(touches);
  const other = links[flow[at]].f === node ? links[flow[at]].t : links[flow[at]].f;
  // The start is where the first hop leaves from: only anchors lead to it.
  if (!data.upstream && at === 0 && nodes[node].col < nodes[other].col) return anchors;
  return data.upstream ? [...anchors, ...flow.slice(at + 1)] : [...anchors, ...flow.slice(0, at + 1)];
}

// The evidence path of a node: its own row's, else that of a row that crosses it.
function findPath(node) {
  const own = rowsOf[node].find((row) => rows[row].p);
  const row = own === undefined ? crossing[node] : own;
  return row < 0 ? { row: -1, links: [] } : { row, links: trace(row, node) };
}

// Everything left of a node from which links lead to it.
function findLeading(node) {
  const found = new Set([node]), todo = [node];
  while (todo.length) {
    const at = todo.pop();
    for (const link of [...inward[at], ...outward[at]]) {
      const other = links[link].f === at ? links[link].t : links[link].f;
      const leads = nodes[other].col < nodes[at].col || (nodes[other].col === nodes[at].col && links[link].t === at);
      if (leads && !found.has(other)) {
        found.add(other);
        todo.push(other);
      }
    }
  }
  return found;
}

const unitOf = [];
data.units.forEach((unit, place) => unit.m.forEach((member) => (unitOf[member] = place)));
const unitByKey = new Map(data.units.map((unit, place) => [unit.key, place]));
