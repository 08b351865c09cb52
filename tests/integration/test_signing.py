# SPDX-License-Identifier: Apache-2.0
"""sesame dkim sign, dkim key and arc seal: what they make, others must take
(dkimpy, Mail::DKIM, openssl), and what others make, sesame must take."""
import base64
import json
import os
import pathlib
import re
import resource
import stat
import subprocess
import time

import dkim
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SESAME = os.environ.get("SESAME", str(ROOT / "build/sesame"))
NOW = 1700000000
DOMAIN = "orchard.example"

MESSAGE = (b"From: Joe <joe@orchard.example>\r\nTo: a@b.example\r\nSubject: hi\r\n there\r\n"
           b"Date: Tue, 14 Nov 2023 22:13:20 +0000\r\nMessage-ID: <1@orchard.example>\r\n"
           b"\r\nHello \t world \r\n\r\nbye\r\n\r\n\r\n")

# Says of each DKIM signature, then of the ARC chain, what Mail::DKIM thinks.
MAIL_DKIM = r"""
use strict; use warnings; use JSON::PP;
use Mail::DKIM::Verifier; use Mail::DKIM::ARC::Verifier; use Mail::DKIM::DNS;
{ package Fixture; use Net::DNS;
  sub new { my ($c, $z) = @_; bless {zone => $z}, $c }
  sub send { my ($s, $name) = @_; my $p = Net::DNS::Packet->new($name, 'TXT');
    my $t = $s->{zone}{lc $name}{TXT} or return $p;
    $p->push(answer => Net::DNS::RR->new(name => $name, type => 'TXT', ttl => 60, txtdata => $_->[0])) for @$t;
    return $p }
  sub errorstring { 'NOERROR' } sub query { shift->send(@_) } sub search { shift->send(@_) } }
my ($file, $zone) = @ARGV;
open my $z, '<', $zone or die $!; local $/;
Mail::DKIM::DNS::resolver(Fixture->new(decode_json(<$z>)));
open my $fh, '<:raw', $file or die $!; my $text = <$fh>;
my $dkim = Mail::DKIM::Verifier->new(); $dkim->PRINT($text); $dkim->CLOSE;
printf "%s %s %s\n", $_->selector, $_->algorithm, $_->result for $dkim->signatures;
my $arc = Mail::DKIM::ARC::Verifier->new(Strict => 1); $arc->PRINT($text); $arc->CLOSE;
printf "arc %s\n", $arc->result;
"""


def sesame(*args, check=0, stdin=b"", **more):
    done = subprocess.run([SESAME, *map(str, args)], input=stdin, capture_output=True, timeout=60, **more)
    assert done.returncode == check, (args, done.returncode, done.stderr)
    return done


def mail_dkim(path, zone):
    done = subprocess.run(["perl", "-e", MAIL_DKIM, str(path), str(zone)], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().splitlines()


class Place:
    """A folder with keys that sesame made, their zone, and a message."""

    def __init__(self, path):
        self.path, self.zone = path, {}
        for name, kind in [("r1", "rsa-2048"), ("e1", "ed25519"), ("r2", "rsa-1024"), ("r4", "rsa-4096")]:
            made = json.loads(sesame("dkim", "key", "--out", path / (name + ".pem"), "--type", kind,
                                     "--selector", name, "--domain", DOMAIN, "--json").stdout)
            self.zone[made["name"]] = {"TXT": [[made["record"]]]}
        self.dns = path / "zone.json"
        self.dns.write_text(json.dumps(self.zone))
        self.message = path / "mail.eml"
        self.message.write_bytes(MESSAGE)

    def key(self, name):
        return ["--selector", name, "--key", self.path / (name + ".pem")]

    def sign(self, *args, **more):
        return sesame("dkim", "sign", self.message, "--domain", DOMAIN, "--at", NOW, *args, **more)

    def seal(self, message, *args, **more):
        path = self.path / "in.eml"
        path.write_bytes(message)
        return sesame("arc", "seal", path, "--domain", DOMAIN, "--authserv-id", "mx.orchard.example",
                      "--at", NOW, "--dns", self.dns, *args, **more)

    def verify(self, what, message, *args, check=0):
        done = sesame(what, "verify", "-", "--dns", self.dns, "--at", NOW, "--json", *args,
                      stdin=message, check=check)
        return json.loads(done.stdout)

    def txt(self, name, timeout=5):
        name = (name.decode() if isinstance(name, bytes) else name).rstrip(".").lower()
        return self.zone[name]["TXT"][0][0].encode() if name in self.zone else None


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("signing"))


