#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--html: the page is whole, bounded and safe by what it is made of, and its figures are those of the reporter's JSON.

usage: html_test.py TCPLIFE_REPORT FIXTURES

What a browser makes of it is tested by tests/page.
"""
import html.parser
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from page_document import Page

REPORT = pathlib.Path(sys.argv[1]).resolve()
FIXTURES = pathlib.Path(sys.argv[2]).resolve()
STEP = int(os.environ.get("STEP", "1"))  # where tests are slow they try so many times less
SIZE_MAX = 2 * 1000 * 1000
START_US = 1777626000000000
KEYS = "comm,direction,service,raddr"
FIGURES = f"{KEYS},sessions,failed,tx_bytes,rx_bytes,ms_p50,ms_p99,min_rtt_us_p50,retrans_share"
HOSTILE = "</script><img src=x onerror=alert(1)>&\u2028\u2029<!--"


class Failure(Exception):
    """The case failed; its text says why."""


def expect(condition, what):
    if not condition:
        raise Failure(what)


def run(*arguments, **more):
    return subprocess.run([REPORT, "-q", *arguments], capture_output=True, check=False, cwd=FIXTURES,
                          **({} if "input" in more else {"stdin": subprocess.DEVNULL}), **more)


def page_of(*arguments, **more):
    """The page, and the exit status."""
    done = run(*arguments, "--html", "-", **more)
    expect(done.returncode in (0, 3) and not done.stderr, f"{str(arguments)[:100]}: {done.returncode} {done.stderr[:300]}")
    return Page(done.stdout.decode()), done.returncode


def rows_of(view, *arguments, **more):
    name = view[0].lstrip("-").split("=")[0]
    return json.loads(run(*view, *arguments, "--json", **more).stdout)[name]


def lines(sessions):
    return "".join(json.dumps(session) + "\n" for session in sessions).encode()


def session(i, comm=None, ms=None, service=2, **more):
    """One that a program here opened, in the fields of which those of a page follow."""
    row = {"close_us": START_US + i, "laddr": "192.0.2.1", "lport": 1, "raddr": "192.0.2.2", "rport": service,
           "direction": "out", **more}
    if comm is not None:
        row.update(connect_pid=1, connect_comm=comm)
    if ms is not None:
        row.update(open_us=row["close_us"] - 1000 * ms - 1, established_us=row["close_us"] - 1000 * ms)
    return row


def without(row, *names):
    return {name: value for name, value in row.items() if name not in names}


# What the figures of a page must be: those of the views.

def check_summary(page, *arguments, **more):
    expect(page.data["summary"] == rows_of(["--summary", "--top", "10"], *arguments, **more), "the summary is another")


def check_flows(page, *arguments, **more):
    wanted = rows_of([f"--flows={KEYS}", "--columns", FIGURES], *arguments, **more)
    by_key = {tuple(row.get(key) for key in KEYS.split(",")): row for row in wanted}
    for row in page.flows():
        found = by_key.get(tuple(row.get(key) for key in KEYS.split(",")))
        expect(found == without(row, "held", "steps", "ends", "tx", "rx", "ms", "rtt"), f"another flow: {row}")
    head = page.data["page"][0]
    expect(head["flows"] == len(wanted) and head["flows_shown"] == len(page.flows()), "another number of flows")
    expect(head["sessions"] == sum(row["sessions"] for row in wanted) == page.total(page.all_counts("ends")),
           "another number of sessions")


def check_timeline(page, *arguments, **more):
    wanted = [row for row in rows_of(["--timeline", f"{page.data['page'][0]['step_us'] / 1e6}s"], *arguments, **more)
              if row["ended"] or row["failed"]]
    got = {row["from_us"]: row for row in page.timeline() if row["ended"]}
    for row in wanted:
        found = got.pop(row["from_us"], None)
        expect(found and all(found[name] == row.get(name, 0) for name in ("ended", "failed", "tx_bytes", "rx_bytes")),
               f"another step: {found} and not {row}")
    expect(not got, f"steps that are none: {got}")


def check_histograms(page, *arguments, **more):
    for letter, field, unit in (("ms", "ms", 1000), ("rtt", "min_rtt_us", 1)):
        edge = "from_ms" if field == "ms" else "from_us"
        wanted = {round(row[edge] * unit): row["sessions"] for row in rows_of(["--histogram", field], *arguments, **more)
                  if edge in row and row["sessions"]}
        got = {page.data["scale"][i]["from_us"]: n for i, n in page.all_counts(letter).items()}
        expect(got == wanted, f"another histogram of {field}: {got} and not {wanted}")
    wanted = {}
    for row in rows_of(["--histogram", "end"], *arguments, **more):
        if "end" in row:
            end = row["end"] if isinstance(row["end"], str) else min(row["end"], 25)
            wanted[end] = wanted.get(end, 0) + row["sessions"]
    got = {page.end_name(i): n for i, n in page.all_counts("ends").items()}
    absent = got.get("unknown", 0) - wanted.get("unknown", 0)
    expect(without(got, "unknown") == without(wanted, "unknown") and absent >= 0, f"other ends: {got} and not {wanted}")


def check_sessions(page, *arguments, **more):
    fields = "open_us,close_us,ms,pid,comm,direction,laddr,lport,raddr,rport,service,end,tx_bytes,rx_bytes,min_rtt_us,retrans_bytes"
    wanted = rows_of(["--sessions", "--columns", fields], *arguments, **more)
    known = {json.dumps(row, sort_keys=True) for row in wanted}
    got = [without(row, "flow") for row in page.data["sessions"]]
    expect(all(json.dumps(row, sort_keys=True) in known for row in got), "a session that there is not")
    for rank in (lambda row: row.get("ms", 0), lambda row: row.get("tx_bytes", 0) + row.get("rx_bytes", 0)):
        greatest = sorted((rank(row) for row in wanted if rank(row)), reverse=True)[:200]
        expect(sorted((rank(row) for row in got), reverse=True)[:len(greatest)] == greatest, "not the greatest sessions")
    for row in page.data["sessions"]:
        flow = page.data["flows"][row["flow"]] if "flow" in row else {}
        expect(all(flow.get(key) == row.get(key) for key in KEYS.split(",")) or not flow, "a session of another flow")


CHECKS = (check_summary, check_flows, check_timeline, check_histograms, check_sessions)


def check_figures(page, *arguments, **more):
    for check in CHECKS:
        check(page, *arguments, **more)


# The cases.

class Elements(html.parser.HTMLParser):
    """What a parser finds: (tag, attributes) of each element."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def check_made_of(page):
    """One style, one script, the data; nothing that fetches or runs anything else."""
    elements = Elements()
    elements.feed(page.text)
    tags = [tag for tag, _ in elements.found]
    expect(tags.count("script") == 2 and tags.count("style") == 1, f"other elements: {tags}")
    expect(not {"img", "link", "iframe", "object", "embed", "form", "base", "svg", "a"} & set(tags), f"elements: {tags}")
    for tag, attributes in elements.found:
        bad = [name for name in attributes if name.startswith("on") or name in ("src", "href", "style", "srcset")]
        expect(not bad, f"<{tag} {bad}>")
    expect(page.policy == page.wanted_policy(), f"the policy is {page.policy}")
    expect(not any(c in page.raw for c in "<>&\u2028\u2029"), "the data are not escaped")
    expect(len(page.text.encode()) < SIZE_MAX, f"{len(page.text)} bytes")


