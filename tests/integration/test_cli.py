# SPDX-License-Identifier: Apache-2.0
"""The commands as their users have them: exit statuses (`sesame help
exit-codes`), one JSON document, tables on a terminal and tabs elsewhere."""
import functools
import http.server
import json
import re
import shlex
import subprocess
import threading

import pytest

from lab import Lab

NOWHERE = "http://127.0.0.1:1"
# What waits for nobody.
OFTEN = ["status", "records", "test"]


@pytest.fixture(scope="module")
def pending(lab):
    """An identity of which nothing is published."""
    name = "pending." + lab.domain
    lab.sesame("add", name, check=0)
    return name


def terminal(lab, *args, **env):
    """What a terminal shows, and the exit status."""
    line = shlex.join([lab.env["SESAME"], *args])
    done = subprocess.run(["script", "-qec", line, "/dev/null"], stdin=subprocess.DEVNULL, capture_output=True,
                          env={"PATH": "/usr/bin:/bin", "TERM": "xterm", **lab.env, **env}, timeout=60)
    return done.stdout.decode().replace("\r\n", "\n"), done.returncode


def test_status(lab, verified, pending):
    done = lab.sesame("status", lab.domain, check=0)
    assert done.stdout.startswith(b"%s: all five steps are done; it can send mail\n" % lab.domain.encode())
    assert done.stderr == b""
    lab.eventually("DNS was asked", lambda: lab.json("status", pending, check=3)["last_checked"])
    done = lab.sesame("status", pending, check=3)
    assert b"not all is done yet; it cannot send mail" in done.stdout
    assert b"3 Prove control by DKIM   waiting, for the operator" in done.stdout
    # An upper-case name with a final dot is the same identity.
    assert lab.json("status", lab.domain.upper() + ".")["name"] == lab.domain


def test_wrong_records(lab):
    name = "wrong." + lab.domain
    lab.sesame("add", name, check=0)
    records = lab.records(name)
    cname = [row for row in records if "CNAME" in row][0]
    lab.publish([cname[:-1] + "." + lab.domain + "."] + [row for row in records if row != cname])
    lab.eventually("it is seen", lambda: b"cname.target_doubled" in lab.sesame("status", name).stdout)
    done = lab.sesame("status", name, check=1)
    assert cname.split()[-1].rstrip(".").encode() in done.stdout
    codes = [row["code"] for row in lab.json("status", name, check=1)["findings"]]
    assert codes == ["cname.target_doubled"]
    lab.sesame("wait", name, "--for", "dkim", "--timeout", "1s", check=3)
    lab.publish([cname])
    lab.sesame("wait", name, "--timeout", "60s", check=0)
    assert lab.json("status", name)["findings"] == []


@pytest.mark.parametrize("command", OFTEN + ["wait"])
def test_unknown_identity(lab, command):
    done = lab.sesame(command, "nobody." + lab.domain, check=1)
    assert b"sesame: Email identity nobody.%s does not exist.\n" % lab.domain.encode() in done.stderr
    assert done.stdout == b""


@pytest.mark.parametrize("command", OFTEN + ["wait", "add"])
def test_wrong_credentials(lab, verified, command):
    for env, text in [({"AWS_SECRET_ACCESS_KEY": "wrong"}, b"signature"),
                      ({"AWS_ACCESS_KEY_ID": "AKIANOBODY0000000000"}, b"security token"),
                      ({"AWS_REGION": "xx-nowhere-1"}, lab.region.encode())]:
        done = lab.sesame(command, lab.domain, env=env, check=4)
        assert text in done.stderr and done.stdout == b"", done
    none = {"AWS_SECRET_ACCESS_KEY": None, "HOME": "/nonexistent", "XDG_CONFIG_HOME": None}
    assert b"no credentials are known" in lab.sesame(command, lab.domain, env=none, check=4).stderr


