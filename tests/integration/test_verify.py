# SPDX-License-Identifier: Apache-2.0
"""sesame verify on messages signed by another program (dkimpy) with new keys,
and changed on their way: it must name the one fact that matters, and whose
turn it is, before all the evidence.  The README shows one of these runs."""
import base64
import json
import pathlib
import re
import subprocess
from unittest import mock

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SESAME = ROOT / "build/sesame"
NOW = 1795428000  # 2026-11-23T10:00:00Z

MESSAGE = b"""From: Ann <ann@orchard.example>\r
To: fruit@lists.example\r
Subject: The apples\r
Date: Mon, 23 Nov 2026 10:00:00 +0000\r
Message-ID: <1@orchard.example>\r
\r
The first apples are ripe.\r
\r
Ann\r
"""
FOOTER = b"""_______________________________________________\r
Fruit mailing list\r
https://lists.example/fruit\r
"""
SIGNED = [b"from", b"to", b"subject", b"date", b"message-id", b"reply-to"]


def strings(text):
    return [text[i:i + 200] for i in range(0, len(text), 200)]


@pytest.fixture(scope="module")
def key():
    """A private key in PEM, and the record of its public half."""
    private = rsa.generate_private_key(65537, 2048)
    der = private.public_key().public_bytes(serialization.Encoding.DER,
                                            serialization.PublicFormat.SubjectPublicKeyInfo)
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
                                serialization.NoEncryption())
    return pem, "v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode()


@pytest.fixture(scope="module")
def folder(key, tmp_path_factory):
    """A folder with zone.json: the DNS of everybody here."""
    path = tmp_path_factory.mktemp("verify")
    zone = {
        "orchard.example": {"TXT": [["v=spf1 ip4:192.0.2.1 -all"]]},
        "_dmarc.orchard.example": {"TXT": [["v=DMARC1; p=reject"]]},
        "k1._domainkey.orchard.example": {"TXT": [strings(key[1])]},
        "mailer.example": {"TXT": [["v=spf1 ip4:192.0.2.9 -all"]]},
        "k1._domainkey.mailer.example": {"TXT": [strings(key[1])]},
        "lists.example": {"TXT": [["v=spf1 ip4:192.0.2.7 -all"]]},
    }
    (path / "zone.json").write_text(json.dumps(zone))
    return path


def signed(key, message=MESSAGE, domain=b"orchard.example", canonical=b"relaxed", headers=None):
    with mock.patch("time.time", lambda: NOW):
        return dkim.sign(message, b"k1", domain, key[0], canonicalize=(canonical, canonical),
                         include_headers=headers or SIGNED) + message


def verify(folder, message, *args, name="message.eml", stdin=None, status=None):
    (folder / name).write_bytes(message)
    done = subprocess.run([SESAME, "verify", name if stdin is None else "-", "--dns", "zone.json",
                           "--at", str(NOW + 60), *args], cwd=folder, input=stdin, capture_output=True, timeout=60)
    if status is not None:
        assert done.returncode == status, done
    return done.stdout.decode()


def fact(folder, message, *args, status):
    """The fact by --json, after making sure that the text says the same."""
    report = json.loads(verify(folder, message, "--json", *args, status=status))
    text = verify(folder, message, *args, status=status)
    found = report["fact"]
    lines = text.splitlines()
    assert lines[0] == found["headline"]
    assert "Fact            " + found["code"] in lines
    assert "Turn            " + found["turn_text"] in lines
    assert text == report["text"]
    for part in ("SPF ", "DKIM ", "DMARC "):
        assert any(line.startswith(part) for line in lines[4:]), text
    return found, report


FROM_ORCHARD = ["--ip", "192.0.2.1", "--mail-from", "ann@orchard.example", "--helo", "mx.orchard.example"]
FROM_LIST = ["--ip", "192.0.2.7", "--mail-from", "fruit-bounces@lists.example", "--helo", "mx.lists.example"]
FROM_MAILER = ["--ip", "192.0.2.9", "--mail-from", "bounce@mailer.example", "--helo", "mx.mailer.example"]


def by_list(message):
    return b"List-Id: Fruit <fruit.lists.example>\r\n" + message + FOOTER


def test_all_good(folder, key):
    found, report = fact(folder, signed(key), *FROM_ORCHARD, status=0)
    assert (found["code"], found["turn"]) == ("all.good", "nobody")
    assert found["headline"].startswith("All good: SPF passes for orchard.example and DKIM passes for orchard.example")
    assert report["verdict"] == "pass"
    signature = report["dkim"]["signatures"][0]
    assert signature["key_bits"] == 2048 and signature["age"] == 60 and signature["body_as_signed"]
    assert signature["key_name"] == "k1._domainkey.orchard.example" and signature["key_record"] == key[1]


