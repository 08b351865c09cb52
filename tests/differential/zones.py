# SPDX-License-Identifier: Apache-2.0
"""Generated SPF zones and clients, and DMARC trees with what was found."""
import ipaddress

CLIENTS = ["192.0.2.1", "192.0.2.130", "198.51.100.7", "2001:db8::1", "2001:db8:0:1::8",
           "::ffff:192.0.2.1"]
DOMAINS = ["d%d.example" % i for i in range(6)]
HOSTS = ["h%d.d0.example" % i for i in range(4)] + ["mx.d1.example"]
MACROS = ["%{i}", "%{ir}.%{v}._spf", "%{l}", "%{s}", "%{o}", "%{h}", "%{d2}", "%{dr}", "%{d1r}",
          "%{l-}", "%{lr-}.lp", "%{l1r+-}", "%{p}", "%{v}", "%{ir/}", "x%%y", "%_z", "%-", "%{D}",
          "%{i4}", "%{o0}", "%{d9r}", "%{S}", "%{z}", "%{c}", "%{d", "%x", "%{d130}", "%"]


def client_name(ip):
    """The name of an address below in-addr.arpa or ip6.arpa."""
    ip = ipaddress.ip_address(ip)
    if getattr(ip, "ipv4_mapped", None):
        ip = ip.ipv4_mapped
    return ip.reverse_pointer


def domain(r):
    where = r.random()
    if where < 0.45:
        return r.choice(DOMAINS)
    if where < 0.75:
        return r.choice(HOSTS)
    if where < 0.85:
        return r.choice(["void%d.example" % r.randrange(3), "nx.d0.example"])
    text = r.choice(MACROS[:16] if r.random() < 0.8 else MACROS)
    return text + "." + r.choice(DOMAINS) if r.random() < 0.9 else text


def cidr(r):
    return r.choice([""] * 6 + ["/24", "/32", "//64", "/25//48", "/0", "//0", "/8", "//128"]
                    + (["/33", "//129", "/", "/024", "/24/64", "/-1"] if r.random() < 0.1 else []))


def mechanism(r):
    kind = r.choices(["all", "ip4", "ip6", "a", "mx", "ptr", "exists", "include"],
                     [1, 3, 3, 3, 2, 1, 2, 4])[0]
    q = r.choice([""] * 4 + ["+", "-", "~", "?"])
    if r.random() < 0.1:
        kind = kind.upper()
    if kind.lower() == "all":
        return q + kind
    if kind.lower() == "ip4":
        return q + kind + ":" + r.choice(["192.0.2.1", "192.0.2.0/25", "198.51.100.0/24",
                                          "203.0.113.5", "192.0.2.128/25"])
    if kind.lower() == "ip6":
        return q + kind + ":" + r.choice(["2001:db8::1", "2001:db8::/64", "2001:DB8:0:1::/64",
                                          "::1", "2001:db8::/32"]
                                         + ["::ffff:192.0.2.1"] * (r.random() < 0.1))
    if kind.lower() in ("exists", "include"):
        return q + kind + ":" + domain(r)
    text = q + kind + (":" + domain(r) if r.random() < 0.8 else "")
    return text + (cidr(r) if kind.lower() != "ptr" else "")


ERRORS = ["ip4:1.2.3", "ip4:192.0.2.1/33", "ip4:192.0.2.1/", "ip6:192.0.2.1", "ip6:2001:db8::/129",
          "a:", "mx:/24", "all:x", "all/8", "include", "include:", "exists", "exists:", "ptr:",
          "foo", "foo:bar", "-foo", "a:d1", "a:.", "a:d1.example.", "a:d1..example", "a=b",
          "redirect=", "redirect=d1.example redirect=d2.example", "exp=", "exp=a.b exp=c.d",
          "redirect:d1.example", "+redirect=d1.example", "ip4", "ip4:", "a::d1.example",
          "a:d1.example/24/", "unknown=%{d}", "unknown=%{", "unknown=x", "_x=y", "1x=y",
          "a:%{d}", "a:foo.%{d}/16", "include:%{x}", "exists:%{i", "\u00e9", "a:\u00e9.example",
          "a:x_y.d0.example", "a:-x.d0.example", "a:d0.123", "a:toolong" + "g" * 60 + ".example",
          "a:d0.exa_mple", "mx:d1.example//", "all.", "ptr/24", "exists:d1.example/24"]


