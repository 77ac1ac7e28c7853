#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the recorder is allowed once it records: nothing, as the user that was asked for; and it does all the same what
it did. A command keeps what it had.

usage: record_rights_test.py TCPLIFE_RECORD TCPLIFE_REPORT TRAFFIC FORBIDDEN CONFINED_BY
"""

import errno
import os
import pathlib
import pwd
import select
import signal
import socket
import stat
import subprocess
import sys

from kernel_case import TIME_LIMIT_S, Recorder, Skip, Tools, enter_namespace, expect, expect_equal, run_cases
from ring_case import Ring, RingRecorder, await_that, expect_whole
from survival_case import Batches, Shown, Watched

PORT = 22017  # below the range from which clients get theirs
USER = "nobody"
OF_A_SERVICE = 54321
CAPABILITIES = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
BY_SIGNAL = ("--rotate-time", "1d")
ONLY_BPF = ("setpriv", f"--reuid={USER}", "--regid=nogroup", "--clear-groups", "--inh-caps=-all,+bpf,+perfmon", "--ambient-caps=+bpf,+perfmon")


def run(tools, *options, before=(), **keywords):
    """The recorder run to its end by itself: (status, standard output, standard error)."""
    result = subprocess.run([*before, tools.recorder, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            timeout=TIME_LIMIT_S, check=False, **keywords)
    return result.returncode, result.stdout, result.stderr


def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return {key: value.split() for key, value in (line.split(":", 1) for line in file)}


def ids_of(user):
    entry = pwd.getpwnam(user)
    return entry.pw_uid, entry.pw_gid


def expect_rights(pid, user, but=(), groups=()):
    """It is that user in every way, in those groups, without capabilities but in the sets that are named."""
    status = status_of(pid)
    uid, gid = ids_of(user)
    expect_equal(status["Uid"], [str(uid)] * 4, "Uid")
    expect_equal(status["Gid"], [str(gid)] * 4, "Gid")
    expect_equal(status["Groups"], [str(group) for group in groups], "Groups")
    for name in CAPABILITIES:
        if name not in but:
            expect_equal(int(status[name][0], 16), 0, name)
    expect_equal(status["NoNewPrivs"], ["1"], "NoNewPrivs")
    return status


def expect_confined(tools, pid, user, **more):
    """The recorder itself; not those beside it."""
    expect_equal(expect_rights(pid, user, **more)["Seccomp"], ["2" if "seccomp" in tools.confined_by else "0"], "Seccomp")


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def with_passwd(tools, line):
    """Words that run a program with another line in /etc/passwd."""
    path = tools.path("passwd")
    with open("/etc/passwd", encoding="utf-8") as old, open(path, "w", encoding="utf-8") as new:
        new.write("".join(each for each in old if each.split(":")[0] != line.split(":")[0]) + line + "\n")
    return "unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/passwd && exec "$@"', path


def try_user(tools, options, user, before=(), **rights):
    """Also those beside it. It records, and lists what is open at the end."""
    recorder = Watched(tools, "-L", str(PORT), *options, before=before)
    batches = Batches(tools, PORT)
    expect_confined(tools, recorder.process.pid, user, **rights)
    for child in children_of(recorder.process.pid):
        expect_rights(child, user, **rights)
    batches.make(20)
    with socket.create_server(("127.0.0.1", PORT)) as listener, socket.create_connection(listener.getsockname()):
        with listener.accept()[0]:
            recorder.finish()
    shown = Shown(tools, recorder.capture)
    shown.expect_whole_blocks()
    expect_equal([row["end"] for row in shown.rows].count("still-open"), 1, "sessions that are still open")
    expect_equal(len(shown.rows), 21, "rows")
    expect(shown.capture["rights"].startswith(f"{user}, no capabilities, "), f"rights are {shown.capture['rights']}")
    names = shown.capture["names"]
    expect(any("root" in str(name) for name in names), f"no name of root among {names}")


def try_starter(tools):
    """Without such a user it stays who it is, but has no rights either."""
    groups = sorted(os.getgroups())
    try_user(tools, ("--user", "root"), "root", groups=groups)


def try_default(tools):
    """A system user of that name is enough; a person of that name is not meant."""
    line = f"tcplife:x:987:{ids_of(USER)[1]}::/:/bin/false"
    recorder = Watched(tools, before=with_passwd(tools, line))
    expect_equal(status_of(recorder.process.pid)["Uid"], ["987"] * 4, "Uid")
    recorder.finish()
    recorder = Watched(tools, before=with_passwd(tools, line.replace("987", "1987")))
    expect_equal(status_of(recorder.process.pid)["Uid"], [str(os.getuid())] * 4, "Uid")
    recorder.finish()


def try_two_capabilities(tools):
    """What it takes to start; the bounding set may then not be changed."""
    folder = tools.path("of-nobody")
    os.mkdir(folder)
    os.chown(folder, *ids_of(USER))
    os.chmod(tools.root, 0o711)
    os.chmod(tools.folder, 0o711)
    recorder = Watched(tools, "-L", str(PORT), before=ONLY_BPF, capture="of-nobody/cap.tlz")
    expect_confined(tools, recorder.process.pid, USER, but=["CapBnd"])
    batches = Batches(tools, PORT)
    batches.make(20)
    recorder.finish()
    expect_equal(len(Shown(tools, recorder.capture).rows), batches.made, "rows")
    status, _, words = run(tools, "-o", os.path.join(folder, "x.tlz"), "--user", "root", before=ONLY_BPF)
    expect_equal(status, 1, "status")
    expect("to become root takes" in words, f"it says: {words}")


def try_ring(tools):
    """Files are made and removed without rights; another's are left alone."""
    ring = Ring(tools, "ring")
    os.chmod(tools.root, 0o711)
    os.chmod(tools.folder, 0o711)
    os.chown(ring.path, *ids_of(USER))
    status, _, words = run(tools, "-o", ring.path, *BY_SIGNAL, "-d", "1ms", "--user", "root")
    expect_equal(status, 0, f"status ({words})")
    recorder = RingRecorder(ring, PORT, *BY_SIGNAL, "--keep", "2", "--user", USER)
    expect_rights(recorder.process.pid, USER)
    batches = Batches(tools, PORT)
    for count in (10, 20, 30):
        batches.make(count)
        recorder.rotate()
    recorder.finish()
    shown = ring.shown()[1:]
    expect_whole(shown)
    expect_equal([len(each.rows) for each in shown], [30, 0], "rows in the files")
    owners = [(os.stat(path).st_uid, stat.S_IMODE(os.stat(path).st_mode)) for path in ring.paths()]
    expect_equal(owners, [(0, 0o600)] + [(ids_of(USER)[0], 0o600)] * 2, "owners and modes")


