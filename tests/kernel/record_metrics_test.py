#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""--metrics: a file that Prometheus reads, whole at every moment, with what is in the captures and what is not."""

import os
import pathlib
import re
import signal
import stat
import subprocess
import sys
import threading

from kernel_case import (TIME_LIMIT_S, Recorder, Skip, Tools, enter_namespace, expect, expect_equal, run_cases)
from ring_case import Ring, RingRecorder, await_that, rows_of
from survival_case import Shown, Watched

try:
    from prometheus_client.parser import text_string_to_metric_families
except ImportError:
    text_string_to_metric_families = None

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "tcplife-record.1"
PORT = 21717  # below the range from which clients get theirs
CAUSES = {"tcplife_lost_sessions_total": {"ring-full", "no-storage", "unseen", "write-error"},
          "tcplife_lost_state_changes_total": {"ring-full", "unseen", "write-error"}}
NAMES = {"build_info", "recording", "start_time_seconds", "last_flush_timestamp_seconds", "sessions_total",
         "state_changes_total", "lost_sessions_total", "lost_state_changes_total", "written_bytes_total", "blocks_total",
         "files_total", "write_errors_total", "ring_size_bytes", "ring_peak_bytes"}
SAMPLE = re.compile(r'(tcplife_[a-z_]+)(\{[a-z]+="[^"\\\n]*"\})? (\d+(?:\.\d{6})?)')
FAILED = "cannot write the metrics"


def parse(text):
    """The values by what stands before them; it must be exactly what the exposition format asks for, 0.0.4."""
    values, open_name = {}, None
    lines = text.splitlines()
    expect(text.endswith("\n") and "" not in lines, f"it does not end in a line feed, or has an empty line: {text!r}")
    for line in lines:
        if line.startswith("# HELP "):
            expect_equal(line.split(" ", 3)[2] in values, False, f"{line} stands twice")
            open_name = line.split(" ", 3)[2]
            expect(len(line.split(" ", 3)[3]) > 10, f"no help: {line}")
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            expect_equal(name, open_name, "the name of TYPE is that of HELP")
            expect_equal(kind, "counter" if name.endswith("_total") else "gauge", f"type of {name}")
        else:
            found = SAMPLE.fullmatch(line)
            expect(found and found[1] == open_name, f"no sample of {open_name}: {line}")
            values[found[1] + (found[2] or "")] = float(found[3])
            values[found[1]] = float(found[3])
    return values


def losses(values, name):
    return {key.split('"')[1]: value for key, value in values.items() if key.startswith(name + "{")}


class Metrics:
    """The file, as it is written while somebody records."""

    def __init__(self, tools, name):
        self.folder = tools.path(name)
        os.makedirs(self.folder, exist_ok=True)
        self.path = os.path.join(self.folder, "tcplife.prom")
        self.option = ("--metrics", self.path)

    def text(self):
        with open(self.path, encoding="ascii") as file:
            return file.read()

    def values(self):
        return parse(self.text())

    def await_value(self, name, condition):
        await_that(lambda: os.path.exists(self.path) and condition(self.values()[name]), f"a value of {name}")


def info_of(tools, capture):
    text = subprocess.run([tools.reporter, "--info", capture], check=True, capture_output=True, text=True).stdout
    return dict(re.split(r"  +", line, maxsplit=1) for line in text.splitlines())


def try_format(tools):
    """Every name is there from the first moment, each cause too; the exporter can read it; nothing else is beside it."""
    metrics = Metrics(tools, "format")
    recorder = Recorder(tools, "--netns", "self", *metrics.option)
    metrics.await_value("tcplife_recording", lambda value: value == 1)
    begin = metrics.values()
    expect_equal({key.removeprefix("tcplife_") for key in begin if "{" not in key}, NAMES, "names")
    for name, causes in CAUSES.items():
        expect_equal(losses(begin, name), dict.fromkeys(causes, 0), name)
    expect_equal(stat.S_IMODE(os.stat(metrics.path).st_mode), 0o644, "mode")
    expect_equal((stat.S_ISREG(os.lstat(metrics.path).st_mode), os.listdir(metrics.folder)), (True, ["tcplife.prom"]),
                 "files")
    recorder.finish()
    end = metrics.values()
    expect_equal(end["tcplife_recording"], 0, "recording, at the end")
    expect(begin["tcplife_start_time_seconds"] == end["tcplife_start_time_seconds"]
           <= end["tcplife_last_flush_timestamp_seconds"], "the times")


