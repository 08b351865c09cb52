# SPDX-License-Identifier: Apache-2.0
"""contestant - what the Python contestants share; the protocol of harness.h.

Usage: see serve().
"""
import os
import resource
import sys

MAILS = 16
SIZES = ("2k", "20k", "200k")


class Wrong(Exception):
    """A result is not as it must be."""


def read(folder, *path):
    with open(os.path.join(folder, *path), "rb") as file:
        return file.read()


def mails(folder, size, suffix):
    return [read(folder, size, "%02d%s" % (i, suffix)) for i in range(MAILS)]


def sizes(folder):
    return [s for s in SIZES if os.path.isdir(os.path.join(folder, s))]


def lines(folder, name, sep):
    for line in read(folder, name).decode().splitlines():
        if not line.startswith("#"):
            yield line.split(sep)


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def serve(cases):
    """`cases`: name to a list of functions, each of which does one operation
    and raises Wrong; one that signs returns the field."""
    for line in sys.stdin:
        word, name, argument = (line.split() + ["", "", ""])[:3]
        try:
            if word == "cases":
                answer = "cases " + " ".join(cases)
            elif word == "check":
                for function in cases[name]:
                    function()
                answer = "ok %d" % len(cases[name])
            elif word == "dump":
                for i, function in enumerate(cases[name]):
                    path = os.path.join(argument, "%02d" % i)
                    with open(path, "wb") as file:
                        file.write(function())
                answer = "ok %d" % len(cases[name])
            else:
                answer = "ran %d %d" % run(cases[name], float(argument))
        except Wrong as reason:
            answer = "wrong %s: %s" % (name, reason)
        print(answer, flush=True)


def run(functions, seconds):
    done, begin, last = 0, cpu(), 0
    while last < seconds:
        for function in functions:
            function()
            done += 1
            if done & 15 == 0 and cpu() - begin >= seconds:
                break
        last = cpu() - begin
    return done, round(last * 1e9)