def try_no_access(tools):
    """Said at the start, and not at the first rotation."""
    ring = Ring(tools, "others")
    os.chmod(tools.root, 0o711)
    os.chmod(tools.folder, 0o711)
    status, _, words = run(tools, "-o", ring.path, *BY_SIGNAL, "-d", "1ms", "--user", USER)
    expect_equal((status, os.listdir(ring.path)), (1, []), "status and files")
    expect(USER in words and ring.path in words and "--user" in words, f"it says: {words}")


def try_file_of_starter(tools):
    """A single file lies where who starts the recorder may write, and is theirs; an older one is replaced."""
    for _ in range(2):
        status, _, words = run(tools, "-f", "-o", tools.path("mine.tlz"), "-d", "1ms", "--user", USER)
        expect_equal(status, 0, f"status ({words})")
    found = os.stat(tools.path("mine.tlz"))
    expect_equal((found.st_uid, stat.S_IMODE(found.st_mode)), (os.getuid(), 0o600), "owner and mode")


def try_command(tools):
    """It has the rights of who started the recorder, which has none; signals reach it all the same."""
    status, said, words = run(tools, "-f", "-o", tools.path("cap.tlz"), "--user", USER, "--", "grep", "-E", "^(Uid|CapEff|NoNew)",
                              "/proc/self/status")
    expect_equal(status, 0, f"status ({words})")
    own = status_of("self")
    wanted = {key: own[key] for key in ("Uid", "CapEff", "NoNewPrivs")}
    expect_equal({key: value.split() for key, value in (line.split(":", 1) for line in said.splitlines())}, wanted, "its rights")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        recorder = Watched(tools, "--user", USER, "--", "sh", "-c",
                           f"trap 'exit 9' {number.name[3:]}; "
                           f"until grep -q '^Uid:.{ids_of(USER)[0]}' /proc/$PPID/status; do sleep 0.01; done; "
                           "echo ready >&2; while :; do sleep 0.01; done")
        recorder.await_words("ready")
        recorder.process.send_signal(number)
        expect_equal(recorder.wait(), 9, f"status after {number.name} ({recorder.text.strip()})")


