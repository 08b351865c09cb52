# SPDX-License-Identifier: Apache-2.0
"""The disagreements that are known: where a peer reads a standard otherwise
than we do, and why we stay.  Read by `run`; reviewed like code.

A rule is as narrow as it can be said: suite, peer, our result and theirs
("*": any), a test of the case, and the reason with its section.  What fits no
rule fails the suite.
"""
import base64
import re


class Rule:
    def __init__(self, suite, peer, ours, theirs, fits, section, reason):
        self.suite, self.peer, self.ours, self.theirs = suite, peer, ours, theirs
        self.fits, self.section, self.reason = fits, section, reason
        self.used = 0

    def explains(self, suite, peer, ours, theirs, case):
        return (suite == self.suite and peer in self.peer.split("|")
                and self.ours in ("*", ours["result"]) and self.theirs in ("*", theirs["result"])
                and self.fits(case, ours, theirs))


RULES = []


def records(case):
    """All SPF texts of the zone, as one."""
    return "\n".join("".join(row) for entry in case["dns"].values()
                     for row in entry.get("TXT", [])).lower()


def why(theirs):
    return str(theirs.get("why"))


def is_ipv4(ip):
    return ":" not in ip or ip.startswith("::ffff:")


def uses_ptr(case):
    return re.search(r"\bptr\b|%\{p", records(case)) is not None


