#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""corpus - the mails, keys and signatures that the benchmark works on.

Usage: corpus.py DIR [--mails DIR2] [--sizes 2k,20k]

Writes into DIR, the same octets each time:
  2k 20k 200k/NN.eml      mails as a bulk sender's application makes them
  ... /NN.rsa.eml         the same, signed with RSA-2048, relaxed/relaxed
  ... /NN.ed25519.eml     the same, signed with Ed25519
  rsa.pem ed25519.pem     the private keys (PKCS#8)
  ed25519.seed            the second as dkimpy wants it
  keys                    the key records: name, a tab, text

With --mails the mails are those of DIR2, which has the same three folders.
The signatures are made by referee.py, which shares nothing with any
contestant.
"""
import argparse
import base64
import os
import random

import referee

SIZES = (("2k", 2048), ("20k", 20480), ("200k", 204800))
MAILS = 16  # of each size

# What a signature covers: fields that such a mail has.
SIGNED = ("From", "Reply-To", "To", "Subject", "Date", "Message-ID",
          "MIME-Version", "Content-Type", "List-Unsubscribe",
          "List-Unsubscribe-Post", "Feedback-ID")

DOMAIN = "post.railcard.example"
SELECTORS = {"rsa": "nov26", "ed25519": "nov26e"}
SEEDS = {"rsa": 2048, "ed25519": 25519}

WORDS = (
    "train ticket platform journey seat carriage departure arrival station "
    "railcard season return single window table quiet coach luggage bicycle "
    "your the a our with from to for and when please before after until "
    "reserved collected refunded changed delayed cancelled confirmed booking "
    "reference passenger fare saving discount weekend offer coast mountains "
    "city harbour museum festival morning evening minutes engineering work "
    "replacement bus timetable information app barcode gate staff help "
    "Köln Málaga Århus Łódź Plzeň €24.50 £9.90 – « quai n° 7 » “off-peak”"
).split()


def quoted(text):
    """Quoted-printable of UTF-8, in lines of at most 76 with CRLF."""
    lines = []
    for line in text.split("\n"):
        out, width = [], 0
        octets = line.encode()
        for i, octet in enumerate(octets):
            plain = 33 <= octet <= 126 and octet != 61
            if not plain and octet in (32, 9) and i + 1 < len(octets):
                plain = True
            piece = chr(octet) if plain else "=%02X" % octet
            if width + len(piece) > 75:
                out.append("=\r\n")
                width = 0
            out.append(piece)
            width += len(piece)
        lines.append("".join(out))
    return "\r\n".join(lines)


def sentence(rng, words):
    text = " ".join(rng.choice(WORDS) for _ in range(words))
    return text[0].upper() + text[1:] + "."


def header(rng, number):
    token = "%024x" % rng.getrandbits(96)
    minute, second = rng.randrange(60), rng.randrange(60)
    boundary = "=_%016x_%08x" % (rng.getrandbits(64), rng.getrandbits(32))
    fields = (
        "Received: from batch-%d.queue.railcard.example (10.20.%d.%d)\r\n"
        "\tby out-%d.railcard.example with ESMTPS id %012X\r\n"
        "\tfor <traveller.%d@inbox.example>; Mon, 9 Nov 2026 07:%02d:%02d +0100"
        % (number, number % 200, rng.randrange(250), number % 4,
           rng.getrandbits(48), number, minute, second),
        "From: =?UTF-8?Q?Railcard_=E2=80=93_bookings?= <bookings@%s>" % DOMAIN,
        "Reply-To: Railcard help desk <help@railcard.example>",
        "To: \"Traveller %d\" <traveller.%d@inbox.example>" % (number, number),
        "Subject: =?UTF-8?Q?Your_tickets_to_K=C3=B6ln,_reference_%06X:?=\r\n"
        " =?UTF-8?Q?_what_you_need_before_you_travel?="
        % rng.getrandbits(24),
        "Date: Mon, 9 Nov 2026 07:%02d:%02d +0100" % (minute, second),
        "Message-ID: <%s.%d@%s>" % (token, number, DOMAIN),
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative;\r\n boundary=\"%s\"" % boundary,
        "List-Unsubscribe: <https://click.railcard.example/out/%s>,\r\n"
        "\t<mailto:out+%s@railcard.example>" % (token, token[:10]),
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Feedback-ID: bookings-%d:tickets:railcard" % number,
        "X-Campaign: %032x" % rng.getrandbits(128),
        "Auto-Submitted: auto-generated",
    )
    return "\r\n".join(fields) + "\r\n\r\n", boundary


def row(rng, number):
    return ("    <tr>\n"
            "      <td class=\"c\" style=\"padding:10px 20px;font:15px/22px "
            "Helvetica,Arial,sans-serif;color:#222b33;\" >%s\n"
            "        <a href=\"https://click.railcard.example/%s/%016x?"
            "m=%d&amp;l=en\" style=\"color:#00539f\">Details</a> </td>\n"
            "    </tr>\n"
            % (sentence(rng, 18), "go", rng.getrandbits(64), number))


def body(rng, boundary, number, rows, filler):
    plain = "\n\n".join(sentence(rng, 26) for _ in range(max(1, rows // 3)))
    html = ("<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
            "<title>Your tickets</title></head>\n<body bgcolor=\"#eef2f5\">\n"
            "  <table role=\"presentation\" width=\"640\" align=\"center\">\n"
            + "".join(row(rng, number) for _ in range(rows))
            + "  </table>\n<!--%s-->\n</body>\n</html>\n" % ("~" * filler))
    part = ("--%s\r\nContent-Type: text/%s; charset=UTF-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n%s\r\n")
    return (part % (boundary, "plain", quoted(plain))
            + part % (boundary, "html", quoted(html))
            + "--%s--\r\n" % boundary)


def mail(number, size):
    """Returns mail `number`, of `size` octets exactly."""
    def make(rows, filler):
        rng = random.Random(number * 1000003 + size)
        top, boundary = header(rng, number)
        return (top + body(rng, boundary, number, rows, filler)).encode()

    empty = len(make(0, 0))
    rows = 0
    if size > 2 * empty:  # as many as fit: an estimate, put right
        rows = (size - empty) * 16 // (len(make(16, 0)) - empty)
        while len(make(rows, 0)) > size - 120:
            rows -= 1
    # The rest is filled; soft line breaks make it grow by more than asked.
    filler = size - len(make(rows, 0))
    made = make(rows, filler)
    while len(made) > size:
        filler -= len(made) - size
        made = make(rows, filler)
    return made[:-2] + b"~" * (size - len(made)) + b"\r\n"


def read_mails(folder):
    names = sorted(n for n in os.listdir(folder) if n.endswith(".eml"))
    found = []
    for name in names[:MAILS]:
        with open(os.path.join(folder, name), "rb") as file:
            found.append(file.read())
    if len(found) < MAILS:
        raise SystemExit("corpus: %s has fewer than %d mails" % (folder, MAILS))
    return found


def write(path, octets):
    with open(path, "wb") as file:
        file.write(octets)


def main():
    args = argparse.ArgumentParser(description="writes the benchmark's corpus")
    args.add_argument("dir")
    args.add_argument("--mails", help="take the mails of this folder")
    args.add_argument("--sizes", default="2k,20k,200k", help="only these")
    args = args.parse_args()
    keys = {"rsa": referee.RsaKey(2048, seed=SEEDS["rsa"]),
            "ed25519": referee.EdKey(seed=SEEDS["ed25519"])}
    os.makedirs(args.dir, exist_ok=True)
    records = []
    for kind, key in keys.items():
        write(os.path.join(args.dir, kind + ".pem"), key.pem())
        if kind == "ed25519":
            write(os.path.join(args.dir, "ed25519.seed"),
                  base64.b64encode(key.seed))
        records.append("%s._domainkey.%s\t%s\n"
                       % (SELECTORS[kind], DOMAIN, key.record()))
    write(os.path.join(args.dir, "keys"), "".join(records).encode())
    for name, size in SIZES:
        if name not in args.sizes.split(","):
            continue
        folder = os.path.join(args.dir, name)
        os.makedirs(folder, exist_ok=True)
        mails = (read_mails(os.path.join(args.mails, name)) if args.mails
                 else [mail(i, size) for i in range(MAILS)])
        for i, octets in enumerate(mails):
            path = os.path.join(folder, "%02d" % i)
            write(path + ".eml", octets)
            for kind, key in keys.items():
                field = referee.sign(octets, key, DOMAIN, SELECTORS[kind],
                                     SIGNED, 1794200000)
                write("%s.%s.eml" % (path, kind), field + octets)


if __name__ == "__main__":
    main()
