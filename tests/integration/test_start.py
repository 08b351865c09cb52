# SPDX-License-Identifier: Apache-2.0
"""Deployments that cannot start: what they say, how they end, what is left."""
import json
import os
import pathlib
import signal
import socket
import stat
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SESAME = os.environ.get("SESAME", str(ROOT / "build/sesame"))


def run(*args, timeout=60, **more):
    return subprocess.run([SESAME, *map(str, args)], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=timeout, text=True, **more)


def processes(data):
    """Those that still run and were given `data`, or are children of one."""
    found = []
    for proc in pathlib.Path("/proc").iterdir():
        try:
            if str(data).encode() in (proc / "cmdline").read_bytes() and proc.name != str(os.getpid()):
                found.append(int(proc.name))
        except (OSError, ValueError):
            continue
    return found


def init(data, home, *more):
    return run("init", "--data", data, "--zone", "mail.example", "--listen", "auto", *more, "--json",
               env={**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home)})


@pytest.fixture
def data(tmp_path):
    data = tmp_path / "data"
    made = init(data, tmp_path, "--set", "key_pool=0")
    assert made.returncode == 0, made.stderr
    return data


def certificate(tmp_path, *more):
    pem, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-keyout", key, "-out", pem, "-days", "2",
                    "-subj", "/CN=localhost", *(more or ["-nodes"])], check=True, capture_output=True)
    return pem, key


def refused(data, *settings):
    """Serves with these settings; returns what was said when it did not."""
    args = [word for setting in settings for word in ("--set", setting)]
    began = time.monotonic()
    done = run("serve", "--data", data, "--json", *args)
    assert done.returncode == 2, done
    assert done.stdout == "", "it said that it is ready"
    assert done.stderr.startswith("sesame: ")
    assert "\n\n" not in done.stderr and len(done.stderr.splitlines()) < 5, done.stderr
    assert time.monotonic() - began < 20
    assert processes(data) == []
    return done.stderr


class Served:
    """A deployment that runs, until the end of the block."""

    def __init__(self, data, *settings):
        args = [word for setting in settings for word in ("--set", setting)]
        self.process = subprocess.Popen([SESAME, "serve", "--data", data, "--json", *args],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True)
        self.said = json.loads(self.process.stdout.readline())
        assert self.said["ready"] is True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(40)
        self.process.stdout.close()
        self.process.stderr.close()


def test_serves_and_ends(data):
    with Served(data) as served:
        assert served.said["zone"] == "mail.example"
    assert served.process.returncode == 0
    assert processes(data) == []


@pytest.mark.parametrize("setting", ["listen_api", "listen_smtp", "listen_dns"])
def test_port_taken(data, setting):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refused(data, "%s=127.0.0.1:%d" % (setting, port))
    assert setting in said and "127.0.0.1:%d" % port in said and "in use" in said


def test_address_that_is_not_ours(data):
    assert "listen_api" in refused(data, "listen_api=192.0.2.1:80")


def test_master_key_missing(data):
    (data / "master.key").unlink()
    said = refused(data)
    assert "master key" in said and str(data / "master.key") in said


@pytest.mark.parametrize("text", ["", "00ff", "z" * 64, "0" * 66, "0" * 5000], ids=["empty", "short", "no hex", "long", "huge"])
def test_master_key_wrong(data, text):
    (data / "master.key").chmod(0o600)
    (data / "master.key").write_text(text)
    said = refused(data)
    assert "master key" in said
    assert text == "" or text not in said, "the key is shown"


def test_unknown_setting(data):
    with (data / "sesame.conf").open("a") as conf:
        conf.write("resolvr = 127.0.0.1#53\n")
    said = refused(data)
    assert "sesame.conf:" in said and 'did you mean "resolver"?' in said


def test_unknown_setting_of_the_command(data):
    assert "listen_apo" in refused(data, "listen_apo=auto")


def test_setting_of_two_lines(data):
    assert "master_key" in refused(data, "master_key=/a\nuser = root")


