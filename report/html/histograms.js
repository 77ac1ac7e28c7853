/* SPDX-License-Identifier: BSD-2-Clause */
/* Bars: durations on a logarithmic scale, and how sessions ended. */

/* From the first step of the scale that has any, of all sessions, to the last: so that bars stay where they are while what is
 * chosen changes. */
function rangeOf(counts) {
  const from = counts.findIndex(Boolean);
  let to = counts.length;
  while (to > from && !counts[to - 1])
    to--;
  return from < 0 ? [0, 0] : [from, to];
}

function drawHistogram(holder, counts, range, description) {
  const sum = counts.reduce((a, b) => a + b, 0), [from, to] = range;
  if (!sum) {
    holder.replaceChildren(element("p", {class: "empty"}, "None is known."));
    return;
  }
  const most = Math.max(...counts.slice(from, to)), count = to - from;
  const width = 440, height = 150, left = 4, bottom = 22, bar = (width - 2 * left) / count;
  const bars = [], labels = [];
  const every = Math.ceil(count / 8);
  for (let i = from; i < to; i++) {
    const x = left + (i - from) * bar, tall = counts[i] ? Math.max(1.5, counts[i] / most * (height - bottom - 14)) : 0;
    const title = drawing("title", {});
    title.textContent = `${formatEdge(edges[i])} to ${edges[i + 1] ? formatEdge(edges[i + 1]) : "more"}: ${
      formatCount(counts[i])} (${formatShare(counts[i], sum)})`;
    bars.push(drawing("g", {class: "bar"}, drawing("rect", {x, y: 0, width: bar, height: height - bottom, class: "room"}),
      drawing("rect", {x: x + 0.75, y: height - bottom - tall, width: Math.max(bar - 1.5, 1), height: tall, rx: 1}), title));
    if ((i - from) % every === 0)
      labels.push(label(x, height - 6, i === 0 ? "0" : formatEdge(edges[i])));
  }
  const axis = drawing("path", {d: `M${left} ${height - bottom + 0.5}H${width - left}`, class: "axis"});
  const picture = drawing("svg", {viewBox: `0 0 ${width} ${height}`, class: "histogram", role: "img",
    "aria-label": description}, ...bars, axis, ...labels);
  holder.replaceChildren(picture);
}

function label(x, y, text) {
  const node = drawing("text", {x, y, class: "label"});
  node.textContent = text;
  return node;
}

/* Of all sessions the reporter has told the quantiles themselves. */
function summaryOf(counts, exact) {
  const known = counts.reduce((a, b) => a + b, 0);
  if (!known)
    return "none is known";
  if (exact)
    return `p50 ${formatDuration(Math.round(exact[0]))} · p99 ${formatDuration(Math.round(exact[1]))} · ${
      plural(known, "session")}`;
  return [0.5, 0.9, 0.99].map(part => `p${100 * part} ≈ ${formatDuration(Math.round(quantile(counts, part)))}`).join(" · ") +
    ` · ${plural(known, "session")}`;
}

/* Those that there are, most first. */
function drawEnds(holder, totals) {
  const rows = totals.ends.map((count, end) => ({count, end})).filter(row => row.count).sort((a, b) => b.count - a.count);
  if (!rows.length) {
    holder.replaceChildren(element("p", {class: "empty"}, "None."));
    return;
  }
  holder.replaceChildren(element("table", {class: "bars"}, element("tbody", null, ...rows.map(({count, end}) =>
    element("tr", null, element("th", {scope: "row"}, endNames[end]),
      element("td", {class: "bar-cell"}, drawing("svg", {viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true",
        class: endFails[end] ? "hbar failed" : "hbar"}, drawing("rect", {width: Math.max(100 * count / rows[0].count, 0.7),
        height: 10}))),
      element("td", {class: "number"}, formatCount(count)),
      element("td", {class: "number soft"}, formatShare(count, totals.sessions)))))));
}
