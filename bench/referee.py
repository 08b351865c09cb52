# SPDX-License-Identifier: Apache-2.0
"""referee - DKIM in Python's own library alone, slow and obvious.

Signs what the contestants have to verify, and judges what they have signed.
It knows relaxed/relaxed, rsa-sha256 and ed25519-sha256, and shares nothing
with any contestant.  RFC 6376, 8017, 8032, 8463.
"""
import base64
import hashlib
import random
import re

SMALL = [p for p in range(3, 2000) if all(p % q for q in range(2, int(p ** .5) + 1))]


def _prime(bits, rng):
    """A prime of `bits` bits whose two highest are set."""
    while True:
        n = rng.getrandbits(bits) | 3 << bits - 2 | 1
        if any(n % p == 0 for p in SMALL):
            continue
        d, twos = n - 1, 0
        while d % 2 == 0:
            d, twos = d // 2, twos + 1
        for _ in range(24):  # Miller and Rabin
            x = pow(rng.randrange(2, n - 1), d, n)
            if x in (1, n - 1):
                continue
            for _ in range(twos - 1):
                x = x * x % n
                if x == n - 1:
                    break
            else:
                break
        else:
            return n


def _tlv(tag, content):
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 | len(length)]) + length + content


def _integer(n):
    return _tlv(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))


def _sequence(*parts):
    return _tlv(48, b"".join(parts))


RSA_OID = _sequence(bytes.fromhex("06092a864886f70d010101"), b"\5\0")
ED_OID = _sequence(bytes.fromhex("06032b6570"))
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


def _pem(der):
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[i:i + 64] for i in range(0, len(text), 64))
    return ("-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
            % lines).encode()


