// SPDX-License-Identifier: BSD-2-Clause
// Tries pages that --html made, in a real browser: what is drawn, what a mouse, a finger and a keyboard do, and that nothing
// of a capture is run. The figures must be those of the reporter, which is asked by the command lines that the page shows.
//
// usage: page_test.js FOLDER, with tcplife-report in PATH. One line a case: "PASS name", "FAIL name: why".

const { chromium } = require("playwright-core");
const { execFileSync } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");

const folder = process.argv[2];
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

let context;

function expect(condition, what) {
  if (!condition)
    throw new Error(what);
}

function equal(got, wanted, what) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  expect(a === b, `${what}: ${a} and not ${b}`);
}

// What the reporter says, by a command line as a person types it.
function ask(command, view) {
  return JSON.parse(execFileSync("/bin/sh", ["-c", command + " -q --json"], {cwd: folder, maxBuffer: 1 << 28}))[view];
}

// Opens a page, and notes all that it does besides being shown.
async function open(name, options = {}) {
  const page = await context.newPage();
  const noted = {errors: [], requests: [], dialogs: 0};
  page.on("console", message => noted.errors.push(message.text()));
  page.on("pageerror", error => noted.errors.push(error.message));
  page.on("request", request => noted.requests.push(request.url()));
  page.on("dialog", dialog => {
    noted.dialogs++;
    dialog.dismiss();
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", event => window.violations.push(event.violatedDirective));
  });
  await page.setViewportSize({width: options.width || 1280, height: 900});
  await page.emulateMedia({colorScheme: options.scheme || "light"});
  await page.goto("file://" + path.join(folder, name + ".html"));
  await page.waitForSelector("#footer:not(:empty)", {state: "attached"});
  return {page, noted};
}

// Nothing was said, asked for or run but the page itself.
async function quiet({page, noted}) {
  equal(noted.errors, [], "it says on the console");
  expect(noted.dialogs === 0, "a dialog was opened");
  expect(noted.requests.length === 1, `it asks for ${noted.requests}`);
  equal(await page.evaluate(() => window.violations), [], "its policy was violated");
}

const text = (page, selector) => page.locator(selector).first().innerText();
const texts = (page, selector) => page.locator(selector).allInnerTexts();
const number = string => Number(string.replace(/[^0-9.]/g, ""));
const command = (page, name) => text(page, `[data-command=${name}] code`);
const tiles = async page => Object.fromEntries((await page.locator(".tile").all()).length ?
  await page.locator(".tile").evaluateAll(list => list.map(tile => [tile.querySelector(".name").textContent,
    tile.querySelector(".value").textContent])) : []);

// All parts that depend on what is chosen.
async function parts(page) {
  return page.evaluate(() => Object.fromEntries(["tiles", "ms", "rtt", "ends", "flows", "slowest", "largest"].map(
    id => [id, document.getElementById(id).innerHTML])));
}

const canvases = page => page.evaluate(() => [...document.querySelectorAll("canvas")].map(canvas => canvas.toDataURL()));

async function drag(page, from, to) {
  await page.locator("#chart-rate").scrollIntoViewIfNeeded();
  const box = await page.locator("#chart-rate .u-over").boundingBox();
  await page.mouse.move(box.x + from * box.width, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + (from + to) / 2 * box.width, box.y + 40);
  await page.mouse.move(box.x + to * box.width, box.y + 40);
  await page.mouse.up();
  await settle(page);
  expect((await texts(page, ".chip")).some(chip => /\d to \d/.test(chip)), "no time was chosen");
}

const settle = page => page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));

// Where time is marked on the charts: parts of their width.
const marks = page => page.evaluate(() => [...document.querySelectorAll(".band")].map(mark =>
  [mark.offsetLeft, mark.offsetLeft + mark.offsetWidth].map(x => (x / mark.parentNode.clientWidth).toFixed(1)).join()));

