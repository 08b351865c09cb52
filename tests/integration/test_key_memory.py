# SPDX-License-Identifier: Apache-2.0
"""Where secrets are: in keyd alone.

As root we open DKIM keys with the deployment's own master key, so that we
know their octets, and look for them in the memory of every process while the
deployment signs: p, q and d must be found in keyd (else the search would be
worth nothing) and in no other process; nor the DER, the API secret
and the master key; and none of them in a file of the data directory (but the
master key in its own), nor in what serve prints.

What is found in keyd at any moment is p, q and d: the numbers of the keys it
has at hand.  The DER and the API secret are there only while they are opened
and used (some hundred thousand instructions), so the control for them runs
keyd instruction by instruction and looks in between."""
import base64
import os
import pathlib
import re
import signal
import subprocess
import threading
import time

import pytest
from sigv4 import Client

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may read another process's memory")

SCANS = 5
PIECE = 32  # octets that no two things share by chance


class Key:
    def __init__(self, line):
        self.selector, *numbers = line.split()
        self.der, self.p, self.q, self.d = map(bytes.fromhex, numbers)
        assert len(self.p) == len(self.q) == 128 and int.from_bytes(self.p, "big").bit_length() == 1024

    def needles(self):
        """{what: octets that must not be found}; a part would be as bad as the whole."""
        found = {"DER": self.der[-200:], "base64 of the DER": base64.b64encode(self.der)[-200:]}
        for name, number in (("p", self.p), ("q", self.q), ("d", self.d)):
            for order, octets in (("big", number), ("little", number[::-1])):
                for part, at in (("first", 0), ("last", len(octets) - PIECE)):
                    found["%s part of %s, %s-endian" % (part, name, order)] = octets[at:at + PIECE]
        return found


def keys(lab, account="", name=""):
    done = subprocess.run([pathlib.Path(lab.env["SESAME"]).parent / "tests/tools/unseal", lab.env["DATA"],
                           account, name], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return [Key(line) for line in done.stdout.decode().splitlines()]


def key_of(lab, name):
    """The key that an identity signs with."""
    key, = keys(lab, lab.account, name)
    return key


def regions(pid, again):
    """The octets of each mapping of a process that can be read; `again`:
    without those that are a file's and cannot change."""
    with open("/proc/%d/maps" % pid) as maps, open("/proc/%d/mem" % pid, "rb", buffering=0) as mem:
        for line in maps.read().splitlines():
            start, end, mode, name = re.match(r"(\w+)-(\w+) (\S+) \S+ \S+ \S+\s*(.*)", line).groups()
            if mode[0] != "r" or name in ("[vvar]", "[vsyscall]", "[vvar_vclock]"):
                continue
            if again and name.startswith("/") and mode[1] != "w":
                continue
            start, end, parts = int(start, 16), int(end, 16), []
            try:
                mem.seek(start)
                while start < end:
                    part = mem.read(min(end - start, 1 << 24))
                    if not part:
                        break
                    parts.append(part)
                    start += len(part)
            except (OSError, ValueError):
                # Unmapped meanwhile, or the guard pages of a secure heap.
                pass
            yield name, b"".join(parts)


def scan(pid, needles, again=False):
    """Which needles the process has; and how many octets were looked at."""
    found, octets = set(), 0
    for _, region in regions(pid, again):
        octets += len(region)
        found |= {what for what, needle in needles.items() if needle in region}
    return found, octets


class Load:
    """Sends without end, so that keyd signs."""

    def __init__(self, lab, sender):
        self.lab, self.sender, self.sent, self.stopped = lab, sender, 0, False
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(2)]

    def run(self):
        client = Client(self.lab)
        while not self.stopped:
            try:
                status, _ = client.send("a@" + self.sender, "b@sink." + self.lab.domain, "signed")
                self.sent += status == 200
            except OSError:
                time.sleep(0.02)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.lab.eventually("the load runs", lambda: self.sent > 10)
        return self

    def __exit__(self, *_):
        self.stopped = True
        for thread in self.threads:
            thread.join(15)


def secret_of(lab):
    secret = lab.env["AWS_SECRET_ACCESS_KEY"].encode()
    master = (pathlib.Path(lab.env["DATA"]) / "master.key").read_bytes().strip()
    return {"master key": bytes.fromhex(master.decode()), "text of the master key": master,
            "API secret": secret, "first half of the API secret": secret[:20],
            "last half of the API secret": secret[20:]}