@pytest.mark.parametrize("canonical", [b"relaxed", b"simple"])
def test_body_changed_by_a_list(folder, key, canonical):
    found, report = fact(folder, by_list(signed(key, canonical=canonical)), *FROM_LIST, status=1)
    assert (found["code"], found["turn"]) == ("dkim.body_changed", "forwarder")
    assert "the body was changed after orchard.example signed it, by the mailing list fruit.lists.example" \
        in found["headline"]
    assert '3 lines were added below it, the first "%s"' % ("_" * 47) in found["headline"]
    assert "the header is as it was signed" in found["evidence"]
    assert report["spf"]["result"] == "pass" and not report["spf"]["aligned"]
    assert report["dmarc"]["result"] == "fail" and report["list"] == "fruit.lists.example"


def test_not_aligned(folder, key):
    found, report = fact(folder, signed(key, domain=b"mailer.example"), *FROM_MAILER, status=1)
    assert (found["code"], found["turn"]) == ("dmarc.not_aligned", "sender")
    assert "SPF passes for mailer.example and DKIM passes for mailer.example, " \
        "and neither is aligned with the From domain orchard.example" in found["headline"]
    assert "MAIL FROM <bounce@mailer.example>" in found["evidence"]
    assert "Have mailer.example sign with d=orchard.example" in found["repair"]
    assert "bounce.orchard.example" in found["repair"]
    assert report["dmarc"]["policy"] == "reject" and report["verdict"] == "fail"


def test_header_changed(folder, key):
    message = signed(key).replace(b"Subject: The", b"Subject: [fruit] The")
    found, report = fact(folder, message, status=1)
    assert (found["code"], found["turn"]) == ("dkim.header_changed", "forwarder")
    assert 'Subject was given a prefix; it was signed as "The apples"' in found["headline"]
    assert report["dkim"]["signatures"][0]["changed_field"] == "Subject"
    message = signed(key).replace(b"Subject:", b"Reply-To: fruit@lists.example\r\nSubject:")
    found, _ = fact(folder, message, status=1)
    assert "Reply-To was added" in found["headline"]


def test_another_key(folder, key):
    zone = json.loads((folder / "zone.json").read_text())
    other = rsa.generate_private_key(65537, 2048).public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    zone["k1._domainkey.orchard.example"]["TXT"] = [strings("v=DKIM1; p=" + base64.b64encode(other).decode())]
    (folder / "other.json").write_text(json.dumps(zone))
    report = json.loads(verify(folder, signed(key), "--dns", "other.json", "--json", status=1))
    assert (report["fact"]["code"], report["fact"]["turn"]) == ("dkim.key_other", "operator")


def test_stdin_and_received(folder, key):
    """From stdin with LF line ends, as a pipe gives it, the way it came read
    from its own fields."""
    message = b"Return-Path: <ann@orchard.example>\r\n" \
        b"Received: from mx.orchard.example (mx.orchard.example [192.0.2.1]) by mx.b.example; " \
        b"Mon, 23 Nov 2026 10:00:01 +0000\r\n" + signed(key)
    text = verify(folder, b"", "--trust-received", stdin=message.replace(b"\r\n", b"\n"), status=0)
    assert text.startswith("All good: SPF passes for orchard.example")
    assert "Client          192.0.2.1" in text


def test_usage(folder, key):
    for args in (["--ip", "192.0.2.1"], ["--mail-from", "a@b.example"], ["--ip", "x", "--mail-from", "a@b.example"]):
        verify(folder, signed(key), *args, status=2)
    done = subprocess.run([SESAME, "verify", "no-such-file", "--dns", "zone.json"], cwd=folder, capture_output=True)
    assert done.returncode == 2 and done.stdout == b"" and b"no-such-file" in done.stderr


def test_each_code_is_documented():
    source = (ROOT / "src/mailauth/report_fact.c").read_text()
    codes = re.findall(r'\[REPORT_FACT_\w+\] = "([a-z0-9_.]+)"', source)
    rows = re.findall(r"^\| `([a-z0-9_.]+)` \|", (ROOT / "docs/facts.md").read_text(), re.M)
    assert len(codes) > 40 and rows == codes


def plain(text):
    return re.sub(r"p=[A-Za-z0-9+/=]{60,}", "p=...", text)


def test_readme(folder, key):
    """The README's block is what the program prints, long lines cut."""
    block = re.search(r"<!-- verify -->\n```\n(.*?)```", (ROOT / "README.md").read_text(), re.S).group(1).splitlines()
    words = block[0].split()
    assert words[:3] == ["$", "sesame", "verify"]
    text = verify(folder, by_list(signed(key)), *words[4:words.index("--dns")], name=words[3], status=1)
    lines = plain(text).splitlines()
    assert len(block) - 1 == len(lines), text
    for shown, line in zip(block[1:], lines):
        if shown.endswith("..."):
            assert line.startswith(shown[:-3]), line
        else:
            assert shown == line