def try_good_fixtures():
    for path in sorted(FIXTURES.glob("good-*.tlz"))[::STEP] + [FIXTURES / "sample.tlz"]:
        try:
            page, status = page_of(path.name)
            expect(status == run(path.name, "--summary").returncode, "another exit status")
            check_made_of(page)
            check_figures(page, path.name)
        except Failure as failure:
            raise Failure(f"{path.name}: {failure}") from failure


def try_bad_fixtures():
    """What is damaged is told; of what is no capture there is no page."""
    told = 0
    for path in sorted(FIXTURES.glob("bad-*.tlz"))[::STEP]:
        done = run(path.name, "--html", "-")
        wanted = {run(path.name, *options).returncode for options in (["--summary"], ["--write", "-"])}
        expect(done.returncode in wanted, f"{path.name}: {done.returncode} and not {wanted}")
        # Some damage is found only in columns that a page reads.
        same = done.returncode == run(path.name, "--summary").returncode
        if done.returncode == 1:
            expect(done.stdout == b"", f"{path.name}: a part of a page")
            continue
        page = Page(done.stdout.decode())
        check_made_of(page)
        if same:
            check_summary(page, path.name)
        if done.returncode == 3:
            captures = page.data["captures"]
            expect(any(row["damage_count"] or not row["clean_end"] for row in captures), f"{path.name}: nothing is told")
            told += 1
    expect(told > 5 or STEP > 1, "hardly any is damaged")


