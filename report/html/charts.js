/* SPDX-License-Identifier: BSD-2-Clause */
/* The charts over time, and how a part of the time is chosen on them. */

const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/* Colors of reasons for failure, in the order in which they are stacked. */
const failureColors = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7"];

/* Ticks of the axis of time: round on the clock that is shown. */
const TICKS = [1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, ...[1, 2, 5, 10, 15, 30].map(n => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map(n => n * MINUTE), ...[1, 2, 3, 6, 12].map(n => n * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 365, 1826, 3652].map(n => n * DAY)];

function timeTicks(chart) {
  const most = Math.max(2, Math.floor(chart.bbox.width / devicePixelRatio / 88));
  const wanted = (lastTime - firstTime) / most;
  const step = TICKS.find(tick => tick >= wanted) || TICKS[TICKS.length - 1] * Math.ceil(wanted / TICKS[TICKS.length - 1]);
  const offset = clock.at(firstTime).us, ticks = [];
  for (let shown = Math.ceil((firstTime + offset) / step) * step; shown - offset <= lastTime; shown += step)
    ticks.push((shown - offset) / SECOND);
  chart.tick = step;
  return ticks;
}

/* The date stands where it begins. */
function timeLabels(chart, ticks) {
  let before = null;
  return ticks.map(tick => {
    const us = Math.round(tick * SECOND), date = clock.face(us).date;
    const label = clock.time(us, chart.tick) + (date !== before && chart.tick < DAY ? "\n" + date : "");
    before = date;
    return label;
  });
}

const step = () => uPlot.paths.stepped({align: 1});

function axes(format, incrs) {
  const plain = {stroke: color("--soft"), font: "12px system-ui, sans-serif", grid: {stroke: color("--line"), width: 1},
    ticks: {show: false}};
  return [
    {...plain, splits: timeTicks, values: timeLabels, size: 46, gap: 11, grid: {show: false}},
    {...plain, incrs, values: (_, ticks) => ticks.map(tick => tick === null ? "" : format(tick)), size: 66, gap: 8, space: 30},
  ];
}

function area(name, label) {
  return {label, stroke: color(name), fill: color(name + "-fill"), width: 1.5, paths: step(), points: {show: false}};
}

/* Round in units of 1,024. */
const BYTE_TICKS = [0, 1, 2, 3, 4, 5, 6].flatMap(power => [1, 2, 5, 10, 20, 50, 100, 200, 500].map(n => n * 1024 ** power));

/* The charts that there are: title, what it says at a step, and of which series. */
const kinds = [
  {
    id: "rate", title: "Sessions ended a second", height: 170,
    legend: () => [],
    series: () => [area("--accent", "ended")],
    values: sums => [sums.ended.map((count, i) => perSecond(count, i))],
    format: value => value >= 10 || Number.isInteger(value) ? formatCount(value) : digits(value),
    tell: (sums, i) => `${formatCount(sums.ended[i])} ended, ${formatRate(sums.ended[i], lengthOf(i))}`,
  },
  {
    id: "bytes", title: "Bytes a second, of the sessions that ended", height: 150,
    legend: () => [["--sent", "sent"], ["--received", "received"]],
    series: () => [area("--sent", "sent"), area("--received", "received")],
    values: sums => [sums.tx.map((bytes, i) => perSecond(bytes, i)), sums.rx.map((bytes, i) => perSecond(bytes, i))],
    format: value => value ? formatBytes(value).replace(/\.0+(?= )/, "") : "0", incrs: BYTE_TICKS,
    tell: (sums, i) => `${formatBytes(sums.tx[i])} sent, ${formatBytes(sums.rx[i])} received`,
  },
  {
    id: "failed", title: "Failed sessions, by reason", height: 130,
    legend: () => shownFailures().map(i => [failureColors[i], endNames[failures[i]]]),
    series: () => shownFailures().map(i => area(failureColors[i], endNames[failures[i]])).reverse(),
    values: sums => stack(shownFailures().map(i => sums.failed[i])).reverse(),
    format: value => Number.isInteger(value) ? formatCount(value) : "",
    tell: (sums, i) => failures.map((end, k) => [endNames[end], sums.failed[k][i]]).filter(([, count]) => count)
      .map(([name, count]) => `${formatCount(count)} ${name}`).join(", ") || "none failed",
  },
];

const lengthOf = i => endOfStep(i) - steps[i].from_us;
const perSecond = (amount, i) => amount * SECOND / lengthOf(i);

/* Only reasons that there are; the first where there is none, so that the chart is not empty. */
function shownFailures() {
  const there = failures.map((_, i) => i).filter(i => flows.some(flow => flow.cells.some(
    cell => cell.ends.some(([end]) => end === failures[i]))));
  return there.length ? there : [0];
}

function stack(list) {
  const sum = new Array(steps.length).fill(0);
  return list.map(values => values.map((value, i) => sum[i] += value));
}

let charts = []; // {kind, plot, holder, readout, band}
let chartSums = null;

/* Steps have ends, so there is one more place than there are steps. */
function chartData(kind) {
  const x = [...steps.map(row => row.from_us / SECOND), lastTime / SECOND];
  return [x, ...kind.values(chartSums).map(values => [...values, values[values.length - 1]])];
}

function makeChart(kind, parent) {
  const readout = element("span", {class: "readout"});
  const holder = element("div", {class: "chart", tabindex: "0", role: "group", id: "chart-" + kind.id,
    "aria-label": kind.title + ": arrows move, Shift and arrows select"});
  parent.append(element("div", {class: "chart-head"}, element("h3", null, kind.title),
    ...kind.legend().map(([name, label]) => element("span", {class: "legend"}, swatch(name), label)), readout), holder);
  const chart = {kind, holder, readout};
  chart.plot = new uPlot({
    width: widthOf(holder), height: kind.height,
    legend: {show: false}, padding: [8, 8, 0, 0],
    cursor: {drag: {x: false, y: false}, y: false, points: {show: false}, sync: {key: "time"}, focus: {prox: -1}},
    scales: {x: {time: false, range: () => [firstTime / SECOND, lastTime / SECOND]},
      y: {range: (_, least, most) => [0, most > 0 ? most * 1.08 : 1]}},
    axes: axes(kind.format, kind.incrs), series: [{}, ...kind.series()],
    hooks: {setCursor: [plot => tell(chart, plot.cursor.left >= 0 ? stepAt(plot, plot.cursor.left) : null)]},
  }, chartData(kind), holder);
  chart.band = element("div", {class: "band", hidden: true});
  chart.plot.over.append(chart.band);
  listen(chart);
  return chart;
}

function swatch(name) {
  return drawing("svg", {viewBox: "0 0 10 10", class: "swatch", "aria-hidden": "true"},
    drawing("rect", {width: 10, height: 10, rx: 2, class: "fill" + name}));
}

const widthOf = holder => Math.max(240, holder.clientWidth);

function stepAt(plot, left) {
  const us = plot.posToVal(left, "x") * SECOND;
  let i = steps.findIndex((row, k) => us < endOfStep(k));
  if (i < 0)
    i = steps.length - 1;
  return Math.max(0, i);
}

function tell(chart, i) {
  chart.at = i;
  chart.readout.textContent = i === null || !steps[i] ? "" :
    clock.dateTime(steps[i].from_us, head.step_us) + " · " + chart.kind.tell(chartSums, i) +
    (steps[i].lost ? ` · ${formatCount(steps[i].lost)} lost` : "");
}

/* Chosen steps are marked on all charts, by a band of ours: what uPlot selects is gone with the next data. */
function markChosen() {
  for (const {plot, band} of charts) {
    band.hidden = !isTimed();
    if (!isTimed())
      continue;
    const [from, to] = spanOfChosen(), left = plot.valToPos(from / SECOND, "x");
    band.style.left = left + "px";
    band.style.width = Math.max(plot.valToPos(to / SECOND, "x") - left, 2) + "px";
  }
}

function listen(chart) {
  const {plot, holder} = chart;
  const position = event => event.clientX - plot.over.getBoundingClientRect().left;
  let begin = null;
  plot.over.addEventListener("pointerdown", event => {
    if (event.button === 0) {
      begin = position(event);
      plot.over.setPointerCapture(event.pointerId);
    }
  });
  plot.over.addEventListener("pointermove", event => {
    if (event.pointerType !== "mouse")
      plot.setCursor({left: position(event), top: 0});
    if (begin !== null && Math.abs(position(event) - begin) > 4)
      chooseTime(stepAt(plot, Math.min(begin, position(event))), stepAt(plot, Math.max(begin, position(event))) + 1);
  });
  plot.over.addEventListener("pointerup", event => {
    if (begin !== null && Math.abs(position(event) - begin) <= 4 && isTimed())
      chooseTime(null, null);
    begin = null;
  });
  plot.over.addEventListener("pointercancel", () => begin = null);
  holder.addEventListener("keydown", event => moveByKey(chart, event));
  holder.addEventListener("blur", () => chart.anchor = null);
}

/* From the anchor to the cursor is chosen while Shift is held. */
function moveByKey(chart, event) {
  const moves = {ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity};
  if (!(event.key in moves) || !steps.length)
    return;
  event.preventDefault();
  const last = steps.length - 1, known = chart.at !== null && chart.at !== undefined;
  const from = known ? chart.at : moves[event.key] > 0 ? -1 : last + 1;
  const to = Math.min(last, Math.max(0, from + moves[event.key]));
  if (!event.shiftKey)
    chart.anchor = null;
  else if (chart.anchor === null || chart.anchor === undefined)
    chart.anchor = Math.min(last, Math.max(0, from));
  const middle = (steps[to].from_us + endOfStep(to)) / 2 / SECOND;
  chart.plot.setCursor({left: chart.plot.valToPos(middle, "x"), top: 0});
  chart.at = to;
  if (event.shiftKey)
    chooseTime(Math.min(chart.anchor, to), Math.max(chart.anchor, to) + 1);
  byId("live").textContent = chart.readout.textContent;
}

function drawCharts() {
  chartSums = sumSteps();
  for (const chart of charts)
    chart.plot.setData(chartData(chart.kind));
  queueMicrotask(markChosen);
}

/* Anew, since colors are those of the scheme. */
function makeCharts() {
  const parent = byId("charts");
  const focused = document.activeElement && document.activeElement.id;
  charts.forEach(chart => chart.plot.destroy());
  parent.replaceChildren();
  charts = [];
  if (!steps.length) {
    parent.append(element("p", {class: "empty"}, "No session ended in this time."));
    return;
  }
  chartSums = sumSteps();
  charts = kinds.map(kind => makeChart(kind, parent));
  queueMicrotask(markChosen);
  if (focused && focused.startsWith("chart-"))
    byId(focused).focus();
}

function resizeCharts() {
  for (const {plot, holder, kind} of charts)
    if (plot.width !== widthOf(holder))
      plot.setSize({width: widthOf(holder), height: kind.height});
  queueMicrotask(markChosen);
}
