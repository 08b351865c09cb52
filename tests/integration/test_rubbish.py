# SPDX-License-Identifier: Apache-2.0
"""Rubbish on the ports of a live deployment.  It is refused, nothing of it
gets in, and the same server goes on to answer."""
import errno
import re
import socket
import struct
import subprocess

import pytest

from sigv4 import Client

HEAD = b"POST /v2/email/outbound-emails HTTP/1.1\r\nHost: x\r\n"
GET = b"GET /v2/email/account HTTP/1.1\r\n"
SIGNED = (b"Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20261123/eu-west-2/ses/aws4_request, "
          b"SignedHeaders=host;x-amz-date, Signature=" + b"0" * 64 + b"\r\nX-Amz-Date: 20261123T000000Z\r\n")

# What is sent, and the status of every answer to it; None: there may be none.
HTTP = [
    ("length and chunks", HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400, 501)),
    ("chunks", HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400, 501)),
    ("chunks by another name", HEAD + b"Transfer-Encoding: xchunked\r\n\r\n", (400, 501)),
    ("two lengths", HEAD + b"Content-Length: 0\r\nContent-Length: 4\r\n\r\nGET ", (400,)),
    ("a list of lengths", HEAD + b"Content-Length: 1,1\r\n\r\n{", (400,)),
    ("a signed length", HEAD + b"Content-Length: +5\r\n\r\n{}   ", (400,)),
    ("a length in hexadecimal", HEAD + b"Content-Length: 0x10\r\n\r\n", (400,)),
    ("a negative length", HEAD + b"Content-Length: -1\r\n\r\n", (400,)),
    ("a length of 2^64", HEAD + b"Content-Length: 18446744073709551616\r\n\r\n", (400, 413)),
    ("a body that is too long", HEAD + SIGNED + b"Content-Length: 99999999\r\n\r\n", (403, 413)),
    ("bare line feeds", GET + b"Host: x\n\n", (400,)),
    ("a folded field", GET + b"Host: x\r\nX-A: b\r\n c\r\n\r\n", (400,)),
    ("a NUL", GET + b"Host: x\r\nX-A: b\0c\r\n\r\n", (400,)),
    ("a space before the colon", GET + b"Host : x\r\n\r\n", (400,)),
    ("no Host", GET + b"\r\n", (400,)),
    ("two Hosts", GET + b"Host: x\r\nHost: y\r\n\r\n", (400,)),
    ("absolute form", b"GET http://x/v2/email/account HTTP/1.1\r\nHost: x\r\n\r\n", (400,)),
    ("HTTP/0.9", b"GET /\r\n\r\n", (400, 505)),
    ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 505)),
    ("TLS", bytes.fromhex("1603010200010001fc0303") + bytes(512), (400,)),
    ("SMTP", b"EHLO x\r\nMAIL FROM:<>\r\n", (400, 505)),
    ("a long target", b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", (400, 414, 431)),
    ("a long field", GET + b"Host: x\r\nX-A: " + b"a" * 20000 + b"\r\n\r\n", (400, 431)),
    ("many fields", GET + b"Host: x\r\n" + b"X-A: b\r\n" * 100 + b"\r\n", (400, 431)),
    ("a field that does not end", GET + b"X-A: " + b"a" * 200000, (400, 431)),
    ("a path that goes up", b"GET /v2/email/identities/../account HTTP/1.1\r\nHost: x\r\n\r\n", (400, 403, 404)),
    ("half a percent sign", b"GET /v2/email/identities/%4 HTTP/1.1\r\nHost: x\r\n\r\n", (400, 403)),
    ("NUL in a path", b"GET /v2/email/identities/%00 HTTP/1.1\r\nHost: x\r\n\r\n", (400, 403)),
    ("no signature", GET + b"Host: x\r\nContent-Length: 0\r\n\r\n", (403,)),
    ("a wrong signature", GET + b"Host: x\r\n" + SIGNED + b"Content-Length: 0\r\n\r\n", (403,)),
    ("two signatures", GET + b"Host: x\r\n" + SIGNED + SIGNED + b"\r\n", (400, 403)),
    ("random octets", bytes(i * 167 % 251 for i in range(65536)), (400, 431, 505)),
    ("nothing", b"", None),
    ("half a request", GET + b"Host:", None),
]

TEXT = b"Subject: smuggled\r\n\r\ntext"
# The ends of data that are none, as peers of ours once took them.
ENDS = [b"\n.\n", b"\n.\r", b"\r.\n", b"\r.\r", b"\n.\r\n", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r\n.\r\r\n",
        b"\r\r\n.\r\r\n", b"\r\n\0.\r\n", b"\r\n.\0\r\n"]

