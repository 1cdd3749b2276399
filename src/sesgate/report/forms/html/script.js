(() => {
  "use strict";
  const get = (id) => document.getElementById(id);
  const holder = get("lines");
  const lines = [...holder.children].map((line) => ({
    line,
    text: line.textContent.toLowerCase(),
    findings: [...line.querySelectorAll(".finding")],
  }));
  const update = () => {
    const wanted = get("search").value.trim().toLowerCase();
    const status = get("status").value;
    let shown = 0;
    for (const { line, text, findings } of lines) {
      const fits = text.includes(wanted);
      let some = false;
      for (const finding of findings) {
        const stays = fits && (!status || finding.dataset.status === status);
        finding.hidden = !stays;
        some = some || stays;
        shown += stays ? 1 : 0;
      }
      line.hidden = !some;
    }
    get("shown").textContent = wanted || status ? `${shown} shown` : "";
  };
  const sort = () => {
    const byCheck = get("order").value === "check";
    const compare = (a, b) =>
      byCheck ? a.line.dataset.check.localeCompare(b.line.dataset.check) : a.line.dataset.rank - b.line.dataset.rank;
    holder.append(...[...lines].sort(compare).map((one) => one.line));
  };
  get("search").addEventListener("input", update);
  get("status").addEventListener("change", update);
  get("order").addEventListener("change", sort);
  window.addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details.line")) fold.open = true;
  });
  get("tools").hidden = false;
})();
