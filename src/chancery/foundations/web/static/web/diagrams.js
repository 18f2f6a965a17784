/* Draws every [data-bpmn-src]: done and active steps marked, moved by arrow keys, zoomed by + − 0. The bpmn.io mark stays. */
"use strict";
(() => {
  async function draw(box) {
    box.dataset.drawn = "1";
    const font = getComputedStyle(document.body).fontFamily;
    const viewer = new BpmnJS({ container: box, textRenderer: { defaultStyle: { fontFamily: font, fontSize: 12 }, externalStyle: { fontFamily: font, fontSize: 12 } } });
    let xml;
    try {
      const answer = await fetch(box.dataset.bpmnSrc, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      xml = await answer.text();
      await viewer.importXML(xml);
    } catch (error) {
      box.dataset.failed = "1"; /* the description in words stands below it */
      console.warn("diagram", error);
      return;
    }
    const canvas = viewer.get("canvas");
    const registry = viewer.get("elementRegistry");
    const mark = (list, name) => (list || "").split(" ").filter((id) => id && registry.get(id)).forEach((id) => canvas.addMarker(id, name));
    mark(box.dataset.done, "is-done");
    mark(box.dataset.active, "is-active");
    /* A flow between two done steps, or from a done one to an active one, was taken. */
    const was = new Set(`${box.dataset.done} ${box.dataset.active}`.split(" "));
    registry.filter((e) => e.waypoints && e.source && e.target).forEach((e) => { if (was.has(e.source.id) && was.has(e.target.id)) canvas.addMarker(e.id, "is-done"); });
    /* As high as the drawing needs at this width. */
    const drawing = canvas.viewbox().inner;
    const scale = Math.min(1, (box.clientWidth - 24) / drawing.width);
    const live = registry.get((box.dataset.active || "").split(" ")[0]);
    const isTooSmall = scale < 0.5 && live && live.width;
    box.style.height = `${Math.round(Math.max(isTooSmall ? 340 : 170, Math.min(560, drawing.height * scale + 68)))}px`;
    canvas.resized();
    const fit = () => {
      canvas.zoom("fit-viewport", "auto");
      if (canvas.zoom() > 1) canvas.zoom(1, "auto");
      canvas.scroll({ dx: 0, dy: -16 }); /* leaves the corner to the bpmn.io mark */
    };
    /* Where the whole would be too small to read, the live step is shown first. */
    const begin = () => {
      fit();
      if (!isTooSmall) return;
      canvas.zoom(0.75);
      const view = canvas.viewbox();
      /* Centred on the step, but not beyond the drawing's edges. */
      const within = (at, size, from, length) => Math.max(from - 12, Math.min(at - size / 2, from + length + 12 - size));
      canvas.viewbox({
        width: view.width, height: view.height,
        x: within(live.x + live.width / 2, view.width, drawing.x, drawing.width),
        y: within(live.y + live.height / 2, view.height, drawing.y, drawing.height),
      });
    };
    begin();
    /* The wheel scrolls the page, not the picture: zooming is by buttons and keys. */
    const wheel = viewer.get("zoomScroll", false);
    if (wheel) wheel.toggle(false);
    /* The canvas takes no tab stop of its own; the box has one, with a name. */
    box.querySelectorAll("svg[tabindex]").forEach((svg) => svg.removeAttribute("tabindex"));
    const zoom = (way) => { if (way === "fit") fit(); else canvas.zoom(canvas.zoom() * (way === "in" ? 1.2 : 1 / 1.2), "auto"); };
    const tools = box.nextElementSibling && box.nextElementSibling.querySelector(".diagram-tools");
    if (tools) { tools.hidden = false; tools.addEventListener("click", (event) => { const b = event.target.closest("[data-zoom]"); if (b) zoom(b.dataset.zoom); }); }
    box.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[event.key];
      if (step) { event.preventDefault(); canvas.scroll({ dx: step[0], dy: step[1] }); }
      else if (event.key === "+" || event.key === "=") zoom("in");
      else if (event.key === "-") zoom("out");
      else if (event.key === "0") zoom("fit");
    });
    box.dataset.ready = "1";
  }
  const all = (root) => root.querySelectorAll("[data-bpmn-src]:not([data-drawn])").forEach(draw);
  all(document);
  document.addEventListener("htmx:afterSettle", (event) => all(event.target));
})();