# What is sent after EHLO, a line at a time, and the reply code of each.
SMTP = [
    ("two addresses", [(b"MAIL FROM:<a@b.example> <c@d.example>", 5)]),
    ("an empty mailbox", [(b"MAIL FROM:<@>", 5)]),
    ("an unknown parameter", [(b"MAIL FROM:<a@b.example> X=1", 5)]),
    ("a size of 2^80", [(b"MAIL FROM:<a@b.example> SIZE=1208925819614629174706176", 5)]),
    ("a negative size", [(b"MAIL FROM:<a@b.example> SIZE=-1", 5)]),
    ("BDAT, which is not offered", [(b"BDAT 9999999999999999999 LAST", 5)]),
    ("AUTH, which is not offered", [(b"AUTH PLAIN AHVzZXIAcHc=", 5)]),
    ("commands out of order", [(b"RCPT TO:<a@b.example>", 5), (b"DATA", 5)]),
    ("a relay", [(b"MAIL FROM:<a@b.example>", 2), (b"RCPT TO:<x@elsewhere.example>", 5), (b"DATA", 5)]),
    ("a shell", [(b"MAIL FROM:<>", 2), (b"RCPT TO:<;id;@report.mail.example>", 5),
                 (b"RCPT TO:<`id`@report.mail.example>", 5), (b"RCPT TO:<-oQ/tmp@report.mail.example>", 5),
                 (b"RCPT TO:<${run{id}}@report.mail.example>", 5)]),
    ("an unknown command", [(b"WIZ", 5), (b"DEBUG", 5), (b"\xff\xfe\0", 5)]),
    ("a NUL in a command", [(b"MAIL FROM:<a\0@b.example>", 5)]),
    ("a long line", [(b"MAIL FROM:<" + b"a" * 70000 + b"@b.example>", 5)]),
]


@pytest.fixture(scope="module")
def server(lab):
    """The process that must be the same at the end, with nothing to say."""
    def pids():
        return subprocess.run(["pgrep", "-P", str(lab.pid)], check=True, capture_output=True).stdout.split()
    before, log = pids(), lab.path / "sesame.log"
    said = log.read_text()
    yield lab
    assert pids() == before, "a process was started again"
    assert log.read_text() == said


def connect(address):
    return socket.create_connection(address, timeout=10)


def over(call, *args):
    """Calls it; None if the other side has hung up."""
    try:
        return call(*args)
    except OSError as error:
        if error.errno not in (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN):
            raise
        return None


def talk(address, octets):
    """Sends them, closes for sending, and returns all that comes back, also
    if the other side did not wait for the end."""
    got = b""
    with connect(address) as stream:
        over(stream.sendall, octets)
        over(stream.shutdown, socket.SHUT_WR)
        while chunk := over(stream.recv, 65536):
            got += chunk
    return got


def api_answers(lab):
    status, answer = Client(lab).call("GET", "/v2/email/account")
    assert status == 200 and answer["SendingEnabled"] is True


def newest_event(lab):
    return Client(lab).call("GET", "/sesame/v1/events?order=newest")[1]["events"][0]["id"]


@pytest.mark.parametrize("octets, statuses", [row[1:] for row in HTTP], ids=[row[0] for row in HTTP])
def test_http(server, octets, statuses):
    answer = talk(server.address(server.api.removeprefix("http://")), octets)
    found = [int(code) for code in re.findall(rb"^HTTP/1\.1 (\d+)", answer, re.M)]
    if statuses is None:
        assert found in ([], [400])
    else:
        # One answer: what stands behind rubbish is never taken for a request.
        assert len(found) == 1 and found[0] in statuses, answer
    api_answers(server)


class Smtp:
    def __init__(self, lab):
        self.stream = connect(lab.address(lab.env["SMTP"]))
        self.file = self.stream.makefile("rb")
        assert self.reply() == 220
        assert self.say(b"EHLO rubbish.example") == 250

    def reply(self):
        """The code of the next reply; None if there is none any more."""
        try:
            while line := self.file.readline():
                if line[3:4] != b"-":
                    return int(line[:3])
        except ConnectionResetError:
            pass
        return None

    def say(self, line):
        try:
            self.stream.sendall(line + b"\r\n")
        except (ConnectionResetError, BrokenPipeError):
            return None
        return self.reply()

    def close(self):
        self.file.close()
        self.stream.close()


