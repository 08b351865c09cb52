# SPDX-License-Identifier: Apache-2.0
"""kill -9 under load, fifty times: what was acknowledged is never lost.

Each round submits until at least a hundred messages are acknowledged, and at
a random moment kills the whole process group or one role.  In the end every
acknowledged message has arrived at the sink or is still in the queue.  A
message arrived twice only if the server was killed after the sink took it
and before that was noted on disk: RFC 5321 s4.5.3.2.6 has the same window,
between the final dot and its reply, for every mail host."""
import collections
import os
import random
import signal
import sqlite3
import threading
import time

import pytest
from lab import Lab
from sigv4 import Client
from sink import Sink

ROUNDS = 50
PER_ROUND = 100
THREADS = 4
LIMIT = 150  # seconds for the rounds, and
SETTLE = 20  # for what is then in the queue
WINDOW = 0.25  # longest time from the sink's 250 to the note on disk
QUEUED, SENDING = 1, 2  # store/types.h
TEXT = "".join("%04d of some two thousand octets of text\n" % line for line in range(48))


class Load:
    """Threads that submit, and note what was acknowledged."""

    def __init__(self, lab, sink):
        self.lab, self.sink, self.to = lab, sink, "who@sink." + lab.domain
        self.acked, self.answers, self.wrong = [], collections.Counter(), []
        self.lock, self.n, self.stopped = threading.Lock(), 0, False
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(THREADS)]
        for thread in self.threads:
            thread.start()

    def run(self):
        client = Client(self.lab)
        while not self.stopped:
            with self.lock:
                self.n += 1
                subject = "m%d" % self.n
            try:
                status, answer = client.send("load@" + self.lab.domain, self.to, subject, TEXT)
            except OSError:
                status, answer = 0, None
            with self.lock:
                self.answers[status] += 1
                if status == 200:
                    self.acked.append(subject)
                elif status not in (0, 429) and status < 500:
                    self.wrong.append((subject, status, answer))
            if status != 200:
                time.sleep(0.02)

    def stop(self):
        self.stopped = True
        for thread in self.threads:
            thread.join(15)
        assert not any(thread.is_alive() for thread in self.threads)


def queued(lab, *states):
    """Subjects that are still in the queue, in these states."""
    with sqlite3.connect("file:%s/sesame.db?mode=ro" % lab.env["DATA"], uri=True) as db:
        rows = db.execute("SELECT d.data FROM message_data d JOIN recipient r ON r.message = d.message "
                          "WHERE r.state IN (%s)" % ", ".join(map(str, states))).fetchall()
    return {line[9:].decode() for (data,) in rows for line in bytes(data).split(b"\r\n")
            if line.startswith(b"Subject: ")}


def lost(load):
    """What was acknowledged and is neither in the queue nor at the sink."""
    # In this order: what leaves the queue meanwhile is at the sink before.
    held = queued(load.lab, QUEUED, SENDING)
    return set(load.acked) - held - set(load.sink.taken)


@pytest.fixture
def load(tmp_path):
    sink = Sink().start()
    lab = Lab(tmp_path, delivery_port=sink.port)
    load = None
    try:
        lab.start()
        lab.update("add sink.%s. 60 A 127.0.0.1" % lab.domain)
        lab.onboard(lab.domain)
        load = Load(lab, sink)
        yield load
    finally:
        if load is not None:
            load.stopped = True
        lab.stop()
        sink.stop()


def kill(load, target):
    """Kills, and brings back what has nobody to bring it back.  Returns when
    it was, and what was then being sent (None: it could not be looked at)."""
    lab = load.lab
    pids = lab.processes()[target] if target != "group" else []
    at = time.monotonic()
    if target == "group":
        os.killpg(lab.pid, signal.SIGKILL)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    if target in ("group", "parent"):
        # Its children see that the parent is gone, and end.
        lab.eventually("everything ended", lambda: not lab.processes(), seconds=10)
        assert not lost(load), "it is on disk before it is acknowledged"
        sending = queued(lab, SENDING)
        lab.serve()
        return at, sending
    return at, None


def test_kill(load):
    lab, began, kills = load.lab, time.monotonic(), []
    seed = int(os.environ.get("SEED", time.time()))
    print("SEED=%d" % seed)
    draw = random.Random(seed)
    targets = ["group", "server", "keyd", "parent"]
    for number in range(ROUNDS):
        had = len(load.acked)
        lab.eventually("a hundred messages are acknowledged in round %d" % number,
                       lambda: len(load.acked) - had >= PER_ROUND, seconds=30)
        time.sleep(draw.random() * 0.3)
        target = targets[number % len(targets)]
        killed = kill(load, target)
        if target != "keyd":
            kills.append(killed)
        assert time.monotonic() - began < LIMIT, "only %d rounds in %d s" % (number + 1, LIMIT)
    load.stop()
    rounds = time.monotonic() - began
    assert not load.wrong, load.wrong[:5]
    assert len(load.acked) >= ROUNDS * PER_ROUND
    assert not lost(load)
    end = time.monotonic() + SETTLE
    while set(load.acked) - set(load.sink.taken) and time.monotonic() < end:
        time.sleep(0.2)
    assert not lost(load)

    waiting = set(load.acked) - set(load.sink.taken)
    unacknowledged = set(load.sink.taken) - set(load.acked)
    twice = {subject: times for subject, times in load.sink.taken.items() if len(times) > 1}
    # How far from a kill of the server the copy before it had come.
    before = [min((abs(at - first) for at, sending in kills
                   if at < second and (sending is None or subject in sending)), default=WINDOW + 1)
              for subject, times in twice.items() for first, second in zip(times, times[1:])]
    print("%d kills in %.0f s; %d acknowledged (answers %s): %d arrived, %d queued, 0 lost; "
          "%d arrived unacknowledged; %d arrived twice, the first time within %.3f s of a kill" %
          (ROUNDS, rounds, len(load.acked), dict(load.answers), len(load.acked) - len(waiting),
           len(waiting), len(unacknowledged), len(twice), max(before, default=0)))
    assert max(before, default=0) <= WINDOW, \
        "a message arrived twice, and no kill explains it: %s" % twice
    # A client had one request under way when each process was killed.
    assert len(unacknowledged) <= THREADS * ROUNDS
