# SPDX-License-Identifier: Apache-2.0
"""Generated messages, signatures to put on them, and ways to spoil them."""
import base64
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
NOW = 1760000000
KEYS = {name: str(HERE / "keys" / (name + ".pem")) for name in ("rsa1024", "rsa2048", "ed25519")}
WORDS = ["alpha", "Beta", "gamma  delta", "x" * 70, "=?utf-8?q?caf=C3=A9?=", "a;b=c", "(note)",
         "\"quoted, text\"", "tab\tinside", "100%", "caf\u00e9", "\u20ac 5", "=20", "--", "v=1"]


def public(name):
    """The p= of a key."""
    der = subprocess.run(["openssl", "pkey", "-in", KEYS[name], "-pubout", "-outform", "DER"],
                         capture_output=True, check=True).stdout
    return base64.b64encode(der[-32:] if name == "ed25519" else der).decode()


PUBLIC = {name: public(name) for name in KEYS}


def words(r, n):
    return " ".join(r.choice(WORDS) for _ in range(n)).encode()


def fold(r, text):
    """Breaks a value at some of its spaces, in some way that RFC 5322 has."""
    out = b""
    for part in re.split(rb"( )", text):
        if part == b" " and r.random() < 0.3:
            part = r.choice([b"\r\n ", b"\r\n\t", b" \r\n ", b"\t\r\n  ", b"  "])
        out += part
    return out


def field(r, name, value):
    gap = r.choice([b" "] * 6 + [b"", b"  ", b"\t", b"\r\n "])
    tail = r.choice([b""] * 8 + [b" ", b"\t "])
    return name + b":" + gap + value + tail + b"\r\n"


def header(r):
    """A list of fields, each with its CRLF."""
    fields = [field(r, b"From", r.choice([b"a@d0.example", b"Ann <a@d0.example>",
                                          b"\"A, B\" <a@mail.d0.example>"]))]
    for name in (b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Content-Type",
                 b"Reply-To", b"Cc", b"List-Id", b"X-Odd", b"x-lower", b"Received", b"Received",
                 b"Comments", b"Keywords", b"Keywords"):
        if r.random() < 0.5:
            value = {b"To": b"b@r.example", b"Date": b"Thu, 09 Oct 2025 08:53:20 +0000",
                     b"Message-ID": b"<%d@d0.example>" % r.randrange(10 ** 9),
                     b"MIME-Version": b"1.0", b"Content-Type": b"text/plain; charset=utf-8",
                     b"Cc": b"c@r.example, d@r.example", b"Reply-To": b"a@d0.example",
                     }.get(name) or fold(r, words(r, r.randrange(9)))
            if r.random() < 0.15:
                name = r.choice([name.upper(), name.lower()])
            fields.append(field(r, name, value))
    r.shuffle(fields)
    return fields


def body(r):
    kind = r.randrange(12)
    if kind == 0:
        return b""
    if kind == 1:
        return b"\r\n" * r.randrange(1, 5)
    if kind == 2:
        return r.choice([b" ", b" \r\n", b"\t \r\n\r\n", b"\r\n \r\n", b"x", b"x ", b"\r\nx"])
    lines = []
    for _ in range(r.randrange(1, 12)):
        line = words(r, r.randrange(8))
        if r.random() < 0.2:
            line = line.replace(b" ", r.choice([b"  ", b" \t", b"\t"]))
        if r.random() < 0.2:
            line += r.choice([b" ", b"\t", b"  \t"])
        if r.random() < 0.1:
            line = b" " + line
        if r.random() < 0.04:
            line = b"y" * r.choice([77, 998, 1000, 3000])
        if r.random() < 0.05:
            line = bytes(r.choice([0x80, 0xe9, 0xff, 0x7f, 0x01, 0x0b, 0x0c]) for _ in range(5))
        lines.append(line)
    lines += [b""] * r.choice([0, 0, 0, 1, 2, 5])
    text = b"\r\n".join(lines)
    return text if r.random() < 0.15 else text + b"\r\n"


def names_of(fields):
    return [f.split(b":", 1)[0].decode("latin-1") for f in fields]


def chosen_names(r, fields):
    """Which names a signer takes: From always, some twice, some not there."""
    names = [n for n in names_of(fields) if n.lower() != "from" and r.random() < 0.7]
    names.insert(r.randrange(len(names) + 1), "From")
    for extra in ("From", "Subject", "X-Absent", "To"):
        if r.random() < 0.3:
            names.append(extra)
    if r.random() < 0.3:
        names = [n.lower() for n in names]
    return names