def record(r, nest):
    version = r.choice(["v=spf1"] * 30 + ["V=SPF1", "v=spf10", "v=spf2", "v=spf1 "])
    terms = [mechanism(r) for _ in range(r.randrange(5))]
    if r.random() < 0.12:
        terms.insert(r.randrange(len(terms) + 1), r.choice(ERRORS))
    redirect = r.random()
    if redirect < 0.02:
        terms.insert(r.randrange(len(terms) + 1), "redirect=" + domain(r))
    elif redirect < 0.2:
        return " ".join([version] + [t for t in terms if t.lower().lstrip("+-?~") != "all"]
                        + ["redirect=" + domain(r)])
    if r.random() < 0.15:
        terms.append("exp=why.%s" % r.choice(DOMAINS))
    if r.random() < 0.6:
        terms.append(r.choice(["-all", "~all", "?all", "+all", "all"]))
    gap = "  " if r.random() < 0.05 else " "
    return version + "".join(gap + t for t in terms)


def limits(r, zone, ip):
    """A record that lies close to one of the limits."""
    kind = r.choice(["terms", "chain", "voids", "mx", "ptr", "redirects"])
    hit = ["ip4:%s" % ip.rsplit(":")[-1] if "." in ip else "ip6:%s" % ip]
    n = r.choice([9, 10, 11])
    if kind == "terms":
        for i in range(n):
            zone["l%d.example" % i] = {"TXT": [["v=spf1 ?ip4:203.0.113.9"]]}
        text = ["include:l%d.example" % i for i in range(n)] + hit
    elif kind == "chain":
        for i in range(n):
            zone["l%d.example" % i] = {"TXT": [["v=spf1 include:l%d.example" % (i + 1)]]}
        zone["l%d.example" % n] = {"TXT": [["v=spf1 " + hit[0]]]}
        text = ["include:l1.example"]
    elif kind == "redirects":
        for i in range(n):
            zone["l%d.example" % i] = {"TXT": [["v=spf1 redirect=l%d.example" % (i + 1)]]}
        zone["l%d.example" % n] = {"TXT": [["v=spf1 " + hit[0]]]}
        text = ["redirect=l1.example"]
    elif kind == "voids":
        text = [r.choice(["a:v%d.example", "mx:v%d.example", "exists:v%d.example"]) % i
                for i in range(r.choice([1, 2, 3]))] + hit
    elif kind == "mx":
        zone["many.example"] = {"MX": [[i, "m%d.example" % i] for i in range(n)]}
        for i in range(n):
            zone["m%d.example" % i] = {"A": ["203.0.113.%d" % i], "AAAA": ["2001:db8:9::%d" % i]}
        text = ["mx:many.example"] + hit
    else:
        names = ["p%d.d0.example" % i for i in range(n)]
        zone[client_name(ip)] = {"PTR": names}
        bare = ip.rsplit(":", 1)[1] if ip.startswith("::ffff:") else ip
        for i, name in enumerate(names):
            good = i == r.choice([0, 8, 9, 10])
            zone[name] = {"AAAA" if ":" in bare else "A":
                          [bare if good else ("2001:db8:9::1" if ":" in bare else "203.0.113.1")]}
        text = ["ptr:d0.example"]
    if kind != "redirects":
        text.append("-all")
    zone["d0.example"] = dict(zone.get("d0.example", {}), TXT=[["v=spf1 " + " ".join(text)]])
    return kind


