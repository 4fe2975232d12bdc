"use strict";
for (const box of document.querySelectorAll(".find")) {
  const words = box.querySelector("input"), kind = box.querySelector("select");
  const said = box.querySelector("output");
  const rows = [...document.querySelectorAll("#" + box.dataset.of + " tbody tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const show = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      const fits = (!kind || !kind.value || row.dataset.kind === kind.value) &&
        wanted.every((word) => texts[i].includes(word));
      row.hidden = !fits;
      shown += fits;
    });
    const all = rows.length.toLocaleString("en");
    said.textContent = shown === rows.length ? all + " in all" :
      shown ? shown.toLocaleString("en") + " of " + all : "nothing of " + all;
  };
  words.addEventListener("input", show);
  kind?.addEventListener("change", show);
  show();
}
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
});
