# SPDX-License-Identifier: Apache-2.0
"""A lab (script/lab) for Python: start it, run sesame in it, be its operator."""
import json
import os
import pathlib
import re
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Lab:
    def __init__(self, path, **settings):
        self.path = pathlib.Path(path)
        self.settings = ["%s=%s" % pair for pair in settings.items()]
        self.env = None

    def _script(self, verb, *args):
        subprocess.run([ROOT / "script/lab", verb, self.path, *args], check=True,
                       stdin=subprocess.DEVNULL)

    def start(self):
        self._script("start", *self.settings)
        self.env = dict(re.findall(r"^export (\w+)=(.*)$",
                                   (self.path / "lab.env").read_text(), re.M))
        self.domain = self.env["OPERATOR_DOMAIN"]
        self.zone = self.env["ZONE"]
        self.region = self.env["AWS_REGION"]
        self.api = self.env["API"]
        self.account = json.loads((self.path / "init.json").read_text())["account_id"]

    def stop(self):
        self._script("stop")

    def serve(self):
        """Starts sesame again, after it ended."""
        self._script("serve")

    @property
    def pid(self):
        """Of the parent process; each role has a process below it."""
        return int((self.path / "sesame.pid").read_text())

    def processes(self):
        """{role: [pid]} of what runs of the deployment; zombies do not."""
        found = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                args = pathlib.Path("/proc", pid, "cmdline").read_bytes().split(b"\0")
                state, _, group = pathlib.Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if int(group) == self.pid and state not in "ZX":
                role = args[args.index(b"--role") + 1].decode() if b"--role" in args else "parent"
                found.setdefault(role, []).append(int(pid))
        return found

    @staticmethod
    def address(text):
        """'127.0.0.1#53' as (host, port)."""
        host, port = re.split("[#:]", text)
        return host, int(port)

    def sesame(self, *args, check=None, env=None, **more):
        """Runs the program; `check` is the exit status it must have, `env`
        changes its environment (None takes a variable away)."""
        whole = {**os.environ, **self.env, **(env or {})}
        done = subprocess.run([self.env["SESAME"], *map(str, args)], stdin=subprocess.DEVNULL,
                              env={name: value for name, value in whole.items() if value is not None},
                              capture_output=True, timeout=120, **more)
        if check is not None:
            assert done.returncode == check, (args, done)
        return done

    def json(self, *args, check=0):
        return json.loads(self.sesame(*args, "--json", check=check).stdout)

    def update(self, *lines, zone=None):
        """Sends an RFC 2136 update to the operator's server."""
        host, port = self.address(self.env["OPERATOR_DNS"])
        script = ["server %s %d" % (host, port), "zone %s" % (zone or self.domain), *lines, "send", ""]
        subprocess.run(["knsupdate", "-k", self.env["OPERATOR_KEY"]], input="\n".join(script).encode(),
                       check=True)

    def records(self, name):
        """The record set, as lines of a zone file."""
        text = self.sesame("records", name, "-o", "zone", check=0).stdout.decode()
        return [line for line in text.splitlines() if line.strip() and not line.startswith(";")]

    def publish(self, records):
        """Publishes zone-file lines, replacing what is at their names."""
        lines = []
        for line in records:
            owner, _, _, kind, _ = line.split(None, 4)
            lines += ["del %s %s" % (owner, kind), "add " + line]
        self.update(*lines)

    def onboard(self, name):
        """Makes `name`, in the operator's zone, a verified identity."""
        self.sesame("add", name, "--mail-from", "sesmail", check=0)
        self.publish(self.records(name))
        self.sesame("wait", name, "--for", "all", "--timeout", "60s", check=0)

    def ready(self):
        """What serve printed when every listener answered."""
        return json.loads((self.path / "serve.json").read_text())

    def eventually(self, what, found, seconds=30):
        """Calls found() until it gives something true, and returns that."""
        end = time.monotonic() + seconds
        while True:
            got = found()
            if got:
                return got
            assert time.monotonic() < end, "never: " + what
            time.sleep(0.1)