RULES += [
    Rule("spf", "pyspf|mailspf", "*", "permerror",
         lambda c, o, t: re.search("Void lookup limit|void DNS look-ups", why(t))
         and (re.search(r"ptr|mx|%\{p", records(c)) or "CNAME" in str(c["dns"])),
         "RFC 7208 s4.6.4",
         "the limit is of terms whose look-up finds nothing; pyspf and Mail::SPF count also the "
         "addresses of each MX and PTR name, and pyspf an alias besides what it points at"),
    Rule("spf", "mailspf", "*", "permerror",
         lambda c, o, t: "void DNS look-ups" in why(t) and "toolong" in records(c),
         "RFC 7208 s4.3, s4.8", "a label above 63 octets is no name to ask for; Mail::SPF cuts it "
         "short, asks, and counts that nothing was found"),
    Rule("spf", "mailspf", "permerror", "*",
         lambda c, o, t: "found nothing" in o["reason"] and "CNAME" in str(c["dns"]),
         "RFC 7208 s4.6.4", "an alias to a name without such records finds nothing; Mail::SPF "
         "takes the CNAME in the answer for something found"),
    Rule("spf", "mailauth", "permerror", "*",
         lambda c, o, t: "found nothing" in o["reason"]
         and re.search(r":%\{[^}]*\}(/| |$|\n)", records(c)),
         "RFC 7208 s4.6.4, s4.8", "a target of one label is a name, and a look-up of it finds "
         "nothing; mailauth does not ask for it"),
    Rule("spf", "pyspf|mailspf|libspf2", "permerror", "*",
         lambda c, o, t: "malformed" in o["reason"]
         and re.search(r"%\{?[^%_{-]", o.get("term") or ""),
         "RFC 7208 s4.6, s7.1", "a malformed macro anywhere in the record is a syntax error; they "
         "see it when they come to expand it"),
    Rule("spf", "pyspf", "*", "permerror", lambda c, o, t: "trivial recursion" in why(t),
         "RFC 7208 s4.6, s5.2",
         "include: of the own domain is no syntax error; evaluated it ends at the limit of terms"),
    Rule("spf", "pyspf|libspf2", "*", "temperror",
         lambda c, o, t: re.search("SERVFAIL|TIMEOUT", str(c["dns"])) and uses_ptr(c),
         "RFC 7208 s5.5", "an error while names behind an address are sought makes ptr not match, "
         "or that name be skipped; it is no temperror"),
    Rule("spf", "pyspf", "permerror", "*",
         lambda c, o, t: "malformed" in o["reason"] and re.search(r"=%\{", o.get("term") or ""),
         "RFC 7208 s4.6.1, s12",
         "unknown-modifier = name \"=\" macro-string: a bad macro in it is a syntax error"),
    Rule("spf", "pyspf", "*", "temperror",
         lambda c, o, t: re.search("SERVFAIL|TIMEOUT", why(t)) and "mx" in (o.get("term") or ""),
         "RFC 7208 s5.4", "the address of one MX host matched; pyspf asks for those of all before "
         "it compares, and fails with one of them"),
    Rule("spf", "mailspf|libspf2", "*", "*",
         lambda c, o, t: "ip6:::ffff:" in records(c) and is_ipv4(c["ip"]),
         "RFC 7208 s5", "an IPv4 client, mapped or not, never matches ip6:; Mail::SPF and libspf2 "
         "map the IPv4 client to compare"),
    Rule("spf", "mailspf", "permerror", "*",
         lambda c, o, t: "mx mechanism has more than 10" in o["reason"],
         "RFC 7208 s4.6.4", "more than 10 MX names are a permerror; Mail::SPF reads ten of them"),
    Rule("spf", "mailspf", "permerror", "*",
         lambda c, o, t: re.fullmatch("[-+?~]?mx:/.*", o.get("term") or "", re.I),
         "RFC 7208 s5.4, s12", "\"mx:/24\" has a colon and no domain-spec behind it"),
    Rule("spf", "mailspf", "*", "error", lambda c, o, t: "empty label" in why(t),
         "RFC 7208 s4.3, s4.8", "a name with an empty label is not asked for; Net::DNS throws"),

    # libspf2 1.2.10 was written to RFC 4408 and is not kept.
    Rule("spf", "libspf2", "*", "*",
         lambda c, o, t: re.search(r"redirect=\S+ +[^ \n]*[^= \n]+( |$|\n)", records(c)),
         "RFC 7208 s6.1", "redirect= is looked at when no mechanism matched, and not at all where "
         "there is \"all\"; libspf2 goes there where it stands"),
    Rule("spf", "libspf2", "permerror", "*", lambda c, o, t: "found nothing" in o["reason"],
         "RFC 7208 s4.6.4", "two void look-ups are the limit; libspf2 knows none"),
    Rule("spf", "libspf2", "permerror", "*", lambda c, o, t: "more than 10" in o["reason"],
         "RFC 7208 s4.6.4", "ten terms over all records are the limit; libspf2 counts those of "
         "each record, and cuts off at ten MX names"),
    Rule("spf", "libspf2", "permerror", "*",
         lambda c, o, t: "malformed" in o["reason"]
         and re.search(r"(/|//|exp=c.d|:\.|/-?0?\d+|:|=|:/\S*|_mple|:d1|\.\d+|redirect:\S*|[^\x00-\x7f]\S*|//129|/33)$"
                       , o.get("term") or "", re.I),
         "RFC 7208 s12", "empty domain-specs and prefix lengths, leading zeros, a toplabel of "
         "digits only or none, octets above 127, a second exp=: no term of the grammar, taken by libspf2"),
    Rule("spf", "libspf2", "*", "permerror",
         lambda c, o, t: re.search(r"//?0+( |$|\n)", records(c)),
         "RFC 7208 s5.6, s12", "/0 is a prefix length; libspf2 refuses it"),
    Rule("spf", "mailauth", "*", "permerror",
         lambda c, o, t: "void DNS results" in why(t) and "%{p" in records(c),
         "RFC 7208 s4.6.4", "a term counts once, however often its macros ask for the names "
         "behind the address"),
    Rule("spf", "libspf2", "*", "permerror", lambda c, o, t: "limit-ptr" in c["traits"],
         "RFC 7208 s4.6.4", "names behind an address above ten are left out; libspf2 fails"),
    Rule("spf", "libspf2", "*", "permerror", lambda c, o, t: "%{ir/}" in records(c),
         "RFC 7208 s7.1", "\"/\" is a delimiter of macros; libspf2 takes it for a prefix length"),
    Rule("spf", "libspf2", "*", "permerror",
         lambda c, o, t: re.search(r"include:(%\{|d\d)", records(c)),
         "RFC 7208 s5.2", "an include: of the domain under evaluation is no error before it is "
         "reached; libspf2 takes it for one"),
]