class RsaKey:
    """An RSA key made of a seed, so that a corpus can be made again."""
    algorithm = "rsa-sha256"

    def __init__(self, bits, seed):
        rng, self.e = random.Random(seed), 65537
        self.p, self.q = _prime(bits // 2, rng), _prime(bits // 2, rng)
        self.n = self.p * self.q
        self.d = pow(self.e, -1, (self.p - 1) * (self.q - 1))
        self.size = bits // 8

    def pem(self):
        p, q, d = self.p, self.q, self.d
        numbers = (0, self.n, self.e, d, p, q, d % (p - 1), d % (q - 1),
                   pow(q, -1, p))
        inner = _sequence(*(_integer(n) for n in numbers))
        return _pem(_sequence(_integer(0), RSA_OID, _tlv(4, inner)))

    def record(self):
        bits = _sequence(_integer(self.n), _integer(self.e))
        spki = _sequence(RSA_OID, _tlv(3, b"\0" + bits))
        return "v=DKIM1; k=rsa; p=" + base64.b64encode(spki).decode()

    def _padded(self, digest):
        info = SHA256_PREFIX + digest
        return int.from_bytes(b"\0\1" + b"\xff" * (self.size - 3 - len(info))
                              + b"\0" + info, "big")

    def sign(self, digest):
        signed = pow(self._padded(digest), self.d, self.n)
        return signed.to_bytes(self.size, "big")

    def verify(self, digest, signature):
        value = int.from_bytes(signature, "big")
        return (len(signature) == self.size
                and pow(value, self.e, self.n) == self._padded(digest))


P = 2 ** 255 - 19
ORDER = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _add(a, b):
    """RFC 8032 section 5.1.4, in extended coordinates."""
    k, l = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    m, n = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = l - k, n - m, n + m, l + k
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            result = _add(result, point)
        point, scalar = _add(point, point), scalar >> 1
    return result


def _x_of(y, odd):
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != odd else x


def _pack(point):
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _unpack(octets):
    number = int.from_bytes(octets, "little")
    y = number & (1 << 255) - 1
    x = _x_of(y, number >> 255)
    return (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, -1, P) % P
BASE_X = _x_of(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def _scalar(*octets):
    return int.from_bytes(hashlib.sha512(b"".join(octets)).digest(), "little")


class EdKey:
    """An Ed25519 key made of a seed."""
    algorithm = "ed25519-sha256"

    def __init__(self, seed):
        self.seed = random.Random(seed).randbytes(32)
        hashed = hashlib.sha512(self.seed).digest()
        low = int.from_bytes(hashed[:32], "little")
        self.a = low & (1 << 254) - 8 | 1 << 254
        self.prefix = hashed[32:]
        self.public = _pack(_times(self.a, BASE))

    def pem(self):
        return _pem(_sequence(_integer(0), ED_OID, _tlv(4, _tlv(4, self.seed))))

    def record(self):
        return ("v=DKIM1; k=ed25519; p="
                + base64.b64encode(self.public).decode())

    def sign(self, digest):
        r = _scalar(self.prefix, digest) % ORDER
        point = _pack(_times(r, BASE))
        k = _scalar(point, self.public, digest) % ORDER
        return point + ((r + k * self.a) % ORDER).to_bytes(32, "little")

    def verify(self, digest, signature):
        point, s = signature[:32], int.from_bytes(signature[32:], "little")
        k = _scalar(point, self.public, digest) % ORDER
        right = _add(_unpack(point), _times(k, _unpack(self.public)))
        return len(signature) == 64 and _pack(_times(s, BASE)) == _pack(right)


def fields_of(message):
    """Returns the header's fields, folds and all without the last CRLF, and
    the body."""
    top, _, rest = message.partition(b"\r\n\r\n")
    return re.split(rb"\r\n(?![ \t])", top), rest


def _field(raw):
    name, value = raw.split(b":", 1)
    value = re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return name.strip(b" \t").lower() + b":" + value


def _body_hash(body):
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ")
             for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return hashlib.sha256(b"".join(l + b"\r\n" for l in lines)).digest()


def _header_hash(fields, names, own):
    left, chosen = list(fields), []
    for name in names:
        for raw in reversed(left):
            if raw.split(b":", 1)[0].strip().lower() == name.lower().encode():
                chosen.append(_field(raw) + b"\r\n")
                left.remove(raw)
                break
    return hashlib.sha256(b"".join(chosen) + _field(own)).digest()


def sign(message, key, domain, selector, names, time):
    """Returns the DKIM-Signature field, with its CRLF."""
    fields, body = fields_of(message)
    bh = base64.b64encode(_body_hash(body)).decode()
    own = ("DKIM-Signature: v=1; a=%s; c=relaxed/relaxed; d=%s;\r\n"
           "\ts=%s; t=%d; q=dns/txt;\r\n\th=%s;\r\n\tbh=%s;\r\n\tb="
           % (key.algorithm, domain, selector, time,
              ":\r\n\t ".join(":".join(names[i:i + 5])
                              for i in range(0, len(names), 5)), bh)).encode()
    text = base64.b64encode(key.sign(_header_hash(fields, names, own)))
    return own + b"\r\n\t ".join(text[i:i + 70]
                                 for i in range(0, len(text), 70)) + b"\r\n"


def judge(message, key):
    """Returns "" if the first field of `message` is a good signature that
    covers it, else what is wrong."""
    fields, body = fields_of(message)
    own = fields.pop(0)
    name, value = own.split(b":", 1)
    if name.strip().lower() != b"dkim-signature":
        return "it is no DKIM-Signature"
    tags = {}
    for tag in value.split(b";"):
        if tag.strip():
            left, right = tag.split(b"=", 1)
            tags[left.strip().decode()] = b"".join(right.split()).decode()
    if tags["a"] != key.algorithm or tags["c"] != "relaxed/relaxed":
        return "a= or c= is another"
    if "l" in tags:
        return "it has l="
    names = tags["h"].split(":")
    if "from" not in [n.lower() for n in names]:
        return "From is not signed"
    if base64.b64decode(tags["bh"]) != _body_hash(body):
        return "the body hash is wrong"
    bare = re.sub(rb"((?:^|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*", rb"\1", value)
    digest = _header_hash(fields, names, name + b":" + bare)
    if not key.verify(digest, base64.b64decode(tags["b"])):
        return "the signature is wrong"
    return ""