def try_selections():
    for options in (["--filter", "comm == nginx"], ["-L", "443"], ["--since", "09:00:01", "--until", "09:00:03"],
                    ["--tz", "Asia/Kathmandu"], ["--tz", "America/New_York", "-6"], ["--filter", "end == still-open"],
                    ["--filter", "pid == 4194304"]):
        page, _ = page_of("sample.tlz", *options)
        check_made_of(page)
        check_figures(page, "sample.tlz", *options)
        command = page.data["page"][0]["command"]
        again = subprocess.run(f"{command} -q --html -", shell=True, cwd=FIXTURES, capture_output=True, check=False,
                               env={**os.environ, "PATH": f"{REPORT.parent}:{os.environ['PATH']}"})
        expect(again.stdout.decode() == page.text, f"{command}: another page")


def try_several():
    names = ["sample.tlz", "good-losses.tlz", "good-two-hosts.tlz"]
    page, _ = page_of(*names)
    check_made_of(page)
    check_figures(page, *names)
    expect(len(page.data["captures"]) == 4 and page.data["losses"], "captures or losses are missing")
    texts = [run(*names, "--jobs", jobs, "--html", "-").stdout for jobs in ("1", "3")]
    expect(texts[0] == texts[1] == page.text.encode(), "another page with other --jobs")


def try_top():
    page, _ = page_of("sample.tlz", "--top", "3")
    check_figures(page, "sample.tlz")
    expect(len(page.flows()) == 3 and page.total(page.others("ends")) > 0, "not three flows and others")


def try_nothing():
    page, status = page_of("-", "--input", "jsonl", input=b"")
    check_made_of(page)
    expect(status == 3 or status == 0, status)
    expect(page.data["steps"] == [] and page.data["sessions"] == [] and page.flows() == [], "it has something")


def try_hostile():
    """Whatever somebody chose is data."""
    with tempfile.TemporaryDirectory() as folder:
        name = pathlib.Path(folder, HOSTILE.replace("/", "_"))
        meta = {"type": "capture", "file": HOSTILE, "source": 1, "host": HOSTILE, "note": HOSTILE, "command_line": HOSTILE}
        name.write_bytes(lines([meta, session(1, comm="</script><img s", ms=1), session(2, comm="<!--<script>", ms=2),
                                session(3, comm="]]>&lt;\\x3c", ms=3)]))
        page, _ = page_of(str(name), "--input", "jsonl", "--filter",
                          f"comm != \"{HOSTILE[9:24]}\"")
    check_made_of(page)
    texts = json.dumps(page.data, ensure_ascii=False)
    expect(texts.count("</script><img src=x onerror=alert(1)>") >= 3, "it is not shown")
    expect({row["comm"] for row in page.flows()} == {"</script><img s", "<!--<script>", "]]>&lt;<"}, page.flows())


def try_absent():
    page, _ = page_of("-", "--input", "jsonl", input=lines([session(i) for i in range(3)]))
    check_made_of(page)
    row = page.flows()[0]
    expect(page.total(page.counts(row, "ends")) == 3 and not row["tx"].strip() + row["ms"].strip() + row["rtt"].strip(), row)
    expect(not {"comm", "tx_bytes", "ms_p50"} & set(row), row)


def try_great_sums():
    most = (1 << 64) - 1
    page, _ = page_of("-", "--input", "jsonl", input=lines([session(i, tx_bytes=1 << 62, rx_bytes=0) for i in range(5)]))
    check_made_of(page)
    expect(page.flows()[0]["tx"] == str(most), page.flows()[0])


def try_clocks_changed():
    """Steps of a day across both changes of a year, and the offsets that the page shows times with."""
    data = lines([session(i * 86400000000, ms=1) for i in range(360)])
    for zone in ("Europe/Berlin", "Australia/Lord_Howe", "UTC"):
        page, _ = page_of("-", "--input", "jsonl", "--tz", zone, input=data)
        check_timeline(page, "-", "--input", "jsonl", "--tz", zone, input=data)
        expect(len(page.data["offsets"]) == (1 if zone == "UTC" else 3), page.data["offsets"])
        expect(page.data["page"][0]["step_us"] == 86400000000, page.data["page"])


