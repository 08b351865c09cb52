# SPDX-License-Identifier: Apache-2.0
"""Signature Version 4: what Debian's botocore signs is taken, whatever the
operation and however odd the name; what differs in anything is refused, by
the error that AWS has for it."""
import datetime
import hashlib
import hmac
import os
import pathlib
import subprocess
import urllib.parse

import botocore.awsrequest
import botocore.auth
import botocore.credentials
import botocore.session
import pytest

REGION = "eu-west-2"
ENDPOINT = "http://127.0.0.1:18099"
BUILD = pathlib.Path(os.environ.get("SESAME_BUILD") or
                     pathlib.Path(__file__).parent.parent.parent / "build")


class Judge:
    """The gate of the API and keyd, asked for their opinion."""

    def __init__(self):
        self.process = subprocess.Popen([BUILD / "tests/tools/sigv4_judge", REGION],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.key, self.secret = self.process.stdout.readline().decode().split()

    def ask(self, request, now=None):
        octets = request.octets()
        now = now or datetime.datetime.now(datetime.timezone.utc).timestamp()
        self.process.stdin.write(b"%d %d\n" % (now * 1000, len(octets)) + octets)
        self.process.stdin.flush()
        return self.process.stdout.readline().decode(errors="replace").rstrip("\n")

    def end(self):
        self.process.stdin.close()
        assert self.process.wait(10) == 0


class Request:
    """A request as it travels, to be changed at will."""

    def __init__(self, method, target, fields, body):
        self.method, self.target, self.fields, self.body = method, target, list(fields), body

    def copy(self):
        return Request(self.method, self.target, self.fields, self.body)

    def octets(self):
        head = ["%s %s HTTP/1.1" % (self.method, self.target)] + ["%s: %s" % field for field in self.fields]
        return ("\r\n".join(head) + "\r\n\r\n").encode("latin-1") + self.body

    def get(self, name):
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)

    def set(self, name, value):
        self.fields = [(key, value if key.lower() == name.lower() else was) for key, was in self.fields]

    def add(self, name, value):
        self.fields.append((name, value))

    def drop(self, name):
        self.fields = [field for field in self.fields if field[0].lower() != name.lower()]

    def authorization(self, was, now, count=1):
        text = self.get("Authorization")
        assert was in text
        self.set("Authorization", text.replace(was, now, count))

    def put_body(self, body):
        self.body = body
        self.set("Content-Length", str(len(body)))

    def part(self, name):
        """The value of a part of Authorization."""
        return self.get("Authorization").split(name + "=")[1].split(",")[0]


def captured(request):
    url = urllib.parse.urlsplit(request.url)
    body = request.body or b""
    if hasattr(body, "read"):
        body = body.read()
    fields = [(key, value.decode() if isinstance(value, bytes) else value)
              for key, value in request.headers.items()]
    if not any(key.lower() == "host" for key, _ in fields):
        fields.append(("Host", url.netloc))
    if body and not any(key.lower() == "content-length" for key, _ in fields):
        fields.append(("Content-Length", str(len(body))))
    return Request(request.method, url.path + ("?" + url.query if url.query else ""), fields,
                   body.encode() if isinstance(body, str) else body)


class Captured(Exception):
    pass


def make_client(key, secret, token=None):
    session = botocore.session.Session()
    client = session.create_client("sesv2", region_name=REGION, endpoint_url=ENDPOINT, aws_access_key_id=key,
                                   aws_secret_access_key=secret, aws_session_token=token)

    def stop(request, **_):
        raise Captured(captured(request))
    client.meta.events.register("before-send.sesv2", stop)
    return client


def signed(client, operation, **members):
    with pytest.raises(Captured) as caught:
        client._make_api_call(operation, members)
    return caught.value.args[0]


@pytest.fixture(scope="session")
def judge():
    judge = Judge()
    yield judge
    judge.end()


@pytest.fixture(scope="session")
def client(judge):
    return make_client(judge.key, judge.secret)


MODEL = botocore.session.Session().get_service_model("sesv2")


