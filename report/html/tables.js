/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of flows and of sessions. */

const flowState = {}, slowState = {}, largeState = {};

const direction = row => row.direction === undefined || row.direction === "unknown" ? ABSENT : row.direction;
const name = value => value === undefined ? ABSENT : asText(value);

/* Medians are the reporter's, but of a part of the time. */
function flowQuantile(flow, totals, part, exact) {
  if (!isTimed() && flow !== others)
    return exact === undefined ? null : exact;
  return quantile(totals.ms, part);
}

function flowColumns(each) {
  const of = flow => each[flow.index];
  const isExact = flow => !isTimed() && flow !== others;
  const value = (exact, sum) => flow => isExact(flow) ? flow.row[exact] : of(flow)[sum];
  const duration = (flow, part, exact) => {
    const us = flowQuantile(flow, of(flow), part, exact === undefined ? undefined : exact * 1000);
    return us === null ? ABSENT : (isExact(flow) ? "" : "≈ ") + formatDuration(Math.round(us));
  };
  const bytes = (exact, sum) => flow => {
    const amount = value(exact, sum)(flow);
    return amount === undefined || (!isExact(flow) && !of(flow).known && of(flow).sessions) ? ABSENT : formatBytes(amount);
  };
  return [
    {title: "Over time", draw: flow => sparkline(stepsOf(flow)), class: "spark-cell"},
    {title: "Program", text: flow => flow === others ? flowName(flow) : name(flow.row.comm), value: flow => flow.row.comm,
      chooses: true, wide: true},
    {title: "Dir", text: flow => direction(flow.row), value: flow => flow.row.direction, help: "out: this side connected; in: the other"},
    {title: "Port", number: true, text: flow => name(flow.row.service), value: flow => flow.row.service,
      help: "of the side that listened"},
    {title: "Remote", text: flow => name(flow.row.raddr), value: flow => flow.row.raddr, class: "address"},
    {title: "Sessions", number: true, text: flow => formatCount(value("sessions", "sessions")(flow)), value: value("sessions", "sessions")},
    {title: "Failed", number: true, value: value("failed", "failed"),
      text: flow => value("failed", "failed")(flow) ? formatCount(value("failed", "failed")(flow)) : "0",
      draw: flow => failedCell(value("failed", "failed")(flow))},
    {title: "Sent", number: true, text: bytes("tx_bytes", "tx"), value: value("tx_bytes", "tx")},
    {title: "Received", number: true, text: bytes("rx_bytes", "rx"), value: value("rx_bytes", "rx")},
    {title: "p50", number: true, help: "the lifespan that half of them did not exceed", text: flow => duration(flow, 0.5, flow.row.ms_p50),
      value: flow => flowQuantile(flow, of(flow), 0.5, flow.row.ms_p50 && flow.row.ms_p50 * 1000)},
    {title: "p99", number: true, help: "that 99 of 100 did not exceed", text: flow => duration(flow, 0.99, flow.row.ms_p99),
      value: flow => flowQuantile(flow, of(flow), 0.99, flow.row.ms_p99 && flow.row.ms_p99 * 1000)},
  ];
}

function failedCell(count) {
  return element("span", {class: count ? "bad" : "soft"}, formatCount(count));
}

function stepsOf(flow) {
  const values = new Array(steps.length).fill(0);
  for (const cell of flow.cells)
    if (cell.step < steps.length)
      values[cell.step] = cell.ends.reduce((sum, [, count]) => sum + count, 0);
  return values;
}

function drawFlows(each) {
  const state = flowState;
  const there = flows.filter(flow => each[flow.index].sessions || (!isTimed() && flow !== others) || flow.index === chosen.flow);
  const rows = there.filter(flow => flow !== others || each[flow.index].sessions);
  const redraw = () => drawFlows(each);
  if (!state.isSet) {
    state.isSet = true;
    state.column = 5;
  }
  byId("flow-hint").textContent = rows.length ? "Choose a flow to look at it alone; again to look at all." : "";
  const columns = flowColumns(each).map(column => ({...column, isLast: flow => flow === others}));
  byId("flows").replaceChildren(...(rows.length ? makeTable(columns, rows, {
    limit: 12, state, redraw, caption: "Flows", onRow: flow => chooseFlow(flow.index === chosen.flow ? null : flow.index),
    isCurrent: flow => flow.index === chosen.flow,
  }) : [element("p", {class: "empty"}, "None.")]));
}

const sessionColumns = [
  {title: "Ended", text: row => clock.dateTime(row.close_us, 1000), value: row => row.close_us, class: "time"},
  {title: "Program", text: row => name(row.comm), value: row => row.comm, wide: true},
  {title: "PID", number: true, text: row => name(row.pid), value: row => row.pid, class: "minor"},
  {title: "Dir", text: direction, value: row => row.direction},
  {title: "Local", text: row => address(row.laddr, row.lport), class: "address minor"},
  {title: "Remote", text: row => address(row.raddr, row.rport), value: row => row.raddr, class: "address"},
  {title: "End", draw: row => element("span", {class: endFails[endNames.indexOf(row.end)] ? "bad" : ""}, name(row.end)),
    value: row => row.end},
  {title: "Sent", number: true, text: row => row.tx_bytes === undefined ? ABSENT : formatBytes(row.tx_bytes), value: row => row.tx_bytes},
  {title: "Received", number: true, text: row => row.rx_bytes === undefined ? ABSENT : formatBytes(row.rx_bytes),
    value: row => row.rx_bytes},
  {title: "Sent again", number: true, class: "minor", value: row => row.retrans_bytes,
    text: row => row.retrans_bytes === undefined ? ABSENT : row.retrans_bytes ? formatBytes(row.retrans_bytes) : "0"},
  {title: "Round trip", number: true, text: row => row.min_rtt_us === undefined ? ABSENT : formatDuration(row.min_rtt_us),
    value: row => row.min_rtt_us},
  {title: "Lifespan", number: true, text: row => row.ms === undefined ? ABSENT : formatDuration(Math.round(row.ms * 1000)),
    value: row => row.ms},
];

function address(host, port) {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/* What they are ranked by stands first. */
function drawSessions(holder, state, rank, first, caption) {
  const rows = report.sessions.filter(row => isChosen(row) && rank(row) > 0).sort((a, b) => rank(b) - rank(a)).slice(0, 50);
  const isFirst = column => first.includes(column.title);
  const columns = [...sessionColumns.filter(isFirst), ...sessionColumns.filter(column => !isFirst(column))];
  const redraw = () => drawSessions(holder, state, rank, first, caption);
  holder.replaceChildren(...(rows.length ? makeTable(columns, rows, {limit: 10, state, redraw, caption})
    : [element("p", {class: "empty"}, "None of those that this page holds.")]));
}

function drawAllSessions() {
  drawSessions(byId("slowest"), slowState, row => row.ms || 0, ["Lifespan"], "Slowest sessions");
  drawSessions(byId("largest"), largeState, row => (row.tx_bytes || 0) + (row.rx_bytes || 0), ["Sent", "Received"],
    "Largest sessions");
  const hint = isFiltered() ? `Of the ${formatCount(report.sessions.length)} sessions that this page holds; the command lists all.` : "";
  byId("slowest-hint").textContent = byId("largest-hint").textContent = hint;
}