def try_spans():
    """Whatever the span, there are at most 400 steps, and all in them."""
    for span in (1, 1000, 399000, 400000, 10**7, 10**9, 10**11, 10**13, 7 * 10**15):
        data = lines([session(i * span // 1000, ms=i) for i in range(1000)])
        page, _ = page_of("-", "--input", "jsonl", input=data)
        expect(0 < len(page.data["steps"]) <= 401, f"{span}: {len(page.data['steps'])} steps")
        expect(page.total(page.all_counts("ends")) == 1000, f"{span}: sessions are missing")
        if span < 10**12:
            check_timeline(page, "-", "--input", "jsonl", input=data)


def check_large(data, checks, head):
    """Of many lines a capture is made, which is read faster."""
    with tempfile.TemporaryDirectory() as folder:
        capture = str(pathlib.Path(folder, "large.tlz"))
        run("-", "--input", "jsonl", "--write", capture, input=data)
        page, _ = page_of(capture)
        check_made_of(page)
        for check in checks:
            check(page, capture)
    expect({name: page.data["page"][0][name] for name in head} == head, page.data["page"])
    for row in page.flows():
        held = page.total(page.counts(row, "ends"))
        expect(row["held"] == held <= row["sessions"], f"held is another: {held} and not {row['held']}")
    return page


def try_many_flows():
    """A hundred thousand flows."""
    count = 100000 // STEP
    data = lines([session(i * 1000, comm="client", raddr=f"10.{i >> 16}.{i >> 8 & 255}.{i & 255}", ms=i % 977, tx_bytes=i,
                          rx_bytes=1, end="refused" if i % 7 == 0 else "closed-here") for i in range(count)])
    check_large(data, (check_summary, check_timeline, check_histograms), {"flows": count, "flows_shown": 200})


def try_many_cells():
    """More flows at more times than are followed: what is left out of them counts among the others, and is told."""
    flows, steps = (600, 300) if STEP == 1 else (60, 40)
    data = lines([session(step * 1000000 + flow, comm=f"p{flow}", service=flow + 1, ms=flow, tx_bytes=10 * flow)
                  for step in range(steps) for flow in range(flows) if flow < 400 or (step + flow) % 3 == 0]
                 + [session(steps * 1000000 - 3000 + i, comm="late", ms=1) for i in range(3000)])
    data = lines([session(0, comm="late", ms=1)]) + data
    page = check_large(data, (check_flows, check_timeline, check_histograms), {"flows_shown": min(flows + 1, 200)})
    late = next(row for row in page.flows() if row["comm"] == "late")
    expect((late["sessions"], late["held"]) == (3001, 3000 if STEP == 1 else 3001), f"{late['sessions']} and {late['held']}")


def try_long_texts():
    """Names of thousands of files, long notes and many recordings do not make it large."""
    long = "n" * 4000
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for i in range(150):
            names.append(str(pathlib.Path(folder, f"{i}.jsonl")))
            pathlib.Path(names[-1]).write_bytes(lines([{"type": "capture", "file": "x", "source": 1, "note": f"{long}<{i}"},
                                                       session(i, ms=1)]))
        page, _ = page_of(*names, "--input", "jsonl")
    check_made_of(page)
    expect(page.data["captures_left_out"] > 0, "none is left out")
    expect(page.data["page"][0]["command"] == "tcplife-report FILE... --input jsonl", page.data["page"])


def try_anonymize():
    page, _ = page_of("sample.tlz", "--anonymize", "--filter", "comm == nginx")
    check_made_of(page)
    expect("command" not in page.data["page"][0], "it tells the command line")
    for secret in ("nginx", "sample.tlz", "web1.example", "198.51.100."):
        expect(secret not in page.raw, f"it tells {secret}")


def main():
    failed = False
    tries = {name[4:].replace("_", " "): function for name, function in sorted(globals().items()) if name.startswith("try_")}
    for name, function in tries.items():
        try:
            function()
            print(f"PASS {name}", flush=True)
        except Failure as failure:
            failed = True
            print(f"FAIL {name}: {str(failure)[:2000]!r}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
