// The registration form: files may be dropped anywhere on their card, uploads begin at once, and the limit is proposed
// when the urgency or the day of receipt changes. Without this script the same buttons do the same things.
(() => {
  const form = document.querySelector("[data-intake]");
  if (!form) return;
  const box = form.querySelector("[data-drop]");
  const input = box && box.querySelector("input[type=file]");
  const upload = form.querySelector("[data-upload]");

  const send = () => input.files.length && form.requestSubmit(upload);
  if (input && upload) {
    input.addEventListener("change", send);
    for (const kind of ["dragenter", "dragover"]) {
      box.addEventListener(kind, (event) => {
        event.preventDefault();
        box.classList.add("is-over");
      });
    }
    for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, () => box.classList.remove("is-over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      input.files = event.dataTransfer.files;
      send();
    });
  }

  const urgency = form.elements.urgency;
  const received = form.elements.received_on;
  const limit = form.elements.limit_on;
  const chaser = form.elements.chaser;
  const important = form.elements.is_important;
  let typed = Boolean(limit.value);
  limit.addEventListener("change", () => { typed = Boolean(limit.value); });

  const propose = async () => {
    if (typed || !urgency.value) return;
    const query = new URLSearchParams({ urgency: urgency.value, received_on: received.value });
    try {
      const answer = await fetch(`${form.dataset.limit}?${query}`, { headers: { Accept: "application/json" } });
      if (answer.ok && !typed) limit.value = (await answer.json()).limit_on;
    } catch {
      // The proposal is a convenience: the form works without it.
    }
  };
  urgency.addEventListener("change", propose);
  received.addEventListener("change", propose);
  const ask = () => { chaser.required = important.checked; };
  important.addEventListener("change", ask);
  ask();
})();