@pytest.mark.parametrize("canon", ["relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple", "simple"])
@pytest.mark.parametrize("name", ["r1", "e1", "r2", "r4"])
def test_others_take_ours(place, name, canon):
    signed = place.sign("--canon", canon, *place.key(name)).stdout
    assert signed.endswith(MESSAGE) and signed.startswith(b"DKIM-Signature: ")
    assert place.verify("dkim", signed)["result"] == "pass"
    assert dkim.verify(signed, dnsfunc=place.txt)
    broken = signed.replace(b"Hello", b"hello")
    assert not dkim.verify(broken, dnsfunc=place.txt)
    assert place.verify("dkim", broken, check=1)["result"] == "fail"
    if name != "e1":  # Mail::DKIM of Debian 12 has no Ed25519
        path = place.path / "signed.eml"
        path.write_bytes(signed)
        assert mail_dkim(path, place.dns)[0] == "%s rsa-sha256 pass" % name


def test_two_signatures(place):
    now = int(time.time())
    signed = place.sign(*place.key("r1"), *place.key("e1"), "--expire", "7d", "--at", now,
                        "--identity", "joe=x@mail." + DOMAIN).stdout
    rows = place.verify("dkim", signed, "--at", now)["signatures"]
    assert [row["selector"] for row in rows] == ["r1", "e1"]
    assert {row["result"] for row in rows} == {"pass"}
    assert {row["identity"] for row in rows} == {"joe=x@mail." + DOMAIN}
    for index in (0, 1):
        assert dkim.DKIM(signed).verify(idx=index, dnsfunc=place.txt)
    late = sesame("dkim", "verify", "-", "--dns", place.dns, "--at", now + 8 * 86400, "--json",
                  stdin=signed, check=1)
    assert json.loads(late.stdout)["result"] == "permerror"


def test_aligned_signature_behind_many(place):
    """Of more signatures than are verified those of the author's domain come first."""
    others = b"".join(b"DKIM-Signature: v=1; a=rsa-sha256; d=other%d.example; s=s; h=from;\r\n"
                      b" bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n" % i
                      for i in range(8))
    found = place.verify("dkim", others + place.sign(*place.key("r1")).stdout)
    assert (found["result"], len(found["signatures"])) == ("pass", 8)


def test_json(place):
    rows = json.loads(place.sign(*place.key("r1"), "--json").stdout)["signatures"]
    assert rows[0]["field"].encode() + MESSAGE == place.sign(*place.key("r1")).stdout
    assert (rows[0]["domain"], rows[0]["selector"], rows[0]["algorithm"], rows[0]["key_bits"]) == \
        (DOMAIN, "r1", "rsa-sha256", 2048)


def test_line_ends(place, tmp_path):
    unix = MESSAGE.replace(b"\r\n", b"\n")
    path = tmp_path / "unix.eml"
    args = ["--domain", DOMAIN, "--at", NOW, *place.key("r1")]
    for text, where in [(unix, b"line 1 "), (MESSAGE.replace(b"bye\r\n", b"bye\n"), b"line 10 "),
                        (MESSAGE.replace(b"bye", b"b\rye"), b"line 10 "), (MESSAGE + b"\r", b"line 13 ")]:
        path.write_bytes(text)
        done = sesame("dkim", "sign", path, *args, check=2)
        assert where in done.stderr and b"--crlf" in done.stderr and done.stdout == b"", done.stderr
        done = sesame("dkim", "sign", path, "--crlf", *args)
        assert b"\n" not in done.stdout.replace(b"\r\n", b"")
        assert dkim.verify(done.stdout, dnsfunc=place.txt)
    path.write_bytes(unix)
    for source in [dict(stdin=unix), dict(stdin=unix.replace(b"\n", b"\r"))]:
        done = sesame("dkim", "sign", "-", "--crlf", *args, **source)
        assert done.stdout == place.sign(*place.key("r1")).stdout
    with path.open("rb") as handle:  # a file on stdin is read again too
        done = subprocess.run([SESAME, "dkim", "sign", "-", "--crlf", *map(str, args)], stdin=handle,
                              capture_output=True, timeout=60)
    assert done.stdout == place.sign(*place.key("r1")).stdout