@pytest.mark.parametrize("lines", [row[1] for row in SMTP], ids=[row[0] for row in SMTP])
def test_smtp(server, lines):
    client = Smtp(server)
    for line, kind in lines:
        code = client.say(line)
        assert code is None or code // 100 == kind or code == 421, (line[:60], code)
        if code is None:
            break  # it hung up: also a refusal
    client.close()
    api_answers(server)


@pytest.fixture(scope="module")
def inbox(verified):
    """An address that takes mail: that of a report somebody waits for."""
    answer = Client(verified).call("POST", "/sesame/v1/identities/%s/test" % verified.domain, {})[1]
    token = answer["report_id"]
    path = "/sesame/v1/reports/" + token
    verified.eventually("the report", lambda: Client(verified).call("GET", path)[1]["report"])
    return b"%s@report.%s" % (token.encode(), verified.zone.encode())


@pytest.mark.parametrize("end", ENDS, ids=[repr(end)[2:-1] for end in ENDS])
def test_smuggling(server, inbox, end):
    """Nothing but CR LF . CR LF ends a message, and one with bare CR, LF or
    NUL in it is refused: one transaction, and none of it kept."""
    before = newest_event(server)
    client = Smtp(server)
    assert client.say(b"MAIL FROM:<a@rubbish.example>") == 250
    assert client.say(b"RCPT TO:<%s>" % inbox) == 250
    assert client.say(b"DATA") == 354
    client.stream.sendall(TEXT + end + b"MAIL FROM:<smuggled@rubbish.example>\r\nRCPT TO:<" + inbox +
                          b">\r\nDATA\r\n" + TEXT + b"\r\n.\r\n")
    code = client.reply()
    assert code is not None and code // 100 == 5, code
    assert client.reply() is None  # and closed
    client.close()
    after = newest_event(server)
    assert after == before
    api_answers(server)


def test_the_inbox_takes_what_is_right(server, inbox):
    """The same without the rubbish is taken: the refusals above mean something."""
    client = Smtp(server)
    assert client.say(b"MAIL FROM:<a@rubbish.example>") == 250
    assert client.say(b"RCPT TO:<%s>" % inbox) == 250
    assert client.say(b"DATA") == 354
    assert client.say(TEXT + b"\r\n.") == 250
    assert client.say(b"QUIT") == 221
    client.close()


def test_smtp_talks_first(server):
    """Before the greeting, and more commands than one in the EHLO."""
    for octets in (b"EHLO x\r\nMAIL FROM:<a@b.example>\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\0" * 5000,
                   bytes.fromhex("1603010200010001fc0303") + bytes(512), b"\r\n" * 1000, b"NOOP\r\n" * 1000):
        answer = talk(server.address(server.env["SMTP"]), octets)
        assert re.match(rb"220 |5\d\d |421 ", answer), answer
        assert not re.search(rb"^354", answer, re.M)
    api_answers(server)


def test_connections_that_say_nothing(server):
    """Forty at each port, and still there is room."""
    ports = [server.address(server.api.removeprefix("http://")), server.address(server.env["SMTP"]),
             server.address(server.env["DNS"])]
    idle = [connect(port) for port in ports for _ in range(40)]
    try:
        api_answers(server)
        client = Smtp(server)
        assert client.say(b"QUIT") == 221
        client.close()
    finally:
        for stream in idle:
            stream.close()


def test_dns(server):
    """Datagrams and streams that are no queries."""
    address = server.address(server.env["DNS"])
    header = struct.pack(">6H", 1, 0, 1, 0, 0, 0)
    rubbish = [b"", b"\0", b"\xff" * 12, bytes(12), header, header + b"\xc0\x0c\0\1\0\1", header + b"\x40\0\0\1\0\1",
               header + b"\x3f" * 300, struct.pack(">6H", 1, 0x8000, 1, 0, 0, 0) + b"\0\0\1\0\1",
               struct.pack(">6H", 1, 0, 65535, 65535, 65535, 65535) + b"\0\0\1\0\1", bytes(65000),
               struct.pack(">6H", 1, 0x2800, 1, 0, 0, 0) + b"\0\0\6\0\1"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        for octets in rubbish:
            udp.sendto(octets, address)
    for octets in rubbish:
        talk(address, struct.pack(">H", len(octets)) + octets)
    talk(address, b"\xff\xff" + b"a" * 10)
    found = subprocess.run(["kdig", "@%s" % address[0], "-p", str(address[1]), "+short", "+timeout=3", server.zone,
                            "TXT"], capture_output=True, check=True, timeout=20).stdout
    assert b"v=spf1" in found
    api_answers(server)
