// Ties the parts together: tabs, filters, buttons, keys, print.
const statusLine = document.getElementById("status");
let told = 0;

function tell(text) {
  statusLine.textContent = text;
  clearTimeout(told);
  told = setTimeout(showStatus, 2500);
}

function showStatus() {
  if (!isFiltered()) return void (statusLine.textContent = "");
  const told = [say("filtered_rows", { shown: number(filterRows().length), all: number(rows.length) })];
  if (network) told.push(say("filtered_nodes", { shown: number(filterNodes().size), all: number(nodes.length) }));
  statusLine.textContent = say("filtered", { what: told.join(", ") });
}

const tabs = [...document.querySelectorAll('[role="tab"]:not([hidden])')];

function showTabs() {
  for (const tab of tabs) {
    const on = tab.id === "tab-" + state.tab;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    const part = document.getElementById(tab.getAttribute("aria-controls"));
    part.classList.toggle("off", !on);
    part.setAttribute("role", "tabpanel");
    part.setAttribute("aria-labelledby", tab.id);
  }
  if (network && state.tab === "picture") network.redraw();
}

function startTabs() {
  tabs.forEach((tab, at) => {
    tab.addEventListener("click", () => change({ tab: tab.id.slice(4) }, { undo: false }));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, Home: -at, End: tabs.length - 1 - at }[event.key];
      if (step === undefined) return;
      const next = tabs[(at + step + tabs.length) % tabs.length];
      change({ tab: next.id.slice(4) }, { undo: false });
      next.focus();
      event.preventDefault();
    });
  });
}

function countFacet(key) {
  const counts = new Map();
  for (const row of rows) if (row[key] !== undefined) counts.set(row[key], (counts.get(row[key]) || 0) + 1);
  return counts;
}

function startFilters() {
  const box = document.getElementById("filter-groups");
  const group = (title, inputs) => box.append(el("fieldset", {}, el("legend", {}, title), ...inputs));
  const check = (facet, value, text, count) => el("label", {},
    el("input", { type: "checkbox", "data-facet": facet, value, checked: true,
      onchange: () => change({ [facet]: toggle(state[facet], value) }) }),
    " " + text, el("small", {}, " " + number(count)));
  const kinds = countFacet("k");
  nodes.forEach((node) => kinds.has(node.k) || kinds.set(node.k, 0));
  if (kinds.size > 1) {
    group(labels.filter_kind, [...kinds.keys()].filter((kind) => kind in data.kinds).map((kind) =>
      check("kind", kind, data.kinds[kind].many, nodes.filter((node) => node.k === kind).length || kinds.get(kind))));
  }
  for (const facet of ["certainty", "confidence", "through"]) {
    const counts = countFacet(FACETS[facet]);
    const values = ORDERS[facet].filter((value) => counts.has(value));
    if (values.length > 1) group(labels["filter_" + facet], values.map((value) => check(facet, value, labels[value], counts.get(value))));
  }
  const tiers = [...countFacet("tier").keys()].sort((a, b) => a - b);
  if (tiers.length > 1) {
    group(labels.filter_tier, [el("select", { id: "tier", "aria-label": labels.filter_tier, onchange: (event) => change({ tier: event.target.value }) },
      el("option", { value: "" }, labels.filter_all), tiers.slice(0, -1).map((tier) => el("option", { value: tier }, tier)))]);
  }
  const countries = [...new Set(rows.flatMap((row) => (row.n === undefined ? [] : nodes[row.n].w || [])))].sort();
  if (countries.length > 1) {
    group(labels.filter_country, [el("select", { id: "country", "aria-label": labels.filter_country, onchange: (event) => change({ country: event.target.value }) },
      el("option", { value: "" }, labels.filter_all), countries.map((country) => el("option", { value: country }, country)))]);
  }
  document.getElementById("filters").hidden = !box.children.length;
  document.querySelectorAll(".legend .key").forEach((key) => {
    const kind = key.dataset.kind;
    key.replaceChildren(el("button", { type: "button", "aria-pressed": "true", "data-kind": kind,
      onclick: () => change({ kind: toggle(state.kind, kind) }) }, ...key.childNodes));
  });
}

