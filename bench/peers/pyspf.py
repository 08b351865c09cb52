# SPDX-License-Identifier: Apache-2.0
"""pyspf - SPF by pyspf: spf.check2() with DNS from memory.
Usage: pyspf.py FOLDER"""
import sys

import contestant
import spf

ZONE = {}


def look_up(name, qtype, tcpfallback=True, timeout=30):
    name = name.rstrip(".").lower()
    return [((name, qtype), data) for data in ZONE.get((name, qtype), ())]


def evaluator(ip, sender, helo, result):
    def evaluate():
        found = spf.check2(i=ip, s=sender, h=helo)[0]
        if found != result:
            raise contestant.Wrong("%s, not %s" % (found, result))
    return evaluate


def main(folder):
    for name, qtype, data in contestant.lines(folder, "spf.zone", "|"):
        if qtype == "TXT":
            data = (data.encode(),)
        if qtype == "MX":
            preference, host = data.split()
            data = (int(preference), host)
        ZONE.setdefault((name, qtype), []).append(data)
    spf.DNSLookup = look_up
    contestant.serve({
        case: [evaluator(ip, sender, helo, result)] * 16
        for case, ip, sender, helo, result
        in contestant.lines(folder, "spf.cases", "|")})


main(sys.argv[1])
