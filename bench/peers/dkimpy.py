# SPDX-License-Identifier: Apache-2.0
"""dkimpy - DKIM by dkimpy: dkim.sign() and dkim.verify() with keys from
memory.  Usage: dkimpy.py FOLDER"""
import sys

import contestant

# This file has the name of what it measures, but not of what it imports.
import dkim

COVERED = (b"From", b"Reply-To", b"To", b"Subject", b"Date", b"Message-ID",
           b"MIME-Version", b"Content-Type", b"List-Unsubscribe",
           b"List-Unsubscribe-Post", b"Feedback-ID")
DOMAIN = b"post.railcard.example"


def verifier(mail, records):
    def find(name, timeout=5):
        return records.get(name.rstrip(b"."))

    def verify():
        if not dkim.verify(mail, dnsfunc=find):
            raise contestant.Wrong("it does not verify")
    return verify


def signer(mail, selector, key, algorithm):
    def sign():
        return dkim.sign(mail, selector, DOMAIN, key,
                         canonicalize=(b"relaxed", b"relaxed"),
                         signature_algorithm=algorithm,
                         include_headers=list(COVERED))
    return sign


def main(folder):
    records = {name.encode(): text.encode()
               for name, text in contestant.lines(folder, "keys", "\t")}
    pem = contestant.read(folder, "rsa.pem")
    seed = contestant.read(folder, "ed25519.seed")
    cases = {}
    for size in contestant.sizes(folder):
        bare = contestant.mails(folder, size, ".eml")
        cases["sign-" + size] = [
            signer(m, b"nov26", pem, b"rsa-sha256") for m in bare]
        cases["verify-" + size] = [
            verifier(m, records)
            for m in contestant.mails(folder, size, ".rsa.eml")]
        cases["ed25519-sign-" + size] = [
            signer(m, b"nov26e", seed, b"ed25519-sha256") for m in bare]
        cases["ed25519-verify-" + size] = [
            verifier(m, records)
            for m in contestant.mails(folder, size, ".ed25519.eml")]
    contestant.serve(cases)


main(sys.argv[1])
