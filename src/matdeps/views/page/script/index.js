"use strict";(function () {
  const box = document.getElementById("search"), status = document.getElementById("status");
  const items = [...document.querySelectorAll("[data-find]")];
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  function search() {
    const words = fold(box.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      item.hidden = !words.every((word) => item.dataset.find.includes(word));
      if (!item.hidden) shown += 1;
    }
    for (const part of document.querySelectorAll("section")) part.hidden = !part.querySelector("[data-find]:not([hidden])");
    status.textContent = words.length ? shown + " / " + items.length : "";
    try {
      history.replaceState(null, "", words.length ? "#" + encodeURIComponent(box.value) : location.pathname);
    } catch {
      // Inside a frame there is no address to keep.
    }
  }

  try {
    box.value = decodeURIComponent(location.hash.slice(1));
  } catch {
    box.value = "";
  }
  box.addEventListener("input", search);
  box.addEventListener("keydown", (event) => {
    const first = items.find((item) => !item.hidden);
    if (event.key === "Enter" && first) first.querySelector("a").click();
  });
  search();
  document.documentElement.dataset.ready = "1";
})();
