// The dashboard: draws each chart from the numbers of its table, also after htmx has brought new ones, and asks for new
// ones only while somebody can see them. Without this script the tables say the same.
(() => {
  const drawn = new Map();
  const dark = matchMedia("(prefers-color-scheme: dark)");

  document.addEventListener("DOMContentLoaded", () => {
    const select = document.querySelector("select[data-submit]");
    select?.addEventListener("change", () => select.form.requestSubmit());
    if (select) select.form.querySelector("button").hidden = true;
    drawAll();
    const redraw = () => drawAll({ isRecoloured: true });
    dark.addEventListener("change", redraw);
    // The colours of this browser are an attribute of the root.
    new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-colour-scheme"] });
  });

  document.addEventListener("htmx:before:request", (event) => {
    if (document.hidden) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    const board = document.getElementById("dashboard");
    if (!document.hidden && board?.hasAttribute("hx-get"))
      window.htmx?.ajax("GET", board.getAttribute("hx-get"), board);
  });
  document.addEventListener("htmx:after:swap", () => {
    say("");
    drawAll();
  });
  const fail = () => say(document.getElementById("dashboard-status").dataset.old);
  document.addEventListener("htmx:error", fail);
  document.addEventListener("htmx:response:error", fail);

  function say(sentence) {
    const status = document.getElementById("dashboard-status");
    if (status.textContent !== sentence) status.textContent = sentence;
  }

  function drawAll({ isRecoloured = false } = {}) {
    if (window.Chart === undefined) return;
    const look = readLook();
    Chart.defaults.color = look.soft;
    Chart.defaults.borderColor = look.line;
    Chart.defaults.font.family = look.font;
    const boxes = [...document.querySelectorAll("[data-chart]")];
    const ids = new Set(boxes.map((box) => box.id));
    for (const [id, chart] of drawn) {
      if (ids.has(id) && !isRecoloured) continue;
      chart.destroy();
      chart.canvas?.remove();
      drawn.delete(id);
    }
    for (const box of boxes) draw(box, look);
  }

  // A canvas outlives a swap: only its numbers change.
  function draw(box, look) {
    const config = toConfig(box, look);
    const known = drawn.get(box.id);
    box.hidden = false;
    if (known !== undefined) {
      if (!box.contains(known.canvas)) box.replaceChildren(known.canvas);
      known.data = config.data;
      known.options = config.options;
      known.update("none");
      return;
    }
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", box.dataset.label);
    box.replaceChildren(canvas);
    drawn.set(box.id, new Chart(canvas, config));
  }

  function toConfig(box, look) {
    const kind = box.dataset.chart;
    const { labels, titles, series } = readTable(document.getElementById(box.dataset.table));
    if (kind === "doughnut") return toDoughnut(labels, series[0], look);
    const isAcross = kind === "across";
    const isMany = labels.length > 30;
    const lines = series.filter((one) => one.drawn === "line");
    const datasets = series.map((one, index) => {
      return toDataset(one, { index, lineIndex: lines.indexOf(one), look, isAcross, isMany });
    });
    const scales = isAcross ? acrossScales(series) : uprightScales(series, box.dataset.scale);
    const options = { ...common(titles, series.length > 1), indexAxis: isAcross ? "y" : "x", scales };
    return { type: "bar", data: { labels, datasets }, options };
  }

  function toDoughnut(labels, series, look) {
    const data = {
      labels,
      datasets: [{ data: series.values, backgroundColor: look.series, borderColor: look.paper, borderWidth: 2 }],
    };
    const options = { ...common(labels, true), cutout: "62%", interaction: { mode: "nearest", intersect: true } };
    options.plugins.tooltip.callbacks = { title: () => "" };
    return { type: "doughnut", data, options };
  }

  function common(titles, hasLegend) {
    return {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      plugins: {
        legend: {
          display: hasLegend,
          position: "bottom",
          labels: { boxWidth: 14, boxHeight: 14, usePointStyle: true },
        },
        tooltip: {
          callbacks: {
            title: ([item]) => titles[item?.dataIndex] ?? "",
            label: ({ dataset, raw }) => `${dataset.label}: ${format(raw, dataset.unit)}`,
          },
        },
      },
    };
  }

  // Colour is never all that tells two series apart: lines have points and dashes of their own.
  const DASHES = [[], [6, 4], [2, 3], [10, 3, 2, 3]];
  const POINTS = ["circle", "rectRot", "triangle", "rect"];

  function toDataset(series, { index, lineIndex, look, isAcross, isMany }) {
    const colour = look.series[index % look.series.length];
    const base = {
      label: series.label,
      unit: series.unit,
      data: series.values,
      backgroundColor: colour,
      borderColor: colour,
    };
    if (isAcross || series.drawn === "bar")
      return { ...base, yAxisID: isAcross ? "y" : axisOf(series), order: 2, maxBarThickness: 22, borderRadius: 2 };
    return {
      ...base,
      type: "line",
      yAxisID: axisOf(series),
      order: 1,
      borderWidth: 2,
      borderDash: DASHES[lineIndex % DASHES.length],
      pointStyle: POINTS[lineIndex % POINTS.length],
      pointRadius: ({ dataIndex }) => (!isMany || isAlone(series.values, dataIndex) ? 3 : 0),
      spanGaps: false,
      tension: 0.2,
    };
  }

  // No line leads to it, so that it would not be seen.
  function isAlone(values, index) {
    return values[index] !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
  }

  function axisOf({ unit }) {
    return unit === "count" ? "count" : "measure";
  }

  function uprightScales(series, type = "linear") {
    const scales = { x: { grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 12 } } };
    const units = new Map(series.map((one) => [axisOf(one), one.unit]));
    for (const [axis, unit] of units) {
      const position = axis === "measure" && units.size > 1 ? "right" : "left";
      const ticks = {
        callback: (value) => format(value, unit),
        maxTicksLimit: 6,
        precision: unit === "count" ? 0 : undefined,
      };
      scales[axis] = { type, position, beginAtZero: true, ticks, grid: { drawOnChartArea: position === "left" } };
    }
    return scales;
  }

  function acrossScales([{ unit }]) {
    const shorten = function (_value, index) {
      const label = this.getLabelForValue(index);
      return label.length > 24 ? `${label.slice(0, 23)}…` : label;
    };
    return {
      x: { beginAtZero: true, ticks: { callback: (value) => format(value, unit), maxTicksLimit: 5 } },
      y: { grid: { display: false }, ticks: { autoSkip: false, callback: shorten } },
    };
  }

  // The rows of a table as labels and series; cells without a number are gaps.
  function readTable(table) {
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...table.tBodies[0].rows];
    if (table.dataset.order === "newest") rows.reverse();
    const titles = rows.map((row) => row.cells[0].textContent);
    const labels = rows.map((row) => row.cells[0].dataset.short ?? row.cells[0].textContent);
    const series = heads.flatMap((head, column) => {
      if (head.dataset.drawn === undefined) return [];
      const values = rows.map((row) => toNumber(row.cells[column].dataset.value, head.dataset.unit));
      return [{ label: head.textContent, drawn: head.dataset.drawn, unit: head.dataset.unit, values }];
    });
    return { labels, titles, series };
  }

  // Sizes in MiB, so that axes have round ones.
  function toNumber(text, unit) {
    if (text === undefined) return null;
    return unit === "bytes" ? Number(text) / 2 ** 20 : Number(text);
  }

  function format(value, unit) {
    if (value === null) return "–";
    const write = (number, digits) =>
      number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });
    if (unit === "bytes") return `${write(value, 1)} MiB`;
    if (unit !== "ms") return write(value, 0);
    return value >= 1000 ? `${write(value / 1000, 2)} s` : `${write(value, value < 10 ? 2 : 0)} ms`;
  }

  function readLook() {
    const style = getComputedStyle(document.documentElement);
    // A pair of colours resolves only where it is used as a colour.
    const probe = document.createElement("span");
    document.body.append(probe);
    const resolve = (name) => {
      probe.style.color = `var(${name})`;
      return getComputedStyle(probe).color;
    };
    const look = {
      soft: resolve("--soft"),
      line: resolve("--line"),
      paper: resolve("--paper"),
      series: [1, 2, 3, 4, 5, 6].map((number) => resolve(`--series-${number}`)),
      font: style.getPropertyValue("--sans"),
    };
    probe.remove();
    return look;
  }
})();