def look_everywhere(lab, sender, known):
    """Scans all processes `SCANS` times while mail is sent as `sender`.
    `known`: {whose: Key}, which sign it."""
    needles = secret_of(lab)
    for whose, key in known.items():
        needles.update({"%s of %s" % (what, whose): octets for what, octets in key.needles().items()})
    had, looked = {"keyd": set(), "server": set(), "parent": set()}, {}
    with Load(lab, sender) as load:
        for turn in range(SCANS):
            before = load.sent
            for role, pids in lab.processes().items():
                for pid in pids:
                    found, octets = scan(pid, needles, turn > 0)
                    had[role] |= found
                    looked[role] = looked.get(role, 0) + octets
            lab.eventually("keyd goes on signing", lambda: load.sent > before)
    print("looked at", ", ".join("%d MB of %s" % (n >> 20, role) for role, n in sorted(looked.items())),
          "while %d messages were signed, for %d things" % (load.sent, len(needles)))
    for whose in known:
        for number in "pqd":
            for part in ("first", "last"):
                assert {"%s part of %s, %s-endian of %s" % (part, number, order, whose)
                        for order in ("big", "little")} & had["keyd"], \
                    "the control: the %s part of %s of %s is not in keyd" % (part, number, whose)
    print("in keyd:", "; ".join(sorted(had["keyd"])))
    assert all(n > 1 << 20 for n in looked.values())
    assert had["server"] == set() and had["parent"] == set()
    for path in [*pathlib.Path(lab.env["DATA"]).iterdir(), lab.path / "sesame.log", lab.path / "serve.json"]:
        octets = path.read_bytes()
        held = {what for what, needle in needles.items() if needle in octets}
        assert held == ({"text of the master key"} if path.name == "master.key" else set()), (path, held)


def test_memory(own):
    """The keys of an identity and of the deployment, while they sign."""
    look_everywhere(own, own.domain, {own.domain: key_of(own, own.domain), "the deployment": keys(own)[0]})


def test_new_identity(own):
    """The key of an identity that came through the API: keyd made it."""
    name = "mill." + own.domain
    status, answer = Client(own).call("POST", "/v2/email/identities", {"EmailIdentity": name})
    assert status == 200, answer
    own.publish(own.records(name))
    own.sesame("wait", name, "--for", "dkim", "--timeout", "60s", check=0)
    look_everywhere(own, name, {name: key_of(own, name)})


def test_own_key(own):
    """A key that a person brings: nothing of it is left in the server."""
    made = subprocess.run(["openssl", "genrsa", "-traditional", "2048"], check=True, capture_output=True).stdout
    text = b"".join(made.splitlines()[1:-1]).decode()
    name = "press." + own.domain
    status, answer = Client(own).call("POST", "/v2/email/identities", {
        "EmailIdentity": name,
        "DkimSigningAttributes": {"DomainSigningSelector": "own", "DomainSigningPrivateKey": text}})
    assert status == 200, answer
    own.publish(own.records(name))
    own.sesame("wait", name, "--for", "dkim", "--timeout", "60s", check=0)
    key = key_of(own, name)
    assert base64.b64decode(text)[-500:] == key.der[-500:], "it is another key than the one given"
    look_everywhere(own, name, {name: key})


def test_brief(own):
    """The control for what is there only while it is used: the DER of a key
    when keyd opens it to sign, the API secret when it judges a request."""
    key = key_of(own, own.domain)
    secret = own.env["AWS_SECRET_ACCESS_KEY"].encode()
    before = own.processes()
    for pid in before["keyd"]:
        os.kill(pid, signal.SIGKILL)  # the new ones have to open the key
    own.eventually("the keyds are there", lambda: len(own.processes().get("keyd", [])) == len(before["keyd"]))
    time.sleep(1)
    stepper = pathlib.Path(own.env["SESAME"]).parent / "tests/tools/stepper"
    steppers = [subprocess.Popen([stepper, str(pid), "40", key.der.hex(), secret.hex()], stdout=subprocess.PIPE)
                for pid in own.processes()["keyd"]]
    try:
        for process in steppers:
            assert process.stdout.readline() == b"ready\n"
        client = Client(own, timeout=60)
        status, answer = client.send("a@" + own.domain, "b@sink." + own.domain, "step by step")
        assert status == 200, answer
    finally:
        for process in steppers:
            process.send_signal(signal.SIGALRM)
    said = b"".join(process.communicate(timeout=20)[0] for process in steppers).decode()
    for what, octets in (("DER", key.der), ("API secret", secret)):
        seen = [int(n) for n in re.findall(r"^seen %s (\d+)$" % octets.hex(), said, re.M)]
        gone = [int(n) for n in re.findall(r"^gone %s (\d+)$" % octets.hex(), said, re.M)]
        print("the %s came into keyd after %s instructions, and was gone after %s" % (what, seen, gone))
        assert seen, "the control: the %s was never in keyd" % what
        assert len(gone) == len(seen), "the %s stayed in keyd" % what