def forbidden(tools, *options, **environment):
    """What came of what the recorder may not do, by name; and the recorder, which has ended."""
    folder = tools.path("forbidden")
    os.makedirs(folder, exist_ok=True)
    pathlib.Path(folder, "file").touch()
    os.chmod(pathlib.Path(folder, "file"), 0o666)
    os.chmod(folder, 0o777)
    words = [f"{name}={value}" for name, value in {"LD_PRELOAD": tools.forbidden, "FORBIDDEN_DIR": folder, **environment}.items()]
    recorder = Watched(tools, "-L", str(PORT), "-v", *options, before=["env", *words])
    recorder.await_words("executable_memory")
    batches = Batches(tools, PORT)
    batches.make(20)
    recorder.finish()
    expect_equal(len(Shown(tools, recorder.capture).rows), batches.made, "rows")
    expect_equal(os.listdir(folder), ["file"], "files")
    lines = [line.split() for line in recorder.text.splitlines() if line.startswith("forbidden ")]
    return {name: int(number) for _, name, number in lines}, recorder


def try_forbidden(tools):
    """By the user's rights, Landlock or seccomp, whichever is asked first."""
    if len(tools.confined_by) < 2:
        raise Skip("built without seccomp or Landlock")
    for user in (USER, "root"):
        found, recorder = forbidden(tools, "--user", user)
        denied = {"make_file", "write_file", "read_file", "list_folder", "remove_file", "rename_file", "read_process"}
        allowed = {name for name, error in found.items() if error == 0}
        # Users are looked up below /etc; without capabilities root still owns its files there.
        expect_equal(allowed, {"read_shadow"} if user == "root" else set(), f"what {user} may do")
        expect_equal({name for name, error in found.items() if error in (errno.EACCES, errno.EPERM)} - {"read_shadow"}, denied,
                     "what files are denied")
        expect_equal(len(found), 20, "things tried")
        expect(f"runs as {user}, no capabilities, landlock (ABI " in recorder.text, f"it says: {recorder.text}")


def record_of_a_service(tools, *environment):
    """Sessions of a user that is in no file; what the capture shows."""
    folder = tools.path("of-a-service")
    os.makedirs(folder, exist_ok=True)
    os.chmod(tools.root, 0o711)
    os.chmod(tools.folder, 0o711)
    os.chmod(folder, 0o777)
    recorder = Watched(tools, "-L", str(PORT), "--user", USER, before=["env", f"LD_PRELOAD={tools.forbidden}", *environment])
    subprocess.run(["setpriv", f"--reuid={OF_A_SERVICE}", "--clear-groups", tools.traffic, "--mode", "client-fin", "--port",
                    str(PORT), "--count", "5", "--ledger", os.path.join(folder, "ledger")], timeout=TIME_LIMIT_S, check=True)
    recorder.finish()
    shown = Shown(tools, recorder.capture)
    shown.expect_whole_blocks()
    expect_equal({row["uid"] for row in shown.rows}, {OF_A_SERVICE}, "users")
    return shown