def example(shape, name="a name", depth=0):
    """The least that the model takes, with `name` wherever a text goes."""
    if shape.type_name == "structure":
        members = shape.required_members
        # a union, or one that means nothing when it is empty
        if not members and depth > 0:
            members = list(shape.members)[:1]
        return {key: example(shape.members[key], name, depth + 1) for key in members}
    if shape.type_name == "list":
        return [example(shape.member, name, depth + 1)]
    if shape.type_name == "map":
        return {example(shape.key, name, depth + 1): example(shape.value, name, depth + 1)}
    if shape.type_name == "string":
        return shape.enum[0] if shape.enum else name
    return {"boolean": True, "integer": 1, "long": 1, "double": 1.5, "float": 1.5, "blob": b"\0\xff",
            "timestamp": datetime.datetime(2026, 11, 24)}[shape.type_name]


def members_of(operation, name="a name"):
    shape = MODEL.operation_model(operation).input_shape
    return example(shape, name) if shape else {}


# What botocore may find in a name; "." and ".." come below.
ODD = ["user+x@example.com", "a b", "a/b", "a//b", "/", "%", "%2F", "%252f", "100%", "é", "\u4e2d\u6587",
       "\U0001f4ec", "a'b", "(a)", "a!b", "a*b", "~a", "a&b=c", "a?b", "a#b", "a;b", "a:b", "a,b", "a=b", "$a",
       "\"a\"", "<a>", "a\\b", "^", "`", "{a}", "a|b", "[a]", "-._~", "A", "a\tb", "a.", "...", " a", "a "]


@pytest.mark.parametrize("operation", MODEL.operation_names)
def test_every_operation(judge, client, operation):
    """Those that sesame does not offer are judged all the same: as "-"."""
    members = members_of(operation)
    said = judge.ask(signed(client, operation, **members)).split()
    assert said[0] == "OK" and said[1] in (operation, "-"), said
    if said[1] == operation and len(said) > 2:
        assert bytes.fromhex(said[2]).decode() == "a name"


def test_routed_operations(judge, client):
    routed = [operation for operation in MODEL.operation_names
              if judge.ask(signed(client, operation, **members_of(operation))).split()[1] == operation]
    assert len(routed) >= 18, routed


@pytest.mark.parametrize("name", ODD, ids=repr)
@pytest.mark.parametrize("operation", ["GetEmailIdentity", "PutEmailIdentityDkimSigningAttributes",
                                       "DeleteConfigurationSet", "ListTagsForResource", "UntagResource",
                                       "ListEmailIdentities", "CreateEmailIdentity"])
def test_odd_names(judge, client, operation, name):
    """In the path, in the query and in the body; in the path they arrive as
    they were meant."""
    members = members_of(operation, name)
    if operation == "ListEmailIdentities":
        members = {"NextToken": name, "PageSize": 3}
    said = judge.ask(signed(client, operation, **members)).split()
    assert said[:2] == ["OK", operation], said
    if operation in ("GetEmailIdentity", "PutEmailIdentityDkimSigningAttributes", "DeleteConfigurationSet"):
        assert bytes.fromhex(said[2]).decode() == name


@pytest.mark.parametrize("name", [".", ".."])
def test_dots(judge, client, name):
    """botocore signs another path than it sends: what is routed is what was
    signed, or nothing."""
    assert judge.ask(signed(client, "GetEmailIdentity", EmailIdentity=name)).startswith(WRONG)


@pytest.mark.parametrize("turn", ["as sent", "reversed", "sorted", "host first", "lower case", "upper case"])
def test_field_orders(judge, client, turn):
    request = signed(client, "SendEmail", **members_of("SendEmail"))
    fields = request.fields
    request.fields = {
        "as sent": lambda: fields,
        "reversed": lambda: fields[::-1],
        "sorted": lambda: sorted(fields),
        "host first": lambda: sorted(fields, key=lambda f: f[0].lower() != "host"),
        "lower case": lambda: [(key.lower(), value) for key, value in fields],
        "upper case": lambda: [(key.upper(), value) for key, value in fields],
    }[turn]()
    assert judge.ask(request).startswith("OK SendEmail")


