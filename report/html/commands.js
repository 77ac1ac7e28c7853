/* SPDX-License-Identifier: BSD-2-Clause */
/* The command lines that list more than the page. */

const FLOW_KEYS = "comm,direction,service,raddr";

const listings = {
  timeline: () => "--timeline " + typedDuration(head.step_us),
  ms: () => "--histogram ms",
  rtt: () => "--histogram min_rtt_us",
  ends: () => "--histogram end",
  flows: () => `--flows=${FLOW_KEYS} --sort sessions`,
  slowest: () => "--sort ms --top 100",
  largest: () => "--columns close_us,comm,raddr,rport,end,tx_bytes,rx_bytes --sort tx_bytes --top 100",
  info: () => "--info",
};

/* What a filter takes between quotes, of a name that is typed into a shell. */
const plainName = /^[A-Za-z0-9 _.,:;/@%+()[\]{}<>=~#*?&|!^-]*$/;

/* The flow as a filter; null where its name cannot be typed. */
function flowFilter() {
  const flow = flows[chosen.flow], row = flow.row;
  if (flow === others || (row.comm !== undefined && !plainName.test(row.comm)))
    return null;
  return [
    row.comm === undefined ? "not has(comm)" : `comm == "${row.comm}"`,
    row.direction === undefined ? null : `direction == ${row.direction}`,
    row.service === undefined ? "not has(service)" : `service == ${row.service}`,
    row.raddr === undefined ? null : `raddr == ${row.raddr}`,
  ].filter(Boolean).join(" and ");
}

/* "" where nothing is chosen; null where it cannot be typed. */
function typedChoice() {
  let words = "";
  if (isTimed()) {
    const [from, to] = spanOfChosen();
    words += ` --since ${typedTime(from)} --until ${typedTime(to)}`;
  }
  if (chosen.flow !== null) {
    const filter = flowFilter();
    if (filter === null)
      return null;
    words += ` --filter '${filter}'`;
  }
  return words;
}

function drawCommands() {
  const choice = typedChoice(), base = head.command === undefined ? "tcplife-report CAPTURE" : asText(head.command);
  for (const holder of document.querySelectorAll("[data-command]")) {
    const name = holder.dataset.command;
    const words = name === "info" ? "" : choice;
    const command = words === null ? base + " " + listings[name]() : base + words + " " + listings[name]();
    holder.replaceChildren(...[element("span", {class: "prompt", "aria-hidden": "true"}, "$ "), element("code", null, command),
      words === null ? element("span", {class: "soft"}, "  (of all: this flow cannot be typed)") : null].filter(Boolean));
  }
}
