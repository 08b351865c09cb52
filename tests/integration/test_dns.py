# SPDX-License-Identifier: Apache-2.0
"""What the responder says to kdig and dig, for every name of the deployment's
zone, over UDP and TCP."""
import re
import subprocess

import dns.message
import dns.query
import pytest


def kdig(lab, name, kind, *options):
    """The parsed answer: status, flags, sections of (owner, type, data)."""
    host, port = lab.address(lab.env["DNS"])
    text = subprocess.run(["kdig", "@" + host, "-p", str(port), "+timeout=3", "+retry=0", *options, name, kind],
                          capture_output=True, check=True, timeout=20).stdout.decode()
    answer = {"status": re.search(r"status: (\w+)", text).group(1),
              "flags": re.search(r"Flags: ([^;]*);", text).group(1).split(), "text": text}
    for section in ("ANSWER", "AUTHORITY", "ADDITIONAL"):
        rows = []
        found = re.search(r";; %s SECTION:\n(.*?)\n(\n|$)" % section, text, re.S)
        for line in (found.group(1).splitlines() if found else []):
            owner, _, _, kind_, data = re.split(r"\s+", line, 4)
            rows.append((owner.rstrip(".").lower(), kind_, data))
        answer[section.lower()] = rows
    return answer


TRANSPORTS = [pytest.param("+notcp", id="udp"), pytest.param("+tcp", id="tcp")]


@pytest.fixture(scope="module")
def names(verified):
    lab, zone, region = verified, verified.zone, verified.region
    tokens = [line.split()[0].split(".")[0] for line in lab.records(lab.domain) if "CNAME" in line]
    return {"zone": zone, "region": region, "tokens": tokens}


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_positive(verified, names, transport):
    zone, region = names["zone"], names["region"]
    rows = [
        (zone, "SOA", r"ns1\.%s\. hostmaster\.%s\. \d+ \d+ \d+ \d+ \d+" % (zone, zone)),
        (zone, "NS", r"ns1\.%s\." % zone),
        ("ns1." + zone, "A", r"127\.0\.0\.1"),
        (zone, "TXT", r'"v=spf1 ip4:127\.0\.0\.1 -all"'),
        ("_dmarc." + zone, "TXT", r'"v=DMARC1; ?p=\w+;?.*"'),
        ("out." + zone, "A", r"127\.0\.0\.1"),
        ("out." + zone, "TXT", r'"v=spf1 .*-all"'),
        ("feedback-smtp.%s.%s" % (region, zone), "A", r"127\.0\.0\.1"),
        ("%s.%s" % (region, zone), "MX", r"10 feedback-smtp\.%s\.%s\." % (region, zone)),
        ("%s.%s" % (region, zone), "TXT", r'"v=spf1 ip4:127\.0\.0\.1 -all"'),
        ("_dmarc.%s.%s" % (region, zone), "TXT", r'"v=DMARC1; ?p=\w+;?.*"'),
        ("report." + zone, "MX", r"\d+ feedback-smtp\.%s\.%s\." % (region, zone)),
    ]
    for name, kind, want in rows:
        answer = kdig(verified, name, kind, transport)
        assert answer["status"] == "NOERROR", answer["text"]
        assert "aa" in answer["flags"] and "ra" not in answer["flags"]
        found = [data for owner, kind_, data in answer["answer"] if kind_ == kind and owner == name]
        assert found and all(re.fullmatch(want, data) for data in found), (name, kind, answer["text"])


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_keys(verified, names, transport):
    """One token signs: its TXT is a key; the deployment has a key of its own."""
    found = []
    for token in names["tokens"]:
        name = "%s.dkim.%s.%s" % (token, names["region"], names["zone"])
        answer = kdig(verified, name, "TXT", transport)
        assert answer["status"] == "NOERROR", answer["text"]
        for _, _, data in answer["answer"]:
            text = "".join(re.findall(r'"([^"]*)"', data))
            assert re.fullmatch(r"v=DKIM1; k=rsa; h=sha256; p=[A-Za-z0-9+/=]{390,400}", text), text
            found.append(token)
        if not answer["answer"]:
            assert [row[1] for row in answer["authority"]] == ["SOA"]
    assert found


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_negative(verified, names, transport):
    zone, region = names["zone"], names["region"]
    for name, kind, status in [
            ("nothing." + zone, "A", "NXDOMAIN"),
            ("a" * 32 + ".dkim.%s.%s" % (region, zone), "TXT", "NXDOMAIN"),
            (zone, "AAAA", "NOERROR"),
            ("dkim.%s.%s" % (region, zone), "TXT", "NOERROR"),
            ("%s.%s" % (region, zone), "A", "NOERROR"),
            ("ns1." + zone, "TXT", "NOERROR")]:
        answer = kdig(verified, name, kind, transport)
        assert answer["status"] == status, (name, kind, answer["text"])
        assert answer["answer"] == []
        assert [row[:2] for row in answer["authority"]] == [(zone, "SOA")], answer["text"]
        assert "aa" in answer["flags"]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_refused(verified, names, transport):
    assert kdig(verified, "example.net", "A", transport)["status"] == "REFUSED"
    assert kdig(verified, names["zone"].split(".", 1)[1], "A", transport)["status"] == "REFUSED"


