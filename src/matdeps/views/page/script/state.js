// What the reader has set: kept in the address, so that a view can be bookmarked and mailed; every step can be undone.
const FACETS = { kind: "k", certainty: "d", confidence: "c", through: "v" };
const ORDERS = {
  certainty: ["definite", "minor", "possible"],
  confidence: ["confirmed", "reported", "inferred"],
  through: ["contained", "consumed", "all"],
};
const tablist = document.querySelector('[role="tablist"]');
const TABS = [...tablist.querySelectorAll('[role="tab"]:not([hidden])')].map((tab) => tab.id.slice(4));
const CLEAR = () => ({
  tab: tablist.dataset.first, node: "", link: "", only: "", tier: "", country: "", find: "", sort: "",
  hide: [], open: [], kind: [], certainty: [], confidence: [], through: [],
});
const LISTS = ["hide", "open", "kind", "certainty", "confidence", "through"];

let state = CLEAR();
const past = [];
const listeners = [];

function writeState() {
  const query = new URLSearchParams(), clear = CLEAR();
  for (const [name, value] of Object.entries(state)) {
    if (Array.isArray(value)) value.forEach((one) => query.append(name, one));
    else if (value !== clear[name]) query.set(name, value);
  }
  const text = query.toString();
  try {
    history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
  } catch {
    // Inside a notebook's frame there is no address to keep.
  }
}

function readState() {
  const read = CLEAR();
  const query = new URLSearchParams(location.hash.slice(1));
  for (const name of Object.keys(read)) {
    if (LISTS.includes(name)) read[name] = [...new Set(query.getAll(name))];
    else if (query.has(name)) read[name] = query.get(name);
  }
  // An address is typed and cut by people and mail programs: what it names and is not here is dropped.
  if (!TABS.includes(read.tab)) read.tab = CLEAR().tab;
  if (!byId.has(read.node) && !unitByKey.has(read.node)) read.node = "";
  if (!byId.has(read.only)) read.only = "";
  if (!(read.link in links)) read.link = "";
  if (!/^\d+$/.test(read.tier)) read.tier = "";
  if (!nodes.some((node) => (node.w || []).includes(read.country))) read.country = "";
  if (!/^-?\d+$/.test(read.sort)) read.sort = "";
  read.hide = read.hide.filter((id) => byId.has(id));
  read.open = read.open.filter((key) => unitByKey.has(key));
  return read;
}

function change(patch, { undo = true } = {}) {
  if (undo) {
    past.push(JSON.stringify(state));
    if (past.length > 200) past.shift();
  }
  state = { ...state, ...patch };
  writeState();
  announce(Object.keys(patch));
}

function announce(changed) {
  for (const listen of listeners) listen(changed);
}

function undo() {
  if (!past.length) return;
  state = JSON.parse(past.pop());
  writeState();
  announce(Object.keys(state));
}

function toggle(list, value) {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}

function isFiltered() {
  return Boolean(state.tier || state.country || state.find || state.only || state.hide.length) || Object.keys(FACETS).some((n) => state[n].length);
}

function passes(row) {
  for (const [name, key] of Object.entries(FACETS)) {
    if (row[key] !== undefined && state[name].includes(row[key])) return false;
  }
  if (state.country && !(row.n !== undefined && (nodes[row.n].w || []).includes(state.country))) return false;
  return !(state.tier !== "" && row.tier !== undefined && row.tier > Number(state.tier));
}

// Which rows and nodes the filters leave.
function filterRows() {
  const words = fold(state.find).split(/\s+/).filter(Boolean);
  return rows.map((row, place) => place).filter((place) => {
    if (!passes(rows[place])) return false;
    if (!words.length) return true;
    const text = fold(rows[place].cells.join(" ") + " " + rows[place].id);
    return words.every((word) => text.includes(word));
  });
}

function filterNodes() {
  const narrow = ["certainty", "confidence", "through"].some((name) => state[name].length) || state.tier !== "" || state.country !== "";
  let kept = new Set(nodes.keys());
  if (narrow) {
    kept = new Set();
    for (const row of rows) {
      if (!passes(row)) continue;
      for (const link of row.p || []) kept.add(links[link].f).add(links[link].t);
    }
  }
  if (state.only) {
    const leading = findLeading(byId.get(state.only));
    kept = new Set([...kept].filter((node) => leading.has(node)));
  }
  const hidden = new Set(state.hide.map((id) => byId.get(id)));
  return new Set([...kept].filter((node) => !hidden.has(node) && !state.kind.includes(nodes[node].k)));
}