@pytest.mark.parametrize("command", OFTEN + ["add"])
def test_server_down(lab, command):
    done = lab.sesame(command, lab.domain, "--endpoint-url", NOWHERE, "--json", check=5)
    assert NOWHERE.encode() in done.stderr and done.stdout == b""
    lab.sesame("wait", lab.domain, "--endpoint-url", NOWHERE, "--timeout", "1s", check=5)


@pytest.mark.parametrize("command", OFTEN + ["wait", "add"])
def test_another_server(lab, command, tmp_path):
    """What a web server that knows nothing of SES says is no answer."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.log_message = lambda *args: None
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = lab.sesame(command, lab.domain, "--endpoint-url", "http://127.0.0.1:%d" % server.server_port)
        server.shutdown()
    assert done.returncode in (2, 5) and done.stdout == b"", done


def test_usage(lab):
    for args in [["status"], ["status", "a.example", "b.example"], ["status", "--nothing", "a.example"],
                 ["status", "x..y"], ["status", "one"], ["statis", "a.example"], [],
                 ["records", "a.example", "-o", "nothing"], ["wait", "a.example", "--for", "nothing"],
                 ["wait", "a.example", "--timeout", "soon"], ["add", "a.example", "--key-length", "512"],
                 ["add", "a.example", "--tag", "no-value"], ["test", "a.example", "--timeout", "-1s"],
                 ["status", "a.example", "--endpoint-url", "http://192.0.2.1"],
                 ["status", "a.example", "--endpoint-url", "nonsense"],
                 ["status", "a.example", "--endpoint-url", "https://user:pass@host.example"]]:
        done = lab.sesame(*args, check=2)
        assert done.stdout == b"" and done.stderr != b"", args
    assert b'did you mean "status"' in lab.sesame("statis", check=2).stderr


def test_add(lab):
    name = "add." + lab.domain
    done = lab.sesame("add", name, "--mail-from", "bounce", "--tag", "team=news", check=0)
    assert done.stdout.startswith(b"%s is created\n" % name.encode())
    assert lab.env["AWS_ENDPOINT_URL_SESV2"].encode() in done.stderr
    # The same again changes nothing, and says so.
    done = lab.sesame("add", name, "--mail-from", "bounce", "--tag", "team=news", check=0)
    assert done.stdout.startswith(b"%s was there already, as wanted\n" % name.encode())
    assert done.stderr == b""
    before = lab.json("status", name, check=3)
    for args in (["--mail-from", "other"], ["--tag", "team=sport"], ["--on-mx-failure", "reject"],
                 ["--configuration-set", "none"], ["--key-length", "1024"]):
        assert b"is there already, and otherwise" in lab.sesame("add", name, *args, check=4).stderr
    assert lab.json("status", name, check=3)["mail_from"] == before["mail_from"]
    for refused in ("gmail.com", "co.uk", lab.zone, "deep." + lab.zone):
        done = lab.sesame("add", refused)
        assert done.returncode in (1, 2, 4) and refused.encode() + b" cannot be an identity" in done.stderr
    assert b"does not exist" in lab.sesame("add", "set." + lab.domain, "--configuration-set", "none", check=1).stderr


def test_test(lab, verified, tmp_path):
    path = tmp_path / "message.eml"
    done = lab.sesame("test", lab.domain, "--timeout", "30s", "--save", path, check=0)
    lines = done.stdout.decode().splitlines()
    for proof in (r"SPF +pass\b.*aligned", r"DKIM +pass\b.*aligned", r"DMARC +pass\b"):
        assert any(re.match(proof, line) for line in lines), done
    names = [line.split(b":")[0] for line in path.read_bytes().split(b"\r\n\r\n")[0].split(b"\r\n")
             if not line.startswith((b" ", b"\t"))]
    assert names[:3] == [b"Return-Path", b"Authentication-Results", b"Received"]
    # What was received can be judged again, from the file.
    again = lab.sesame("verify", path, "--trust-received", "--resolver", lab.env["RESOLVER"])
    assert again.returncode == 0, again
    # A subdomain of a verified domain sends by that; this one is of nobody's.
    lab.sesame("add", "unverified.example", check=0)
    done = lab.sesame("test", "unverified.example", check=4)
    assert b"Email address is not verified." in done.stderr and done.stdout == b""
    lab.sesame("test", lab.domain, "--save", tmp_path / "no/such/directory", check=2)


def test_message_that_does_not_arrive(tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("stuck"), delivery_port=1)
    lab.start()
    try:
        lab.onboard(lab.domain)
        done = lab.sesame("test", lab.domain, "--timeout", "1s", check=3)
        assert b"did not arrive yet" in done.stdout
        answer = lab.json("test", lab.domain, "--timeout", "1s", check=3)
        assert answer["report"] is None and answer["received"] is None and answer["id"]
    finally:
        lab.stop()


def test_check(lab):
    resolver = ["--resolver", lab.env["RESOLVER"]]
    assert lab.json("check", lab.domain, *resolver)["eligible"] is True
    for name in ("gmail.com", "co.uk", "nowhere.example"):
        answer = lab.json("check", name, *resolver, check=1)
        assert answer["eligible"] is False and answer["message"]
    answer = lab.json("check", lab.domain, "--resolver", "127.0.0.1#1", check=5)
    assert answer["verdict"] == "unknown"


def test_json_is_one_document(lab, verified, pending):
    for args, status in [(["status", lab.domain], 0), (["status", pending], 3), (["records", pending], 0),
                         (["wait", lab.domain], 0), (["wait", pending, "--timeout", "1s"], 3),
                         (["add", pending], 0), (["test", lab.domain], 0),
                         (["check", lab.domain, "--resolver", lab.env["RESOLVER"]], 0)]:
        text = lab.sesame(*args, "--json", check=status).stdout.decode()
        document = json.loads(text)  # fails if anything stands behind it
        assert document["schema"] == 1 and text.endswith("}\n"), args
        assert all(re.fullmatch("[a-z0-9_]+", name) for name in document), args


def test_records(lab, pending):
    zone = lab.sesame("records", pending, "-o", "zone", check=0).stdout.decode()
    assert zone.endswith("\n") and not zone.endswith("\n\n")
    assert len(zone.splitlines()) >= 7
    relative = lab.sesame("records", pending, "-o", "zone", "--relative", check=0).stdout.decode()
    assert relative.endswith("\n") and "$ORIGIN %s.\n" % lab.domain in relative
    csv = lab.sesame("records", pending, "-o", "csv", check=0).stdout.decode()
    assert csv.endswith("\n") and csv.startswith('"Type","Name","Value"')
    plain = lab.sesame("records", pending, check=0).stdout.decode()
    assert {line.count("\t") for line in plain.splitlines()} == {4}
    assert "\x1b" not in plain


def test_terminal(lab, pending):
    text, status = terminal(lab, "records", pending)
    assert status == 0
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    groups = [group.splitlines() for group in text.strip().split("\n\n")]
    assert len(groups) == 3
    for title, heading, *rows in groups:
        starts = [match.start() for match in re.finditer(r"\S+( \S+)*", heading)]
        assert len(starts) == 5 and len(rows) >= 2, heading
        for row in rows:
            # A column begins where its heading does, two spaces after the one before.
            assert all(row[at - 2:at] == "  " for at in starts[1:]), text
            assert all(row[at] != " " for at in (starts[0], starts[1], starts[2], starts[4])), text
    assert "\x1b[" in terminal(lab, "status", pending)[0]
    for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        text, status = terminal(lab, "status", pending, **env)
        assert status == 3 and "\x1b" not in text and "not all is done yet" in text


def test_output_that_cannot_be_written(lab, verified):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([lab.env["SESAME"], "status", lab.domain], env={"PATH": "/usr/bin", **lab.env},
                              stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 5 and b"cannot write" in done.stderr
