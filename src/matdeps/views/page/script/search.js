// The search box: names, ids and aliases in any script, with suggestions while typing.
const searchBox = document.getElementById("search"), found = document.getElementById("found");
const MOST_FOUND = 12;
let entries = null, matches = [], active = -1;

// Made at the first letter: most readers never search, and folding thousands of names takes a moment.
function listEntries() {
  const all = nodes.map((node, place) => ({ node: place, name: node.n, kind: node.k, id: node.id, texts: [node.n, node.id, ...(node.also || [])] }));
  rows.forEach((row, place) => {
    if (row.n === undefined) all.push({ row: place, name: row.cells[NAME_COLUMN] || row.id, kind: row.k, id: row.id, texts: [...row.cells, row.id] });
  });
  return all.map((entry) => ({ ...entry, folded: entry.texts.map(fold) }));
}

function score(entry, asked) {
  let best = 9;
  for (const [at, text] of entry.folded.entries()) {
    const where = text.indexOf(asked);
    if (where < 0) continue;
    const rank = text === asked ? 0 : where === 0 ? 1 : /[\s:(\-/]/.test(text[where - 1]) ? 2 : 3;
    best = Math.min(best, rank + (at > 1 ? 0.5 : 0));
  }
  return best;
}

function search() {
  const asked = fold(searchBox.value.trim());
  entries = entries || listEntries();
  matches = asked ? entries.map((entry) => ({ entry, rank: score(entry, asked) })).filter((one) => one.rank < 9) : [];
  matches.sort((a, b) => a.rank - b.rank || a.entry.name.length - b.entry.name.length);
  active = matches.length ? 0 : -1;
  showFound(Boolean(asked));
}

function showFound(open) {
  found.hidden = !open;
  searchBox.setAttribute("aria-expanded", String(open));
  const shown = matches.slice(0, MOST_FOUND);
  found.replaceChildren(...shown.map(({ entry }, at) => {
    const asked = fold(searchBox.value.trim());
    const alias = fold(entry.name).includes(asked) ? "" : entry.texts.find((text) => fold(text).includes(asked));
    return el("li", { role: "option", id: "found-" + at, "aria-selected": String(at === active), onmousedown: (event) => { event.preventDefault(); take(at); } },
      entry.name, el("small", {}, " " + (data.kinds[entry.kind] || { one: entry.kind }).one + (alias ? " · " + alias : "")));
  }));
  if (!shown.length && open) found.append(el("li", { class: "none" }, labels.search_none));
  if (matches.length > MOST_FOUND) found.append(el("li", { class: "none" }, say("search_count", { n: number(matches.length) })));
  if (active >= 0) searchBox.setAttribute("aria-activedescendant", "found-" + active);
  else searchBox.removeAttribute("aria-activedescendant");
}

function take(at) {
  const entry = matches[at].entry;
  showFound(false);
  if (entry.node === undefined) change({ tab: "table", find: entry.id });
  else choose(entry.node, state.tab === "table" && network ? { tab: "picture" } : {});
}

function startSearch() {
  searchBox.addEventListener("input", search);
  searchBox.addEventListener("focus", () => searchBox.value && search());
  searchBox.addEventListener("blur", () => showFound(false));
  searchBox.addEventListener("keydown", (event) => {
    const last = Math.min(matches.length, MOST_FOUND) - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      active = event.key === "ArrowDown" ? Math.min(active + 1, last) : Math.max(active - 1, 0);
      showFound(Boolean(searchBox.value));
    } else if (event.key === "Enter" && active >= 0 && !found.hidden) take(active);
    else if (event.key === "Escape") showFound(false);
    else return;
    event.preventDefault();
  });
}
