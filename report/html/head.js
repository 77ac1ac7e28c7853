/* SPDX-License-Identifier: BSD-2-Clause */
/* What the page is of: its head, what is wrong with it, totals, recordings. */

const hosts = sections("host");

function plural(count, noun) {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function drawHead() {
  const names = hosts.filter(row => row.name !== undefined).map(row => asText(row.name));
  const where = names.length === 0 ? "" : names.length === 1 ? " of " + names[0] : ` of ${names[0]} and ${plural(names.length - 1, "other host")}`;
  const zone = steps.length ? clock.at(firstTime) : null;
  byId("title").textContent = document.title = "TCP sessions" + where;
  byId("subtitle").textContent = !total || !total.sessions ? "No session was selected." :
    total.from_us === undefined ? plural(total.sessions, "session") + ", none of which ended." :
      `${clock.dateTime(total.from_us, 1e6)} to ${clock.dateTime(total.to_us, 1e6)} ${zone ? zone.name : ""} · ` +
      `${formatDuration(total.to_us - total.from_us)} · ${plural(total.sessions, "session")} in ${plural(head.flows, "flow")}`;
  const lines = [];
  for (const row of sections("recorder-filter"))
    if (row.name !== undefined)
      lines.push(["Recorded with", asText(row.name)]);
  for (const row of sections("filter"))
    lines.push(["Selected by", asText(row.name)]);
  lines.push(["Made by", (head.command === undefined ? asText(head.version) : asText(head.command) + " --html FILE")]);
  byId("subtitle").after(element("dl", {class: "facts"}, ...lines.flatMap(([term, text]) =>
    [element("dt", null, term), element("dd", null, element("code", null, text))])));
}

/* What is missing, in plain words. */
function problems() {
  const list = [];
  for (const row of sections("losses"))
    list.push(`The recorder lost at most ${plural(row.lost, "session")} (${asText(row.name)}), from ${
      clock.dateTime(row.from_us, 1e6)} to ${clock.dateTime(row.to_us, 1e6)}.`);
  const files = new Map();
  for (const capture of report.captures)
    if (!files.has(capture.file))
      files.set(capture.file, capture);
  for (const [file, capture] of files) {
    if (capture.damage_count)
      list.push(`${asText(file)} is damaged: ${plural(capture.damage_count, "place")}, ${
        formatBytes(capture.damaged_bytes)} that cannot be read, ${plural(capture.missing_blocks, "block")} missing. ` +
        "Sessions in there are not on this page.");
    if (!capture.clean_end)
      list.push(`${asText(file)} has no end: it was cut short, or is still being written. What came later is not on this page.`);
  }
  if (report.captures_left_out)
    list.push(`${plural(report.captures_left_out, "more recording")} are not described here, for want of room; their sessions count.`);
  return list;
}

function drawProblems() {
  byId("notices").replaceChildren(...problems().map(text => element("p", {class: "notice"}, text)));
}

function tile(name, value, note, help) {
  return element("div", {class: "tile", title: help}, element("div", {class: "name"}, name),
    element("div", {class: "value"}, value), element("div", {class: "note"}, note || "\u00a0"));
}

/* Without a choice quantiles are the reporter's own; with one they are read off the steps of a scale. */
function quantileTiles(totals) {
  const exact = !isFiltered() && total;
  const text = (counts, part, value, unit) => {
    if (exact)
      return value === undefined ? ABSENT : formatDuration(Math.round(value * unit));
    const found = quantile(counts, part);
    return found === null ? ABSENT : "≈ " + formatDuration(Math.round(found));
  };
  return [
    tile("Lifespan, median", text(totals.ms, 0.5, total.ms_p50, 1000), "p99 " + text(totals.ms, 0.99, total.ms_p99, 1000),
      "From the last of SYN_SENT, SYN_RECV, ESTABLISHED to the close, as tcplife counts"),
    tile("Round trip, median", text(totals.rtt, 0.5, total.min_rtt_us_p50, 1),
      "p99 " + text(totals.rtt, 0.99, total.min_rtt_us_p99, 1), "The smallest of each session"),
  ];
}

function drawTiles(totals) {
  const [from, to] = spanOfChosen();
  const length = isTimed() ? to - from : total && total.to_us !== undefined ? total.to_us - total.from_us : 0;
  const open = totals.ends[STILL_OPEN];
  const bytes = value => totals.known || !totals.sessions ? formatBytes(value) : ABSENT;
  byId("tiles").replaceChildren(
    tile("Sessions", formatCount(totals.sessions), open ? `${formatCount(open)} still open` : `${formatCount(totals.ended)} ended`),
    tile("Rate", formatRate(totals.ended, length), "ended, over " + formatDuration(length)),
    tile("Failed", formatShare(totals.failed, totals.sessions), formatCount(totals.failed) + " sessions",
      "Reset, refused, timed out, unreachable, given up or never accepted"),
    tile("Sent", bytes(totals.tx), length ? bytes(totals.tx * SECOND / length) + "/s" : ""),
    tile("Received", bytes(totals.rx), length ? bytes(totals.rx * SECOND / length) + "/s" : ""),
    ...quantileTiles(totals));
}

function drawRecordings() {
  const time = us => us === undefined ? ABSENT : clock.dateTime(us, 1e6);
  const text = name => row => row[name] === undefined ? ABSENT : asText(row[name]);
  const columns = [
    {title: "File", text: text("file"), wide: true}, {title: "Host", text: text("host")}, {title: "Kernel", text: text("kernel")},
    {title: "Began", text: row => time(row.created_us)}, {title: "Ended", text: row => time(row.ended_us)},
    {title: "Sessions", number: true, text: row => formatCount(row.sessions)},
    {title: "Lost", number: true, text: row => formatCount(row.lost)},
    {title: "Filters", text: text("filters"), wide: true}, {title: "Note", text: text("note"), wide: true},
  ];
  const state = {};
  const draw = () => byId("recordings").replaceChildren(...(report.captures.length
    ? makeTable(columns, report.captures, {limit: 20, state, redraw: draw, caption: "What was recorded"})
    : [element("p", {class: "empty"}, "Nothing.")]));
  draw();
}

function drawAbout() {
  const shown = flows.length - 1;
  const notes = [
    `Time is shown in steps of ${typedDuration(head.step_us)}. A session counts where it ended, with all of its bytes; those that were ` +
    "still open at the end of a recording stand in no step, and in all sums but those of a part of the time.",
    "1 KB is 1,024 bytes, as tcplife has it. Bytes are those that the peer acknowledged, and those received.",
    "Figures are exact: the same as those of the reporter. Those that follow ≈ are read off the bars of the histograms, " +
    "so they may be off by the width of a bar; whatever is chosen in the page, medians are such.",
    shown < head.flows ? `${formatCount(shown)} of ${plural(head.flows, "flow")} have a row of their own: those that are the greatest part of ` +
      "sessions, of bytes, or of failures. The rest are together “all other flows”." : `All ${plural(head.flows, "flow")} have a row of their own.`,
    unheld ? `${plural(unheld, "session")} of flows that have a row of their own count among the others over time, and where a flow or a ` +
      "part of the time is chosen: there were more flows than the reporter follows over time." : null,
    `The lists of sessions are made of ${plural(report.sessions.length, "session")}: the slowest and the largest of all and of each flow. ` +
    "With a part of the time chosen there may be greater ones that are not among them: the command lists them all.",
    report.losses_left_out ? `${plural(report.losses_left_out, "entry")} of losses are counted and not listed.` : null,
  ];
  byId("about").replaceChildren(...notes.filter(Boolean).map(note => element("li", null, note)));
  byId("footer").textContent = `${asText(head.version)} · charts by uPlot, © Leon Sorokin, MIT licence`;
}
