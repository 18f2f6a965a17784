/* Comments beside a text: marks their passages in the editor, goes from one to the other, takes the marked passage along.

   data-threads          the list; each data-thread carries its passage in data-exact, data-prefix, data-suffix, data-start
   data-remark-form      the form; data-anchor takes the passage as JSON
*/
"use strict";
(() => {
  const area = document.querySelector("textarea[data-manuscript]");
  if (!area) return;
  let marked = null;

  const anchorOf = (thread) => ({ exact: thread.dataset.exact, prefix: thread.dataset.prefix, suffix: thread.dataset.suffix, start: Number(thread.dataset.start) });
  const shown = () => [...document.querySelectorAll("[data-thread][data-exact]:not(.is-resolved)")];

  function paint() {
    if (area.manuscript) area.manuscript.highlight(shown().map((thread) => ({ id: thread.dataset.thread, anchor: anchorOf(thread), tone: "amber" })));
  }
  function take() {
    const form = document.querySelector("[data-remark-form]");
    if (!form) return;
    form.querySelector("[data-anchor]").value = marked ? JSON.stringify(marked) : "";
    form.querySelector("[data-remark-on]").hidden = !marked;
    form.querySelector("[data-remark-quote]").textContent = marked ? marked.exact : "";
  }
  function choose(id) {
    document.querySelectorAll("[data-thread]").forEach((one) => one.classList.toggle("is-chosen", one.dataset.thread === id));
  }

  area.addEventListener("manuscript:ready", paint);
  area.addEventListener("manuscript:change", paint);
  area.addEventListener("manuscript:select", (event) => { if (event.detail.anchor) { marked = event.detail.anchor; take(); } });
  area.addEventListener("manuscript:remark", (event) => {
    document.dispatchEvent(new CustomEvent("desk:pane", { detail: "tab-comments" }));
    choose(event.detail.id);
    const thread = document.getElementById(`thread-${event.detail.id}`);
    if (thread) { thread.scrollIntoView({ block: "nearest" }); thread.focus({ preventScroll: true }); }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-remark-whole]")) { marked = null; take(); return; }
    const thread = event.target.closest("[data-thread]");
    if (thread && !event.target.closest("button,summary,textarea,a,label")) go(thread);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches && event.target.matches("[data-thread]")) go(event.target);
  });
  function go(thread) {
    choose(thread.dataset.thread);
    if (thread.dataset.exact && area.manuscript) area.manuscript.select(anchorOf(thread));
  }
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "threads" && !document.getElementById("threads")) return;
    if (event.target.closest && event.target.closest("#preview")) return;
    marked = null;
    take();
    paint();
  });
  if (area.manuscript) paint();
})();