def test_refusals(place, tmp_path):
    pem = place.path / "r1.pem"
    for name, text in [("none", b""), ("no-from", b"To: a@b.c\r\n\r\nx\r\n"), ("two", b"From: a@b.c\r\n" * 2 + b"\r\n"),
                       ("no-colon", b"From: a@b.c\r\nx y\r\n\r\n"), ("huge", b"X: " + b"y" * 200000)]:
        path = tmp_path / name
        path.write_bytes(text)
        done = sesame("dkim", "sign", path, "--domain", DOMAIN, *place.key("r1"), check=2)
        assert done.stdout == b"" and str(path).encode() in done.stderr
    for args in [[], ["--domain", DOMAIN], ["--domain", "x..y", *place.key("r1")],
                 ["--domain", DOMAIN, "--selector", "a b", "--key", pem], ["--domain", DOMAIN, "--selector", "r1"],
                 ["--domain", DOMAIN, *place.key("r1"), "--selector", "x"],
                 ["--domain", DOMAIN, *place.key("r1"), "--canon", "none"],
                 ["--domain", DOMAIN, *place.key("r1"), "--expire", "soon"],
                 ["--domain", DOMAIN, *place.key("r1"), "--identity", "a@elsewhere.example"],
                 ["--domain", DOMAIN, *place.key("r1"), "--identity", "nobody"],
                 ["--domain", DOMAIN, "--selector", "r1", "--key", tmp_path / "missing"],
                 ["--domain", DOMAIN, "--selector", "r1", "--key", place.message]]:
        done = sesame("dkim", "sign", place.message, *args, check=2)
        assert done.stdout == b"" and done.stderr != b"", args


def openssl(*args):
    return subprocess.run(["openssl", *map(str, args)], capture_output=True, check=True, timeout=60).stdout


def test_keys_of_openssl(place, tmp_path):
    """PKCS#1 and PKCS#8 as openssl writes them; what is no such key says why."""
    pkcs8, pkcs1, ed, ec, weak = (tmp_path / name for name in ["8.pem", "1.pem", "ed.pem", "ec.pem", "weak.pem"])
    openssl("genrsa", "-out", pkcs8, "2048")
    openssl("rsa", "-in", pkcs8, "-traditional", "-out", pkcs1)
    openssl("genpkey", "-algorithm", "ed25519", "-out", ed)
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", ec)
    openssl("genrsa", "-out", weak, "768")
    signed = [place.sign("--selector", "x", "--key", path).stdout for path in (pkcs8, pkcs1)]
    assert signed[0] == signed[1]
    record = "v=DKIM1; p=" + base64.b64encode(openssl("rsa", "-in", pkcs8, "-pubout", "-outform", "DER")).decode()
    assert dkim.verify(signed[0], dnsfunc=lambda name, timeout=5: record.encode())
    for path in (pkcs8, pkcs1):
        done = sesame("dkim", "key", "--record", record, "--key", path, "--json")
        assert json.loads(done.stdout)["records"][0]["matches"] is True
    raw = base64.b64encode(openssl("pkey", "-in", ed, "-pubout", "-outform", "DER")[-32:]).decode()
    sesame("dkim", "key", "--record", "v=DKIM1; k=ed25519; p=" + raw, "--key", ed)
    for path, why in [(ec, b"neither RSA nor Ed25519"), (weak, b"fewer than 1024 bits")]:
        assert why in place.sign("--selector", "x", "--key", path, check=2).stderr
    locked = tmp_path / "locked.pem"
    openssl("rsa", "-in", pkcs8, "-aes128", "-passout", "pass:x", "-out", locked)
    assert b"passphrase" in place.sign("--selector", "x", "--key", locked, check=2).stderr


