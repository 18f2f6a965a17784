/* Draws every [data-chart] from its JSON. The same figures stand in the table beside it. */
"use strict";
(() => {
  const colours = ["#1d5c8f", "#b03a2e", "#3d7d4f", "#a36a00", "#5b4690", "#4f6474"];
  const font = getComputedStyle(document.body).fontFamily;
  function option(data) {
    const isAcross = data.kind === "hbar";
    const base = { animation: false, color: colours, textStyle: { fontFamily: font, fontSize: 12 }, aria: { enabled: true, decal: { show: data.series.length > 1 && data.kind !== "line" } } };
    if (data.kind === "pie") {
      return { ...base, tooltip: {}, series: [{ type: "pie", radius: ["35%", "70%"], data: data.labels.map((name, n) => ({ name, value: data.series[0].values[n] })) }] };
    }
    const names = { type: "category", data: data.labels, inverse: isAcross, axisTick: { show: false }, axisLine: { lineStyle: { color: "#b9c2cb" } }, axisLabel: { color: "#33414e" } };
    const values = { type: "value", name: data.unit || "", nameLocation: "end", nameTextStyle: { color: "#56626f" }, splitLine: { lineStyle: { color: "#e8ebef" } }, axisLabel: { color: "#56626f" } };
    return {
      ...base,
      tooltip: { trigger: "axis", renderMode: "richText" },
      legend: data.series.length > 1 ? { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8 } : undefined,
      grid: { left: 8, right: 36, top: data.series.length > 1 ? 34 : 20, bottom: 4, containLabel: true },
      xAxis: isAcross ? values : names,
      yAxis: isAcross ? names : values,
      series: data.series.map((one) => ({
        name: one.name, data: one.values, type: data.kind === "line" ? "line" : "bar", stack: data.kind === "stack" ? "all" : undefined,
        barMaxWidth: 26, symbolSize: 6, label: isAcross && data.series.length === 1 ? { show: true, position: "right", color: "#33414e" } : undefined,
      })),
    };
  }
  function draw(root) {
    root.querySelectorAll("[data-chart]:not([data-drawn])").forEach((box) => {
      const chart = echarts.init(box, null, { renderer: "svg" });
      chart.setOption(option(JSON.parse(document.getElementById(box.dataset.chart).textContent)));
      box.dataset.drawn = "1";
      new ResizeObserver(() => chart.resize()).observe(box);
    });
  }
  draw(document);
  document.addEventListener("htmx:afterSettle", (event) => draw(event.target));
})();
