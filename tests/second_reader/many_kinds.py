# SPDX-License-Identifier: BSD-2-Clause
"""Makes the JSON lines of a large capture, in which everything occurs that docs/FORMAT.md, sections 6 and 9, has."""
import json
import random

SEED = 20260501
START_US = 1777626000000000
SESSIONS = 3000     # of one service, one behind the other: columns of their own
GROUPS = 40         # of a few sessions, with a loss before each: joint blocks
STATES = 2500       # of some sockets
NAMES = 1100        # a block each: more than one index block holds

CLIENTS = [f"198.51.100.{i}" for i in range(1, 40)] + [f"2001:db8::{i:x}" for i in range(1, 20)]
ENDS = ("closed-here", "closed-there", "reset-there", "timed-out", "refused", "still-open", 77)


def log_uniform(rng, bits):
    """A number of up to so many bits, each length as likely as the others."""
    return rng.getrandbits(rng.randint(0, bits))


def process(rng, role, session):
    session[f"{role}_pid"] = rng.choice((900, 901, 902, 5000))
    session[f"{role}_comm"] = rng.choice(("nginx", "php-fpm", "\\xff\\\\", ""))


def states(rng, session):
    """The times in states, that belong together as a kernel's do."""
    lifespan = log_uniform(rng, 26)
    session["open_us"] = session["close_us"] - lifespan
    if rng.random() < 0.9:
        handshake = min(rng.randint(50, 500), lifespan)
        session["syn_sent_us" if session["direction"] == "out" else "syn_recv_us"] = handshake
        session["established_us"] = session["open_us"] + handshake
        session["in_established_us"] = lifespan - handshake
    if rng.random() < 0.7:
        session["fin_us"] = session["close_us"] - min(lifespan, rng.randint(0, 400))
        session["fin_wait1_us"] = rng.randint(20, 300)
        session["fin_wait2_us"] = log_uniform(rng, 40)


def volumes(rng, session):
    sent = log_uniform(rng, 40)
    session.update(sent_bytes=sent, retrans_bytes=rng.choice((0, 0, 0, sent // 10)), rx_bytes=log_uniform(rng, 64),
                   fin_received=rng.random() < 0.8, segs_out=sent // 1448 + 3, segs_in=sent // 2896 + 2,
                   retrans_segs=rng.choice((0, 0, 1)), min_rtt_us=rng.randint(50, 90), cwnd=10,
                   srtt_us=rng.randint(100, 4000), mss=rng.choice((1448, 1428, 65483)))
    session["tx_bytes"] = sent - session["retrans_bytes"] + 2


def session_at(rng, close_us, cookie):
    """One session as JSON.md has it."""
    session = {"close_us": close_us, "laddr": "192.0.2.1", "raddr": rng.choice(CLIENTS), "lport": 443,
               "rport": rng.randrange(65536), "direction": rng.choice(("in", "in", "in", "out", "unknown")),
               "cookie": cookie, "end": rng.choice(ENDS), "error": 0, "last_state": rng.choice(("LAST_ACK", 2, 99)),
               "congestion": rng.choice(("cubic", "bbr")), "uid": 33, "netns": 4026531840, "cgroup": 2**63 + 5,
               "v6_socket": True, "mark": 0, "before_start": False, "mptcp": False}
    if rng.random() < 0.3:
        session["interface"] = 2
    for role in rng.sample(("connect", "io", "closer", "accept", "listen", "task_file"), rng.randint(0, 3)):
        process(rng, role, session)
    states(rng, session)
    volumes(rng, session)
    return session


def sessions(rng, count, close_us):
    """Sessions that end soon behind each other, whose cookies were given by four processors."""
    cookies = [4096 * i for i in range(1, 5)]
    for _ in range(count):
        close_us += rng.randrange(20000)
        processor = rng.randrange(4)
        cookies[processor] += 1
        yield session_at(rng, close_us, cookies[processor])


def state_at(rng, time_us):
    """A change of state."""
    socket = rng.randrange(300)
    state = {"time_us": time_us, "socket": socket * 2**39 % 2**48, "old_state": rng.choice(("ESTABLISHED", 8, 2, 99)),
             "new_state": rng.choice(("CLOSE", "CLOSE_WAIT", 0)), "laddr": "192.0.2.1", "lport": 443,
             "raddr": CLIENTS[socket % len(CLIENTS)], "rport": 1024 + socket, "uid": 33, "netns": 4026531840,
             "cgroup": 2**63 + 5, "v6_socket": socket % 2 == 0}
    for name in rng.sample(("pid", "comm", "in_old_us"), rng.choice((3, 3, 3, 2, 0))):
        state[name] = {"pid": socket % 7, "comm": f"swapper/{socket % 7}", "in_old_us": log_uniform(rng, 40)}[name]
    for role in rng.sample(("connect", "io", "closer", "accept", "listen", "task_file"), rng.randint(0, 2)):
        process(rng, role, state)
    return state


def records():
    """The lines, as dicts."""
    rng = random.Random(SEED)
    yield {"type": "capture", "host": "many", "kernel": "6.1", "processors": 4, "created_us": START_US,
           "capture_id": "00112233445566778899aabbccddeeff"}
    for number in range(NAMES):
        yield {"type": "name", "kind": rng.choice(("cgroup", "uid", 9)), "id": rng.getrandbits(64),
               "name": f"/slice/{number}"}
    yield from sessions(rng, SESSIONS, START_US)
    yield from (state_at(rng, START_US + 500 * number) for number in range(STATES))
    for group in range(GROUPS):
        yield {"type": "loss", "of": rng.choice(("sessions", "states")), "count": log_uniform(rng, 64),
               "cause": rng.choice(("ring-full", "unseen", 12)), "from_us": START_US,
               "to_us": START_US + log_uniform(rng, 60)}
        yield from sessions(rng, rng.choice((1, 2, 7, 30, 350)), START_US + group * 1000000)
        yield from (state_at(rng, START_US + group * 1000000) for _ in range(rng.choice((0, 1, 40))))
    yield {"type": "end", "clean_end": True, "ended_us": START_US + 10**9, "reason": "duration"}


def text():
    return "".join(json.dumps(record) + "\n" for record in records())
