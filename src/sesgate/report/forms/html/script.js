(() => {
  "use strict";
  const texts = new WeakMap();
  const text = (node) => {
    if (!texts.has(node)) texts.set(node, node.textContent.toLowerCase());
    return texts.get(node);
  };
  const serve = (tools) => {
    const get = (name) => tools.querySelector(`.${name}`);
    const holder = tools.parentElement.querySelector(".lines");
    const lines = [...holder.children];
    const update = () => {
      const wanted = get("search").value.trim().toLowerCase();
      const status = get("status").value;
      let shown = 0;
      for (const line of lines) {
        const named = text(line.querySelector("summary")).includes(wanted);
        let some = false;
        for (const finding of line.querySelectorAll(".finding")) {
          const stays = (!status || finding.dataset.status === status) && (named || text(finding).includes(wanted));
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
        byCheck ? a.dataset.check.localeCompare(b.dataset.check) : a.dataset.rank - b.dataset.rank;
      holder.append(...[...lines].sort(compare));
    };
    get("search").addEventListener("input", update);
    get("status").addEventListener("change", update);
    get("order").addEventListener("change", sort);
    tools.hidden = false;
  };
  document.querySelectorAll(".tools").forEach(serve);

  // A button beside what is to be copied, made when a pointer or the keyboard reaches it: a page may hold thousands.
  const offer = (event) => {
    const lines = event.target.closest?.(".repair pre");
    if (!lines || lines.nextElementSibling?.className === "copy") return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", () => {
      getSelection().selectAllChildren(lines);
      const told = (done) => { button.textContent = done ? "Copied" : "Selected"; };
      if (!navigator.clipboard) { told(false); return; }
      navigator.clipboard.writeText(lines.textContent).then(() => told(true), () => told(false));
    });
    lines.after(button);
  };
  document.addEventListener("focusin", offer);
  document.addEventListener("pointerover", offer);
  window.addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details.line, details.controls")) fold.open = true;
  });
})();
