// Draws the charts of a page. The numbers stand in a table beside each, so a chart that cannot be drawn is no loss.
// Options keep a strict content policy: no eval (ast), no style element, no inline style.
const OPTIONS = { ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: { disableDefaultStyle: true } };
const FONT = '"Pretendard GOV", "Noto Sans KR Variable", sans-serif';
const CONFIG = {
  font: FONT,
  background: "transparent",
  axis: { labelFontSize: 15, titleFontSize: 15, labelColor: "#464c53", titleColor: "#464c53", gridColor: "#e6e8ea", domainColor: "#8a949e", tickColor: "#8a949e" },
  legend: { labelFontSize: 15, titleFontSize: 15, orient: "bottom" },
  range: { category: ["#0b50d0", "#2a8a6e", "#9e6a00", "#ab2b36", "#5917b8", "#58616a"] },
  bar: { color: "#0b50d0" },
  line: { color: "#0b50d0", strokeWidth: 3, point: true },
  view: { stroke: null },
};
const loaded = new Map();

export async function charts(root) {
  const scripts = document.querySelector("[data-chart-scripts]").dataset.chartScripts.split(" ");
  for (const place of root.querySelectorAll("[data-chart]")) {
    try {
      for (const address of scripts) await load(address);
      await draw(place);
    } catch (error) {
      console.warn("chart not drawn", error);
    }
  }
}

async function draw(place) {
  const spec = { width: "container", height: 280, autosize: { type: "fit", contains: "padding" }, ...JSON.parse(place.dataset.chart) };
  spec.config = { ...CONFIG, ...(spec.config ?? {}) };
  const holder = document.createElement("div");
  place.append(holder);
  await window.vegaEmbed(holder, spec, OPTIONS);
  const picture = holder.querySelector("svg");
  picture?.setAttribute("role", "img");
  picture?.setAttribute("aria-label", place.dataset.chartName);
}

function load(address) {
  if (!loaded.has(address)) {
    loaded.set(address, new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = () => failed(new Error(address));
      document.head.append(script);
    }));
  }
  return loaded.get(address);
}