function showFilters() {
  document.querySelectorAll("#filters input").forEach((input) => (input.checked = !state[input.dataset.facet].includes(input.value)));
  document.querySelectorAll(".legend [data-kind][aria-pressed]").forEach((key) =>
    key.setAttribute("aria-pressed", String(!state.kind.includes(key.dataset.kind))));
  const tier = document.getElementById("tier");
  if (tier) tier.value = state.tier;
  const country = document.getElementById("country");
  if (country) country.value = state.country;
  document.getElementById("undo").disabled = !past.length;
  document.getElementById("reset").disabled = !isFiltered() && !state.open.length && !state.node && state.link === "";
}

const VIEW = ["hide", "only", "open", "tier", "country", "kind", "certainty", "confidence", "through"];

listeners.push((changed) => {
  showControls();
  const redrawn = changed.some((name) => VIEW.includes(name));
  if (redrawn) drawPicture();
  if (changed.length < 8 && changed.includes("only")) start();
  else if (changed.includes("node") || changed.includes("link")) restyle();
  if (redrawn || changed.some((name) => ["find", "sort", "node", "tab"].includes(name))) showTable();
  if (changed.includes("node") || changed.includes("link")) {
    requestAnimationFrame(revealChosen);
    speak();
  }
  showStatus();
});

// The picture cannot be read aloud; what is chosen on it can.
function speak() {
  const card = cards.get(state.node), row = card && card.members.length === 1 ? rows[rowsOf[card.members[0]][0]] : null;
  const kind = card && (data.kinds[card.kind] || { one: card.kind }).one;
  const said = state.link !== "" ? [links[Number(state.link)].say, links[Number(state.link)].sure]
    : card ? [card.text.replace(/^[▸▾] /, ""), card.bundle ? labels.group_sign : kind, row && row.sure] : [];
  document.getElementById("spoken").textContent = said.filter(Boolean).join(", ");
}

function revealChosen() {
  if (state.link !== "") reveal(cardOf.get(links[Number(state.link)].t));
  else if (state.node) reveal(state.node);
}

function showControls() {
  showTabs();
  showFilters();
  showPanel();
}

function on(id, act) {
  document.getElementById(id).addEventListener("click", act);
}

function reset() {
  change({ ...CLEAR(), tab: state.tab });
  start();
}

startTabs();
startFilters();
startTable();
startSearch();
on("skip", (event) => {
  // The address holds the view: a jump must not take its place.
  event.preventDefault();
  change({ tab: "table" }, { undo: false });
  const first = document.querySelector("#rows button, #table button");
  if (first) first.focus();
});
on("undo", undo);
on("reset", reset);
on("show-all", reset);
on("fit", fitAll);
on("zoom-in", () => zoom(1.25));
on("zoom-out", () => zoom(0.8));
on("open-all", () => change({ open: data.units.filter((unit) => unit.bundle).map((unit) => unit.key) }));
on("close-all", () => change({ open: [] }));
on("copy-link", () => copy(location.href));
const bundles = data.units.some((unit) => unit.bundle);
document.getElementById("open-all").hidden = document.getElementById("close-all").hidden = !bundles;
addEventListener("hashchange", () => {
  state = readState();
  announce(Object.keys(state));
});
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && !typing) undo();
  else if (event.key === "/" && !typing) searchBox.focus();
  else if (event.key === "Escape" && !typing && (state.node || state.link !== "")) {
    change({ node: "", link: "" });
    canvas.focus({ preventScroll: true });
  } else return;
  event.preventDefault();
});
addEventListener("beforeprint", () => fillTable(true));
addEventListener("afterprint", () => fillTable());
state = readState();
showControls();
startPicture();
showTable();
showStatus();
requestAnimationFrame(revealChosen);
document.documentElement.dataset.ready = String(Math.ceil(performance.now()));
