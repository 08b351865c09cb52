# SPDX-License-Identifier: Apache-2.0
"""What sesame sends, as it was received, must verify with others' programs:
dkimpy and Mail::DKIM, with keys fetched through the lab's resolver; pyspf
must agree on SPF."""
import email
import subprocess

import dkim
import dns.resolver
import pytest
import spf

MAIL_DKIM = r"""
use strict; use warnings;
use Mail::DKIM::Verifier; use Mail::DKIM::DNS; use Net::DNS;
my ($file, $host, $port) = @ARGV;
Mail::DKIM::DNS::resolver(Net::DNS::Resolver->new(nameservers => [$host], port => $port, recurse => 1));
my $dkim = Mail::DKIM::Verifier->new();
open my $fh, '<:raw', $file or die $!;
local $/; my $text = <$fh>;
$dkim->PRINT($text); $dkim->CLOSE;
printf "%s %s %s\n", $_->domain, $_->selector, $_->result for $dkim->signatures;
"""


@pytest.fixture(scope="module")
def received(verified, tmp_path_factory):
    """A message of `sesame test`, as the report inbox received it."""
    path = tmp_path_factory.mktemp("received") / "message.eml"
    report = verified.json("test", verified.domain, "--timeout", "30s", "--save", path)
    return path, report


def resolver_of(lab):
    resolver = dns.resolver.Resolver(configure=False)
    host, port = lab.address(lab.env["RESOLVER"])
    resolver.nameservers, resolver.port = [host], port
    return resolver


def test_report(verified, received):
    report = received[1]["report"]
    assert report["verdict"] == "pass"
    assert report["spf"]["result"] == "pass" and report["spf"]["aligned"]
    assert report["spf"]["domain"] == "sesmail." + verified.domain
    assert report["dmarc"]["result"] == "pass"
    assert report["dmarc"]["policy"] == "quarantine"
    assert {row["domain"] for row in report["dkim"]["signatures"] if row["result"] == "pass"} == \
        {verified.domain, verified.zone}
    assert {row["domain"] for row in report["dkim"]["signatures"] if row["aligned"]} == {verified.domain}


def test_two_signatures(verified, received):
    message = email.message_from_bytes(received[0].read_bytes())
    domains = [dict(part.strip().split("=", 1) for part in value.split(";") if "=" in part)["d"]
               for value in message.get_all("DKIM-Signature")]
    assert sorted(domains) == sorted([verified.domain, verified.zone])
    path = message["Return-Path"]
    assert path.endswith("@sesmail.%s>" % verified.domain)


def test_dkimpy(verified, received):
    resolver = resolver_of(verified)

    def txt(name, timeout=5):
        answer = resolver.resolve(name.decode() if isinstance(name, bytes) else name, "TXT")
        return b"".join(answer[0].strings)

    bytes_ = received[0].read_bytes()
    for index in range(2):
        assert dkim.DKIM(bytes_).verify(idx=index, dnsfunc=txt), "signature %d" % index
    broken = bytes_.replace(b"Subject:", b"Subject: x")
    assert not dkim.DKIM(broken).verify(idx=0, dnsfunc=txt)


def test_mail_dkim(verified, received):
    host, port = verified.address(verified.env["RESOLVER"])
    out = subprocess.run(["perl", "-e", MAIL_DKIM, str(received[0]), host, str(port)],
                         capture_output=True, check=True, timeout=60).stdout.decode()
    rows = [line.split() for line in out.splitlines()]
    assert sorted(row[0] for row in rows) == sorted([verified.domain, verified.zone])
    assert all(row[2] == "pass" for row in rows), out


def test_pyspf(verified, received, monkeypatch):
    resolver = resolver_of(verified)

    def look_up(name, qtype, tcpfallback=True, timeout=30):
        try:
            answer = resolver.resolve(name, qtype)
        except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
            return []
        if qtype == "TXT":
            return [((name, "TXT"), tuple(row.strings)) for row in answer]
        if qtype == "MX":
            return [((name, "MX"), (row.preference, str(row.exchange).rstrip("."))) for row in answer]
        return [((name, qtype), str(row)) for row in answer]

    monkeypatch.setattr(spf, "DNSLookup", look_up)
    ours, transport = received[1]["report"]["spf"], received[1]["report"]["transport"]
    sender = email.message_from_bytes(received[0].read_bytes())["Return-Path"].strip("<>")
    result, _ = spf.check2(i=transport["client_ip"], s=sender, h=transport["helo"])
    assert result == ours["result"] == "pass"
    result, _ = spf.check2(i="192.0.2.200", s=sender, h=transport["helo"])
    assert result == "softfail"