def test_make_key(place, tmp_path):
    path = tmp_path / "k.pem"
    text = sesame("dkim", "key", "--out", path, "--selector", "s.t", "--domain", DOMAIN).stdout.decode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    zone = re.search(r"^s\.t\._domainkey\.%s\.\t3600\tIN\tTXT\t(.*)$" % re.escape(DOMAIN), text, re.M).group(1)
    strings = re.findall(r'"([^"]*)"', zone)
    assert all(len(string) <= 255 for string in strings)
    assert re.search(r"^name   s\.t\._domainkey$", text, re.M)
    assert re.search(r"^value  (.*)$", text, re.M).group(1) == "".join(strings)
    public = base64.b64encode(openssl("pkey", "-in", path, "-pubout", "-outform", "DER")).decode()
    assert "".join(strings) == "v=DKIM1; k=rsa; p=" + public
    before = path.read_bytes()
    sesame("dkim", "key", "--out", path, "--selector", "s", "--domain", DOMAIN, check=4)
    assert path.read_bytes() == before
    os.chmod(path, 0o644)
    assert b"chmod 600" in place.sign("--selector", "s", "--key", path).stderr
    for args in [["--out", tmp_path / "x"], ["--out", tmp_path / "x", "--selector", "s", "--domain", "x..y"],
                 ["--out", tmp_path / "x", "--selector", "-", "--domain", DOMAIN],
                 ["--out", tmp_path / "x", "--selector", "s", "--domain", DOMAIN, "--type", "rsa-512"], [], ["s"],
                 ["s", DOMAIN, "x"]]:
        sesame("dkim", "key", *args, check=2)
        assert not (tmp_path / "x").exists()


def test_look_at_key(place):
    zone = {**place.zone,
            "two._domainkey." + DOMAIN: {"TXT": [place.zone["r1._domainkey." + DOMAIN]["TXT"][0],
                                                 place.zone["e1._domainkey." + DOMAIN]["TXT"][0]]},
            "gone._domainkey." + DOMAIN: {"TXT": [["v=DKIM1; p="]]},
            "spf._domainkey." + DOMAIN: {"TXT": [["v=spf1 -all"]]},
            "test._domainkey." + DOMAIN: {"TXT": [["t=y:s; " + place.zone["r2._domainkey." + DOMAIN]["TXT"][0][0][9:]]]},
            "slow._domainkey." + DOMAIN: {"TIMEOUT": "*"}}
    dns = place.path / "keys.json"
    dns.write_text(json.dumps(zone))
    for selector, check, result, fault in [
            ("r1", 0, "good", None), ("e1", 0, "good", None), ("two", 1, "bad", None), ("gone", 1, "bad", "revoked"),
            ("spf", 1, "bad", "no"), ("nobody", 1, "none", None), ("slow", 5, "temperror", None)]:
        done = json.loads(sesame("dkim", "key", selector, DOMAIN, "--dns", dns, "--json", check=check).stdout)
        assert done["result"] == result and done["name"] == "%s._domainkey.%s" % (selector, DOMAIN), done
        assert fault is None or fault in done["records"][0]["fault"]
        sesame("dkim", "key", selector, DOMAIN, "--dns", dns, check=check)
    row = json.loads(sesame("dkim", "key", "test", DOMAIN, "--dns", dns, "--json").stdout)["records"][0]
    assert (row["bits"], row["testing"], row["strict"], len(row["advice"])) == (1024, True, True, 3)
    sesame("dkim", "key", "r1", DOMAIN, "--dns", dns, "--key", place.path / "r1.pem")
    assert b"another private key" in sesame("dkim", "key", "r1", DOMAIN, "--dns", dns, "--key",
                                            place.path / "r2.pem", check=1).stdout