def test_session_token(judge):
    """sesame gives out none."""
    other = make_client(judge.key, judge.secret, "FwoGZXIvYXdzEXAMPLE//////////")
    said = judge.ask(signed(other, "GetAccount"))
    assert said == "UnrecognizedClientException: The security token included in the request is invalid."


@pytest.mark.parametrize("expires", [1, 60, 604800, 604801, -1])
@pytest.mark.parametrize("auth", [botocore.auth.SigV4QueryAuth, botocore.auth.S3SigV4QueryAuth])
def test_presigned(judge, auth, expires):
    credentials = botocore.credentials.Credentials(judge.key, judge.secret)
    request = botocore.awsrequest.AWSRequest("GET", ENDPOINT + "/v2/email/account")
    auth(credentials, "ses", REGION, expires=expires).add_auth(request)
    assert judge.ask(captured(request.prepare())).startswith(TWICE)


def test_skew(judge, client):
    now = datetime.datetime.now(datetime.timezone.utc).timestamp()
    request = signed(client, "GetAccount")
    assert judge.ask(request, now - 290) == judge.ask(request, now + 290) == "OK GetAccount"
    assert judge.ask(request, now + 310).startswith("InvalidSignatureException: Signature expired: ")
    assert judge.ask(request, now - 310).startswith("InvalidSignatureException: Signature not yet current: ")


# ---- what is refused ----

BAD = "InvalidSignatureException: "
WRONG = BAD + "The request signature we calculated does not match the signature you provided."
TWICE = BAD + "There must be one signature, in the Authorization header"
INCOMPLETE = BAD + "Authorization header requires"
SIGNED = BAD + "'SignedHeaders' must be sorted"
DATE = BAD + "The request must have one 'X-Amz-Date' header"
SCOPE_DATE = BAD + "Date in Credential scope does not match"
PAYLOAD = BAD + "The provided 'x-amz-content-sha256' header"
ALGORITHM = BAD + "Unsupported AWS 'algorithm'"
EXPIRED = BAD + "Signature expired: "
EARLY = BAD + "Signature not yet current: "
UNKNOWN = "UnrecognizedClientException: The security token included"
ABSENT = "MissingAuthenticationTokenException: Missing Authentication Token"
HTTP = "HTTP: "

