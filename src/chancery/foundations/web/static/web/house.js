/* Behaviour of every page. No inline script anywhere: pages speak through data- attributes.

   data-guard            form: one submit only, and a warning before typed text is lost
   data-dialog="id"      opens <dialog id>; data-close closes what it stands in
   data-confirm="words"  form or button: asks first
   data-pick             checkbox of a row; data-pick-all takes every row of the page
   data-auto             form: sends itself when a choice changes (the button is then hidden)
*/
"use strict";
(() => {
  const html = document.documentElement;
  html.classList.add("js");
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const word = (name) => ($("#words") ? $("#words").dataset[name] : "");
  const isTyping = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(checkbox|radio|button|submit)$/.test(el.type));

  /* Forms: once only, and never lose typed text ------------------------------------------------------------ */
  const dirty = new Set();
  addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) dirty.add(form);
  });
  addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
  });
  addEventListener("submit", (event) => {
    const form = event.target;
    const asked = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
    if (asked && !form.dataset.agreed) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(asked, () => { form.dataset.agreed = "1"; form.requestSubmit(event.submitter || undefined); });
      return;
    }
    if (form.method !== "post" || form.matches("[hx-post],[data-many]")) { dirty.delete(form); return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    dirty.delete(form);
    /* After the browser has read the form, so that the pressed button's own value still goes along. */
    setTimeout(() => $$("button:not([type=button]),input[type=submit]", form).forEach((b) => { b.disabled = true; b.classList.add("is-busy"); }));
  }, true);
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    $$("form[data-sent]").forEach((form) => { delete form.dataset.sent; $$("button.is-busy", form).forEach((b) => { b.disabled = false; b.classList.remove("is-busy"); }); });
  });
  function ask(words, then) {
    const dialog = $("#confirm");
    $("#confirm-words").textContent = words;
    $("[data-yes]", dialog).onclick = () => { dialog.close(); then(); };
    dialog.showModal();
  }

  /* Dialogs, menus, side menu ------------------------------------------------------------------------------ */
  addEventListener("click", (event) => {
    const at = event.target;
    const opener = at.closest("[data-dialog]");
    if (opener) { const dialog = document.getElementById(opener.dataset.dialog); if (dialog) { event.preventDefault(); dialog.showModal(); } }
    if (at.closest("[data-close]")) { const box = at.closest("dialog,details"); if (box.close) box.close(); else box.open = false; }
    if (at.tagName === "DIALOG") at.close();
    $$("details.menu[open]").forEach((menu) => { if (!menu.contains(at)) menu.open = false; });
    if (at.closest("[data-open-menu]")) { event.preventDefault(); $("#menu").classList.add("is-open"); const first = $("#menu nav a"); if (first) first.focus(); }
    else if ($("#menu.is-open") && !at.closest("#menu")) $("#menu").classList.remove("is-open");
    if (at.closest("[data-print]")) print();
    const fold = at.closest("[data-fold]");
    if (fold) {
      const narrow = $("#frame").classList.toggle("frame-narrow");
      fold.setAttribute("aria-expanded", String(!narrow));
      document.cookie = `chancery_menu=${narrow ? "narrow" : "wide"};path=/;max-age=31536000;samesite=lax`;
    }
  });

  /* A search field that already sends itself while one types need not send again when it is left. */
  addEventListener("change", (event) => {
    if (event.target.type === "search" && event.target.closest("form[hx-get]")) event.stopPropagation();
  }, true);

  /* Rows: pick, move, open ----------------------------------------------------------------------------------- */
  let at = -1;
  const rows = () => $$("table.list[data-rows] tbody tr");
  function moveTo(next) {
    const all = rows();
    if (!all.length) return;
    all.forEach((row) => row.classList.remove("is-at"));
    at = Math.max(0, Math.min(next, all.length - 1));
    all[at].classList.add("is-at");
    const link = $("a[href]", all[at]);
    if (link) link.focus({ preventScroll: true });
    all[at].scrollIntoView({ block: "nearest" });
  }
  function recount() {
    const picked = $$("[data-pick]:checked").length;
    $$("[data-pick]").forEach((box) => box.closest("tr").classList.toggle("is-chosen", box.checked));
    $$(".bulk").forEach((bar) => { bar.classList.toggle("is-on", picked > 0); const n = $("[data-picked]", bar); if (n) n.textContent = picked; });
  }
  addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) $$("[data-pick]").forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-pick],[data-pick-all]")) recount();
    const auto = event.target.closest("form[data-auto]");
    if (auto && !auto.matches("[hx-get]")) auto.requestSubmit();
  });

  /* Keys ------------------------------------------------------------------------------------------------------ */
  let waiting = 0;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      const open = $("details.menu[open]");
      if (open) { open.open = false; $("summary", open).focus(); }
      else if ($("#menu.is-open")) $("#menu").classList.remove("is-open");
      else if (isTyping(event.target)) event.target.blur();
      return;
    }
    if (isTyping(event.target) || $("dialog[open]")) return;
    const key = event.key;
    const going = Date.now() - waiting < 1200;
    waiting = 0;
    if (going && /^[a-z]$/.test(key)) {
      const to = document.body.dataset[`go${key.toUpperCase()}`];
      if (to) { event.preventDefault(); location.assign(to); }
      return;
    }
    if (key === "g") waiting = Date.now();
    else if (key === "/") { const find = $("[data-search]") || $("input[type=search]"); if (find) { event.preventDefault(); find.focus(); find.select(); } }
    else if (key === "?") { const help = $("#help"); if (help) { event.preventDefault(); help.showModal(); } }
    else if (key === "j" || key === "k") { if (rows().length) { event.preventDefault(); moveTo(at + (key === "j" ? 1 : -1)); } }
    else if (key === "x" && at >= 0) { const box = $("[data-pick]", rows()[at]); if (box) { box.checked = !box.checked; recount(); } }
    else if (key === "Enter" && at >= 0 && event.target === document.body) { const link = $("a[href]", rows()[at]); if (link) link.click(); }
  });

  /* Focus the error summary; keep focus sensible after a swap --------------------------------------------------- */
  const summary = $("[data-focus]");
  if (summary) summary.focus();
  addEventListener("htmx:afterSettle", () => { at = -1; recount(); });
  addEventListener("htmx:sendError", () => { const flash = $("#flash"); if (flash) flash.textContent = word("failed"); });
  addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-Requested-With"] = "XMLHttpRequest"; });
  /* What scrolls sideways can be reached by keyboard. */
  const reachable = () => $$(".list-scroll:not([tabindex])").forEach((box) => { if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; });
  addEventListener("htmx:afterSettle", reachable);
  reachable();
  recount();
})();