@pytest.mark.parametrize("name", ["r1", "e1"])
def test_arc_chain(place, name):
    """Each set of ours validates here and with dkimpy and Mail::DKIM."""
    message = place.sign(*place.key(name)).stdout
    for hop in (1, 2, 3):
        before = message
        message = place.seal(message, *place.key(name), "--results",
                             "dkim=pass header.d=%s" % DOMAIN, "--results", "spf=fail (no; sorry)").stdout
        assert message.endswith(before)
        got = place.verify("arc", message)
        assert (got["result"], got["sets"], got["sealed_by"]) == ("pass", hop, DOMAIN)
        assert [(row["instance"], row["cv"]) for row in got["chain"]] == \
            [(i, "pass" if i > 1 else "none") for i in range(hop, 0, -1)]
        assert got["chain"][0]["results"].startswith("i=%d; mx.orchard.example;" % hop)
        if name == "r1":  # neither has Ed25519 for ARC
            assert dkim.ARC(message).verify(dnsfunc=place.txt)[0] == dkim.CV_Pass
            path = place.path / "sealed.eml"
            path.write_bytes(message)
            assert mail_dkim(path, place.dns)[-1] == "arc pass"
    assert message.count(b"cv=none;") == 1 and message.count(b"cv=pass;") == 2
    for old, new in [(b"Hello", b"hello"), (b"From: Joe", b"From: Jim"), (b"no; sorry", b"no, sorry")]:
        broken = message.replace(old, new)
        assert place.verify("arc", broken, check=1)["result"] == "fail"
        if name == "r1":
            assert dkim.ARC(broken).verify(dnsfunc=place.txt)[0] == dkim.CV_Fail


def test_arc_on_top_of_others(place):
    """dkimpy's set below ours, and ours below dkimpy's."""
    key = (place.path / "r1.pem").read_bytes()

    def theirs(message, cv):
        found = b"Authentication-Results: mx.orchard.example; dkim=pass; arc=%s\r\n" % cv
        fields = dkim.arc_sign(found + message, b"r1", DOMAIN.encode(), key, b"mx.orchard.example", timestamp=NOW,
                               include_headers=[b"from", b"to", b"subject", b"date"])
        return b"".join(fields) + message

    def ours(message):
        return place.seal(message, *place.key("r1"), "--results", "spf=pass").stdout

    message = ours(theirs(ours(theirs(MESSAGE, b"none")), b"pass"))
    got = place.verify("arc", message)
    assert (got["result"], got["sets"]) == ("pass", 4), got
    assert dkim.ARC(message).verify(dnsfunc=place.txt)[0] == dkim.CV_Pass


def test_arc_broken_chain(place):
    sealed = place.seal(MESSAGE, *place.key("r1")).stdout
    done = place.seal(sealed.replace(b"Hello", b"hello"), *place.key("r1"))
    assert b"the chain is broken" in done.stderr and b"cv=fail" in done.stdout
    assert place.verify("arc", done.stdout, check=1)["result"] == "fail"
    again = place.seal(done.stdout, *place.key("r1"), check=1)
    assert again.stdout == b"" and b"nothing is added" in again.stderr
    slow = place.path / "slow.json"
    slow.write_text(json.dumps({"r1._domainkey." + DOMAIN: {"SERVFAIL": "*"}}))
    done = place.seal(sealed, *place.key("r1"), "--dns", slow, check=5)
    assert done.stdout == b"" and b"try again" in done.stderr
    for args in [["--results", "nonsense"], ["--results", "spf=pass (\r\n\r\n)"]]:
        assert place.seal(MESSAGE, *place.key("r1"), *args, check=2).stdout == b""