def spf_case(r):
    """Returns a request: zone, client and identities."""
    ip = r.choice(CLIENTS)
    zone, traits = {}, set()
    for name in DOMAINS:
        entry = {}
        if r.random() < 0.93:
            entry["TXT"] = [[record(r, 0)]]
            if r.random() < 0.1:
                entry["TXT"].insert(0, ["some other text"])
            if r.random() < 0.03:
                entry["TXT"].append([record(r, 0)])
            if r.random() < 0.1 and len(entry["TXT"][0][0]) > 12:
                text = entry["TXT"][0][0]
                entry["TXT"][0] = [text[:9], text[9:]]
        if r.random() < 0.5:
            entry["A"] = [r.choice(["192.0.2.1", "198.51.100.7", "203.0.113.1"])]
        if r.random() < 0.4:
            entry["AAAA"] = [r.choice(["2001:db8::1", "2001:db8:7::1"])]
        if r.random() < 0.4:
            entry["MX"] = [[10 * i, r.choice(HOSTS)] for i in range(r.randrange(1, 4))]
        if entry:
            zone[name] = entry
    for name in HOSTS:
        what = r.random()
        if what < 0.8:
            zone[name] = {"A": r.sample(["192.0.2.1", "192.0.2.130", "198.51.100.7"],
                                        r.randrange(1, 3)), "AAAA": ["2001:db8::1"]}
        elif what < 0.88:
            zone[name] = {"CNAME": [r.choice(HOSTS[:2] + DOMAINS)]}
        elif what < 0.93:
            zone[name] = {r.choice(["TIMEOUT", "SERVFAIL"]): "*"}
    for name in DOMAINS:
        if r.random() < 0.25:
            zone["why." + name] = {"TXT": [["%{i} is not %{d} for %{s}, says %{r} at %{t}%_%%"]]}
    if r.random() < 0.6:
        zone[client_name(ip)] = {"PTR": r.sample(HOSTS + DOMAINS, r.randrange(1, 4))}
    if r.random() < 0.15:
        traits.add("limit-" + limits(r, zone, ip))
    mail_from = r.choice(["user@d0.example"] * 12 + ["", "User.Name+tag@D0.example",
                         "a-b-c@d1.example", "d0.example", "@d0.example", "user@void0.example",
                         "a=b/c!d@d0.example"])
    helo = r.choice(["h0.d0.example", "d1.example", "d0.example", "mx", "[192.0.2.1]"])
    return {"op": "spf", "ip": ip, "mail_from": mail_from, "helo": helo, "dns": zone,
            "traits": traits}


def dmarc_record(r, top):
    if r.random() < 0.04:
        return r.choice(["v=DMARC1", "v=DMARC1; p=", "v=DMARC1; p=bogus", "v=dmarc1; p=none",
                         "v=DMARC1;p=reject;", "v=DMARC1 ; p = reject", "p=none; v=DMARC1",
                         "v=DMARC1; p=bogus; rua=mailto:a@d.example", "v=DMARC1; sp=reject",
                         "v=DMARC1; p=reject; sp=bogus; rua=mailto:x@y.example",
                         "v=DMARC1; P=Reject; ADKIM=S", "v=DMARC1; p=reject;; adkim=s",
                         "v=DMARC2; p=none", "v=DMARC1; p=none; p=reject", "v=DMARC1; foo; p=none"])
    tags = []
    policies = ["none", "quarantine", "reject"]
    if r.random() < 0.9:
        tags.append("p=" + r.choice(policies))
    for tag, p, values in (("sp", 0.4, policies), ("np", 0.3, policies), ("adkim", 0.3, "rs"),
                           ("aspf", 0.3, "rs"), ("t", 0.2, "yn"), ("pct", 0.1, ["50", "0"]),
                           ("psd", 0.4 if top else 0.15, "ynu"), ("fo", 0.1, ["1:d"]),
                           ("rua", 0.2, ["mailto:r@d.example"]), ("x", 0.05, ["y"])):
        if r.random() < p:
            tags.append("%s=%s" % (tag, r.choice(values)))
    return "; ".join(["v=DMARC1"] + tags) + r.choice(["", "", ";"])


def dmarc_case(r):
    """Returns a request: a tree of names with records, and identifiers."""
    labels = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
    base = r.choice(["example", "co.example", "d0.co.example"])
    names = [base]
    for _ in range(r.randrange(2, 9)):
        names.append(r.choice(labels) + "." + names[-1])
    names += ["z." + r.choice(names) for _ in range(3)]
    zone = {}
    for name in names:
        if r.random() < 0.35:
            rows = [[dmarc_record(r, "." not in name)]]
            if r.random() < 0.1:
                rows.append([r.choice(["v=spf1 -all", dmarc_record(r, False)])])
            zone["_dmarc." + name] = {"TXT": rows}
            if r.random() < 0.03:
                zone["_dmarc." + name] = {r.choice(["TIMEOUT", "SERVFAIL"]): "*"}
        if r.random() < 0.5:
            zone[name] = {"A": ["192.0.2.1"]}
    author = r.choice(names[1:])
    found = [[r.choice(names[1:] + ["other.example"]), r.choice(["pass", "pass", "fail"])]
             for _ in range(r.randrange(4))]
    return {"op": "dmarc", "from": author, "dns": zone, "spf": found[:1], "dkim": found[1:],
            "traits": set()}