def crafted(r, algorithm, canon, selector, domain, names, traits):
    """The value of a DKIM-Signature up to "b=", tags in any order and white
    space wherever RFC 6376 lets it be."""
    colon = r.choice([":", ":", " : ", ":\r\n\t", ": "])
    tags = [("v", "1"), ("a", algorithm), ("d", domain), ("s", selector),
            ("h", colon.join(names)), ("bh", "%bh%")]
    if canon != "simple/simple" or r.random() < 0.5:
        short = canon.endswith("/simple") and r.random() < 0.3
        tags.append(("c", canon.split("/")[0] if short else canon))
    if r.random() < 0.3:
        tags.append(("q", r.choice(["dns/txt", "dns/txt", "dns/txt:other/x"])))
    if r.random() < 0.5:
        t = NOW - r.choice([0, 1, 100, 86400])
        tags.append(("t", "%d" % t))
    if r.random() < 0.4:
        x = NOW + r.choice([-100000, -1, 1, 100, 86400])
        tags.append(("x", "%d" % x))
        traits.add("x")
    if r.random() < 0.4:
        identity = r.choice(["@", "user@", "@sub.", "u=2Bv@sub."]) + domain
        if r.random() < 0.1:
            identity = "@other.example"
            traits.add("i-foreign")
        tags.append(("i", identity))
        if "sub." in identity:
            traits.add("i-sub")
    if r.random() < 0.1:
        tags.append(("z", "From:a=40d0.example|To:b"))
    if r.random() < 0.15:
        tags.append((r.choice(["foo", "x_y", "r2"]), r.choice(["bar", "", "1=2"])))
        traits.add("unknown-tag")
    length = None
    if r.random() < 0.2:
        length = r.choice([0, 1, 2, 5, 20])
        tags.append(("l", "%d" % length))
        traits.add("l")
    spoil = r.random()
    if spoil < 0.02:
        tags.append(r.choice(tags))
        traits.add("tag-twice")
    elif spoil < 0.04:
        tags = [t for t in tags if t[0] != r.choice("adsvh")]
        traits.add("tag-missing")
    elif spoil < 0.05:
        tags = [(n, "2") if n == "v" else (n, v) for n, v in tags]
        traits.add("v=2")
    r.shuffle(tags)
    gap = r.choice(["", " ", "\r\n\t", " \r\n "])
    glue = r.choice(["", "", " "])
    value = " " + ";".join("%s%s%s=%s%s" % (gap, n, glue, glue, v) for n, v in tags)
    return value + ";" + gap + "b=", length


def sign_request(r, fields, signer, traits):
    """What to ask of `signer`, to have a message with `fields` signed."""
    key = r.choice(["rsa2048", "rsa2048", "rsa1024", "ed25519"])
    if signer == "maildkim" and key == "ed25519":
        key = "rsa2048"
    algorithm = "ed25519-sha256" if key == "ed25519" else "rsa-sha256"
    canon = r.choice(["simple", "relaxed"]) + "/" + r.choice(["simple", "relaxed"])
    names = chosen_names(r, fields)
    ask = {"op": "sign", "key": KEYS[key], "algorithm": algorithm, "canon": canon,
           "domain": r.choice(["d0.example", "mail.d0.example"]), "now": NOW,
           "selector": {"rsa2048": "r2", "rsa1024": "r1", "ed25519": "e"}[key],
           "headers": names, "extra": names}
    traits.update([signer, key, canon])
    if signer == "craft":
        value, length = crafted(r, algorithm, canon, ask["selector"], ask["domain"], names, traits)
        ask.update(op="craft", name="DKIM-Signature", value=value, length=length)
    elif signer in ("dkimpy", "mailauth") and r.random() < 0.1:
        ask["length"] = True if signer == "dkimpy" else 10
        traits.add("l")
    return ask


def mutate_header(r, fields, traits):
    if not fields:
        return
    at = r.randrange(len(fields))
    kind = r.choice(["byte", "remove", "move", "add-top", "add-bottom", "refold", "case",
                     "space", "swap-same"])
    traits.add("header-" + kind)
    name = fields[at].split(b":", 1)[0]
    if kind == "byte":
        f = bytearray(fields[at])
        start = len(name) + 1 if r.random() < 0.85 else 0
        spot = r.randrange(start, len(f) - 1) if start < len(f) - 1 else 0
        if f[spot] not in b"\r\n:":
            f[spot] = r.choice([b for b in b"aZ0.@;=" if b != f[spot]])
        fields[at] = bytes(f)
    elif kind == "remove" and len(fields) > 1:
        del fields[at]
    elif kind == "move":
        fields.insert(r.randrange(len(fields)), fields.pop(at))
    elif kind == "add-top":
        fields.insert(0, name + b": added <x@evil.example>\r\n")
    elif kind == "add-bottom":
        fields.append(name + b": added <x@evil.example>\r\n")
    elif kind == "refold":
        fields[at] = re.sub(rb"(?<=[^ \t\r\n]) +(?=[^ \t\r\n])", b"\r\n\t", fields[at])
    elif kind == "case":
        fields[at] = name.swapcase() + fields[at][len(name):]
    elif kind == "space":
        fields[at] = fields[at][:-2] + b" \r\n"
    elif kind == "swap-same" and len(fields) > 1:
        other = r.randrange(len(fields))
        fields[at], fields[other] = fields[other], fields[at]