def try_name_service(tools):
    """A user that is in no file has a name all the same, which the recorder itself could not ask for any more."""
    shown = record_of_a_service(tools, f"FORBIDDEN_USER={OF_A_SERVICE}")
    expect("from-a-service" in str(shown.capture["names"]), f"names are {shown.capture['names']}")


def has_process_with(words):
    """Whether a process has that in its environment."""
    for path in pathlib.Path("/proc").glob("[0-9]*/environ"):
        try:
            if words in path.read_bytes():
                return True
        except OSError:
            pass
    return False


def try_stuck_name_service(tools):
    """One that never answers is in nobody's way, and its process is gone with the recorder."""
    stuck = f"FORBIDDEN_STUCK={os.getpid()}"
    shown = record_of_a_service(tools, stuck)
    expect("from-a-service" not in str(shown.capture["names"]), f"names are {shown.capture['names']}")
    await_that(lambda: not has_process_with(stuck.encode()), "nothing of it runs")


def try_old_bpf(tools):
    """Where bpf(2) takes nothing without CAP_BPF, that is kept, and said; nothing else changes."""
    found, recorder = forbidden(tools, "--user", USER, FORBIDDEN_OLD_BPF=1)
    expect_equal({name for name, error in found.items() if error == 0}, set(), "what it may do")
    expect(f"runs as {USER}, only CAP_BPF, " in recorder.text, f"it says: {recorder.text}")
    recorder = Watched(tools, "--user", USER, before=["env", f"LD_PRELOAD={tools.forbidden}", "FORBIDDEN_OLD_BPF=1"])
    status = expect_rights(recorder.process.pid, USER, but=["CapPrm", "CapEff"])
    expect_equal([int(status[name][0], 16) for name in ("CapPrm", "CapEff")], [1 << 39] * 2, "capabilities")
    recorder.finish()


def try_misuse(tools):
    for user in ("no-such-user", "", "4294967295", "-1"):
        status, _, words = run(tools, "-o", tools.path("x.tlz"), "--user", user)
        expect_equal((status, words.count("\n")), (1, 1), f"status and lines of '{words}'")
        expect("--user" in words, f"it says: {words}")


def try_nobody_stays(tools):
    """Those beside it end with it, however it ends."""
    recorder = Recorder(tools, "--user", USER)
    children = children_of(recorder.process.pid)
    expect(children, "nobody is beside it")
    recorder.process.kill()
    recorder.process.wait()
    for child in children:
        try:
            descriptor = os.pidfd_open(child)
        except ProcessLookupError:
            continue
        expect(select.select([descriptor], [], [], TIME_LIMIT_S)[0], f"process {child} stays")
        os.close(descriptor)


def main():
    tools = Tools(sys.argv)
    tools.recorder = os.path.abspath(tools.recorder)
    tools.traffic = os.path.abspath(tools.traffic)
    tools.forbidden, tools.confined_by = os.path.abspath(sys.argv[4]), sys.argv[5].split(",")
    if os.getuid() != 0:
        raise SystemExit(77)
    run_cases(tools, enter_namespace, [
        ("another user", lambda: try_user(tools, ("--user", USER), USER)),
        ("another user by number, with changes of state",
         lambda: try_user(tools, ("--user", str(ids_of(USER)[0]), "--states"), USER)),
        ("who started it", lambda: try_starter(tools)),
        ("the system user", lambda: try_default(tools)),
        ("two capabilities", lambda: try_two_capabilities(tools)),
        ("a ring", lambda: try_ring(tools)),
        ("a directory of others", lambda: try_no_access(tools)),
        ("a file of who started it", lambda: try_file_of_starter(tools)),
        ("a command", lambda: try_command(tools)),
        ("what it may not do", lambda: try_forbidden(tools)),
        ("a kernel that wants CAP_BPF for all of bpf(2)", lambda: try_old_bpf(tools)),
        ("a name service", lambda: try_name_service(tools)),
        ("a name service that does not answer", lambda: try_stuck_name_service(tools)),
        ("misuse", lambda: try_misuse(tools)),
        ("nobody stays beside it", lambda: try_nobody_stays(tools)),
    ])


main()
