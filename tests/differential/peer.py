#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""dkimpy and pyspf behind JSON lines: a request a line in, an answer a line out.

{"op": "dkim" | "arc" | "spf" | "sign" | "seal" | "craft", ...} gives
{"result": ...} or, of what signs, {"field": ...} in base64.
"""
import base64
import hashlib
import ipaddress
import json
import sys
import time

import dkim
import dkim.canonicalization
import dkim.crypto
import nacl.encoding
import nacl.signing
import spf

from zone import lookup

ZONE = {}
NOW = 0


class Clock:
    """The module `time`, with a hand that stands where the case says."""

    def __getattr__(self, name):
        return getattr(time, name)

    @staticmethod
    def time():
        return NOW or time.time()


dkim.time = Clock()
# What a signer should not sign it is made to sign here.
dkim.DKIM.SHOULD_NOT = ()


def txt(name, timeout=5):
    status, _, rows = lookup(ZONE, name.decode() if isinstance(name, bytes) else name, "TXT")
    if status in ("TIMEOUT", "SERVFAIL"):
        raise dkim.DKIMException("DNS " + status)
    return "".join(rows[0]).encode() if rows else None


def spf_lookup(name, kind, tcpfallback=True, timeout=30):
    status, chain, rows = lookup(ZONE, name, kind)
    if status in ("TIMEOUT", "SERVFAIL"):
        raise spf.TempError("DNS " + status)
    found = [((owner, "CNAME"), target) for owner, target in chain]
    at = chain[-1][1] if chain else name
    for row in rows:
        if kind == "TXT":
            row = [part.encode() for part in row]
        elif kind == "MX":
            row = tuple(row)
        elif kind in ("A", "AAAA"):
            row = ipaddress.ip_address(row)
        found.append(((at, kind), row))
    return found


spf.DNSLookup = spf_lookup


def verify_dkim(ask, message):
    count = sum(name.lower() == b"dkim-signature"
                for name, _ in dkim.rfc822_parse(message)[0])
    if count == 0:
        return {"result": "none"}
    said = []
    for index in range(count):
        try:
            if dkim.DKIM(message).verify(index, dnsfunc=txt):
                return {"result": "pass"}
            said.append("fail")
        except dkim.DKIMException as error:
            said.append(str(error))
    return {"result": "fail", "why": said}


def verify_arc(ask, message):
    result, _, reason = dkim.arc_verify(message, dnsfunc=txt)
    return {"result": result.decode(), "why": str(reason)}


def verify_spf(ask):
    query = spf.query(i=ask["ip"], s=ask["mail_from"], h=ask["helo"], strict=True, timeout=20)
    result, _, why = query.check()
    return {"result": result, "why": str(why)}


def key_of(ask):
    """The private key as dkimpy wants it."""
    pem = open(ask["key"], "rb").read()
    if ask["algorithm"].startswith("ed25519"):
        der = base64.b64decode(b"".join(pem.splitlines()[1:-1]))
        return base64.b64encode(der[-32:])
    return pem


def sign(ask, message):
    field = dkim.sign(message, ask["selector"].encode(), ask["domain"].encode(), key_of(ask),
                      identity=ask["identity"].encode() if ask.get("identity") else None,
                      canonicalize=tuple(c.encode() for c in ask["canon"].split("/")),
                      signature_algorithm=ask["algorithm"].encode(),
                      include_headers=[h.lower().encode() for h in ask["headers"]],
                      length=ask.get("length", False))
    return {"field": base64.b64encode(field).decode()}


def craft(ask, message):
    """A signature written tag by tag as the case says, every "%bh%" and the
    final "b=" filled in: what no library's signer would write."""
    headers, body = dkim.rfc822_parse(message)
    policy = dkim.canonicalization.CanonicalizationPolicy.from_c_value(ask["canon"].encode())
    body = policy.canonicalize_body(body)
    if ask.get("length") is not None:
        body = body[:ask["length"]]
    bh = base64.b64encode(hashlib.sha256(body).digest()).decode()
    value = ask["value"].replace("%bh%", bh).encode()
    assert value.endswith(b"b=")
    # RFC 6376 section 5.4.2: fields of one name from the bottom up; and none
    # where there is no other.
    left, chosen = list(reversed(headers)), []
    for name in ask["headers"]:
        for at, (other, text) in enumerate(left):
            if other.lower().rstrip(b" \t") == name.lower().encode():
                chosen.append(left.pop(at))
                break
    own = ask["name"].encode()
    chosen = policy.canonicalize_headers(chosen + [(own, value + b"\r\n")])
    text = b"".join(name + b":" + rest for name, rest in chosen)
    digest = hashlib.sha256(text[:-2] if text.endswith(b"\r\n") else text)
    if ask["algorithm"].startswith("ed25519"):
        key = nacl.signing.SigningKey(key_of(ask), encoder=nacl.encoding.Base64Encoder)
        signature = key.sign(digest.digest()).signature
    else:
        signature = dkim.crypto.RSASSA_PKCS1_v1_5_sign(
            digest, dkim.crypto.parse_pem_private_key(key_of(ask)))
    field = own + b":" + value + base64.b64encode(signature) + b"\r\n"
    return {"field": base64.b64encode(field).decode()}


def seal(ask, message):
    lines = dkim.arc_sign(message, ask["selector"].encode(), ask["domain"].encode(), key_of(ask),
                          ask["authserv"].encode(),
                          include_headers=[h.lower().encode() for h in ask["headers"]])
    return {"field": base64.b64encode(b"".join(lines)).decode()}


def main():
    global ZONE, NOW
    for line in sys.stdin:
        ask = json.loads(line)
        ZONE, NOW = ask.get("dns", {}), ask.get("now", 0)
        message = base64.b64decode(ask.get("message", ""))
        try:
            if ask["op"] == "spf":
                answer = verify_spf(ask)
            else:
                answer = {"dkim": verify_dkim, "arc": verify_arc, "sign": sign,
                          "craft": craft, "seal": seal}[ask["op"]](ask, message)
        except Exception as error:
            answer = {"result": "error", "why": "%s: %s" % (type(error).__name__, error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
