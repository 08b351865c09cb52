#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mailauth - runs the contestants against each other and prints the ratios.

Usage: bench/mailauth.py BUILD [--quick] [--rounds N] [--seconds S]
                         [--json] [--mails DIR] [--only WORD,...] [--test]

Every contestant is a process that works on the same mails and questions.
First all results are checked: each signature must verify, what is signed must
satisfy the referee, each SPF result must be the expected one; a wrong answer
ends the run.  Then the contestants take turns, case by case: a round gives
each the same CPU time (user and system, by getrusage() in the process
itself), in an order that rotates.  A figure is the median over the rounds; a
ratio is the median of the ratios within the rounds.

Ends with 1 if a target of docs/benchmarks.md is missed, 2 if a contestant is
wrong or cannot be run.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

import corpus
import referee

HERE = os.path.dirname(os.path.abspath(__file__))

FLOOR, OURS = "floor", "sesame"
CHECKED, PARSED = "sesame, checked", "sesame, key parsed"
TEXT = "sesame, from text"
OWN = (FLOOR, OURS, CHECKED, PARSED, TEXT)
OPENDKIM, SPF2 = "libopendkim", "libspf2"

DKIM = {
    FLOOR: ["bench_floor"],
    OURS: ["bench_ours", "prepared"],
    CHECKED: ["bench_ours", "checked"],
    PARSED: ["bench_ours", "parsed"],
    OPENDKIM: ["bench_opendkim"],
    "Mail::DKIM": ["perl", "peers/mail_dkim.pl"],
    "mailauth": ["node", "js/dkim.js"],
    "dkimpy": ["/usr/bin/python3", "peers/dkimpy.py"],
}
SPF = {
    FLOOR: ["bench_floor_spf"],
    OURS: ["bench_ours_spf", "compiled"],
    TEXT: ["bench_ours_spf", "text"],
    SPF2: ["bench_spf2"],
    "pyspf": ["/usr/bin/python3", "peers/pyspf.py"],
    "mailauth": ["node", "js/spf.js"],
    "Mail::SPF": ["perl", "peers/mail_spf.pl"],
}

WORST = {
    FLOOR: ["bench_worst", "floor"],
    OURS: ["bench_worst", "ours"],
}
# Milliseconds: of D6 and D9 in all, of D10 above the floor.
WORST_MAX = 10.0
WORST_TEST = ("D6-dearest", "D6-ed25519", "D6-hostile", "D9-500-domains",
              "D10-empty-kept-relaxed", "D10-folds-simple")

# (case, contestant, compared with, at least)
TARGETS = [("sign-" + s, OURS, FLOOR, 0.95) for s in ("2k", "20k")]
TARGETS += [("sign-" + s, OURS, OPENDKIM, 4.0) for s in ("2k", "20k")]
TARGETS += [("verify-" + s, OURS, FLOOR, 0.85) for s in ("2k", "20k", "200k")]
TARGETS += [("verify-" + s, OURS, OPENDKIM, 6.0)
            for s in ("2k", "20k", "200k")]
TARGETS += [("spf-" + s, OURS, SPF2, 8.0)
            for s in ("simple", "ses", "typical")]


class Wrong(Exception):
    """A contestant cannot be run, or gives a wrong answer."""