def test_arc_collects_results(place):
    message = (b"Authentication-Results: MX.orchard.example. 1; spf=pass (a; b)\r\n smtp.mailfrom=x.example\r\n"
               b"Authentication-Results: forged.example; dkim=pass\r\n"
               b"Authentication-Results: mx.orchard.example; dmarc=fail\r\n" + MESSAGE)
    fields = json.loads(place.seal(message, *place.key("r1"), "--json").stdout)
    text = " ".join(fields["arc_authentication_results"].split())
    assert text == ("ARC-Authentication-Results: i=1; mx.orchard.example; spf=pass (a; b) "
                    "smtp.mailfrom=x.example; dmarc=fail; arc=none")
    assert (fields["instance"], fields["cv"], fields["chain"]["result"]) == (1, "none", "none")


def limit_memory():
    resource.setrlimit(resource.RLIMIT_DATA, (32 << 20, 32 << 20))


@pytest.mark.parametrize("command", ["sign", "seal"])
def test_large(place, tmp_path, command):
    """100 MB go through 32 MB of memory, and what comes out verifies."""
    path, out = tmp_path / "large.eml", tmp_path / "out.eml"
    line = b"0123456789 " * 6 + b"\r\n"
    with path.open("wb") as f:
        f.write(MESSAGE)
        for _ in range(1500):
            f.write(line * 1000)
    args = ["dkim", "sign"] if command == "sign" else ["arc", "seal", "--authserv-id", "x", "--dns", place.dns]
    with out.open("wb") as f:
        done = subprocess.run([SESAME, *map(str, args), path, "--domain", DOMAIN, *map(str, place.key("e1"))],
                              stdout=f, stderr=subprocess.PIPE, preexec_fn=limit_memory, timeout=120)
    assert done.returncode == 0, done.stderr
    size = path.stat().st_size
    assert out.stat().st_size > size > 100_000_000
    with out.open("rb") as f:
        f.seek(-size, os.SEEK_END)
        assert f.read(1000) == (MESSAGE + line * 20)[:1000]


def test_verify_says_what_broke(place):
    """Which hash is another, what was changed, and all there is about a signature."""
    signed = place.sign(*place.key("r1"), "--expire", "1d", "--canon", "relaxed/simple").stdout
    row = place.verify("dkim", signed, "--at", NOW + 100)["signatures"][0]
    assert (row["result"], row["mismatch"], row["body_hash_matches"], row["age_seconds"]) == ("pass", None, True, 100)
    assert (row["header_canonicalization"], row["body_canonicalization"]) == ("relaxed", "simple")
    assert row["key_name"] == "r1._domainkey." + DOMAIN and row["key_record"].startswith("v=DKIM1; k=rsa; p=")
    assert row["header_names"][:2] == ["From", "From"] and row["dmarc_eligible"] is True
    assert (row["key_bits"], row["signed_at"], row["expires_at"]) == \
        (2048, "2023-11-14T22:13:20Z", "2023-11-15T22:13:20Z")
    for old, new, mismatch, change in [
            (b"Hello", b"hello", "body", "body_change"), (b"bye\r\n", b"bye\r\n-- \r\nlist\r\n", "body", "body_change"),
            (b"Subject: hi", b"Subject: [list] hi", "header", "header_change")]:
        broken = signed.replace(old, new)
        row = place.verify("dkim", broken, check=1)["signatures"][0]
        assert (row["result"], row["mismatch"], row["body_hash_matches"]) == ("fail", mismatch, mismatch == "header")
        assert row[change]
        text = sesame("dkim", "verify", "-", "--dns", place.dns, "--at", NOW, stdin=broken, check=1).stdout.decode()
        assert text.startswith("fail\nsignature 1  fail  orchard.example  selector r1  rsa-sha256, 2048 bits\n")
        assert row[change] in text and "r1._domainkey.orchard.example" in text


def test_verify_without_signature(place):
    assert place.verify("dkim", MESSAGE, check=1)["result"] == "none"
    for text in [b"To: a@b.c\r\n\r\nx\r\n", b"From: nobody\r\n\r\nx\r\n"]:
        got = place.verify("dkim", text, check=1)
        assert got["result"] == "permerror" and got["fault"] and got["signatures"] == []
