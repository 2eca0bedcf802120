// The table: the same rows as the command line gives, sorted, filtered, copied and saved.
const STEP = 500;
const table = document.querySelector("#rows");
const NAME_COLUMN = Math.max(0, data.titles.findIndex((title) => ["name", "chain", "claim", "fact"].includes(title)));
let shownRows = STEP;

function startTable() {
  if (!table) return;
  table.querySelectorAll("thead th").forEach((head, at) => {
    const text = head.textContent;
    head.replaceChildren(button(text, () => sortBy(at), { class: "plain" }));
  });
  table.tBodies[0].addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (row && !String(getSelection())) pick(Number(row.dataset.row));
  });
  document.getElementById("csv").addEventListener("click", saveCsv);
  document.getElementById("copy-rows").addEventListener("click", copyRows);
  document.getElementById("more-rows").addEventListener("click", () => {
    shownRows += STEP * 4;
    fillTable();
  });
  const input = document.getElementById("row-filter");
  input.addEventListener("input", () => change({ find: input.value }, { undo: false }));
}

function sortBy(at) {
  const now = state.sort === "" ? 0 : Number(state.sort);
  change({ sort: now === at + 1 ? String(-at - 1) : now === -at - 1 ? "" : String(at + 1) });
}

// Numbers by size, everything else as people of the browser's language sort it.
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function listRows() {
  const kept = filterRows();
  if (state.sort === "") return kept;
  const at = Math.abs(Number(state.sort)) - 1, sign = Math.sign(Number(state.sort));
  return kept.sort((a, b) => sign * collator.compare(rows[a].cells[at] || "", rows[b].cells[at] || "") || a - b);
}

function showTable() {
  if (!table) return;
  const input = document.getElementById("row-filter");
  if (input.value !== state.find) input.value = state.find;
  if (state.tab === "table") fillTable();
}

function fillTable(all = false) {
  if (!table) return;
  const listed = listRows();
  const some = all ? listed : listed.slice(0, shownRows);
  table.tBodies[0].replaceChildren(...some.map((place) => {
    const row = rows[place];
    const chosen = row.n !== undefined && nodes[row.n].id === state.node;
    return el("tr", { "data-row": place, class: chosen ? "chosen" : null, "aria-current": chosen ? "true" : null },
      row.cells.map((cell, at) => el("td", { class: /\S{37}/.test(cell) ? "long" : null }, at === NAME_COLUMN && row.n !== undefined
        ? button(cell, (event) => { event.stopPropagation(); pick(place); }, { class: "plain" }) : cell)));
  }));
  table.querySelectorAll("thead th").forEach((head, at) => {
    const sort = Number(state.sort || 0);
    head.setAttribute("aria-sort", sort === at + 1 ? "ascending" : sort === -at - 1 ? "descending" : "none");
  });
  const more = document.getElementById("more-rows"), left = listed.length - some.length;
  more.hidden = left <= 0;
  more.textContent = say("more_rows", { n: number(left) });
  const note = document.querySelector("#table .cut");
  if (note) note.hidden = true;
}

function pick(place) {
  if (rows[place].n !== undefined) choose(rows[place].n);
}

function makeCsv() {
  return data.csv + listRows().map((place) => rows[place].csv).join("");
}

function saveCsv() {
  const address = URL.createObjectURL(new Blob([makeCsv()], { type: "text/csv;charset=utf-8" }));
  const link = el("a", { href: address, download: data.file });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function copyRows() {
  // A cell that a spreadsheet would take for a formula gets an apostrophe, as in the CSV.
  const guard = (text) => (/^\s*[=+\-@＝＋－＠]/.test(text) ? "'" + text : text).replace(/[\t\r\n]+/g, " ");
  const told = [data.titles, ...listRows().map((place) => rows[place].cells)];
  copy(told.map((cells) => cells.map(guard).join("\t")).join("\n"));
}

function copy(text) {
  const done = () => tell(labels.copied);
  const fallback = () => {
    const area = el("textarea", { class: "hidden" });
    area.value = text;
    document.body.append(area);
    area.select();
    const worked = document.execCommand("copy");
    area.remove();
    tell(worked ? labels.copied : labels.copy_failed);
  };
  if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(done, fallback);
  else fallback();
}
