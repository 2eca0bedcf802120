// The panel: everything known of the node or link that is chosen, with its evidence read aloud.
const panel = document.getElementById("panel");

function showPanel() {
  const node = byId.has(state.node) ? byId.get(state.node) : undefined;
  let parts = null;
  if (state.link !== "") parts = describeLink(Number(state.link));
  else if (node !== undefined) parts = describeNode(node);
  else if (unitByKey.has(state.node)) parts = describeGroup(data.units[unitByKey.get(state.node)]);
  const wasHidden = panel.hidden;
  panel.hidden = !parts;
  document.getElementById("body").classList.toggle("with-panel", Boolean(parts));
  if (wasHidden !== panel.hidden) keepScale();
  if (!parts) return panel.replaceChildren();
  const close = button("×", () => change({ node: "", link: "" }), { class: "close", "aria-label": labels.close });
  panel.replaceChildren(close, ...parts.filter(Boolean));
  panel.scrollTop = 0;
}

function heading(text, level = "h3") {
  return el(level, {}, text);
}

function describeNode(node) {
  const about = nodes[node];
  const own = rowsOf[node];
  return [
    heading(about.n, "h2"),
    el("p", { class: "small" }, (data.kinds[about.k] || { one: about.k }).one + ", ", el("code", {}, about.id)),
    ...own.slice(0, 1).map((row) => sumUp(rows[row])),
    about.page ? el("p", {}, el("a", { href: about.page }, labels.page_of_it)) : null,
    el("p", { class: "tools" }, state.only === about.id
      ? button(labels.all_again, () => change({ only: "" }))
      : button(labels.leads_to, () => change({ only: about.id })),
      button(labels.hide, () => change({ hide: [...state.hide, about.id], node: "" }))),
    ...describePath(node),
    ...describeMarks(node),
    ...describeRows(own),
    ...describeFacts(about),
    ...describeNear(node),
  ];
}

// How sure, in one line at the top: what most readers came for.
function sumUp(row) {
  const words = [];
  if (row.verdict) words.push(el("strong", {}, row.verdict));
  if (row.d) words.push(el("span", { class: "chip d-" + row.d }, labels[row.d]));
  if (row.sure) words.push(el("span", { class: "chip c-" + row.c }, row.tier > 1 ? say("weakest", { sure: row.sure }) : row.sure));
  if (row.tier !== undefined && data.query !== "why") words.push(el("span", { class: "chip" }, say("tier", { n: row.tier })));
  if (row.v && row.v !== "contained") words.push(el("span", { class: "chip" }, labels[row.v]));
  return words.length ? el("p", { class: "chips" }, ...words) : null;
}

function describePath(node) {
  const { row, links: path } = findPath(node);
  if (!path.length) return nodes[node].asked ? [] : [el("p", { class: "small" }, labels.path_none)];
  const parts = [heading(labels.evidence)];
  if (rows[row].n !== node) parts.push(el("p", { class: "small" }, labels.path_through));
  const list = el("ol", { class: "path" }, path.map((link) => el("li", { class: links[link].a ? "anchor" : null }, ...describeHop(link))));
  return [...parts, list];
}

function describeHop(place) {
  const link = links[place];
  const said = [el("span", { class: "chip c-" + link.c }, link.sure)];
  if (link.d !== "definite") said.push(el("span", { class: "chip d-" + link.d }, labels[link.d]));
  if (link.valid) said.push(el("span", { class: "chip" }, link.valid));
  if (link.a) said.push(el("span", { class: "chip" }, labels.anchor));
  return [
    button(link.say + ".", () => change({ link: String(place), node: "" }), { class: "plain" }),
    el("div", { class: "chips" }, ...said),
    listSources(link.s),
  ];
}

