/* The public door of petitions. Every page works without this.

   [data-draft]      a draft in this browser, only while its box is ticked; gone once the petition is sent
   form[data-send]   sending survives a lost connection: what was chosen stays, and the same token is sent again
   [data-code-form]  a slip in a receipt code is told before it is sent
   [data-receipt]    printing and copying the code */
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const KEY = "chancery.petition.";
  let store = null;
  try { store = window.localStorage; store.getItem(KEY); } catch { store = null; }
  const forget = () => { if (store) Object.keys(store).filter((key) => key.startsWith(KEY)).forEach((key) => store.removeItem(key)); };

  /* The draft ---------------------------------------------------------------------------------------------- */
  const form = $("form[data-draft]");
  if (form && store) {
    const key = KEY + form.dataset.draft;
    const box = $("[data-keep]", form);
    const tick = $("[data-keep-draft]", form);
    const fields = () => [...form.elements].filter((el) => el.name && !["csrfmiddlewaretoken", "kind", "step"].includes(el.name));
    const save = () => {
      if (!tick.checked) { store.removeItem(key); return; }
      const kept = {};
      fields().forEach((el) => { if (!/^(radio|checkbox)$/.test(el.type) || el.checked) kept[el.name] = el.value; });
      store.setItem(key, JSON.stringify(kept));
    };
    box.hidden = false;
    let kept = null;
    try { kept = JSON.parse(store.getItem(key)); } catch { kept = null; }
    if (kept) {
      tick.checked = true;
      if (!$(".error-summary", form) && !form.elements.request.value) {
        fields().forEach((el) => {
          if (!(el.name in kept)) return;
          if (/^(radio|checkbox)$/.test(el.type)) el.checked = el.value === kept[el.name]; else el.value = kept[el.name];
        });
        $("[data-restored]", form).hidden = false;
      }
    }
    form.addEventListener("input", save);
    tick.addEventListener("change", save);
    $("[data-drop-draft]", form).addEventListener("click", () => { tick.checked = false; save(); location.reload(); });
  }

  /* Who stays unnamed is not asked for a name ---------------------------------------------------------------- */
  if (form && form.elements.who) {
    const named = ["name", "phone", "email", "address", "id_number"].map((name) => form.elements[name].closest(".field"));
    const show = () => { const hide = form.elements.who.value === "anonymous"; named.forEach((field) => { field.hidden = hide; }); };
    form.addEventListener("change", show);
    show();
  }

  /* Sending -------------------------------------------------------------------------------------------------- */
  const sending = $("form[data-send]");
  const say = (words) => {
    const place = $("[data-said]", sending);
    place.innerHTML = "";
    const box = document.createElement("div");
    box.className = "error-summary";
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    const text = document.createElement("p");
    text.className = "mb-0";
    text.textContent = words;
    box.append(text);
    place.append(box);
    box.focus();
  };
  const busy = (on) => { [...sending.querySelectorAll("button")].forEach((b) => { b.disabled = on; b.classList.toggle("is-busy", on); }); };
  if (sending) {
    sending.addEventListener("submit", async (event) => {
      if (event.submitter && event.submitter.hasAttribute("data-unproved")) return;
      event.preventDefault();
      if (sending.dataset.busy) return;
      const most = Number(sending.dataset.fileMost) * 1048576;
      const chosen = [...sending.elements.files.files];
      const large = chosen.filter((file) => file.size > most).map((file) => file.name);
      if (large.length) { say(`${large.join(", ")}: ${sending.dataset.large} ${sending.dataset.fileMost} MB`); return; }
      if (chosen.length > Number(sending.dataset.filesMost)) { say(sending.dataset.tooMany); return; }
      sending.dataset.busy = "1";
      const data = new FormData(sending);
      busy(true);
      let page = "";
      try {
        const answer = await fetch(sending.action, { method: "POST", body: data, credentials: "same-origin" });
        page = await answer.text();
      } catch {
        say(sending.dataset.lost);
        return;
      } finally {
        delete sending.dataset.busy;
        busy(false);
      }
      const made = new DOMParser().parseFromString(page, "text/html");
      const again = $("form[data-send]", made);
      if (again) {
        $("[data-said]", sending).replaceChildren(...$("[data-said]", again).childNodes);
        $("[data-proof-place]", sending).replaceChildren(...$("[data-proof-place]", again).childNodes);
        sending.dispatchEvent(new CustomEvent("proof:renew", { bubbles: true }));
        const told = $("[data-said] [role=alert]", sending);
        if (told) told.focus();
        return;
      }
      if ($("[data-receipt]", made)) { forget(); history.replaceState(null, "", sending.dataset.after || sending.action); }
      document.title = made.title;
      const main = $("main", made) || made.body;
      $("main").replaceChildren(...main.childNodes);
      document.querySelectorAll("form.language").forEach((one) => one.remove());
      receipt();
      scrollTo(0, 0);
      $("main").focus();
    });
  }

  /* The receipt ---------------------------------------------------------------------------------------------- */
  function receipt() {
    if (!$("[data-receipt]")) return;
    forget();
    const print = $("[data-print]");
    if (print) { print.hidden = false; print.onclick = () => window.print(); }
    const copy = $("[data-copy]");
    if (copy && navigator.clipboard) {
      copy.hidden = false;
      copy.onclick = async () => { await navigator.clipboard.writeText(copy.dataset.copy); $("span", copy).textContent = copy.dataset.copied; };
    }
  }
  receipt();

  /* A slip in a code ------------------------------------------------------------------------------------------ */
  const asked = $("[data-code-form]");
  if (asked) {
    const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const slip = $("[data-slip]", asked);
    const input = asked.elements.code;
    const isWhole = (code) => {
      let total = 0;
      for (const char of code.slice(0, 19)) { total = (total ^ DIGITS.indexOf(char)) << 1; if (total & 32) total ^= 37; }
      return total === DIGITS.indexOf(code[19]);
    };
    const judge = () => {
      const code = input.value.normalize("NFKC").toUpperCase().replace(/[\s\p{Pd}\p{Cf}_.\u2212]/gu, "").replace(/O/g, "0").replace(/[IL]/g, "1");
      const bad = [...code].some((char) => !DIGITS.includes(char));
      const words = !code ? "" : bad || (code.length === 20 && !isWhole(code)) || code.length > 20 ? slip.dataset.slip : code.length < 20 && document.activeElement !== input ? slip.dataset.short : "";
      slip.textContent = words;
      slip.classList.toggle("is-wrong", Boolean(words));
    };
    input.addEventListener("input", judge);
    input.addEventListener("blur", judge);
  }
})();
