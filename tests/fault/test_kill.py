# SPDX-License-Identifier: Apache-2.0
"""kill -9 under load, fifty times: what was acknowledged is never lost.

Each round submits until at least a hundred messages are acknowledged, and at
a random moment kills the whole process group or one role.  In the end every
acknowledged message has arrived at the sink or is still in the queue, and a
message arrived twice only if its first 250 fell into the moment before a
kill, when the sink's answer was on its way and not yet on disk."""
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
LIMIT = 170  # seconds in all
WINDOW = 2.0  # seconds before a kill in which a 250 may not have been noted


def processes(lab):
    """{role: [pid]} of the running deployment."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            args = open("/proc/%s/cmdline" % pid, "rb").read().split(b"\0")
            group = int(open("/proc/%s/stat" % pid).read().rpartition(")")[2].split()[2])
        except OSError:
            continue
        if group == lab.pid and b"" != args[0]:
            role = args[args.index(b"--role") + 1].decode() if b"--role" in args else "parent"
            found.setdefault(role, []).append(int(pid))
    return found


class Load:
    """Threads that submit, and note what was acknowledged."""

    def __init__(self, lab, sink_domain):
        self.lab, self.to = lab, "who@" + sink_domain
        self.acked, self.lock, self.n = [], threading.Lock(), 0
        self.stopped = False
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
                status, answer = client.send("load@" + self.lab.domain, self.to, subject)
            except OSError:
                time.sleep(0.02)
                continue
            if status == 200:
                with self.lock:
                    self.acked.append(subject)
            else:
                assert status >= 500 or status == 429, answer
                time.sleep(0.02)

    def stop(self):
        self.stopped = True
        for thread in self.threads:
            thread.join(15)


def queued(lab):
    """Subjects that are still in the queue."""
    with sqlite3.connect("file:%s/sesame.db?mode=ro" % lab.env["DATA"], uri=True) as db:
        rows = db.execute("SELECT d.data FROM message_data d JOIN recipient r ON r.message = d.message "
                          "WHERE r.state IN (1, 2)").fetchall()
    return {line[9:].decode() for (data,) in rows for line in bytes(data).split(b"\r\n")
            if line.startswith(b"Subject: ")}


@pytest.fixture
def load(tmp_path):
    sink = Sink().start()
    lab = Lab(tmp_path, delivery_port=sink.port)
    lab.start()
    lab.update("add sink.%s. 60 A 127.0.0.1" % lab.domain)
    lab.sesame("add", lab.domain, "--mail-from", "sesmail", check=0)
    lab.publish(lab.records(lab.domain))
    lab.sesame("wait", lab.domain, "--for", "all", "--timeout", "60s", check=0)
    load = Load(lab, "sink." + lab.domain)
    load.sink = sink
    yield load
    load.stop()
    lab.stop()
    sink.stop()


def test_kill(load):
    lab, began, kills = load.lab, time.monotonic(), []
    draw = random.Random(int(os.environ.get("SEED", time.time())))
    targets = ["group", "server", "keyd", "parent"]
    for number in range(ROUNDS):
        had = len(load.acked)
        lab.eventually("a hundred messages are acknowledged in round %d" % number,
                       lambda: len(load.acked) - had >= PER_ROUND, seconds=30)
        time.sleep(draw.random() * 0.3)
        target = targets[number % len(targets)]
        kills.append(time.monotonic())
        if target == "group":
            os.killpg(lab.pid, signal.SIGKILL)
        else:
            for pid in processes(lab)[target]:
                os.kill(pid, signal.SIGKILL)
        if target in ("group", "parent"):
            # Its children see that the parent is gone, and end.
            lab.eventually("everything ended", lambda: not processes(lab), seconds=10)
            lab.serve()
        assert time.monotonic() - began < LIMIT, "only %d rounds in %d s" % (number + 1, LIMIT)
    load.stop()
    assert len(load.acked) >= ROUNDS * PER_ROUND

    def arrived():
        missing = set(load.acked) - set(load.sink.taken)
        return not missing or (time.monotonic() - began > LIMIT and missing <= queued(lab))
    lab.eventually("everything acknowledged arrived or is queued", arrived, seconds=60)

    twice = {subject: times for subject, times in load.sink.taken.items() if len(times) > 1}
    print("%d acknowledged, %d arrived, %d arrived twice" %
          (len(load.acked), len(load.sink.taken), len(twice)))
    for subject, times in twice.items():
        for time_ in times[:-1]:
            assert any(kill - WINDOW <= time_ <= kill + 0.5 for kill in kills), \
                "%s arrived twice, and no kill explains it" % subject