class Contestant:
    """A process that answers a line with a line: see harness.h."""

    def __init__(self, name, command, build, folder):
        program = os.path.join(build, "bench", command[0])
        if command[0].startswith("bench_"):
            command = [program] + command[1:]
        else:
            command = [command[0], os.path.join(HERE, command[1])]
        self.name = name
        if not shutil.which(command[0]):
            raise Wrong("%s: %s is not here" % (name, command[0]))
        self.process = subprocess.Popen(
            command + [folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env=dict(os.environ, NODE_NO_WARNINGS="1"))
        self.cases = self.ask("cases", "cases")

    def ask(self, line, good):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except OSError:
            answer = ""
        words = answer.split()
        if not words or words[0] != good:
            raise Wrong("%s: %s: %s"
                        % (self.name, line, answer.strip() or "it ended"))
        return words[1:]

    def check(self, case, keys):
        """Has the contestant check its results, and checks what it signed."""
        if int(self.ask("check " + case, "ok")[0]) < 1:
            raise Wrong("%s: %s: nothing was done" % (self.name, case))
        if "sign" not in case or self.name == FLOOR:
            return
        with tempfile.TemporaryDirectory() as folder:
            self.ask("dump %s %s" % (case, folder), "ok")
            size, kind = case.split("-")[-1], "rsa"
            if case.startswith("ed25519"):
                kind = "ed25519"
            for i in range(corpus.MAILS):
                field = read(folder, "%02d" % i)
                mail = read(keys["folder"], size, "%02d.eml" % i)
                wrong = referee.judge(field + mail, keys[kind])
                if wrong:
                    raise Wrong("%s: %s: mail %d: %s"
                                % (self.name, case, i, wrong))

    def run(self, case, seconds):
        """Returns operations per CPU second."""
        done, nanoseconds = self.ask("run %s %g" % (case, seconds), "ran")
        return int(done) * 1e9 / int(nanoseconds)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def figure(rate):
    for unit, factor in (("M", 1e6), ("k", 1e3)):
        if rate >= 10 * factor or (rate >= factor and unit == "M"):
            return "%.3g%s" % (rate / factor, unit)
    return "%.0f" % rate


def milliseconds(rate):
    return 1000 / rate


class Case:
    """The rates of all contestants in one case, round by round."""

    def __init__(self, name):
        self.name, self.rates = name, {}

    def median(self, who):
        return statistics.median(self.rates[who])

    def spread(self, who):
        """Half the range, in parts of the median."""
        rates = self.rates[who]
        return (max(rates) - min(rates)) / 2 / self.median(who)

    def ratio(self, who, other):
        if who not in self.rates or other not in self.rates:
            return None
        return statistics.median(
            a / b for a, b in zip(self.rates[who], self.rates[other]))


def measure(contestants, names, options):
    cases = {name: Case(name) for name in names}
    order = list(contestants)
    for name, case in cases.items():
        able = [c for c in order if name in c.cases]
        for c in able:
            c.run(name, options.seconds)  # caches and JITs warm up
        for turn in range(options.rounds):
            first = turn % len(able)
            for c in able[first:] + able[:first]:
                case.rates.setdefault(c.name, []).append(
                    c.run(name, options.seconds))
    return cases


def print_table(title, who, cases, peer):
    print("\n%s: operations per CPU second, +- half the spread; "
          "ratios" % title)
    for case in cases.values():
        print("\n%-20s %20s %10s %14s" % (case.name, "per CPU second",
                                          "of floor", "of " + peer))
        for name in who:
            if name not in case.rates:
                continue
            floor, other = case.ratio(name, FLOOR), case.ratio(name, peer)
            print("  %-18s %12s +-%4.1f%% %10s %14s"
                  % (name, figure(case.median(name)), 100 * case.spread(name),
                     "%.1f%%" % (100 * floor) if floor else "-",
                     "%.2fx" % other if other else "-"))


def print_worst(cases):
    print("\nThe worst messages: CPU ms of one verification, beside SHA-256 of "
          "the message\n\n%-26s %10s %10s %12s" % ("", "floor", "sesame",
                                                 "above floor"))
    for case in cases.values():
        floor, ours = (milliseconds(case.median(w)) for w in (FLOOR, OURS))
        print("%-26s %10.3f %10.3f %12.3f"
              % (case.name, floor, ours, ours - floor))


def judge_worst(cases):
    """Returns a row for each of the worst messages that has a target."""
    rows = []
    for case in cases.values():
        spent = milliseconds(case.median(OURS))
        kind = case.name.split("-")[0]
        if kind == "D10":
            spent -= milliseconds(case.median(FLOOR))
        if kind in ("D6", "D9", "D10"):
            rows.append({"case": case.name, "ms": spent, "most": WORST_MAX,
                         "met": spent <= WORST_MAX})
    return rows


def judge_targets(cases):
    """Returns a row for each target that a measured case has."""
    rows = []
    for name, who, other, least in TARGETS:
        if name in cases:
            ratio = cases[name].ratio(who, other)
            rows.append({"case": name, "who": who, "of": other,
                         "least": least, "ratio": ratio,
                         "met": ratio is not None and ratio >= least})
    return rows


def print_targets(rows, cases):
    print("\nTargets")
    for row in rows:
        verdict = "met" if row["met"] else "MISSED"
        if "ms" in row:
            print("  %-6s %s: %.3f ms%s (at most %g)"
                  % (verdict, row["case"], row["ms"], " above the floor"
                     if row["case"].startswith("D10") else "", row["most"]))
            continue
        ratio, floor = row["ratio"], cases[row["case"]].ratio(FLOOR, row["of"])
        print("  %-6s %s: %s of %s (at least %g%s)"
              % (verdict, row["case"], "not measured" if ratio is None
                 else "%.3f" % ratio, row["of"], row["least"],
                 "; the floor has %.3f" % floor
                 if not row["met"] and floor and row["of"] != FLOOR else ""))


def as_json(cases, targets):
    return json.dumps({"targets": targets, "cases": {
        name: {who: {"rates": [round(r, 1) for r in rates],
                     "median": round(case.median(who), 1),
                     "of_floor": case.ratio(who, FLOOR)}
               for who, rates in case.rates.items()}
        for name, case in cases.items()}}, indent=1)


def enter(kinds, options, folder, keys):
    """Starts the contestants of one kind and checks all their answers."""
    found, absent = [], []
    for name, command in kinds.items():
        if options.test and name not in OWN:
            continue
        try:
            found.append(Contestant(name, command, options.build, folder))
        except Wrong as reason:
            # The floor and ours must be there, and what the targets name.
            if name in OWN or name in (OPENDKIM, SPF2):
                raise
            absent.append(str(reason))
    checked = 0
    names = list(dict.fromkeys(n for c in found for n in c.cases))
    if options.only:
        names = [n for n in names
                 if any(w in n for w in options.only.split(","))]
    if options.test and kinds is WORST:
        names = list(WORST_TEST)
    for c in found:
        for name in names:
            if name in c.cases:
                c.check(name, keys)
                checked += 1
    return found, names, checked, absent


def prepare(options, folder):
    command = [sys.executable, os.path.join(HERE, "corpus.py"), folder,
               "--sizes", options.sizes]
    if options.mails:
        command += ["--mails", options.mails]
    subprocess.run(command, check=True)
    for name in ("spf.zone", "spf.cases"):
        shutil.copy(os.path.join(HERE, name), folder)
    return {"rsa": referee.RsaKey(2048, seed=corpus.SEEDS["rsa"]),
            "ed25519": referee.EdKey(seed=corpus.SEEDS["ed25519"]),
            "folder": folder}


def arguments():
    args = argparse.ArgumentParser(description="benchmarks mail authentication")
    args.add_argument("build", help="the build folder")
    args.add_argument("--rounds", type=int, default=7)
    args.add_argument("--seconds", type=float, default=0.25,
                      help="CPU time of one contestant in one round")
    args.add_argument("--quick", action="store_true",
                      help="three short rounds: for a first look")
    args.add_argument("--test", action="store_true",
                      help="test the benchmark: ours and the floor, briefly")
    args.add_argument("--json", action="store_true")
    args.add_argument("--mails", help="a folder with 2k, 20k and 200k/*.eml")
    args.add_argument("--sizes", default="2k,20k,200k")
    args.add_argument("--only", help="cases whose name has one of these in it")
    options = args.parse_args()
    if options.quick:
        options.rounds, options.seconds = 3, 0.15
    if options.test:
        options.rounds, options.seconds, options.sizes = 1, 0.002, "2k,20k"
    return options


def deceive(options, folder):
    """Alters a mail and an expectation: the checks must notice.  Returns how
    many did not."""
    path = os.path.join(folder, "2k", "03.rsa.eml")
    mail = bytearray(read(path))
    mail[-9] ^= 1
    corpus.write(path, mail)
    path = os.path.join(folder, "spf.cases")
    corpus.write(path, read(path).replace(b"|pass", b"|fail"))
    unseen = 0
    for name, command, case in ((OURS, DKIM[OURS], "verify-2k"),
                                (TEXT, SPF[TEXT], "spf-typical"),
                                (FLOOR, SPF[FLOOR], "spf-typical")):
        c = Contestant(name, command, options.build, folder)
        try:
            c.ask("check " + case, "ok")
            print("%s: %s: a wrong answer was not noticed" % (name, case))
            unseen += 1
        except Wrong:
            pass
        c.end()
    return unseen


def compete(title, kinds, peer, options, folder, keys):
    """Runs the contestants of one kind; returns the cases and the number of
    checks."""
    found, names, checked, absent = enter(kinds, options, folder, keys)
    if not options.json:
        print("%s: %d contestants, %d checks of their results passed"
              % (title, len(found), checked))
        for reason in absent:
            print("  not measured: " + reason)
        sys.stdout.flush()
    cases = measure(found, names, options)
    for c in found:
        c.end()
    if options.json or not cases:
        return cases, checked
    if peer:
        print_table(title, kinds, cases, peer)
    else:
        print_worst(cases)
    return cases, checked


def main():
    options = arguments()
    result, checks, targets = {}, 0, []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        keys = prepare(options, folder)
        for title, kinds, peer in (("DKIM", DKIM, OPENDKIM),
                                   ("SPF", SPF, SPF2),
                                   ("The worst messages", WORST, None)):
            cases, checked = compete(title, kinds, peer, options, folder, keys)
            result.update(cases)
            checks += checked
            targets += judge_targets(cases) if peer else judge_worst(cases)
        if options.test:
            unseen = deceive(options, folder)
            print("%d passed, %d failed" % (checks + 3 - unseen, unseen))
            return 1 if unseen else 0
    if options.json:
        print(as_json(result, targets))
    else:
        print_targets(targets, result)
    return 0 if all(row["met"] for row in targets) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Wrong as reason:
        print("bench: " + str(reason), file=sys.stderr)
        sys.exit(2)
