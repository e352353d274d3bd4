// Draws each element with data-points ([seconds], [values]) as a line over time, in the page's own colours, light or dark.
"use strict";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const charts = [];

function draw(box) {
  box.replaceChildren();
  const points = JSON.parse(box.dataset.points);
  if (points[1].every((value) => value === null)) return null;
  const ink = { stroke: colour("--ink-quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
  const digits = Number(box.dataset.digits);
  return new uPlot(
    {
      width: box.clientWidth,
      height: 150,
      padding: [null, 44, null, null],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
      cursor: { y: false },
      legend: { show: true, live: true },
      axes: [{ ...ink, values: "{YYYY}-{MM}-{DD}", space: 90 }, { ...ink, size: 56 }],
      scales: { y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high ?? 0) > 0 ? high * 1.1 : 1] } },
      series: [
        { label: "Day", value: "{YYYY}-{MM}-{DD}" },
        {
          label: box.dataset.name, stroke: colour("--accent"), width: 2, spanGaps: false, points: { size: 5, fill: colour("--accent") },
          value: (_, value) => (value == null ? "–" : value.toFixed(digits)),
        },
      ],
    },
    points,
    box,
  );
}

function drawAll() {
  charts.splice(0).forEach((chart) => chart.destroy());
  document.querySelectorAll(".chart[data-points]").forEach((box) => {
    const chart = draw(box);
    if (chart !== null) charts.push(chart);
  });
}

drawAll();
addEventListener("resize", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
