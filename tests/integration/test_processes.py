# SPDX-License-Identifier: Apache-2.0
"""The processes of a deployment: closed in, restarted, drained; and the files
they leave."""
import hashlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

import pytest
from sigv4 import Client


def send(lab, subject, client=None):
    return (client or Client(lab)).send("a@" + lab.domain, "b@sink." + lab.domain, subject)


def send_again(lab, subject):
    """Sends until it is taken, as clients do when they are told 503."""
    def taken():
        try:
            return send(lab, subject)[0] == 200
        except OSError:
            return False
    lab.eventually("%s is taken" % subject, taken, seconds=15)
    lab.eventually("%s arrives" % subject, lambda: subject in lab.sink.taken)


def status_of(pid):
    lines = pathlib.Path("/proc/%d/status" % pid).read_text().splitlines()
    return dict((line.split(":", 1)[0], line.split(":", 1)[1].strip()) for line in lines)


def data_of(lab):
    return pathlib.Path(lab.env["DATA"])


def test_closed_in(own):
    """Seccomp, no new privileges, no core dumps; keyd has its channel only."""
    found = own.processes()
    assert len(found["parent"]) == 1 and len(found["server"]) == 1 and len(found["keyd"]) >= 2
    for role in ("server", "keyd"):
        for pid in found[role]:
            status = status_of(pid)
            assert status["Seccomp"] == "2" and status["NoNewPrivs"] == "1", (role, status)
            limits = pathlib.Path("/proc/%d/limits" % pid).read_text()
            core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
            assert core.split()[4:6] == ["0", "0"], core
    for pid in found["keyd"]:
        # Beside the standard streams its channel: no socket of the network, no file.
        links = [os.readlink(link) for link in pathlib.Path("/proc/%d/fd" % pid).iterdir() if int(link.name) > 2]
        assert len(links) == 1 and links[0].startswith("socket:"), links
        inodes = {link[8:-1] for link in links if link.startswith("socket:")}
        for table in ("tcp", "tcp6", "udp", "udp6"):
            rows = pathlib.Path("/proc/net/" + table).read_text().splitlines()[1:]
            assert not inodes & {row.split()[9] for row in rows}, "keyd has a socket of the network"


def test_files(own):
    """Nobody else reads the keys and the mail, whatever the umask is."""
    data = data_of(own)
    send_again(own, "files")  # so that there is a log
    assert (data / "master.key").stat().st_mode & 0o7777 == 0o400
    assert data.stat().st_mode & 0o7777 == 0o700
    stores = sorted(path.name for path in data.glob("sesame.db*"))
    assert stores[0] == "sesame.db" and "sesame.db-wal" in stores
    for name in stores:
        assert (data / name).stat().st_mode & 0o077 == 0, name


