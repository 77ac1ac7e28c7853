/* SPDX-License-Identifier: BSD-2-Clause */
/* What the reporter put into the page, with the texts of flows read into numbers. */

const report = JSON.parse(document.getElementById("data").textContent);
const head = report.page[0];
const steps = report.steps;
const clock = new Clock(report.offsets);
const edges = report.scale.map(row => row.from_us);

/* Letters stand for the rows of `ends` and of `scale`; of ends, the last for what has no name. */
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ENDS = 26;
const endNames = Array.from({length: ENDS}, (_, i) => report.ends[i] ? report.ends[i].end : "unnamed");
const endFails = Array.from({length: ENDS}, (_, i) => Boolean(report.ends[i] && report.ends[i].is_failed));
const STILL_OPEN = endNames.indexOf("still-open");
const failures = endNames.map((_, i) => i).filter(i => endFails[i]);

/* Of the summary. */
const sections = name => report.summary.filter(row => row.section === name);
const total = sections("total")[0];

/* "a3bz12" -> [[0, 3], [1, 1], [25, 12]] */
function readCounts(text) {
  const counts = [];
  for (const [, letter, number] of text.matchAll(/([a-zA-Z])(\d*)/g))
    counts.push([LETTERS.indexOf(letter), number ? Number(number) : 1]);
  return counts;
}

/* The cells of a flow: of each step in which it has sessions. The step behind the last is of those that were open at the
 * end. */
function readCells(row) {
  if (!row.steps)
    return [];
  const texts = ["ends", "tx", "rx", "ms", "rtt"].map(name => row[name].split(" "));
  let step = 0;
  return row.steps.split(" ").map((more, i) => {
    step += Number(more);
    const [ends, tx, rx, ms, rtt] = texts.map(list => list[i]);
    return {
      step,
      ends: readCounts(ends),
      tx: Number(tx), // nothing known is 0 in a sum,
      rx: Number(rx),
      known: tx !== "" || rx !== "", // and none where nothing is known at all
      ms: readCounts(ms),
      rtt: readCounts(rtt),
    };
  });
}

/* The last is of all others. */
const flows = report.flows.map((row, index) => ({row, index, cells: readCells(row)}));
const others = flows[flows.length - 1];

/* A flow that was left and taken up again: so many of its sessions are among the others. */
const unheld = flows.slice(0, -1).reduce((sum, flow) => sum + flow.row.sessions - flow.row.held, 0);

const firstTime = steps.length ? steps[0].from_us : 0;
const lastTime = steps.length ? endOfStep(steps.length - 1) : 0;

function endOfStep(index) {
  return steps[index].to_us === undefined ? steps[index].from_us + head.step_us : steps[index].to_us;
}

/* Who speaks to whom; the others are called so. */
function flowName(flow) {
  if (flow === others)
    return "all other flows";
  const row = flow.row;
  const arrow = row.direction === "in" ? "←" : row.direction === "out" ? "→" : "–";
  const port = row.service === undefined ? "" : ":" + row.service;
  const comm = row.comm === undefined ? "unknown" : asText(row.comm);
  const peer = row.raddr === undefined ? ABSENT : row.raddr;
  /* The port is of the side that listened. */
  return row.direction === "in" ? comm + port + " " + arrow + " " + peer
    : comm + " " + arrow + " " + (peer.includes(":") && port ? "[" + peer + "]" : peer) + port;
}
