/* SPDX-License-Identifier: BSD-2-Clause */
/* Values as a person reads them. */

const SECOND = 1e6, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const ABSENT = "–";

const grouped = new Intl.NumberFormat("en", {useGrouping: true, maximumFractionDigits: 0});

/* Strings of captures have \xNN for bytes that are no text, and two backslashes for one. */
function asText(string) {
  return String(string).replace(/\\\\/g, "\\");
}

function digits(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function formatCount(count) {
  return grouped.format(count);
}

/* As tcplife has them: a KB is 1,024 bytes. */
function formatBytes(bytes) {
  const units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return (unit ? digits(bytes) : bytes.toFixed(0)) + " " + units[unit];
}

function formatDuration(us) {
  if (us < 1000)
    return us + " µs";
  if (us < SECOND)
    return digits(us / 1000) + " ms";
  if (us < 2 * MINUTE)
    return digits(us / SECOND) + " s";
  if (us < 2 * HOUR)
    return digits(us / MINUTE) + " min";
  return us < 2 * DAY ? digits(us / HOUR) + " h" : digits(us / DAY) + " d";
}

function formatShare(part, whole) {
  if (!whole)
    return ABSENT;
  const percent = 100 * part / whole;
  return part && percent < 0.1 ? "<0.1 %" : percent.toFixed(percent < 99.95 || part === whole ? 1 : 2) + " %";
}

function formatRate(count, us) {
  const rate = count * SECOND / us;
  return us > 0 ? (rate >= 1000 ? formatCount(rate) : digits(rate)) + " /s" : ABSENT;
}

/* A bound of a step of the scale: round numbers. */
function formatEdge(us) {
  for (const [unit, name] of [[DAY, "d"], [HOUR, "h"], [MINUTE, "min"], [SECOND, "s"], [1000, "ms"]])
    if (us >= unit)
      return us / unit + " " + name;
  return us + " µs";
}

/* What the reporter takes as a length of time. */
function typedDuration(us) {
  for (const [unit, name] of [[DAY, "d"], [HOUR, "h"], [MINUTE, "m"], [SECOND, "s"], [1000, "ms"]])
    if (us % unit === 0)
      return us / unit + name;
  return us + "us";
}

const two = number => String(number).padStart(2, "0");

/* Clocks of the zone in which the report shows times: offsets[] says from when on they show what. */
class Clock {
  constructor(offsets) {
    this.offsets = offsets.map(row => {
      const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)/.exec(row.offset);
      return {from: row.from_us, us: (sign === "-" ? -1 : 1) * (60 * +hours + +minutes) * MINUTE, name: row.name};
    });
  }

  at(us) {
    let found = this.offsets[0];
    for (const offset of this.offsets)
      if (us >= offset.from)
        found = offset;
    return found || {us: 0, name: "UTC"};
  }

  /* The clock's face. */
  face(us) {
    const shown = us + this.at(us).us, date = new Date(Math.floor(shown / 1000));
    return {
      date: date.getUTCFullYear() + "-" + two(date.getUTCMonth() + 1) + "-" + two(date.getUTCDate()),
      minute: two(date.getUTCHours()) + ":" + two(date.getUTCMinutes()),
      second: two(date.getUTCSeconds()),
      micros: String(Math.floor(us % SECOND)).padStart(6, "0"),
    };
  }

  /* Without what a step of that length does not tell; decimals: how many of a second. */
  time(us, step) {
    const face = this.face(us);
    const decimals = step >= SECOND ? 0 : step >= 1000 ? 3 : 6;
    if (step >= DAY)
      return face.date;
    return face.minute + (step >= MINUTE ? "" : ":" + face.second) +
      (decimals ? "." + face.micros.slice(0, decimals) : "");
  }

  dateTime(us, step) {
    return step >= DAY ? this.time(us, step) : this.face(us).date + " " + this.time(us, step);
  }
}

/* As the reporter takes it, in UTC. */
function typedTime(us) {
  const seconds = Math.floor(us / SECOND), micros = us - seconds * SECOND;
  return new Date(seconds * 1000).toISOString().slice(0, 19) +
    (micros ? "." + String(micros).padStart(6, "0") : "") + "Z";
}
