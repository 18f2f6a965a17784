/* The computation before a public form is sent (web/components/proof.html). It begins when the page is open, in a worker,
   and tells how far it is; a form sent too early goes by itself once it is done. Without it the slow lane remains.
   A page that puts a new challenge into a form says so by the event "proof:renew" on it. */
"use strict";
(() => {
  const workers = new WeakMap();

  function start(form) {
    const box = form.querySelector("[data-proof]");
    if (!box || !window.Worker) return;
    const line = box.querySelector(".proof-line");
    const bar = line.querySelector("progress");
    const told = line.querySelector("[role=status]");
    const answer = box.querySelector("[name=proof_answer]");
    if (workers.has(form)) workers.get(form).terminate();
    let worker;
    try { worker = new Worker(box.dataset.worker); } catch { return; }
    workers.set(form, worker);
    answer.value = "";
    line.hidden = false;
    bar.value = 0;
    told.textContent = form.dataset.waits ? box.dataset.waiting : `${box.dataset.working} 0 / ${bar.max}`;
    form.dataset.proving = "1";
    const over = () => { delete form.dataset.proving; workers.delete(form); worker.terminate(); };
    worker.onmessage = ({ data }) => {
      bar.value = data.done;
      if (!data.answer) {
        /* Told at the half only: a reader of the screen is not spoken to eight times. */
        if (data.done * 2 === Number(bar.max) && !form.dataset.waits) told.textContent = `${box.dataset.working} ${data.done} / ${bar.max}`;
        return;
      }
      answer.value = data.answer;
      over();
      told.textContent = box.dataset.done;
      form.dispatchEvent(new CustomEvent("proof:done", { bubbles: true }));
      if (form.dataset.waits) { delete form.dataset.waits; form.requestSubmit(); }
    };
    worker.onerror = () => { over(); line.hidden = true; };
    worker.postMessage({ nonce: box.dataset.nonce, parts: Number(box.dataset.parts), bits: Number(box.dataset.bits) });
  }

  addEventListener("submit", (event) => {
    const form = event.target;
    const box = form.querySelector("[data-proof]");
    if (!box || !form.dataset.proving || (event.submitter && event.submitter.hasAttribute("data-unproved"))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.dataset.waits = "1";
    box.querySelector("[role=status]").textContent = box.dataset.waiting;
  }, true);
  addEventListener("proof:renew", (event) => start(event.target), true);
  document.querySelectorAll("form [data-proof]").forEach((box) => start(box.closest("form")));
})();