BASES = {
    "GetAccount": {},
    "GetEmailIdentity": {"EmailIdentity": "user+x@example.com"},
    "ListEmailIdentities": {"PageSize": 5, "NextToken": "a b/c+d="},
    "DeleteEmailIdentity": {"EmailIdentity": "example.com"},
    "CreateEmailIdentity": {"EmailIdentity": "example.com", "Tags": [{"Key": "a", "Value": "b c"}]},
    "PutEmailIdentityMailFromAttributes": {"EmailIdentity": "example.com", "MailFromDomain": "m.example.com"},
    "PutEmailIdentityDkimSigningAttributes": {"EmailIdentity": "example.com", "SigningAttributesOrigin": "AWS_SES"},
    "UntagResource": {"ResourceArn": "arn:aws:ses:eu-west-2:111111111111:identity/a.example",
                      "TagKeys": ["k1", "k 2"]},
    "SendEmail": {"FromEmailAddress": "a@example.com", "Content": {"Raw": {"Data": b"From: a@example.com\r\n\r\n"}}},
    "GetConfigurationSet": {"ConfigurationSetName": "set-1"},
}


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def resign(request, judge, names=None, service="ses", region=REGION, date=None, terminator="aws4_request",
           digest=None, encode=lambda path: urllib.parse.quote(path, safe="/~"), secret=None, key=None,
           algorithm="AWS4-HMAC-SHA256", fields=True):
    """Signs `request` anew, by our own hand, right or wrong in one thing."""
    path, _, query = request.target.partition("?")
    query = "&".join(sorted(part if "=" in part else part + "=" for part in query.split("&") if part))
    if names is None:
        names = sorted({key.lower() for key, _ in request.fields
                        if key.lower() == "host" or key.lower() == "content-type" or
                        key.lower().startswith("x-amz-")})
    values = ["%s:%s" % (name, ",".join(" ".join(value.split()) for field, value in request.fields
                                        if field.lower() == name.lower())) for name in names]
    digest = digest or hashlib.sha256(request.body).hexdigest()
    canonical = "\n".join([request.method, encode(path), query, *values, "", ";".join(names), digest])
    time = request.get("X-Amz-Date") or "20261124T000000Z"
    date = date or time[:8]
    scope = "/".join([date, region, service, terminator])
    text = "\n".join([algorithm, time, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    work = ("AWS4" + (secret or judge.secret)).encode()
    for part in (date, region, service, terminator):
        work = mac(work, part)
    if fields:
        request.set("Authorization", "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s" % (
            algorithm, key or judge.key, scope, ";".join(names), mac(work, text).hex()))
    return mac(work, text).hex()


def at_time(request, judge, offset=0, form="%Y%m%dT%H%M%SZ"):
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=offset)
    request.set("X-Amz-Date", then.strftime(form))
    resign(request, judge, date=then.strftime("%Y%m%d"))


def turn_digit(request):
    digit = request.part("Signature")[-1]
    request.set("Authorization", request.get("Authorization")[:-1] + ("0" if digit != "0" else "1"))


def signature(request, change):
    request.authorization("Signature=" + request.part("Signature"), "Signature=" + change(request.part("Signature")))


def field_added(name, value, resigned=True, **how):
    def change(r, j):
        r.add(name, value)
        if resigned:
            resign(r, j, **how)
    return change


def with_body(change):
    def run(r, j):
        if not r.body:
            return False
        r.put_body(change(r.body))
    return run


def with_query(change):
    def run(r, j):
        if "?" not in r.target:
            return False
        path, _, query = r.target.partition("?")
        r.target = path + "?" + change(query)
    return run


def names_of(change):
    """SignedHeaders is another list, and signed as that."""
    def run(r, j):
        resign(r, j, names=change(r.part("SignedHeaders").split(";")))
    return run


def payload(value, signed_digest=None):
    def run(r, j):
        r.add("x-amz-content-sha256", value)
        resign(r, j, digest=signed_digest or value)
    return run


# What is done to a request, and how the answer to that begins.
MUTATIONS = {
    # the request line
    "another method": (lambda r, j: setattr(r, "method", "POST" if r.method != "POST" else "PUT"), WRONG),
    "HEAD": (lambda r, j: setattr(r, "method", "HEAD"), WRONG),
    "method in lower case": (lambda r, j: setattr(r, "method", r.method.lower()), HTTP),
    "a slash more": (lambda r, j: setattr(r, "target", r.target.replace("/v2/", "/v2//").replace("/v1/", "/v1//")),
                     WRONG),
    "a dot segment": (lambda r, j: setattr(r, "target", "/." + r.target), WRONG),
    "a parent segment": (lambda r, j: setattr(r, "target", "/x/.." + r.target), WRONG),
    "a slash at the end": (lambda r, j: "?" not in r.target and (setattr(r, "target", r.target + "/"), None)[1],
                           WRONG),
    "a letter escaped": (lambda r, j: setattr(r, "target", r.target.replace("email", "%65mail")), WRONG),
    "a slash escaped": (lambda r, j: setattr(r, "target", r.target.replace("/email/", "%2Femail/")), WRONG),
    "a letter of another case": (lambda r, j: setattr(r, "target", r.target.replace("email", "Email")), WRONG),
    "a parameter more": (lambda r, j: setattr(r, "target", r.target + ("&" if "?" in r.target else "?") + "a=b"),
                         WRONG),
    "a parameter less": (with_query(lambda q: q.partition("&")[2]), WRONG),
    "a parameter twice": (with_query(lambda q: q + "&" + q.split("&")[0]), WRONG),
    "a value changed": (with_query(lambda q: q + "x"), WRONG),
    "plus for space": (with_query(lambda q: q.replace("%20", "+")), WRONG),
    "hex in lower case": (with_query(lambda q: q.replace("%2F", "%2f")), WRONG),
    "absolute form": (lambda r, j: setattr(r, "target", ENDPOINT + r.target), HTTP),
    "NUL in the path": (lambda r, j: setattr(r, "target", "/%00" + r.target), HTTP),
    # encoded once, not twice: only where that differs
    "encoded once": (lambda r, j: "%" in r.target.split("?")[0] and
                     (resign(r, j, encode=lambda path: path), None)[1], WRONG),
    "encoded thrice": (lambda r, j: "%" in r.target.split("?")[0] and
                       (resign(r, j, encode=lambda p: urllib.parse.quote(urllib.parse.quote(p, safe="/~"),
                                                                         safe="/~")), None)[1], WRONG),
    # the body
    "a body cut": (with_body(lambda b: b[:-1]), WRONG),
    "a body grown": (with_body(lambda b: b + b" "), WRONG),
    "an octet of the body": (with_body(lambda b: b[:3] + bytes([b[3] ^ 1]) + b[4:]), WRONG),
    "no body": (with_body(lambda b: b""), WRONG),
    "the hash of nothing": (lambda r, j: r.body != b"" and
                            (resign(r, j, digest=hashlib.sha256(b"").hexdigest()), None)[1], WRONG),
    "the hash of another": (lambda r, j: resign(r, j, digest=hashlib.sha256(b"other").hexdigest()) and None, WRONG),
    "hash in upper case": (lambda r, j: resign(r, j, digest=hashlib.sha256(r.body).hexdigest().upper()) and None,
                           WRONG),
    "unsigned payload": (payload("UNSIGNED-PAYLOAD"), PAYLOAD),
    "streaming payload": (payload("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), PAYLOAD),
    "streaming with trailer": (payload("STREAMING-UNSIGNED-PAYLOAD-TRAILER"), PAYLOAD),
    "streaming, ECDSA": (payload("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"), PAYLOAD),
    "no payload's hash": (payload(""), PAYLOAD),
    "another payload's hash": (payload("0" * 64), PAYLOAD),
    "a payload's hash, not signed": (field_added("x-amz-content-sha256", "UNSIGNED-PAYLOAD", False), SIGNED),
    # fields
    "another host": (lambda r, j: r.set("Host", "127.0.0.2:18099"), WRONG),
    "two hosts": (lambda r, j: r.add("Host", "127.0.0.1:18099"), HTTP),
    "no host": (lambda r, j: r.drop("Host"), HTTP),
    "x-amz- not signed": (field_added("x-amz-foo", "1", False), SIGNED),
    "X-AMZ- not signed": (field_added("X-AMZ-FOO", "", False), SIGNED),
    "a token not signed": (field_added("X-Amz-Security-Token", "t", False), SIGNED),
    "a token, signed": (field_added("X-Amz-Security-Token", "t"), UNKNOWN),
    "an empty token, signed": (field_added("X-Amz-Security-Token", ""), UNKNOWN),
    "no Authorization": (lambda r, j: r.drop("Authorization"), ABSENT),
    "two Authorizations": (lambda r, j: r.add("Authorization", r.get("Authorization")), TWICE),
    "an Authorization of another kind": (lambda r, j: r.add("Authorization", "Basic QTpC"), TWICE),
    "and one in the query": (lambda r, j: setattr(r, "target", r.target + ("&" if "?" in r.target else "?") +
                                                  "X-Amz-Signature=00"), TWICE),
    "and a credential in the query": (lambda r, j: setattr(r, "target", r.target + ("&" if "?" in r.target else "?") +
                                                           "x-amz-credential=AK"), TWICE),
    # the time
    "no date": (lambda r, j: r.drop("X-Amz-Date"), DATE),
    "two dates": (lambda r, j: r.add("X-Amz-Date", r.get("X-Amz-Date")), DATE),
    "another second": (lambda r, j: r.set("X-Amz-Date", r.get("X-Amz-Date")[:13] + "00Z"
                                          if r.get("X-Amz-Date")[13:15] != "00" else
                                          r.get("X-Amz-Date")[:13] + "01Z"), WRONG),
    "six minutes ago": (lambda r, j: at_time(r, j, -360), EXPIRED),
    "in six minutes": (lambda r, j: at_time(r, j, 360), EARLY),
    "yesterday": (lambda r, j: at_time(r, j, -86400), EXPIRED),
    "next year": (lambda r, j: at_time(r, j, 365 * 86400), EARLY),
    "extended form": (lambda r, j: at_time(r, j, 0, "%Y-%m-%dT%H:%M:%SZ"), DATE),
    "a zone": (lambda r, j: at_time(r, j, 0, "%Y%m%dT%H%M%S+0000"), DATE),
    "no zone": (lambda r, j: at_time(r, j, 0, "%Y%m%dT%H%M%S"), DATE),
    "a date of HTTP": (lambda r, j: at_time(r, j, 0, "%a, %d %b %Y %H:%M:%S GMT"), DATE),
    "only Date": (lambda r, j: (r.drop("X-Amz-Date"), r.add("Date", "Tue, 24 Nov 2026 00:00:00 GMT"),
                                resign(r, j, names=["date", "host"]))[0], DATE),
    "the scope of another day": (lambda r, j: resign(r, j, date="20250101") and None, SCOPE_DATE),
    "a scope without a day": (lambda r, j: resign(r, j, date="2025") and None, INCOMPLETE),
    # the scope
    "another region": (lambda r, j: resign(r, j, region="us-east-1") and None,
                       BAD + "Credential should be scoped to a valid region: 'eu-west-2'."),
    "another service": (lambda r, j: resign(r, j, service="s3") and None,
                        BAD + "Credential should be scoped to correct service: 'ses'."),
    "the endpoint's prefix": (lambda r, j: resign(r, j, service="email") and None,
                              BAD + "Credential should be scoped to correct service: 'ses'."),
    "another terminator": (lambda r, j: resign(r, j, terminator="aws5_request") and None,
                           BAD + "Credential should be scoped with a valid terminator"),
    "a region put in": (lambda r, j: r.authorization(REGION, "eu-west-1"),
                        BAD + "Credential should be scoped to a valid region"),
    "another's key": (lambda r, j: resign(r, j, key="AKIASOMEBODYELSE") and None, UNKNOWN),
    "a temporary key": (lambda r, j: resign(r, j, key="ASIASOMEBODYELSE") and None, UNKNOWN),
    "a key of lower case": (lambda r, j: resign(r, j, key=j.key.lower()) and None, UNKNOWN),
    "no key": (lambda r, j: r.authorization("Credential=" + j.key, "Credential="), INCOMPLETE),
    "a key with a slash": (lambda r, j: r.authorization(j.key, j.key + "/x"), INCOMPLETE),
    "a long key": (lambda r, j: r.authorization(j.key, "A" * 1024), INCOMPLETE),
    "another secret": (lambda r, j: resign(r, j, secret="x" * 40) and None, WRONG),
    "a secret cut": (lambda r, j: resign(r, j, secret=j.secret[:-1]) and None, WRONG),
    # Authorization
    "another digit": (lambda r, j: turn_digit(r), WRONG),
    "digits reversed": (lambda r, j: signature(r, lambda s: s[::-1]), WRONG),
    "zeros": (lambda r, j: signature(r, lambda s: "0" * 64), WRONG),
    "digits in upper case": (lambda r, j: signature(r, lambda s: "A" + s[1:].upper()), INCOMPLETE),
    "63 digits": (lambda r, j: signature(r, lambda s: s[1:]), INCOMPLETE),
    "65 digits": (lambda r, j: signature(r, lambda s: s + "0"), INCOMPLETE),
    "no digits": (lambda r, j: signature(r, lambda s: ""), INCOMPLETE),
    "quoted": (lambda r, j: signature(r, lambda s: '"%s"' % s), INCOMPLETE),
    "a space in it": (lambda r, j: signature(r, lambda s: s[:9] + " " + s[9:]), INCOMPLETE),
    "signed twice": (lambda r, j: r.set("Authorization", r.get("Authorization") + ", Signature=" +
                                        r.part("Signature")), INCOMPLETE),
    "two credentials": (lambda r, j: r.set("Authorization", r.get("Authorization") + ", Credential=" +
                                           r.part("Credential")), INCOMPLETE),
    "a comma at the end": (lambda r, j: r.set("Authorization", r.get("Authorization") + ","), INCOMPLETE),
    "no list": (lambda r, j: r.authorization(" SignedHeaders=" + r.part("SignedHeaders") + ",", ""), INCOMPLETE),
    "an unknown part": (lambda r, j: r.set("Authorization", r.get("Authorization") + ", X=1"), INCOMPLETE),
    "ECDSA": (lambda r, j: r.authorization("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), ALGORITHM),
    "HMAC-SHA1": (lambda r, j: resign(r, j, algorithm="AWS4-HMAC-SHA1") and None, ALGORITHM),
    "version 2": (lambda r, j: r.set("Authorization", "AWS %s:c2lnbmF0dXJl" % j.key), ALGORITHM),
    "version 3": (lambda r, j: r.set("Authorization", "AWS3-HTTPS AWSAccessKeyId=%s" % j.key), ALGORITHM),
    "a bearer": (lambda r, j: r.set("Authorization", "Bearer abc"), ALGORITHM),
    "empty": (lambda r, j: r.set("Authorization", ""), ALGORITHM),
    # SignedHeaders
    "host not signed": (names_of(lambda n: [x for x in n if x != "host"]), SIGNED),
    "date not signed": (names_of(lambda n: [x for x in n if x != "x-amz-date"]), SIGNED),
    "a field that is not there": (names_of(lambda n: sorted(n + ["content-md5"])), SIGNED),
    "out of order": (names_of(lambda n: n[::-1]), SIGNED),
    "a name twice": (names_of(lambda n: sorted(n + ["host"])), SIGNED),
    "a name in upper case": (names_of(lambda n: [x.upper() if x == "host" else x for x in n]), SIGNED),
    "an empty name": (names_of(lambda n: [""] + n), SIGNED),
    "a name less in the list": (lambda r, j: r.authorization(";x-amz-date", ""), SIGNED),
    "a name more in the list": (lambda r, j: r.get("User-Agent") and
                                r.authorization("SignedHeaders=" + r.part("SignedHeaders"), "SignedHeaders=" + ";".join(
                                    sorted(r.part("SignedHeaders").split(";") + ["user-agent"]))), WRONG),
}
CASES = [(base, mutation) for mutation in MUTATIONS for base in BASES]


def test_enough():
    assert len(CASES) >= 400


@pytest.fixture(scope="session")
def applied():
    """How many of the cases changed something."""
    count = {"applied": 0}
    yield count


@pytest.mark.parametrize("base,mutation", CASES, ids=["%s: %s" % case for case in CASES])
def test_mutation(judge, client, applied, base, mutation):
    good = signed(client, base, **BASES[base])
    assert judge.ask(good).startswith("OK " + base)
    change, want = MUTATIONS[mutation]
    bad = good.copy()
    if change(bad, judge) is False or bad.octets() == good.octets():
        pytest.skip("there is nothing to change in it")
    applied["applied"] += 1
    assert judge.ask(bad).startswith(want)


def test_enough_applied(applied, request):
    if request.config.getoption("keyword") == "":
        assert applied["applied"] >= 400


@pytest.mark.parametrize("base", BASES)
def test_resigned(judge, client, base):
    """Our own hand signs as botocore does: what it makes wrong above is wrong
    in that one thing."""
    request = signed(client, base, **BASES[base])
    assert resign(request.copy(), judge) == request.part("Signature")


def test_second_value(judge, client):
    """A signed field that comes twice is signed with both."""
    request = signed(client, "SendEmail", **BASES["SendEmail"])
    request.add("Content-Type", "text/plain")
    assert judge.ask(request).startswith(WRONG)
    resign(request, judge)
    assert judge.ask(request) == "OK SendEmail"