def try_library(tools):
    """Prometheus' own library reads the same."""
    if not text_string_to_metric_families:
        raise Skip("python3-prometheus-client is not installed")
    metrics = Metrics(tools, "library")
    Recorder(tools, "--netns", "self", "--states", *metrics.option).finish()
    wanted = metrics.values()
    found = {}
    for family in text_string_to_metric_families(metrics.text()):
        for sample in family.samples:
            labels = ",".join(f'{key}="{value}"' for key, value in sample.labels.items())
            found[sample.name + (f"{{{labels}}}" if labels else "")] = sample.value
            expect_equal(family.type, "counter" if sample.name.endswith("_total") else "gauge", sample.name)
    expect_equal(found, {key: wanted[key] for key in found}, "values")
    expect_equal({key.split("{")[0] for key in found}, {f"tcplife_{name}" for name in NAMES}, "names")


def try_values(tools):
    """They are what the capture has."""
    metrics = Metrics(tools, "values")
    recorder = Recorder(tools, "--netns", "self", "--states", "--flush", "5ms", *metrics.option)
    tools.make_traffic("client-fin", "--port", str(PORT), "--count", "200")
    metrics.await_value("tcplife_sessions_total", lambda value: value == 400)
    recorder.finish()
    values, info = metrics.values(), info_of(tools, recorder.capture)
    expect_equal(values["tcplife_sessions_total"], int(info["sessions"]), "sessions")
    expect_equal(values["tcplife_state_changes_total"], int(info["states written"]), "changes of state")
    expect_equal(values["tcplife_written_bytes_total"], os.path.getsize(recorder.capture), "bytes")
    expect_equal(values["tcplife_blocks_total"] >= 4, True, "blocks")
    expect_equal((values["tcplife_files_total"], values["tcplife_write_errors_total"]), (1, 0), "files and errors")
    expect(0 <= values["tcplife_ring_peak_bytes"] <= values["tcplife_ring_size_bytes"], "the peak")


def try_losses(tools):
    """A ring that nobody reads: how full it was, and what it cost."""
    metrics = Metrics(tools, "losses")
    recorder = Watched(tools, "--netns", "self", "-L", str(PORT), "--ring", "4K", "--flush", "1h", *metrics.option)
    recorder.process.send_signal(signal.SIGSTOP)
    try:
        tools.make_traffic("client-fin", "--port", str(PORT), "--count", "500")
    finally:
        recorder.process.send_signal(signal.SIGCONT)
    expect_equal(recorder.stop(), 0, "status")
    values = metrics.values()
    lost = losses(values, "tcplife_lost_sessions_total")
    expect_equal(values["tcplife_sessions_total"] + lost["ring-full"], 500, "recorded and lost")
    expect(lost["ring-full"] > 400, f"lost: {lost}")
    expect_equal(lost["write-error"], 0, "lost by writing")
    expect_equal(values["tcplife_ring_size_bytes"], 4096, "size of the ring")
    expect(3000 < values["tcplife_ring_peak_bytes"] <= 4096, f"peak {values['tcplife_ring_peak_bytes']}")


def try_ring(tools):
    """Of a ring of files they are those of all its files."""
    metrics, ring = Metrics(tools, "ring"), Ring(tools, "ring-files")
    recorder = RingRecorder(ring, PORT, "--rotate-time", "1d", "--flush", "5ms", *metrics.option)
    for _ in range(3):
        tools.make_traffic("client-fin", "--port", str(PORT), "--count", "20")
        recorder.rotate()
    metrics.await_value("tcplife_files_total", lambda value: value == 4)
    recorder.finish()
    values = metrics.values()
    expect_equal((values["tcplife_files_total"], values["tcplife_sessions_total"]), (4, 60), "files and sessions")
    expect_equal(len(rows_of(ring.shown())), 60, "rows")
    expect_equal(values["tcplife_written_bytes_total"], ring.bytes(), "bytes")


def try_whole(tools):
    """Whoever reads it while it is replaced, again and again, gets one or the other."""
    metrics = Metrics(tools, "whole")
    recorder = Recorder(tools, "--netns", "self", "--flush", "1ms", *metrics.option)
    times, wrong = set(), []
    await_that(lambda: os.path.exists(metrics.path), "the first")

    def read():
        for _ in range(2000):
            try:
                times.add(metrics.values()["tcplife_last_flush_timestamp_seconds"])
                wrong.extend(name for name in os.listdir(metrics.folder) if name.endswith(".prom") and name != "tcplife.prom")
            except Exception as error:  # pylint: disable=broad-exception-caught
                wrong.append(repr(error))

    reader = threading.Thread(target=read)
    reader.start()
    reader.join(TIME_LIMIT_S)
    recorder.finish()
    expect_equal(wrong[:1], [], "what was read")
    expect(len(times) > 5, f"it was written {len(times)} times")


