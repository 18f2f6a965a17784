/* Comboboxes (ARIA "list autocomplete with manual selection"): pickers of forms, and the suggestions of the top bar.

   data-picker="address"   a picker of foundations/web/picker.py; its select stays the one truth that is sent
   data-suggest="address"  a search field: choosing a suggestion goes there, Enter without one searches as ever
   The address answers {lines: [{value, label, place}], more}.
*/
"use strict";
(() => {
  let made = 0;
  const part = (name, css, text) => {
    const el = document.createElement(name);
    if (css) el.className = css;
    if (text) el.textContent = text;
    return el;
  };

  function combobox(input, { address, holder, choose, isTaken = () => false, opensEmpty, said = {} }) {
    const id = `combo-${++made}`;
    const list = part("ul", "combo-list");
    const status = part("div", "visually-hidden");
    let lines = [], at = -1, timer = 0, asking = null, last = null;
    Object.assign(list, { id, hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", (input.labels[0] || input).textContent.trim() || input.placeholder);
    status.setAttribute("role", "status");
    holder.append(list, status);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", id]]) input.setAttribute(name, value);

    function close() {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }
    function forget() { clearTimeout(timer); if (asking) asking.abort(); asking = null; last = null; close(); }
    function mark(next) {
      const rows = [...list.querySelectorAll("[role=option]")];
      if (!rows.length) return;
      at = (next + rows.length) % rows.length;
      rows.forEach((row, n) => row.setAttribute("aria-selected", String(n === at)));
      input.setAttribute("aria-activedescendant", rows[at].id);
      rows[at].scrollIntoView({ block: "nearest" });
    }
    function show(answer) {
      lines = answer.lines.filter((line) => !isTaken(String(line.value)));
      list.replaceChildren(...lines.map((line, n) => {
        const row = part("li");
        row.id = `${id}-${n}`;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
        row.append(part("span", "combo-label", line.label));
        if (line.place) row.append(part("span", "combo-place", line.place));
        row.addEventListener("click", () => take(n));
        return row;
      }));
      const words = !lines.length ? said.none : answer.more ? said.more : "";
      if (words) { const row = part("li", "combo-note", words); row.setAttribute("role", "presentation"); list.append(row); }
      status.textContent = lines.length ? `${said.found ? `${said.found}: ` : ""}${lines.length}` : said.none || "";
      at = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = !lines.length && !said.none;
      input.setAttribute("aria-expanded", String(!list.hidden));
    }
    function ask() {
      const words = input.value.trim();
      if (!words && !opensEmpty) { forget(); return; }
      if (words === last && !list.hidden) return;
      last = words;
      if (asking) asking.abort();
      const mine = asking = new AbortController();
      fetch(`${address}?q=${encodeURIComponent(words)}`, { signal: mine.signal, headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" } })
        .then((got) => (got.ok ? got.json() : { lines: [], more: false }))
        .then((answer) => { if (mine === asking && document.activeElement === input) show(answer); })
        .catch(() => { if (mine === asking) close(); });
    }
    function take(n) { const line = lines[n]; forget(); choose(line); }

    list.addEventListener("mousedown", (event) => event.preventDefault());
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 140); });
    input.addEventListener("focus", () => { if (opensEmpty && !input.value) ask(); });
    input.addEventListener("click", () => { if (list.hidden && opensEmpty) ask(); });
    input.addEventListener("blur", forget);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) { last = null; ask(); } else mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
      } else if (event.key === "Enter" && !list.hidden && at >= 0) {
        event.preventDefault();
        take(at);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        forget();
      }
    });
    return { forget };
  }

  function picker(box) {
    if (box.dataset.made) return;
    box.dataset.made = "1";
    const input = box.querySelector("input"), select = box.querySelector("select"), isMany = "picksMany" in box.dataset;
    const name = input.name, chips = part("ul", "picked");
    box.querySelector("button").remove();
    input.value = box.dataset.words;
    [...select.options].forEach((option) => { if (!option.defaultSelected) option.remove(); });
    select.hidden = true;
    select.tabIndex = -1;
    if (isMany) box.prepend(chips);
    const told = () => { select.dispatchEvent(new Event("input", { bubbles: true })); select.dispatchEvent(new Event("change", { bubbles: true })); };
    const chosen = () => [...select.options].filter((option) => option.value);
    function draw() {
      if (!isMany) {
        const [one] = chosen();
        if (one) { input.value = one.textContent; input.name = ""; } else input.name = name;
        return;
      }
      chips.hidden = !chosen().length;
      chips.replaceChildren(...chosen().map((option) => {
        const chip = part("li", "", option.textContent), off = part("button", "", "×");
        off.type = "button";
        off.setAttribute("aria-label", `${box.dataset.remove}: ${option.textContent}`);
        off.addEventListener("click", () => { option.remove(); draw(); told(); input.focus(); });
        chip.append(off);
        return chip;
      }));
    }
    function choose(line) {
      if (!isMany) select.replaceChildren();
      const option = new Option([line.label, line.place].filter(Boolean).join(" · "), line.value, true, true);
      select.append(option);
      if (isMany) input.value = "";
      draw();
      told();
    }
    combobox(input, {
      address: box.dataset.picker, holder: input.parentElement, choose, opensEmpty: true,
      said: { none: box.dataset.none, more: box.dataset.more, found: box.dataset.found },
      isTaken: (value) => isMany && chosen().some((option) => option.value === value),
    });
    input.addEventListener("input", () => { if (!isMany && chosen().length) { select.replaceChildren(); input.name = name; told(); } });
    input.addEventListener("keydown", (event) => {
      if (isMany && event.key === "Backspace" && !input.value && chosen().length) { chosen().pop().remove(); draw(); told(); }
    });
    draw();
  }

  function dress(root) {
    root.querySelectorAll("[data-picker]").forEach(picker);
    root.querySelectorAll("input[data-suggest]:not([role=combobox])").forEach((input) => {
      if (!input.dataset.suggest) return;
      combobox(input, { address: input.dataset.suggest, holder: input.form, choose: (line) => location.assign(line.value) });
    });
  }
  addEventListener("htmx:afterSettle", (event) => dress(event.target));
  dress(document);
})();
