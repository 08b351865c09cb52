# SPDX-License-Identifier: Apache-2.0
"""A deployment with a certificate: the API at https, STARTTLS, and a new
certificate while it runs."""
import http.client
import os
import re
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess

import boto3
import pytest

from lab import Lab


def make_certificate(path, name):
    """Makes NAME.pem and NAME.key, self-signed, for the lab's address."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                    "-nodes", "-days", "30", "-subj", "/CN=" + name, "-addext",
                    "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", path / (name + ".key"),
                    "-out", path / (name + ".pem")], check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    path = tmp_path_factory.mktemp("tls")
    for name in ("first", "second", "third"):
        make_certificate(path, name)
    use(path, "first")
    return path


def use(path, certificate, key=None):
    """Writes over the files in use, as a careless renewal would."""
    shutil.copyfile(path / (certificate + ".pem"), path / "used.pem")
    shutil.copyfile(path / ((key or certificate) + ".key"), path / "used.key")


@pytest.fixture(scope="module")
def secure(files, tmp_path_factory):
    lab = Lab(tmp_path_factory.mktemp("secure"), tls_certificate=files / "used.pem", tls_key=files / "used.key")
    lab.start()
    yield lab
    lab.stop()


def client_of(lab, trusted):
    return boto3.client("sesv2", endpoint_url=lab.api, region_name=lab.region, verify=str(trusted),
                        aws_access_key_id=lab.env["AWS_ACCESS_KEY_ID"],
                        aws_secret_access_key=lab.env["AWS_SECRET_ACCESS_KEY"])


def connect(lab):
    """A connection to the API, whoever it is."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    host, port = lab.address(lab.api.removeprefix("https://"))
    connection = http.client.HTTPSConnection(host, port, context=context, timeout=10)
    connection.connect()
    return connection


def subject_of(der):
    return re.search(r"CN ?= ?(\w+)", subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-noout", "-subject"], input=der, check=True,
        capture_output=True, timeout=20).stdout.decode()).group(1)


def certificate_of(connection):
    return subject_of(connection.sock.getpeercert(True))


def smtp_certificate(lab):
    host, port = lab.address(lab.env["SMTP"])
    context = ssl._create_unverified_context()
    with smtplib.SMTP(host, port, timeout=10) as client:
        client.starttls(context=context)
        return subject_of(client.sock.getpeercert(True))


def answers(connection):
    """It is still served: a request without a signature is refused."""
    connection.request("GET", "/v2/email/account")
    answer = connection.getresponse()
    answer.read()
    return answer.status == 403


def complaints(lab):
    return (lab.path / "sesame.log").read_text()


def test_https(secure, files):
    assert secure.api.startswith("https://")
    assert secure.ready()["api"] == secure.api
    assert client_of(secure, files / "used.pem").get_account()["SendingEnabled"] is True
    with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
        client_of(secure, files / "second.pem").get_account()


def test_plain_http_is_not_served(secure):
    host, port = secure.address(secure.api.removeprefix("https://"))
    with socket.create_connection((host, port), timeout=10) as plain:
        plain.sendall(b"GET /v2/email/account HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        got = b""
        try:
            while chunk := plain.recv(4096):
                got += chunk
        except ConnectionResetError:
            pass
        assert b"HTTP" not in got
    assert answers(connect(secure))


def test_old_tls_is_refused(secure):
    host, port = secure.address(secure.api.removeprefix("https://"))
    for option, ok in (("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)):
        done = subprocess.run(["openssl", "s_client", option, "-cipher", "DEFAULT@SECLEVEL=0", "-connect",
                               "%s:%d" % (host, port)], stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
        assert (b"BEGIN CERTIFICATE" in done.stdout) == ok, (option, done)


def test_cli(secure, files, tmp_path):
    """It trusts what AWS_CA_BUNDLE or SSL_CERT_FILE names, and nothing else."""
    none = tmp_path / "none.pem"
    for env, status in [({}, 1),
                        ({"AWS_CA_BUNDLE": None, "SSL_CERT_FILE": str(files / "used.pem")}, 1),
                        ({"AWS_CA_BUNDLE": None}, 5),
                        ({"AWS_CA_BUNDLE": str(files / "second.pem")}, 5),
                        ({"AWS_CA_BUNDLE": str(none)}, 2)]:
        done = secure.sesame("status", "nobody.example", env=env, check=status)
        if status == 5:
            assert b"certificate" in done.stderr, done
    assert str(none) in done.stderr.decode()


def test_starttls(secure):
    host, port = secure.address(secure.env["SMTP"])
    with smtplib.SMTP(host, port, timeout=10) as client:
        client.ehlo("client.example")
        assert client.has_extn("starttls")
        assert client.starttls(context=ssl._create_unverified_context())[0] == 220
        client.ehlo("client.example")
        assert not client.has_extn("starttls")
        assert client.mail("a@client.example")[0] == 250
        assert client.rcpt("a@elsewhere.example")[0] == 550


def test_report_shows_tls(secure):
    secure.onboard(secure.domain)
    report = secure.json("test", secure.domain, "--timeout", "30s")["report"]
    assert report["verdict"] == "pass"
    assert re.fullmatch(r"TLSv1\.3 TLS_\w+", report["transport"]["tls"])
    assert report["transport"]["tls"] in report["text"]


def hang_up(lab, said):
    """Sends SIGHUP; waits until it is said on stderr, or not if ''."""
    before = complaints(lab)
    os.kill(lab.pid, signal.SIGHUP)
    if said:
        lab.eventually(said, lambda: said in complaints(lab)[len(before):])


def test_renewal(secure, files):
    old = connect(secure)
    assert certificate_of(old) == "first" and answers(old)
    use(files, "second")
    hang_up(secure, "")
    secure.eventually("the new certificate", lambda: certificate_of(connect(secure)) == "second")
    assert smtp_certificate(secure) == "second"
    assert client_of(secure, files / "used.pem").get_account()["SendingEnabled"] is True
    # Who was connected goes on, with the certificate of then.
    assert answers(old) and certificate_of(old) == "first"


def test_bad_renewal(secure, files):
    """The old one stays, also in a server that is started after that."""
    use(files, "third", key="second")
    hang_up(secure, "the TLS key cannot be used")
    (files / "used.pem").write_text("-----BEGIN CERTIFICATE-----\nrubbish\n")
    hang_up(secure, "the TLS certificate cannot be used")
    (files / "used.pem").write_text("x" * 300000)
    hang_up(secure, "the TLS files are not changed")
    (files / "used.pem").unlink()
    hang_up(secure, "used.pem")
    assert certificate_of(connect(secure)) == "second"
    assert smtp_certificate(secure) == "second"
    server = subprocess.run(["pgrep", "-P", str(secure.pid), "-f", "role server"], check=True,
                            capture_output=True).stdout.split()
    os.kill(int(server[0]), signal.SIGKILL)

    def again():
        try:
            return certificate_of(connect(secure)) == "second"
        except OSError:
            return False
    secure.eventually("a server with the old certificate", again)
    use(files, "third")
    hang_up(secure, "")
    secure.eventually("the new certificate", lambda: certificate_of(connect(secure)) == "third")
