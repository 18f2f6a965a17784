/* The editor's page of a draft: keeps unsaved work, says who has the editor, moves the preview along, panes, rows.

   data-desk            the page; data-beat, data-autosave, data-let-go are where it speaks to
   data-panes           parts beside the text, shown one at a time
   data-rows-of         rows of small inputs: one more, one less
   Without this script everything is saved by its buttons and the parts stand below one another.
*/
"use strict";
(() => {
  /* Rows of inputs ---------------------------------------------------------------------------------------------- */
  document.addEventListener("click", (event) => {
    const more = event.target.closest("[data-row-more]");
    const off = event.target.closest("[data-row-off]");
    if (more) {
      const body = more.closest("[data-rows-of]").querySelector(".rows-body");
      const row = body.lastElementChild.cloneNode(true);
      row.querySelectorAll("input").forEach((input) => { input.value = ""; input.removeAttribute("id"); });
      body.append(row);
      row.querySelector("input").focus();
    }
    if (off) {
      const row = off.closest("[data-row]");
      const form = row.closest("form");
      if (row.parentElement.children.length > 1) row.remove();
      else row.querySelectorAll("input").forEach((input) => { input.value = ""; });
      if (form) form.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  /* Panes beside the text ----------------------------------------------------------------------------------------- */
  const panes = document.querySelector("[data-panes]");
  if (panes) {
    const bar = panes.querySelector("[data-pane-tabs]");
    const tabs = [...bar.querySelectorAll("[role=tab]")];
    const show = (tab, isFocused) => {
      tabs.forEach((one) => {
        const isHere = one === tab;
        one.setAttribute("aria-selected", String(isHere));
        one.tabIndex = isHere ? 0 : -1;
        document.getElementById(one.getAttribute("aria-controls")).hidden = !isHere;
      });
      if (isFocused) tab.focus();
    };
    bar.hidden = false;
    bar.addEventListener("click", (event) => { const tab = event.target.closest("[role=tab]"); if (tab) show(tab); });
    bar.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      show(tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length], true);
    });
    show(tabs[0]);
    document.addEventListener("desk:pane", (event) => show(document.getElementById(event.detail)));
  }
  const count = (selector, number) => { const el = document.querySelector(selector); if (el) el.textContent = number; };
  document.addEventListener("htmx:afterSettle", () => {
    const list = document.querySelector("[data-annexes]");
    if (document.getElementById("annexes")) count("[data-count-annexes]", list ? list.dataset.annexes : 0);
    count("[data-count-open]", document.querySelectorAll("[data-thread]:not(.is-resolved)").length);
  });
  count("[data-count-open]", document.querySelectorAll("[data-thread]:not(.is-resolved)").length);

  /* The desk ----------------------------------------------------------------------------------------------------------- */
  const desk = document.querySelector("[data-desk]");
  const form = document.getElementById("draft");
  if (!desk || !form) return;
  const kept = document.getElementById("kept");
  const hold = document.getElementById("hold");
  const body = form.querySelector("textarea[name=body]");
  const AUTOSAVE = 3000, BEAT = 20000, PREVIEW = 600, AGAIN = 6000;
  let isDirty = Boolean(desk.dataset.dirty), isClosed = false, isSending = false, timer = 0, drawing = 0;

  const content = () => {
    if (body && body.manuscript) body.manuscript.flush();
    return new FormData(form);
  };
  const say = (words, tone) => { kept.textContent = words; kept.dataset.tone = tone || ""; };

  async function keep(isLast) {
    clearTimeout(timer);
    if (!isDirty || isSending) return;
    isSending = true;
    isDirty = false;
    try {
      const answer = await fetch(desk.dataset.autosave, { method: "POST", body: content(), keepalive: Boolean(isLast), headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
      const told = answer.headers.get("Content-Type").includes("json") ? await answer.json() : {};
      if (answer.ok) say(desk.dataset.kept.replace("%s", told.at), "good");
      else { say(told.refused || desk.dataset.notKept, "bad"); if (!told.refused) later(AGAIN); }
    } catch {
      isDirty = true;
      say(desk.dataset.notKept, "bad");
      later(AGAIN);
    } finally {
      isSending = false;
    }
  }
  function later(wait) { clearTimeout(timer); timer = setTimeout(keep, wait); }
  function changed() {
    if (isClosed) return;
    isDirty = true;
    say(desk.dataset.keeping);
    later(AUTOSAVE);
    clearTimeout(drawing);
    drawing = setTimeout(() => document.body.dispatchEvent(new Event("preview")), PREVIEW);
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("manuscript:change", changed);
  form.addEventListener("focusout", () => { if (isDirty) later(200); });
  form.addEventListener("submit", () => { isDirty = false; isClosed = true; clearTimeout(timer); });
  /* With htmx the parts beside the text may move the version on: nothing typed is lost by it. */
  addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(true); });
  addEventListener("pagehide", () => {
    keep(true);
    const token = new FormData();
    token.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    navigator.sendBeacon(desk.dataset.letGo, token);
  });
  const title = form.elements.title, heading = document.querySelector("h1");
  title.addEventListener("input", () => { if (title.value.trim()) heading.textContent = title.value; });
  if (isDirty) later(AUTOSAVE);

  /* Who has the editor ---------------------------------------------------------------------------------------------------- */
  function close(words) {
    if (isClosed) return;
    keep();
    isClosed = true;
    hold.querySelector("[data-hold-words]").textContent = words;
    hold.hidden = false;
    hold.scrollIntoView({ block: "center" });
    form.querySelectorAll("button[name=act]").forEach((button) => { button.disabled = true; });
  }
  async function beat() {
    if (isClosed) return;
    try {
      const data = new FormData();
      data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      const answer = await fetch(desk.dataset.beat, { method: "POST", body: data, headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
      if (!answer.ok) return;
      const told = await answer.json();
      if (told.hold !== "YOURS") close(told.words);
    } catch {
      /* The next beat tells; what is typed meanwhile is kept once the server answers again. */
    }
  }
  setInterval(beat, BEAT);
  beat();

  /* A finding leads to its control. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-finding]");
    if (!link) return;
    event.preventDefault();
    const name = { relations: "numbered", annexes: "" }[link.dataset.finding] ?? link.dataset.finding;
    if (!name) { document.dispatchEvent(new CustomEvent("desk:pane", { detail: "tab-annexes" })); return; }
    const control = document.getElementById(`id_${name}`) || form.querySelector(`[name^="${name}"]`);
    if (!control) return;
    const fold = control.closest("details");
    if (fold) fold.open = true;
    if (control === body && body.manuscript) body.manuscript.focus();
    else { control.focus(); control.scrollIntoView({ block: "center" }); }
  });
})();