def header(case):
    return base64.b64decode(case["message"]).split(b"\r\n\r\n", 1)[0]


def body(case):
    return base64.b64decode(case["message"]).split(b"\r\n\r\n", 1)[1]


def said(ours):
    """Sesame's reasons, of all signatures."""
    return " ".join(str(s.get("reason")) for s in ours.get("signatures", []))


def froms(case):
    return len(re.findall(rb"^from[ \t]*:", header(case), re.I | re.M))


def has_tag(case, tag, value=rb"[^;]*"):
    return re.search(rb"(?s)^DKIM-Signature *:(?:(?!\r\n[^ \t]).)*[;: \t\n]" + tag
                     + rb"[ \t\r\n]*=[ \t\r\n]*" + value, header(case), re.I | re.M) is not None



def relaxed_body(case):
    return any(word.endswith("/relaxed") for word in case["traits"])


def lacks_p(case, ours):
    """Whether the record that was applied has no p=, and no bad sp= or np=."""
    rows = case["dns"].get("_dmarc.%s" % ours["policy_domain"], {}).get("TXT", [])
    return any("v=DMARC1" in row[0] and not re.search(r"(^|[; ])p *=|=bogus", row[0]) for row in rows)


def arc_junk(case):
    """Whether an ARC field has no instance."""
    return re.search(rb"^ARC-[-a-z]+ *: *added ", header(case), re.I | re.M) is not None


RULES += [
    # RFC 6376 section 6.1.1: a signature that is not as section 3.5 has it.
    Rule("dkim", "dkimpy|maildkim", "permerror", "pass",
         lambda c, o, t: "x= is not after t=" in said(o),
         "RFC 6376 s3.5 (x=)", "the value of x= MUST be greater than that of t="),
    Rule("dkim", "dkimpy|maildkim|mailauth", "permerror", "pass",
         lambda c, o, t: "l= is more than the body has" in said(o),
         "RFC 6376 s3.5 (l=)", "l= MUST NOT be larger than the canonicalised body; all three take "
         "what there is"),
    Rule("dkim", "dkimpy", "permerror", "pass",
         lambda c, o, t: "x= is past" in said(o),
         "RFC 6376 s3.5 (x=)", "dkimpy gives expired signatures ten hours more"),
    Rule("dkim", "dkimpy", "pass", "fail", lambda c, o, t: "q= value is not dns/txt" in why(t),
         "RFC 6376 s3.5 (q=)", "q= is a list, of which a verifier takes what it knows"),
    Rule("dkim", "dkimpy|maildkim", "permerror", "pass",
         lambda c, o, t: "v= is not DKIM1, or not first" in said(o),
         "RFC 6376 s3.6.1 (v=)", "v= MUST be the first tag of a key record if it is there"),
    Rule("dkim", "dkimpy", "permerror", "pass",
         lambda c, o, t: "h= does not allow" in said(o) or "t=s, but i=" in said(o),
         "RFC 6376 s3.6.1 (h=, t=), s6.1.2", "dkimpy does not look at h= and t=s of the key"),
    Rule("dkim", "dkimpy", "*", "*",
         lambda c, o, t: (o["result"] == "pass") == ("body hash mismatch" in why(t))
         and re.search(rb"[ \t]$", body(c)) and relaxed_body(c),
         "RFC 6376 s3.4.4", "white space at the end of a line goes, also of a last line without "
         "CRLF; dkimpy leaves it there"),
    Rule("dkim", "dkimpy", "pass", "fail", lambda c, o, t: froms(c) > 1,
         "RFC 6376 s5.4.2, s8.15", "h= names the lowest From once; dkimpy takes every From as "
         "signed (a second From ends DMARC here)"),
    Rule("dkim", "maildkim", "*", "*",
         lambda c, o, t: body(c) and not body(c).endswith(b"\r\n") and not relaxed_body(c),
         "RFC 6376 s3.4.3", "a body without CRLF at its end gets one; Mail::DKIM hashes it as "
         "it is"),
    Rule("dkim", "maildkim", "pass", "fail",
         lambda c, o, t: "altered" in why(t) and (has_tag(c, rb"l", rb"0") or has_tag(c, rb"l", rb"1")
                                                  and not body(c).strip(b"\r\n")),
         "RFC 6376 s3.5 (l=), s3.4.5", "l=0 is a body of no octets; Mail::DKIM takes it for no l=, "
         "and l=1 of an empty line wrong"),
    Rule("dkim", "maildkim", "pass", "*",
         lambda c, o, t: "unsupported algorithm ed25519" in why(t),
         "RFC 8463 s3", "Mail::DKIM 1.2023 does not know ed25519-sha256"),
    Rule("dkim", "maildkim", "permerror", "pass",
         lambda c, o, t: "the field is no list of tags" in said(o) and "tag-twice" in c["traits"]
         or "the key record is malformed" in said(o) and "key-tag-twice" in c["traits"],
         "RFC 6376 s3.2", "a tag that is there twice makes the list invalid"),
]