def test_any_is_minimal(verified, names):
    answer = kdig(verified, names["zone"], "ANY", "+notcp")
    assert answer["status"] == "NOERROR" and len(answer["answer"]) == 1


def test_edns_and_case(verified, names):
    name = "RePort." + names["zone"].upper()
    host, port = verified.address(verified.env["DNS"])
    answer = dns.query.udp(dns.message.make_query(name, "MX", use_edns=0, payload=512), host, 5, port)
    # As it was asked (0x20), in the question and the answer's owner; kdig would show lower case.
    assert answer.question[0].name.to_text(True) == answer.answer[0].name.to_text(True) == name
    assert answer.edns == 0
    assert kdig(verified, names["zone"], "SOA", "+edns=1")["status"] == "BADVERS"


def test_small_datagrams_are_cut(verified, names):
    """Above the size the client takes, the answer says TC and TCP has it."""
    name = "%s.dkim.%s.%s" % (names["tokens"][0], names["region"], names["zone"])
    key = [t for t in names["tokens"]
           if kdig(verified, name.replace(names["tokens"][0], t), "TXT", "+tcp")["answer"]][0]
    name = name.replace(names["tokens"][0], key)
    cut = kdig(verified, name, "TXT", "+notcp", "+ignore", "+noedns", "+bufsize=512")
    full = kdig(verified, name, "TXT", "+tcp")
    assert full["answer"]
    assert "tc" in cut["flags"] or len(cut["answer"]) == len(full["answer"])


def test_dig_agrees(verified, names):
    """BIND's own tool reads the same."""
    host, port = verified.address(verified.env["DNS"])
    for name, kind in [(names["zone"], "SOA"), (names["zone"], "TXT"), ("report." + names["zone"], "MX")]:
        out = subprocess.run(["dig", "@" + host, "-p", str(port), "+short", name, kind],
                             capture_output=True, check=True, timeout=20).stdout.decode().strip()
        assert out == kdig(verified, name, kind)["answer"][0][2], out


def test_a_deleted_token_is_gone(verified, names):
    """Never reissued, and NXDOMAIN at once (security: takeover)."""
    lab = verified
    lab.sesame("add", "gone." + lab.domain, check=0)
    tokens = [line.split()[0].split(".")[0] for line in lab.records("gone." + lab.domain) if "CNAME" in line]
    name = "%s.dkim.%s.%s" % (tokens[0], names["region"], names["zone"])
    lab.eventually("the token is served", lambda: kdig(lab, name, "TXT")["status"] == "NOERROR")
    import boto3
    boto3.client("sesv2", endpoint_url=lab.api, region_name=lab.region,
                 aws_access_key_id=lab.env["AWS_ACCESS_KEY_ID"],
                 aws_secret_access_key=lab.env["AWS_SECRET_ACCESS_KEY"]
                 ).delete_email_identity(EmailIdentity="gone." + lab.domain)
    assert kdig(lab, name, "TXT")["status"] == "NXDOMAIN"