def try_no_directory(tools):
    """It is said once, whatever the number of flushes; the recording goes on, and once it can be it is written."""
    folder = tools.path("later")
    path = os.path.join(folder, "tcplife.prom")
    recorder = Watched(tools, "--netns", "self", "--flush", "1ms", "--metrics", path)
    recorder.await_words(FAILED)
    tools.make_traffic("client-fin", "--port", str(PORT), "--count", "20")
    expect_equal(recorder.text.count(FAILED), 1, "times that it was said")
    os.mkdir(folder)
    await_that(lambda: os.path.exists(path), "it is written")
    os.rename(folder, folder + "-gone")
    await_that(lambda: recorder.text.count(FAILED) == 2, "it is said again")
    os.mkdir(folder)
    await_that(lambda: os.path.exists(path), "it is written again")
    recorder.finish()
    expect_equal(recorder.text.count(FAILED), 2, "times that it was said")
    expect_equal(len(tools.rows(recorder.capture)), 40, "sessions")
    with open(path, encoding="ascii") as file:
        expect_equal(parse(file.read())["tcplife_sessions_total"], 40, "sessions in the metrics")


def try_in_the_way(tools, name, make, is_same):
    """What is no file of metrics is kept."""
    metrics = Metrics(tools, name)
    make(metrics.path)
    recorder = Watched(tools, "--netns", "self", *metrics.option)
    recorder.await_words(FAILED)
    recorder.finish()
    expect("no file of metrics" in recorder.text, f"'{recorder.text}' does not say what is there")
    expect(is_same(metrics.path), "what was there is not any more")


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def is_made_of(path, data):
    with open(path, "rb") as file:
        return file.read() == data


def try_own_capture(tools):
    """Under another spelling of its name."""
    recorder = Watched(tools, "--netns", "self", "--metrics", tools.path("./cap.tlz"))
    recorder.await_words(FAILED)
    recorder.finish()
    expect_equal(Shown(tools, recorder.capture).status, 0, "status of the report")


def try_killed(tools):
    """What a recorder that was killed has left is in no one's way."""
    metrics = Metrics(tools, "killed")
    write(os.path.join(metrics.folder, ".tcplife.prom.new"), b"half")
    write(metrics.path, b"")
    Recorder(tools, "--netns", "self", *metrics.option).finish()
    expect_equal(os.listdir(metrics.folder), ["tcplife.prom"], "files")
    Recorder(tools, "--netns", "self", *metrics.option).finish()
    expect_equal(metrics.values()["tcplife_recording"], 0, "recording")


def try_documented():
    """The manual page has each name, and no other."""
    page = PAGE.read_text(encoding="utf-8").split(".Sh METRICS\n")[1].split("\n.Sh ")[0]
    expect_equal(set(re.findall(r"\btcplife_([a-z_]+)", page)), NAMES, "names")


def try_usage(tools):
    for value in ("", "-", "folder/", tools.path("same.tlz")):
        done = subprocess.run([tools.recorder, "-o", tools.path("same.tlz"), "--metrics", value], capture_output=True,
                              text=True, timeout=TIME_LIMIT_S, check=False)
        expect_equal(done.returncode, 2, f"status of '{value}'")
        expect("--metrics" in done.stderr, f"'{done.stderr}' does not name it")
        expect(not os.path.exists(tools.path("same.tlz")), "a capture was made")


def main():
    tools = Tools(sys.argv)
    run_cases(tools, enter_namespace, [
        ("every name from the first moment", lambda: try_format(tools)),
        ("Prometheus' library reads it", lambda: try_library(tools)),
        ("values are the capture's", lambda: try_values(tools)),
        ("losses and how full the ring was", lambda: try_losses(tools)),
        ("a ring of files", lambda: try_ring(tools)),
        ("it is whole at every moment", lambda: try_whole(tools)),
        ("no directory yet, and none any more", lambda: try_no_directory(tools)),
        ("something else is kept", lambda: try_in_the_way(
            tools, "other", lambda path: write(path, b"else"), lambda path: is_made_of(path, b"else"))),
        ("a directory is kept", lambda: try_in_the_way(tools, "directory", os.mkdir, os.path.isdir)),
        ("a link is kept", lambda: try_in_the_way(
            tools, "link", lambda path: os.symlink("nowhere", path), lambda path: os.readlink(path) == "nowhere")),
        ("a pipe is kept, and nobody waits for it", lambda: try_in_the_way(
            tools, "pipe", os.mkfifo, lambda path: stat.S_ISFIFO(os.stat(path).st_mode))),
        ("the capture itself is kept", lambda: try_own_capture(tools)),
        ("after a recorder that was killed", lambda: try_killed(tools)),
        ("the manual page has every name", try_documented),
        ("bad usage", lambda: try_usage(tools)),
    ])


main()
