# SPDX-License-Identifier: Apache-2.0
"""sesame dmarc check and dmarc lint, as their users have them: answers from
a fixture, exit statuses, one JSON document."""
import json
import os
import pathlib
import subprocess

import pytest

SESAME = os.environ.get("SESAME", str(pathlib.Path(__file__).parent.parent.parent / "build/sesame"))
ZONE = {
    "_dmarc.example.org": {"TXT": [["v=DMARC1; p=reject; sp=quarantine; pct=20; rua=mailto:r@reports.example"]]},
    "_dmarc.sub.example.com": {"TXT": [["v=DMARC1; p=reject; rua=mailto:r@sub.example.com"]]},
    "_dmarc.good.test": {"TXT": [["v=DMARC1; p=reject; rua=mailto:r@good.test"]]},
    "_dmarc.down.test": {"SERVFAIL": "*"},
    "news.example.org": {"A": ["192.0.2.1"]},
}


@pytest.fixture
def run(tmp_path):
    zone = tmp_path / "zone.json"
    zone.write_text(json.dumps(ZONE))

    def run(*words, check):
        done = subprocess.run([SESAME, "dmarc", *words, "--dns", zone], capture_output=True, text=True, timeout=30)
        assert done.returncode == check, done.stdout + done.stderr
        return done

    return run


def document(done):
    return json.loads(done.stdout)


def test_check_says_why_and_what_to_do(run):
    got = document(run("check", "--from", "news.example.org", "--json", check=1))
    assert (got["policy"], got["policy_tag"], got["disposition"]) == ("quarantine", "sp", "quarantine")
    assert got["policy_reason"].startswith("sp=quarantine of the organizational domain's record")
    assert got["rfc"] == 9989 and "pct" not in got and "public_suffixes" not in got
    assert "do        quarantine: " in run("check", "--from", "news.example.org", check=1).stdout


def test_check_by_either_rfc(run):
    # A record at the subdomain alone: its parent is its organization for one and not for the other.
    words = ["check", "--from", "sub.example.com", "--dkim", "example.com=pass", "--json"]
    assert document(run(*words, check=1))["result"] == "fail"
    got = document(run(*words, "--rfc", "7489", check=0))
    assert (got["result"], got["org_domain"], got["rfc"], got["pct"]) == ("pass", "example.com", 7489, 100)
    assert "rules" in got["public_suffixes"]


def test_check_with_another_list(run, tmp_path):
    other = tmp_path / "list"
    other.write_text("// ===BEGIN ICANN DOMAINS===\nexample.com\n")
    words = ["check", "--from", "sub.example.com", "--dkim", "example.com=pass", "--rfc", "7489", "--json"]
    got = document(run(*words, "--suffixes", other, check=1))
    assert (got["result"], got["org_domain"]) == ("fail", "sub.example.com")
    assert str(other) in got["public_suffixes"]
    other.write_text("nothing of the kind\n")
    run(*words, "--suffixes", other, check=2)
    run(*words, "--suffixes", tmp_path / "nowhere", check=2)


@pytest.mark.parametrize("words", [["check"], ["check", "--from", "a..b"], ["check", "--from", "a.test", "--rfc", "1"],
                                   ["check", "--from", "a.test", "--suffixes", "x"],
                                   ["check", "--from", "a.test", "--spf", "a.test"],
                                   ["lint"], ["lint", "a..b"], ["lint", "a.test", "--record", "x"]])
def test_usage(run, words):
    done = run(*words, check=2)
    assert done.stdout == "" and done.stderr.startswith("sesame")


def test_lint_of_a_domain(run):
    got = document(run("lint", "example.org", "--json", check=1))
    assert [f["code"] for f in got["findings"]] == ["pct.obsolete", "sp.weaker", "consent.missing"]
    assert (got["errors"], got["warnings"], got["notes"], got["complete"]) == (1, 2, 0, True)
    first, last = got["findings"][0], got["findings"][-1]
    assert got["record"][first["offset"]:].startswith("pct=20") and first["tag"] == "pct"
    assert last["offset"] is None and "example.org._report._dmarc.reports.example" in last["text"]
    shown = run("lint", "example.org", check=1).stdout
    assert shown.startswith("example.org: 1 error, 2 warnings, 0 notes\n")
    assert all(f["text"] in shown and f["repair"] in shown for f in got["findings"])


def test_lint_exit_statuses(run):
    assert document(run("lint", "good.test", "--json", check=0))["findings"] == []
    # A warning is no error; "_dmarc." before the domain is the same domain.
    got = document(run("lint", "_dmarc.sub.example.com", "--json", check=0))
    assert [f["code"] for f in got["findings"]] == ["org.missing"]
    got = document(run("lint", "down.test", "--json", check=5))
    assert [f["code"] for f in got["findings"]] == ["dns.failed"] and not got["complete"]
    assert [f["code"] for f in document(run("lint", "none.test", "--json", check=1))["findings"]] == ["record.missing"]


def test_lint_of_a_text(run):
    got = document(run("lint", "--record", "v=DMARC1; p=quarentine", "--json", check=1))
    assert [f["code"] for f in got["findings"]] == ["policy.invalid", "rua.missing"]
    assert got["domain"] is None and got["record_domain"] is None
    run("lint", "--record", "v=DMARC1; p=reject; rua=mailto:a@b.test", check=0)
    # Nothing that is in a record can write on a terminal.
    assert "\x1b" not in run("lint", "--record", "v=DMARC1; p=\x1b[31m", check=1).stdout