// The parts are those of the commands that the page shows.
async function checkFigures(page, timed) {
  const ended = ask(await command(page, "timeline"), "timeline").reduce((sum, row) => sum + row.ended, 0);
  const ends = ask(await command(page, "ends"), "histogram").filter(row => !timed || row.end !== "still-open");
  const shown = Object.fromEntries(await page.locator("#ends tr").evaluateAll(rows => rows.map(row =>
    [row.querySelector("th").textContent, Number(row.querySelector(".number").textContent.replace(/,/g, ""))])));
  equal(shown, Object.fromEntries(ends.filter(row => row.end in shown || row.sessions).map(row => [row.end, row.sessions])), "ends");
  const sessions = number((await tiles(page)).Sessions);
  equal(sessions, ends.reduce((sum, row) => sum + row.sessions, 0), "sessions");
  expect(ended <= sessions && ended >= sessions - (shown["still-open"] || 0), `${ended} ended of ${sessions}`);
  const bars = await page.locator("#ms title").allTextContents();
  equal(bars.map(bar => number(bar.split(": ")[1].split(" (")[0])).filter(Boolean).reduce((a, b) => a + b, 0),
    ask(await command(page, "ms") + (timed ? " --filter 'end != still-open'" : ""), "histogram").reduce(
      (sum, row) => sum + (row.from_ms === undefined ? 0 : row.sessions), 0), "lifespans");
}