RULES += [
    Rule("arc", "dkimpy|maildkim", "fail", "pass", lambda c, o, t: arc_junk(c),
         "RFC 8617 s5.2 (3.A)", "a field of the chain that belongs to no instance makes it invalid; "
         "both leave it out"),
    Rule("arc", "dkimpy", "pass", "fail",
         lambda c, o, t: "did not validate" in why(t)
         and {"header-move", "header-swap-same"} & set(c["traits"]),
         "RFC 8617 s5.1.1", "i= says the order of the sets, not where their fields stand; dkimpy "
         "goes by the place"),
    *(Rule(suite, "dkimpy|mailauth", "pass", "*",
           lambda c, o, t: any(b":" not in line and line[:1] not in (b" ", b"\t")
                               for line in header(c).split(b"\r\n")),
           "RFC 6376 s3.8, s8.1", "a line of the header that is no field is in no signature: sesame "
           "says so, verifies what is signed, and gives no DMARC pass")
      for suite in ("dkim", "arc")),
    Rule("arc", "dkimpy", "pass", "fail", lambda c, o, t: froms(c) > 1,
         "RFC 6376 s5.4.2", "dkimpy takes every From as signed, as above"),
    Rule("arc", "dkimpy", "*", "*", lambda c, o, t: re.search(rb"[ \t]$", body(c)),
         "RFC 6376 s3.4.4", "white space at the end of a last line without CRLF, as above"),
    Rule("arc", "dkimpy", "pass", "error", lambda c, o, t: "IndexError" in why(t),
         "RFC 5322 s3.2.2", "a field may be folded right behind its colon; dkimpy throws"),
    Rule("dmarc", "mailauth", "*", "*",
         lambda c, o, t: any(re.search(r"\bp=none; p=reject", str(entry))
                             for entry in c["dns"].values()),
         "RFC 9989 s4.8", "a tag that comes twice is a syntax error, and those are ignored in "
         "favour of what is there; mailauth discards the record"),
    Rule("dmarc", "mailauth", "*", "none",
         lambda c, o, t: o["policy"] == "none" and lacks_p(c, o),
         "RFC 9989 s4.7 (p=)", "\"If this tag is not present ... the record is treated as if it "
         "included p=none\"; mailauth follows section 4.10.1, which speaks of rua= too"),
    Rule("dmarc", "mailauth", "temperror", "*",
         lambda c, o, t: re.search("TIMEOUT|SERVFAIL", str(c["dns"])),
         "RFC 9989 s4.10.1", "DNS errors are left to the receiver: here the whole walk must "
         "succeed; mailauth goes on with a record found before the error"),
]