function listSources(ids) {
  if (!ids || !ids.length) return el("p", { class: "small" }, labels.no_source);
  const sorted = ids.map((id) => data.sources[id]).sort((a, b) => Number(b.read) - Number(a.read));
  const list = (some) => el("ul", { class: "cited" }, some.map(citeSource));
  if (sorted.length < 4) return list(sorted);
  return el("div", {}, list(sorted.slice(0, 2)),
    el("details", { class: "small" }, el("summary", {}, say("more_sources", { n: sorted.length - 2 })), list(sorted.slice(2))));
}

function citeSource(source) {
  const about = [source.by, source.date || labels.no_date, source.read ? labels.source_read : labels.source_unread];
  const title = /^https?:\/\/[^\s<>"'\\]+$/i.test(source.url || "")
    ? el("a", { href: source.url, target: "_blank", rel: "noopener noreferrer" }, source.title)
    : source.title;
  return el("li", {}, title, " (" + about.filter(Boolean).join(", ") + ")");
}

function describeMarks(node) {
  if (!marksOf[node].length) return [];
  return [heading(labels.restrictions), el("ul", { class: "marks" }, marksOf[node].map((place) => {
    const one = data.restrictions[place];
    return el("li", {}, el("strong", {}, one.status), ": " + one.name,
      one.how[nodes[node].id] ? el("span", { class: "small" }, " (" + one.how[nodes[node].id] + ")") : "",
      el("div", { class: "small" }, one.because), listSources(one.s));
  }))];
}

function describeRows(own) {
  if (!own.length) return [];
  return [heading(labels.row), ...own.map((row) => el("dl", {}, data.titles.map((title, at) =>
    rows[row].cells[at] ? [el("dt", {}, title), el("dd", {}, rows[row].cells[at])] : [])))];
}

function describeFacts(about) {
  const parts = [];
  if (about.say) parts.push(el("p", {}, about.say));
  const known = [...(about.also ? [[labels.aliases, about.also.join(", ")]] : []), ...(about.facts || [])];
  if (about.w) known.push([labels.filter_country, about.w.join(", ")]);
  if (about.valid) known.push([labels.valid, about.valid]);
  if (known.length) parts.push(el("dl", {}, known.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])));
  if (about.s) parts.push(listSources(about.s));
  return parts.length ? [heading(labels.facts), ...parts] : [];
}

function describeNear(node) {
  const list = (title, places, end) => places.length
    ? [heading(title), el("ul", { class: "near" }, places.slice(0, 60).map((place) => el("li", {}, go(links[place][end]))))]
    : [];
  return [...list(labels.hops_in, inward[node], "f"), ...list(labels.hops_out, outward[node], "t")];
}

function go(node) {
  return button(nodes[node].n, () => choose(node), { class: "plain" });
}

// Choose a node wherever it is: its group is opened, what hides it is taken back.
function choose(node, more = {}) {
  const unit = data.units[unitOf[node]];
  const patch = { node: nodes[node].id, link: "", ...more };
  if (unit.bundle && !state.open.includes(unit.key)) patch.open = [...state.open, unit.key];
  if (!filterNodes().has(node)) Object.assign(patch, { hide: [], only: "", tier: "", country: "", kind: [], certainty: [], confidence: [], through: [] });
  change(patch);
}

function describeLink(place) {
  const link = links[place];
  const same = links.map((one, at) => at).filter((at) => at !== place && links[at].f === link.f && links[at].t === link.t);
  return [
    heading(labels.link, "h2"),
    ...describeHop(place),
    el("p", { class: "tools" }, go(link.f), " → ", go(link.t)),
    ...same.map((at) => el("div", { class: "more" }, ...describeHop(at))),
  ];
}

function describeGroup(unit) {
  const open = state.open.includes(unit.key);
  return [
    heading(nameGroup(unit.kind, unit.m.length), "h2"),
    el("p", { class: "tools" }, button(open ? labels.close_all : labels.open_group, () => change({ open: toggle(state.open, unit.key) }))),
    heading(labels.members),
    el("ul", { class: "near" }, unit.m.map((member) => el("li", {}, go(member)))),
  ];
}