def test_no_configuration(data, tmp_path):
    (data / "sesame.conf").unlink()
    assert "sesame.conf" in refused(data)
    done = run("serve", "--data", tmp_path / "nothing")
    assert done.returncode == 2 and "sesame init" in done.stderr


def test_tls_files_wrong(data, tmp_path):
    pem, key = certificate(tmp_path)
    tls = lambda a, b: ("tls_certificate=%s" % a, "tls_key=%s" % b)
    other = tmp_path / "other"
    other.mkdir()
    _, other_key = certificate(other)
    assert "missing.pem" in refused(data, *tls(tmp_path / "missing.pem", key))
    assert "missing.key" in refused(data, *tls(pem, tmp_path / "missing.key"))
    assert "certificate" in refused(data, *tls(key, key))
    assert "key" in refused(data, *tls(pem, pem))
    assert "key values mismatch" in refused(data, *tls(pem, other_key))
    assert "go together" in refused(data, "tls_certificate=%s" % pem)


def test_tls_key_under_a_password(data, tmp_path):
    """Nobody is there to be asked for it."""
    pem, key = certificate(tmp_path, "-passout", "pass:secret")
    assert "key" in refused(data, "tls_certificate=%s" % pem, "tls_key=%s" % key)


def test_tls_from_the_first_connection(data, tmp_path):
    """A server that is started again does not speak in clear meanwhile."""
    pem, key = certificate(tmp_path)
    with Served(data, "tls_certificate=%s" % pem, "tls_key=%s" % key) as served:
        host, port = served.said["api"].removeprefix("https://").split(":")
        server = [pid for pid in processes(data) if pid != served.process.pid]
        assert len(server) == 1
        os.kill(server[0], signal.SIGKILL)
        end = time.monotonic() + 10
        while time.monotonic() < end and server[0] in processes(data):
            time.sleep(0.001)
        # It waits in the socket's queue for the next server.
        with socket.create_connection((host, int(port)), timeout=10) as s:
            s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            try:
                got = s.recv(100)
            except ConnectionResetError:
                got = b""
        assert not got.startswith(b"HTTP/"), got


def test_what_is_kept_is_private(tmp_path):
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    made = init(data, tmp_path, "--set", "key_pool=0")
    assert made.returncode == 0, made.stderr
    with Served(data):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()}
    assert modes.pop("sesame.conf") == 0o644
    assert modes.pop("master.key") == 0o400
    assert modes and all(mode & 0o077 == 0 for mode in modes.values()), modes


def test_init_that_failed_can_be_tried_again(tmp_path):
    data = tmp_path / "data"
    if os.geteuid() == 0:
        assert init(data, tmp_path, "--set", "user=nobody-here").returncode != 0
    assert init(data, tmp_path, "--set", "master_key=%s/no/such/folder" % tmp_path).returncode != 0
    assert not data.exists() or list(data.iterdir()) == []
    assert init(data, tmp_path).returncode == 0
    again = init(data, tmp_path)
    assert again.returncode != 0 and "already" in again.stderr


def test_init_beside_another_store(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "sesame.db").write_bytes(b"something")
    done = init(data, tmp_path)
    assert done.returncode != 0 and "sesame.db" in done.stderr
    assert [path.name for path in data.iterdir()] == ["sesame.db"]
    assert (data / "sesame.db").read_bytes() == b"something"


def test_init_without_a_home(tmp_path):
    """The secret is shown once, whatever becomes of the profile."""
    blocked = tmp_path / "home"
    blocked.write_text("not a folder")
    done = run("init", "--data", tmp_path / "data", "--zone", "mail.example", "--json",
               env={**os.environ, "HOME": str(blocked), "XDG_CONFIG_HOME": str(blocked)})
    assert done.returncode == 0, done
    made = json.loads(done.stdout)
    assert len(made["secret_access_key"]) == 40 and made["profile"] is None
    assert "profile" in done.stderr and made["secret_access_key"] not in done.stderr
