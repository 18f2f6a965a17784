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
    /* On a narrow screen the whole picture would be too small to read: show the live step instead. */
    const fit = () => {
      canvas.zoom("fit-viewport", "auto");
      const live = registry.get((box.dataset.active || box.dataset.done || "").split(" ")[0]);
      if (canvas.zoom() > 1.15) canvas.zoom(1.15, "auto");
      else if (canvas.zoom() < 0.6 && live && live.width) {
        canvas.zoom(0.75);
        const view = canvas.viewbox();
        canvas.viewbox({ ...view, x: live.x + live.width / 2 - view.width / 2, y: live.y + live.height / 2 - view.height / 2 });
      }
    };
    fit();
    /* The wheel scrolls the page, not the picture: zooming is by buttons and keys. */
    const wheel = viewer.get("zoomScroll", false);
    if (wheel) wheel.toggle(false);
    /* The canvas takes no tab stop of its own; the box has one, with a name. */
    box.querySelectorAll("svg[tabindex]").forEach((svg) => svg.removeAttribute("tabindex"));
    const zoom = (way) => { if (way === "fit") fit(); else canvas.zoom(canvas.zoom() * (way === "in" ? 1.2 : 1 / 1.2), "auto"); };
    const tools = box.querySelector(".diagram-tools");
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
