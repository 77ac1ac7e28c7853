/* SPDX-License-Identifier: BSD-2-Clause */
/* Sums over what is chosen: a flow or all, a span of steps or all. */

/* What is shown: `flow` is an index or null; `from` and `to` are steps (to left out), or null. */
const chosen = {flow: null, from: null, to: null};

const isTimed = () => chosen.from !== null;
const isFiltered = () => isTimed() || chosen.flow !== null;

function emptyTotals() {
  return {
    sessions: 0, ended: 0, failed: 0, tx: 0, rx: 0, known: false,
    ends: new Array(ENDS).fill(0), ms: new Array(LETTERS.length).fill(0), rtt: new Array(LETTERS.length).fill(0),
  };
}

function addCell(totals, cell) {
  for (const [end, count] of cell.ends) {
    totals.sessions += count;
    totals.ends[end] += count;
    if (endFails[end])
      totals.failed += count;
    if (end !== STILL_OPEN)
      totals.ended += count;
  }
  totals.tx += cell.tx;
  totals.rx += cell.rx;
  totals.known = totals.known || cell.known;
  for (const [bucket, count] of cell.ms)
    totals.ms[bucket] += count;
  for (const [bucket, count] of cell.rtt)
    totals.rtt[bucket] += count;
}

/* Whatever the time, over time: of the charts. */
function sumSteps() {
  const series = {
    ended: new Array(steps.length).fill(0), tx: new Array(steps.length).fill(0), rx: new Array(steps.length).fill(0),
    failed: failures.map(() => new Array(steps.length).fill(0)),
  };
  const place = new Map(failures.map((end, i) => [end, i]));
  for (const flow of flows) {
    if (chosen.flow !== null && flow.index !== chosen.flow)
      continue;
    for (const cell of flow.cells) {
      if (cell.step >= steps.length)
        continue;
      series.tx[cell.step] += cell.tx;
      series.rx[cell.step] += cell.rx;
      for (const [end, count] of cell.ends) {
        series.ended[cell.step] += count;
        if (place.has(end))
          series.failed[place.get(end)][cell.step] += count;
      }
    }
  }
  return series;
}

/* Within the time: of each flow, and of all that is chosen. What was open at the end has no time. */
function sumFlows() {
  const whole = emptyTotals();
  const each = flows.map(flow => {
    const totals = emptyTotals();
    for (const cell of flow.cells)
      if (!isTimed() || (cell.step >= chosen.from && cell.step < chosen.to)) {
        addCell(totals, cell);
        if (chosen.flow === null || chosen.flow === flow.index)
          addCell(whole, cell);
      }
    return totals;
  });
  return {whole, each};
}

/* The quantile of counts in steps of the scale, in between by their logarithm; null where there are none. */
function quantile(counts, part) {
  const sum = counts.reduce((a, b) => a + b, 0);
  let left = part * sum;
  for (let i = 0; sum && i < counts.length; i++) {
    if (left <= counts[i]) {
      const from = Math.max(edges[i], 0.5), to = edges[i + 1] || from;
      return from * Math.pow(to / from, counts[i] ? left / counts[i] : 0);
    }
    left -= counts[i];
  }
  return null;
}

/* Whether a session of the page is among what is chosen. */
function isChosen(session) {
  if (chosen.flow !== null && (session.flow === undefined ? others.index : session.flow) !== chosen.flow)
    return false;
  if (!isTimed())
    return true;
  return session.end !== "still-open" && session.close_us >= steps[chosen.from].from_us &&
    session.close_us < endOfStep(chosen.to - 1);
}

function spanOfChosen() {
  return isTimed() ? [steps[chosen.from].from_us, endOfStep(chosen.to - 1)] : [firstTime, lastTime];
}
