/* SPDX-License-Identifier: BSD-2-Clause */
/* Elements of the page. Text goes in as text and never as markup. */

const byId = id => document.getElementById(id);

function element(name, properties, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties || {})) {
    if (value === undefined || value === null || value === false)
      continue;
    if (key.startsWith("on"))
      node.addEventListener(key.slice(2), value);
    else
      node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined).map(
    child => child instanceof Node ? child : document.createTextNode(String(child))));
  return node;
}

function drawing(name, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes))
    node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/* A line of what happened when, in the room of a word. */
function sparkline(values) {
  const width = 96, height = 20, bins = Math.min(values.length, 48), sums = new Array(bins).fill(0);
  values.forEach((value, i) => sums[Math.floor(i * bins / values.length)] += value);
  const most = Math.max(...sums, 1), bar = width / Math.max(bins, 1);
  let path = "";
  sums.forEach((sum, i) => {
    if (sum)
      path += `M${(i * bar).toFixed(1)} ${height}v${(-Math.max(1.5, sum / most * height)).toFixed(1)}h${
        Math.max(bar - 0.4, 0.6).toFixed(1)}V${height}z`;
  });
  return drawing("svg", {viewBox: `0 0 ${width} ${height}`, class: "spark", "aria-hidden": "true"},
    drawing("path", {d: path}));
}

/*
 * A table of columns {title, text(row), number, wide, narrow, html(row), value(row), help}. The first `limit` rows, and a button for the
 * rest. `order` remembers by which column it is sorted, and `redraw` shows it again.
 */
function makeTable(columns, rows, options) {
  const {limit, state, redraw, onRow, isCurrent, caption} = options;
  const sorted = state && state.column !== undefined ? sortRows(columns, rows, state) : rows;
  const shown = state && state.all ? sorted : sorted.slice(0, limit);
  const headings = columns.map((column, i) => headingOf(column, i, state, redraw));
  const body = shown.map(row => {
    const current = isCurrent && isCurrent(row);
    return element("tr", {class: current ? "current" : undefined},
      ...columns.map(column => element("td", {class: classOf(column)}, contentOf(column, row, onRow, current))));
  });
  const table = element("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": caption},
    element("table", null, element("thead", null, element("tr", null, ...headings)), element("tbody", null, ...body)));
  if (sorted.length <= limit || !state)
    return [table];
  return [table, element("p", null, element("button", {
    type: "button", class: "more", onclick: () => {
      state.all = !state.all;
      redraw();
    }}, state.all ? `Show the first ${limit}` : `Show all ${formatCount(sorted.length)}`))];
}

function classOf(column) {
  return [column.number && "number", column.wide && "wide", column.class].filter(Boolean).join(" ") || undefined;
}

function headingOf(column, index, state, redraw) {
  if (!state || !column.value)
    return element("th", {scope: "col", class: classOf(column), title: column.help}, column.title);
  const isSorted = state.column === index;
  return element("th", {
    scope: "col", class: classOf(column), title: column.help,
    "aria-sort": isSorted ? (state.ascending ? "ascending" : "descending") : undefined,
  }, element("button", {
    type: "button", onclick: () => {
      state.ascending = isSorted ? !state.ascending : !column.number;
      state.column = index;
      redraw();
    }}, column.title + (isSorted ? (state.ascending ? " ▲" : " ▼") : "")));
}

function contentOf(column, row, onRow, current) {
  const content = column.draw ? column.draw(row) : column.text(row);
  if (!column.chooses || !onRow)
    return content;
  return element("button", {type: "button", class: "choose", "aria-pressed": current ? "true" : "false",
    onclick: () => onRow(row)}, content);
}

/* What is absent is last, and behind it what always is. */
function sortRows(columns, rows, state) {
  const isLast = columns[state.column].isLast;
  if (isLast && rows.some(isLast))
    return [...sortRows([{...columns[state.column], isLast: null}], rows.filter(row => !isLast(row)), {...state, column: 0}),
      ...rows.filter(isLast)];
  const value = columns[state.column].value, sign = state.ascending ? 1 : -1;
  return rows.map((row, i) => [value(row), i, row]).sort(([a, i], [b, j]) => {
    if (a === undefined || a === null || b === undefined || b === null)
      return (a === undefined || a === null) - (b === undefined || b === null) || i - j;
    return (a < b ? -sign : a > b ? sign : 0) || i - j;
  }).map(([, , row]) => row);
}