def everything(folder):
    """What is in a folder: of each file its bytes, mode, owner and times."""
    return {path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mode, path.stat().st_uid,
                        path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_init_twice(tmp_path):
    """A second init refuses, with 4, and changes nothing."""
    program = pathlib.Path(__file__).resolve().parent.parent.parent / "build/sesame"
    data, home = tmp_path / "data", tmp_path / "config"
    command = [program, "init", "--data", data, "--listen", "auto", "--json"]
    env = {**os.environ, "XDG_CONFIG_HOME": str(home)}
    first = subprocess.run(command, env=env, capture_output=True, umask=0o000, timeout=60)
    assert first.returncode == 0, first
    for path in data.iterdir():
        if path.name != "sesame.conf":
            assert path.stat().st_mode & 0o077 == 0, path
    assert (data / "sesame.conf").stat().st_mode & 0o022 == 0
    secret = json.loads(first.stdout)["secret_access_key"]
    assert all(secret.encode() not in path.read_bytes() for path in data.iterdir())
    before = everything(data)
    again = subprocess.run(command, env=env, capture_output=True, timeout=60)
    assert again.returncode == 4 and b"nothing was changed" in again.stderr, again
    assert again.stdout == b""
    assert everything(data) == before


@pytest.mark.parametrize("role", ["keyd", "server"])
def test_restarted(own, role):
    """A child that died is started again, and the work goes on."""
    for turn in range(3):
        before = own.processes()
        for pid in before[role]:
            os.kill(pid, signal.SIGKILL)
        send_again(own, "%s %d" % (role, turn))
        own.eventually("all are there", lambda: {r: len(p) for r, p in own.processes().items()} ==
                       {r: len(p) for r, p in before.items()})
        after = own.processes()
        assert not set(after[role]) & set(before[role])
        # keyds live no longer than the server that they work for.
        assert all(after[r] == before[r] for r in ("parent", "server") if r != role), (before, after)
        for pid in after[role]:
            own.eventually("it is closed in again", lambda: status_of(pid)["Seccomp"] == "2")


def serve_here(lab):
    """Starts sesame as a child of ours, whose exit status we get."""
    program = subprocess.Popen([lab.env["SESAME"], "serve", "--data", lab.env["DATA"], "--json"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True)
    (lab.path / "sesame.pid").write_text("%d\n" % program.pid)
    assert json.loads(program.stdout.readline())["ready"] is True
    return program


def end(lab):
    os.kill(lab.pid, signal.SIGTERM)
    lab.eventually("it has ended", lambda: not lab.processes())


class Half:
    """A request of which the server has the head and half of the body."""

    def __init__(self, lab, subject):
        client = Client(lab)
        path = "/v2/email/outbound-emails"
        body = json.dumps({
            "FromEmailAddress": "a@" + lab.domain, "Destination": {"ToAddresses": ["b@sink." + lab.domain]},
            "Content": {"Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": "x" * 2000}}}},
        }).encode()
        head = {"Host": client.host, "Content-Length": len(body), **client.headers("POST", path, body)}
        text = "POST %s HTTP/1.1\r\n%s\r\n" % (path, "".join("%s: %s\r\n" % row for row in head.items()))
        self.socket = socket.create_connection(lab.address(client.host), timeout=20)
        self.socket.sendall(text.encode() + body[:500])
        self.rest = body[500:]

    def finish(self):
        """Sends the rest, and returns the whole answer, until the end."""
        self.socket.sendall(self.rest)
        answer = b""
        while True:
            more = self.socket.recv(65536)
            if not more:
                return answer
            answer += more


def test_drain(own):
    """SIGTERM: what is under way is answered, then all end, with status 0."""
    end(own)
    program = serve_here(own)
    try:
        halves = [Half(own, "half %d" % i) for i in range(4)]
        idle = socket.create_connection(own.address(own.api.removeprefix("http://")), timeout=20)
        acked, stop = [], threading.Event()

        def load(number):
            client, n = Client(own), 0
            while not stop.is_set():
                n += 1
                subject = "drain %d %d" % (number, n)
                try:
                    if send(own, subject, client)[0] == 200:
                        acked.append(subject)
                except OSError:
                    return

        threads = [threading.Thread(target=load, args=(i,), daemon=True) for i in range(4)]
        for thread in threads:
            thread.start()
        own.eventually("the load runs", lambda: len(acked) > 50)
        began = time.monotonic()
        program.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert program.poll() is None, "it did not wait for what was under way"
        stop.set()
        for half in halves:
            answer = half.finish()
            assert answer.startswith(b"HTTP/1.1 200 ") and b"MessageId" in answer, answer
            assert b"\r\nconnection: close\r\n" in answer.lower(), answer
        assert program.wait(30) == 0
        took = time.monotonic() - began
        assert own.processes() == {}
        idle.close()
        for thread in threads:
            thread.join(12)
        print("drained in %.1f s, with %d acknowledged" % (took, len(acked)))
        assert took < 5, "nothing was left to wait for"
    finally:
        stop.set()
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait(10)
        own.serve()
    for subject in acked + ["half %d" % i for i in range(4)]:
        own.eventually("%s arrives" % subject, lambda: subject in own.sink.taken)


def test_drain_bounded(own):
    """A client that never finishes holds nothing up for ever."""
    end(own)
    program = serve_here(own)
    try:
        half = Half(own, "never")
        time.sleep(0.3)
        began = time.monotonic()
        program.send_signal(signal.SIGTERM)
        assert program.wait(30) == 0
        print("a client that hangs: ended after %.1f s" % (time.monotonic() - began))
        assert own.processes() == {}
        half.socket.close()
    finally:
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait(10)
        own.serve()
