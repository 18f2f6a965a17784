/* The editor of manuscripts: every <textarea data-manuscript> becomes one; without this script it stays a textarea.

   data-manuscript       the text as JSON (or "", then the textarea's own value is read)
   readonly, disabled    nothing can be changed; marks are still shown
   .manuscript-bar       the toolbar in the same .manuscript box: buttons with data-do
   textarea.manuscript   {json(), set(json), focus(), anchor(), select(anchor), highlight([{id, anchor, tone}]), characters()}
   manuscript:change     on the textarea, a moment after the text changed; its value is then the new JSON
   manuscript:select     on the textarea, detail.anchor: what is selected, or null
   manuscript:remark     on the textarea, detail.id: a highlighted passage was clicked
   An anchor is {exact, prefix, suffix, start}, counted in characters of the plain text as manuscript.plain makes it.
*/
"use strict";
(() => {
  const PM = window.ProseMirror;
  if (!PM) return;
  const { schema, ManuscriptText } = window.Manuscript;
  const WAIT = 250;

  function mount(area) {
    area.dataset.mounted = "1";
    const box = area.closest(".manuscript") || area.parentElement;
    const bar = box.querySelector(".manuscript-bar:not([data-in-table])");
    const count = box.querySelector("[data-characters]");
    const profile = area.dataset.profile || "cn";
    const isFixed = area.readOnly || area.disabled;
    const place = document.createElement("div");
    place.className = "manuscript-sheet";
    area.before(place);
    area.hidden = true;
    const isRequired = area.required;
    area.required = false; /* a hidden field that is required would stop the form without a word */
    const was = box.querySelector("[data-manuscript-was]");
    if (was) was.remove();

    const read = () => {
      try {
        const found = schema.nodeFromJSON(JSON.parse(area.dataset.manuscript || area.value));
        found.check();
        return found;
      } catch (error) {
        return window.Manuscript.fromPlain(area.value, profile);
      }
    };
    let state = PM.EditorState.create({ doc: read(), plugins: window.Manuscript.plugins(profile, isFixed) });
    const fixed = PM.fixTables(state);
    if (fixed) state = state.apply(fixed.setMeta("addToHistory", false));

    const label = area.labels && area.labels[0];
    if (label && !label.id) label.id = `${area.id}_label`;
    const named = { role: "textbox", "aria-multiline": "true", class: "manuscript-text", "data-profile": profile, translate: "no" };
    if (label) named["aria-labelledby"] = label.id;
    else if (area.getAttribute("aria-label")) named["aria-label"] = area.getAttribute("aria-label");
    const described = [area.getAttribute("aria-describedby"), box.querySelector(".manuscript-keys") && box.querySelector(".manuscript-keys").id].filter(Boolean);
    if (described.length) named["aria-describedby"] = described.join(" ");
    if (area.getAttribute("aria-invalid")) named["aria-invalid"] = "true";
    if (isRequired) named["aria-required"] = "true";
    if (isFixed) { named["aria-readonly"] = "true"; named.tabindex = "0"; }

    let timer = 0;
    let selected = "";
    const json = () => window.Manuscript.toJSON(view.state.doc);
    const write = () => { area.value = JSON.stringify(json()); };
    function flush() {
      clearTimeout(timer);
      if (!timer) return;
      timer = 0;
      write();
      recount();
      area.dispatchEvent(new Event("input", { bubbles: true }));
      area.dispatchEvent(new CustomEvent("manuscript:change", { bubbles: true }));
    }
    function recount() {
      if (count) count.textContent = new ManuscriptText(view.state.doc).characters().toLocaleString(document.documentElement.lang);
    }
    const view = new PM.EditorView({ mount: place.appendChild(document.createElement("div")) }, {
      state,
      editable: () => !isFixed,
      attributes: named,
      clipboardTextParser: (text) => new PM.Slice(window.Manuscript.fromPlain(text, profile, /* isPasted: */ true).content, 1, 1),
      transformPastedHTML: (html) => window.Manuscript.cleanHTML(html),
      transformPasted: (slice) => window.Manuscript.cleanSlice(slice, profile),
      handleDOMEvents: {
        blur: () => { flush(); return false; },
        click: (_view, event) => {
          const mark = event.target.closest && event.target.closest("[data-remark]");
          if (mark) area.dispatchEvent(new CustomEvent("manuscript:remark", { bubbles: true, detail: { id: mark.dataset.remark } }));
          return false;
        },
      },
      dispatchTransaction(transaction) {
        view.updateState(view.state.apply(transaction));
        if (transaction.docChanged) { clearTimeout(timer); timer = setTimeout(flush, WAIT); }
        if (tools) tools.update();
        if (transaction.selectionSet || transaction.docChanged) tellSelection();
      },
    });
    function tellSelection() {
      const found = anchor();
      const now = JSON.stringify(found);
      if (now === selected) return;
      selected = now;
      area.dispatchEvent(new CustomEvent("manuscript:select", { bubbles: true, detail: { anchor: found } }));
    }
    function anchor() {
      const { from, to, empty } = view.state.selection;
      return empty ? null : new ManuscriptText(view.state.doc).anchor(from, to);
    }
    const tools = bar && !isFixed ? window.Manuscript.toolbar(box, view) : null;
    if (bar) bar.hidden = isFixed;
    box.querySelectorAll("[data-when-editing]").forEach((part) => { part.hidden = isFixed; });
    if (label) label.addEventListener("click", () => view.focus());
    /* Read by whoever sends the form, by whatever way. */
    if (area.form) {
      area.form.addEventListener("submit", () => { flush(); write(); }, true);
      area.form.addEventListener("formdata", (event) => { flush(); write(); if (event.formData.has(area.name)) event.formData.set(area.name, area.value); });
      area.form.addEventListener("htmx:configRequest", (event) => { flush(); if (event.detail.parameters[area.name] !== undefined) event.detail.parameters[area.name] = area.value; });
    }
    document.querySelectorAll(`a[href="#${CSS.escape(area.id)}"]`).forEach((link) => link.addEventListener("click", (event) => { event.preventDefault(); view.focus(); place.scrollIntoView({ block: "center" }); }));
    write();
    area.defaultValue = area.value;
    recount();
    if (tools) tools.update();

    area.manuscript = {
      view,
      json,
      flush,
      anchor,
      focus: () => view.focus(),
      characters: () => new ManuscriptText(view.state.doc).characters(),
      /* The whole text anew, as one step that can be undone. */
      set(given) {
        const doc = schema.nodeFromJSON(given);
        doc.check();
        view.dispatch(PM.closeHistory(view.state.tr.replaceWith(0, view.state.doc.content.size, doc.content)));
        view.dispatch(PM.closeHistory(view.state.tr));
        clearTimeout(timer);
        timer = timer || 1;
        flush();
      },
      select(given) {
        const found = new ManuscriptText(view.state.doc).find(given);
        if (!found) return false;
        const tr = view.state.tr.setSelection(PM.TextSelection.create(view.state.doc, found.from, found.to)).scrollIntoView();
        view.dispatch(tr.setMeta(window.Manuscript.remarks, { chosen: found }));
        if (!isFixed) view.focus();
        const at = view.domAtPos(found.from).node;
        (at.nodeType === 1 ? at : at.parentElement).scrollIntoView({ block: "center" });
        return true;
      },
      /* Which could be shown: an anchor whose words are gone cannot. */
      highlight(list) {
        const text = new ManuscriptText(view.state.doc);
        const places = list.map((one) => ({ ...one, found: text.find(one.anchor) }));
        view.dispatch(view.state.tr.setMeta(window.Manuscript.remarks, { places: places.filter((one) => one.found) }));
        return places.filter((one) => one.found).map((one) => one.id);
      },
    };
    box.dataset.ready = "1";
    area.dispatchEvent(new CustomEvent("manuscript:ready", { bubbles: true }));
  }

  const all = (root) => root.querySelectorAll("textarea[data-manuscript]:not([data-mounted])").forEach(mount);
  all(document);
  document.addEventListener("htmx:afterSettle", (event) => all(event.target));
})();