def mutate_body(r, text, traits):
    kind = r.choice(["byte", "append", "blank", "trail", "inner", "cut", "prepend"])
    traits.add("body-" + kind)
    if kind == "append":
        return text + b"and more\r\n"
    if kind == "blank":
        return text + b"\r\n" * r.randrange(1, 3)
    if kind == "prepend":
        return r.choice([b"\r\n", b"new\r\n"]) + text
    if kind == "cut" and text:
        text = text[:r.randrange(len(text))]
        return text[:-1] if text.endswith(b"\r") else text
    if kind == "trail":
        return text.replace(b"\r\n", b" \r\n", 1)
    if kind == "inner":
        return text.replace(b" ", b"  ", 1)
    if kind == "byte" and text:
        b = bytearray(text)
        spot = r.randrange(len(b))
        if b[spot] not in b"\r\n":
            b[spot] = r.choice([c for c in b"aZ .\t" if c != b[spot]])
        return bytes(b)
    return text


def key_zone(r, traits, spoil):
    """A zone with the keys of both domains; `spoil`: perhaps not good ones."""
    zone = {}
    for domain in ("d0.example", "mail.d0.example"):
        for selector, key in (("r2", "rsa2048"), ("r1", "rsa1024"), ("e", "ed25519")):
            kind = "ed25519" if key == "ed25519" else "rsa"
            p = PUBLIC[key]
            text = "v=DKIM1; k=%s; p=%s" % (kind, p)
            rows = [[text[:200], text[200:]] if len(text) > 200 else [text]]
            if spoil:
                how = r.choice(["no-v", "spaces", "unknown", "h=sha256", "h=sha1", "h=both",
                                "t=s", "t=y", "s=email", "s=*", "s=other", "revoked", "v=2",
                                "v-last", "swapped", "garbled", "wrong-key", "k-wrong", "absent",
                                "timeout", "servfail", "n", "no-k", "semicolons", "p-folded",
                                "tag-twice", "empty-text", "g"])
                traits.add("key-" + how)
                text = {
                    "no-v": "k=%s; p=%s" % (kind, p),
                    "spaces": " v = DKIM1 ;\tk = %s ; p = %s " % (kind, p),
                    "unknown": text + "; foo=bar; n=",
                    "h=sha256": text + "; h=sha256", "h=sha1": text + "; h=sha1",
                    "h=both": text + "; h=sha1:sha256",
                    "t=s": text + "; t=s", "t=y": text + "; t=y",
                    "s=email": text + "; s=email", "s=*": text + "; s=*",
                    "s=other": text + "; s=tlsrpt", "revoked": "v=DKIM1; k=%s; p=" % kind,
                    "v=2": text.replace("DKIM1", "DKIM2"),
                    "v-last": "k=%s; p=%s; v=DKIM1" % (kind, p),
                    "swapped": "p=%s; k=%s" % (p, kind),
                    "garbled": text[:-12], "wrong-key": text.replace(p[-20:-10], "AAAAAAAAAA"),
                    "k-wrong": text.replace("k=" + kind, "k=" + ("rsa" if kind != "rsa"
                                                                 else "ed25519")),
                    "n": text + "; n=a note", "no-k": "v=DKIM1; p=" + p,
                    "semicolons": text + ";", "p-folded": text[:60] + " " + text[60:],
                    "tag-twice": text + "; k=" + kind, "empty-text": "",
                    "g": text + "; g=*",
                }.get(how, text)
                rows = [[text]] if len(text) < 256 else [[text[:255], text[255:]]]
                if how in ("timeout", "servfail"):
                    zone["%s._domainkey.%s" % (selector, domain)] = {how.upper(): "*"}
                    continue
                if how == "absent":
                    continue
            zone["%s._domainkey.%s" % (selector, domain)] = {"TXT": rows}
    return zone
