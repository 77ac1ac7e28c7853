/* SPDX-License-Identifier: BSD-2-Clause */
/* Draws the page, and draws it again when something is chosen. */

let ranges = null;

function chip(text, undo) {
  return element("button", {type: "button", class: "chip", onclick: undo, "aria-label": text + ": remove"}, text, " ✕");
}

function drawFilter(totals) {
  const chips = [];
  if (isTimed()) {
    const [from, to] = spanOfChosen();
    chips.push(chip(`${clock.dateTime(from, head.step_us)} to ${clock.time(to, head.step_us)}`, () => chooseTime(null, null)));
  }
  if (chosen.flow !== null)
    chips.push(chip(flowName(flows[chosen.flow]), () => chooseFlow(null)));
  byId("shown").textContent = isFiltered() ? `${plural(totals.sessions, "session")} of ${formatCount(head.sessions)}: ` : "Everything is shown.";
  byId("chips").replaceChildren(...chips);
  byId("clear").hidden = !isFiltered();
  byId("filter").classList.toggle("active", isFiltered());
}

/* What depends on what is chosen, but for the charts. */
function drawParts() {
  const {whole, each} = sumFlows();
  ranges = ranges || {ms: rangeOf(whole.ms), rtt: rangeOf(whole.rtt)};
  drawFilter(whole);
  drawTiles(whole);
  const exact = name => isFiltered() || total[name[0]] === undefined ? null : name.map(key => total[key]);
  const ms = summaryOf(whole.ms, exact(["ms_p50", "ms_p99"])?.map(value => value * 1000));
  const rtt = summaryOf(whole.rtt, exact(["min_rtt_us_p50", "min_rtt_us_p99"]));
  drawHistogram(byId("ms"), whole.ms, ranges.ms, "Lifespans: " + ms);
  drawHistogram(byId("rtt"), whole.rtt, ranges.rtt, "Round trips: " + rtt);
  byId("lifespan-hint").textContent = ms;
  byId("rtt-hint").textContent = "The smallest of each session. " + rtt;
  drawEnds(byId("ends"), whole);
  drawFlows(each);
  drawAllSessions();
  drawCommands();
  return whole;
}

let waiting = false;

/* Once for all that is chosen before the next picture. */
function drawSoon() {
  if (waiting)
    return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    drawParts();
  });
}

function chooseTime(from, to) {
  chosen.from = from;
  chosen.to = to;
  markChosen();
  drawSoon();
}

/* The row that was chosen is drawn anew, and keeps the focus. */
function chooseFlow(index) {
  chosen.flow = index;
  drawCharts();
  drawParts();
  const row = document.querySelector("#flows tr.current button") || document.querySelector("#flows button.choose");
  if (row)
    row.focus({preventScroll: true});
  byId("live").textContent = index === null ? "All flows are shown." : flowName(flows[index]) + " is shown alone.";
}

function clearChoice() {
  chosen.flow = chosen.from = chosen.to = null;
  drawCharts();
  drawParts();
  byId("live").textContent = "Everything is shown.";
}

function start() {
  drawHead();
  drawProblems();
  drawParts();
  drawRecordings();
  drawAbout();
  makeCharts();
  byId("clear").addEventListener("click", clearChoice);
  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && isFiltered())
      clearChoice();
  });
  new ResizeObserver(resizeCharts).observe(byId("charts"));
  for (const query of ["(prefers-color-scheme: dark)", "print"])
    matchMedia(query).addEventListener("change", makeCharts);
}

start();