const cases = {
  async "it is drawn, and nothing else happens"() {
    for (const name of ["web", "zone", "cut", "empty", "many", "hostile"]) {
      const opened = await open(name);
      await quiet(opened);
      expect(await opened.page.locator("canvas").count() === (name === "empty" ? 0 : 3), `${name}: no charts`);
      await opened.page.close();
    }
  },

  async "the figures are the reporter's"() {
    for (const name of ["web", "many"]) {
      const {page} = await open(name);
      const [total] = ask(`tcplife-report ${name}.tlz --summary`, "summary").filter(row => row.section === "total");
      const shown = await tiles(page);
      equal(number(shown.Sessions), total.sessions, "sessions");
      equal(shown.Failed, (100 * total.failed / total.sessions).toFixed(1) + " %", "failed");
      await checkFigures(page, false);
      const flows = ask(await command(page, "flows") + " --top 5", "flows");
      const rows = (await page.locator("#flows tbody tr").evaluateAll(list => list.map(row =>
        [...row.cells].map(cell => cell.textContent)))).filter(cells => cells[1] !== "all other flows").slice(0, 5);
      equal(rows.map(cells => number(cells[5])), flows.map(row => row.sessions), "sessions of flows");
      const [slowest] = ask(await command(page, "slowest"), "sessions");
      equal((await texts(page, "#slowest tbody tr:first-child td"))[6], `${slowest.raddr.includes(":") ? `[${slowest.raddr}]`
        : slowest.raddr}:${slowest.rport}`, "the slowest");
      await page.close();
    }
  },

  async "dragging over a chart chooses a time in all parts"() {
    const opened = await open("web"), {page} = opened;
    const before = await parts(page);
    await drag(page, 0.3, 0.6);
    const after = await parts(page);
    for (const name of Object.keys(before))
      expect(before[name] !== after[name], `${name} is as before`);
    expect((await command(page, "timeline")).includes("--since 2026-05-01T09:00:0"), await command(page, "timeline"));
    await checkFigures(page, true);
    const [since, until] = (await command(page, "flows")).match(/\d{4}-\S+Z/g).map(time => Date.parse(time));
    for (const time of await texts(page, "#slowest td.time, #largest td.time"))
      expect(Date.parse(time.replace(" ", "T") + "Z") >= since && Date.parse(time.replace(" ", "T") + "Z") <= until, time);
    const box = await page.locator("#chart-rate .u-over").boundingBox();
    await page.mouse.click(box.x + 10, box.y + 10);
    await settle(page);
    equal(await parts(page), before, "a click undoes it");
    await quiet(opened);
  },

  async "a click on a flow shows it alone, together with a time"() {
    const opened = await open("web"), {page} = opened;
    const before = await parts(page), drawn = await canvases(page);
    await page.click("#flows button.choose >> nth=0");
    await settle(page);
    const after = await parts(page), redrawn = await canvases(page);
    for (const name of ["tiles", "ms", "rtt", "ends", "flows", "slowest", "largest"])
      expect(before[name] !== after[name], `${name} is as before`);
    expect(drawn[0] !== redrawn[0] && drawn[1] !== redrawn[1] && drawn[2] !== redrawn[2], "charts are as before");
    expect((await command(page, "ms")).includes(`--filter 'comm == "php-fpm8.2" and `), await command(page, "ms"));
    await checkFigures(page, false);
    expect((await texts(page, "#slowest tbody tr")).length === number((await tiles(page)).Sessions), "sessions of other flows");
    await drag(page, 0.0, 0.2);
    await checkFigures(page, true);
    equal(await marks(page), ["0.0,0.2", "0.0,0.2", "0.0,0.2"], "the marks of the time");
    await page.click("#chips button >> nth=1");
    await settle(page);
    equal(await marks(page), ["0.0,0.2", "0.0,0.2", "0.0,0.2"], "the marks of the time, of all flows");
    await checkFigures(page, true);
    await page.setViewportSize({width: 700, height: 900});
    await settle(page);
    equal(await marks(page), ["0.0,0.2", "0.0,0.2", "0.0,0.2"], "the marks of the time, on a smaller page");
    await page.setViewportSize({width: 1280, height: 900});
    await settle(page);
    await page.click("#clear");
    await settle(page);
    equal(await parts(page), before, "all is shown again");
    equal(await canvases(page), drawn, "charts of all");
    await quiet(opened);
  },

  async "all of it works by keyboard"() {
    const opened = await open("web"), {page} = opened;
    const before = await parts(page);
    for (let i = 0; await page.evaluate(() => document.activeElement.id) !== "chart-rate"; i++) {
      expect(i < 5, "the chart is not reached by Tab");
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    expect(/^2026-05-01 09:00:00.200 · .* ended/.test(await page.locator("#live").textContent()), "it does not tell the step");
    for (let i = 0; i < 3; i++)
      await page.keyboard.press("Shift+ArrowRight");
    await settle(page);
    expect((await command(page, "ms")).includes("--since 2026-05-01T09:00:00.200000Z --until 2026-05-01T09:00:01Z"),
      await command(page, "ms"));
    await checkFigures(page, true);
    await page.keyboard.press("Escape");
    await settle(page);
    equal(await parts(page), before, "Escape undoes it");
    await page.focus("#flows button.choose >> nth=1");
    await page.keyboard.press("Enter");
    await settle(page);
    equal(await page.evaluate(() => document.activeElement.getAttribute("aria-pressed")), "true", "the flow has the focus");
    await page.keyboard.press("Enter");
    await settle(page);
    equal((await parts(page)).tiles, before.tiles, "a second time undoes it");
    await page.focus("#flows th:nth-child(8) button");
    await page.keyboard.press("Enter");
    equal(await page.locator("#flows th:nth-child(8)").getAttribute("aria-sort"), "descending", "sorted");
    const sent = ask("tcplife-report web.tlz --flows=comm,direction,service,raddr --columns comm,tx_bytes --sort tx_bytes --top 1", "flows");
    equal((await texts(page, "#flows tbody tr:first-child td"))[1], sent[0].comm, "the one that sent most");
    await quiet(opened);
  },

  async "what somebody chose is shown and not run"() {
    const opened = await open("hostile"), {page} = opened;
    const hostile = "</script><img src=x onerror=alert(1)>";
    expect((await text(page, "h1")).includes(hostile), "the host's name is not shown");
    expect((await texts(page, "#flows td")).includes("</script><img s"), "the program's name is not shown");
    expect((await text(page, "#recordings")).includes(hostile), "the note is not shown");
    await page.click("#flows button.choose:has-text('</script>') >> nth=0");
    await settle(page);
    expect((await text(page, "#chips")).includes("</script><img s"), "it cannot be chosen");
    await checkFigures(page, false);
    await drag(page, 0.2, 0.9);
    equal(await page.evaluate(() => document.querySelectorAll("img, iframe, object, embed, link, b, body svg[onload]").length), 0,
      "markup of the capture");
    await quiet(opened);
    // The policy would hold if something slipped through.
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.hasRun = true";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.hasRun = true'><style>body{display:none}</style>");
    });
    await settle(page);
    equal(await page.evaluate(() => [window.hasRun, getComputedStyle(document.body).display]), [null, "block"], "it has run");
    expect((await page.evaluate(() => window.violations)).length >= 3, "nothing was refused");
  },

  async "it fits a phone, and a finger chooses a time"() {
    for (const width of [320, 390, 768]) {
      const {page} = await open("many", {width});
      const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect(wide[0] <= wide[1], `${width}: it is ${wide[0]} wide`);
      await page.close();
    }
    const {page} = await open("web", {width: 390});
    await page.locator("#chart-rate").scrollIntoViewIfNeeded();
    const box = await page.locator("#chart-rate .u-over").boundingBox();
    const client = await page.context().newCDPSession(page);
    const touch = (type, x) => client.send("Input.dispatchTouchEvent", {type, touchPoints: type === "touchEnd" ? []
      : [{x: box.x + x * box.width, y: box.y + 30}]});
    await touch("touchStart", 0.2);
    for (const x of [0.3, 0.4, 0.5])
      await touch("touchMove", x);
    await touch("touchEnd");
    await settle(page);
    expect(await page.locator("#clear").isVisible(), "nothing was chosen");
    await checkFigures(page, true);
  },

  async "it is dark where that is preferred"() {
    const light = (await open("web")).page, dark = (await open("web", {scheme: "dark"})).page;
    const luminance = page => page.evaluate(() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]
      .map(color => color.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0)));
    const [[ground, ink], [darkGround, darkInk]] = [await luminance(light), await luminance(dark)];
    expect(ground > 700 && ink < 200 && darkGround < 100 && darkInk > 600, `${ground} ${ink} ${darkGround} ${darkInk}`);
    const before = await canvases(light);
    await light.emulateMedia({colorScheme: "dark"});
    await settle(light);
    expect((await canvases(light))[0] !== before[0], "charts keep their colors");
  },

  async "it can be printed"() {
    const opened = await open("web", {scheme: "dark"}), {page} = opened;
    await page.emulateMedia({media: "print"});
    equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)", "the ground");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    expect(wide, "it is too wide");
    await page.emulateMedia({media: null});
    const pdf = await page.pdf({format: "A4"});
    const pages = (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) || []).length;
    expect(pages >= 1 && pages <= 6, `${pages} pages`);
    await quiet(opened);
  },

  async "what is missing is said, and times are those of the zone"() {
    const cut = (await open("cut")).page;
    expect(/has no end|is damaged/.test(await text(cut, "#notices")), "damage is not told");
    const empty = (await open("empty")).page;
    expect((await text(empty, "#subtitle")).includes("No session"), "it does not say that there is none");
    const zone = (await open("zone")).page;
    expect((await text(zone, "#subtitle")).startsWith("2026-05-01 14:45:00 to 2026-05-01 14:45:06"), await text(zone, "#subtitle"));
    expect((await text(zone, ".facts")).includes("comm == nginx"), "the filter is not told");
    await drag(zone, 0.2, 0.8);
    await checkFigures(zone, true);
  },
};

async function main() {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "page-"));
  let failed = false;
  context = await chromium.launchPersistentContext(profile, {executablePath: "/usr/bin/chromium", headless: true, args: ARGUMENTS,
    hasTouch: true});
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run();
      console.log(`PASS ${name}`);
    } catch (error) {
      failed = true;
      console.log(`FAIL ${name}: ${error.message.split("\n").slice(0, 6).join(" ").slice(0, 1500)}`);
    }
    await Promise.all(context.pages().map(page => page.close()));
  }
  await context.close();
  fs.rmSync(profile, {recursive: true, force: true});
  process.exit(failed ? 1 : 0);
}

main();
