/* Draws every [data-chart] from its JSON. The same figures stand in the table beside it. */
"use strict";
(() => {
  const colours = ["#1d5c8f", "#b03a2e", "#3d7d4f", "#a36a00", "#5b4690", "#4f6474"];
  const font = getComputedStyle(document.body).fontFamily;
  const ruler = document.createElement("canvas").getContext("2d");
  ruler.font = `12px ${font}`;
  // Every label is shown: bars whose names do not fit side by side lie down, one name a row; short names stand upright.
  function layout(data, width) {
    const longest = Math.max(0, ...data.labels.map((name) => ruler.measureText(name).width));
    const isTight = longest + 4 > (width - 70) / data.labels.length;
    const isAcross = data.kind === "hbar" || (isTight && longest > 48 && ["bar", "stack"].includes(data.kind));
    const most = Math.min(longest + 6, width * 0.42);
    const row = longest > most ? 38 : 26;
    return { isAcross, rotate: isTight && !isAcross ? 90 : 0, most, height: isAcross ? `${Math.max(120, data.labels.length * row + 60)}px` : "" };
  }
  function option(data, { isAcross, rotate, most }) {
    const base = { animation: false, color: colours, textStyle: { fontFamily: font, fontSize: 12 }, aria: { enabled: true, decal: { show: data.series.length > 1 && data.kind !== "line" } } };
    if (data.kind === "pie") {
      return { ...base, tooltip: {}, series: [{ type: "pie", radius: ["35%", "70%"], data: data.labels.map((name, n) => ({ name, value: data.series[0].values[n] })) }] };
    }
    const names = { type: "category", data: data.labels, inverse: isAcross, axisTick: { show: false }, axisLine: { lineStyle: { color: "#b9c2cb" } }, axisLabel: { color: "#33414e", interval: 0, ...(isAcross ? { width: most, overflow: "break" } : { rotate }) } };
    const isCounted = data.series.every((one) => one.values.every(Number.isInteger));
    const values = { type: "value", minInterval: isCounted ? 1 : 0, name: data.unit || "", nameLocation: "end", nameTextStyle: { color: "#56626f" }, splitLine: { lineStyle: { color: "#e8ebef" } }, axisLabel: { color: "#56626f" } };
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
      const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
      let width = 0;
      function fit() {
        if (box.clientWidth === width) return;
        width = box.clientWidth;
        const laid = layout(data, width);
        box.style.height = laid.height;
        chart.setOption(option(data, laid), true);
        chart.resize();
      }
      fit();
      box.dataset.drawn = "1";
      new ResizeObserver(fit).observe(box);
    });
  }
  draw(document);
  document.addEventListener("htmx:afterSettle", (event) => draw(event.target));
})();
