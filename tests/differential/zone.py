# SPDX-License-Identifier: Apache-2.0
"""DNS from a fixture (the form of sesame's --dns), for peers in Python."""


def lookup(zone, name, kind):
    """Returns (status, chain, rows): status is OK, NODATA, NXDOMAIN, TIMEOUT or
    SERVFAIL; chain the aliases that were followed, [(owner, target)]."""
    chain = []
    name = name.rstrip(".").lower()
    while True:
        entry = zone.get(name)
        if entry is None:
            below = any(other.endswith("." + name) for other in zone)
            return ("NODATA" if below else "NXDOMAIN"), chain, []
        if "NXDOMAIN" in entry:
            return "NXDOMAIN", chain, []
        if kind in entry and entry[kind]:
            return "OK", chain, entry[kind]
        for status in ("TIMEOUT", "SERVFAIL"):
            if status in entry:
                return status, chain, []
        if "CNAME" not in entry or kind == "CNAME":
            return "NODATA", chain, []
        if len(chain) >= 8:  # a resolver gives up on a loop
            return "SERVFAIL", chain, []
        target = entry["CNAME"][0].rstrip(".").lower()
        chain.append((name, target))
        name = target
