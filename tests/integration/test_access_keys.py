# SPDX-License-Identifier: Apache-2.0
"""Access keys: made, listed, disabled, rotated and deleted by the command,
while boto3 uses them against a server that runs."""
import json
import os
import pathlib
import re
import subprocess
import time

import boto3
import botocore.exceptions
import pytest

SESAME = os.environ.get("SESAME") or pathlib.Path(__file__).parent.parent.parent / "build/sesame"
SECONDS = 10  # that the server may take to notice


class Deployment:
    def __init__(self, path):
        self.path = path
        self.home = path / "home"
        self.home.mkdir()
        self.first = self.json("init", "--data", self.data, "--zone", "mail.example", "--listen", "auto")
        self.server = None

    @property
    def data(self):
        return self.path / "data"

    def run(self, *args, check=0):
        done = subprocess.run([SESAME, *map(str, args)], stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              env={**os.environ, "HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home)})
        assert done.returncode == check, (args, done)
        return done.stdout.decode() if check == 0 else done.stderr.decode()

    def json(self, *args):
        return json.loads(self.run(*args, "--json"))

    def key(self, verb, *args, check=0):
        words = ["access-key", verb, *args, "--data", self.data]
        return self.run(*words, check=check) if check else self.json(*words)

    def keys(self):
        return {row["access_key_id"]: row for row in self.key("list")["access_keys"]}

    def start(self):
        self.server = subprocess.Popen([SESAME, "serve", "--data", self.data, "--json", "--set",
                                        "access_log=yes"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=open(self.path / "stderr", "ab"))
        self.api = json.loads(self.server.stdout.readline())["api"]

    def stop(self):
        if self.server is not None:
            self.server.terminate()
            self.server.wait(60)
            self.server = None

    def client(self, key):
        return boto3.client("sesv2", endpoint_url=self.api, region_name="eu-west-2",
                            aws_access_key_id=key["access_key_id"], aws_secret_access_key=key["secret_access_key"])


@pytest.fixture(scope="module")
def deployment(tmp_path_factory):
    deployment = Deployment(tmp_path_factory.mktemp("keys"))
    try:
        deployment.start()
        yield deployment
    finally:
        deployment.stop()


def refusal(call, **args):
    """The error that a call ends with, or None."""
    try:
        call(**args)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"], \
            error.response["ResponseMetadata"]["HTTPStatusCode"]
    return None


def eventually(found):
    end = time.monotonic() + SECONDS
    while not (got := found()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return got


def usable(deployment, key):
    client = deployment.client(key)
    eventually(lambda: (refusal(client.get_account) or ("",))[0] != "UnrecognizedClientException")
    return client


UNKNOWN = ("UnrecognizedClientException", "The security token included in the request is invalid.", 403)
MAIL = {"FromEmailAddress": "a@nobody.example", "Destination": {"ToAddresses": ["b@nobody.example"]},
        "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}}


def denied(deployment, key, operation):
    return ("AccessDeniedException", "User: arn:aws:iam::%s:user/%s is not authorized to perform: ses:%s on resource: *"
            % (deployment.first["account_id"], key["access_key_id"], operation), 403)


def test_create(deployment):
    key = deployment.key("create")
    assert re.fullmatch("AKIA[A-Z2-7]{16}", key["access_key_id"])
    assert re.fullmatch("[A-Za-z0-9+/]{40}", key["secret_access_key"])
    assert key["permission"] == "full" and key["state"] == "enabled"
    assert key["account_id"] == deployment.first["account_id"] and key["last_used"] is None
    assert refusal(usable(deployment, key).get_account) is None


def test_secret_is_shown_once(deployment):
    """Neither the list nor the data directory has it, but sealed."""
    key = deployment.key("create")
    assert key["secret_access_key"] not in deployment.run("access-key", "list", "--data", deployment.data)
    assert key["secret_access_key"] not in json.dumps(deployment.key("list"))
    for path in deployment.data.iterdir():
        if path.is_file():
            assert key["secret_access_key"].encode() not in path.read_bytes()


def test_send(deployment):
    key = deployment.key("create", "--permission", "send")
    client = usable(deployment, key)
    # as far as the operation itself: nobody.example is no identity
    assert refusal(client.send_email, **MAIL)[0] == "MessageRejected"
    assert refusal(client.get_account) == denied(deployment, key, "GetAccount")
    assert refusal(client.list_email_identities) == denied(deployment, key, "ListEmailIdentities")
    assert refusal(client.create_email_identity, EmailIdentity="send.example") == \
        denied(deployment, key, "CreateEmailIdentity")


def test_read(deployment):
    full = usable(deployment, deployment.first)
    full.create_email_identity(EmailIdentity="read.example")
    key = deployment.key("create", "--permission", "read")
    client = usable(deployment, key)
    assert refusal(client.get_account) is None
    assert refusal(client.list_email_identities) is None
    assert refusal(client.get_email_identity, EmailIdentity="read.example") is None
    assert refusal(client.send_email, **MAIL) == denied(deployment, key, "SendEmail")
    assert refusal(client.delete_email_identity, EmailIdentity="read.example") == \
        denied(deployment, key, "DeleteEmailIdentity")
    assert refusal(client.put_email_identity_mail_from_attributes, EmailIdentity="read.example") == \
        denied(deployment, key, "PutEmailIdentityMailFromAttributes")
    full.get_email_identity(EmailIdentity="read.example")


def test_disable_and_enable(deployment):
    key = deployment.key("create")
    client = usable(deployment, key)
    assert deployment.key("disable", key["access_key_id"])["state"] == "disabled"
    assert eventually(lambda: refusal(client.get_account)) == UNKNOWN
    assert deployment.keys()[key["access_key_id"]]["state"] == "disabled"
    assert deployment.key("enable", key["access_key_id"])["state"] == "enabled"
    eventually(lambda: refusal(client.get_account) is None)


def test_delete(deployment):
    key = deployment.key("create")
    client = usable(deployment, key)
    deployment.key("delete", key["access_key_id"])
    assert eventually(lambda: refusal(client.get_account)) == UNKNOWN
    assert key["access_key_id"] not in deployment.keys()
    assert "access key" in deployment.key("delete", key["access_key_id"], check=1)


def test_rotate(deployment):
    key = deployment.key("create", "--permission", "read")
    old = usable(deployment, key)
    made = deployment.key("rotate", key["access_key_id"])
    assert made["permission"] == "read" and made["replaces"]["access_key_id"] == key["access_key_id"]
    new = usable(deployment, made)
    assert refusal(new.get_account) is None and refusal(old.get_account) is None
    last = deployment.key("rotate", made["access_key_id"], "--disable")
    assert refusal(usable(deployment, last).get_account) is None
    assert refusal(new.get_account) == UNKNOWN
    assert deployment.keys()[made["access_key_id"]]["state"] == "disabled"


def test_last_use(deployment):
    key = deployment.key("create")
    assert deployment.keys()[key["access_key_id"]]["last_used"] is None
    client = usable(deployment, key)
    used = eventually(lambda: deployment.keys()[key["access_key_id"]]["last_used"])
    # not more often than once a minute
    for _ in range(20):
        client.get_account()
    time.sleep(2.5)
    assert deployment.keys()[key["access_key_id"]]["last_used"] == used


def test_access_log(deployment):
    """A line for each request, with the id that its answer has."""
    key = deployment.key("create", "--permission", "read")
    client = usable(deployment, key)
    good = client.get_account()["ResponseMetadata"]["RequestId"]
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        client.send_email(**MAIL)
    denied = caught.value.response["ResponseMetadata"]["RequestId"]
    wrong = deployment.client({**key, "secret_access_key": "x" * 40})
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        wrong.get_account()
    refused = caught.value.response["ResponseMetadata"]["RequestId"]
    text = (deployment.path / "stderr").read_text()
    lines = {line["request_id"]: line for line in map(json.loads, filter(
        lambda line: line.startswith("{"), text.splitlines()))}
    assert key["secret_access_key"] not in text and "Signature=" not in text
    for request_id, status, operation, account, error in [
            (good, 200, "GetAccount", deployment.first["account_id"], None),
            (denied, 403, "SendEmail", deployment.first["account_id"], "AccessDeniedException"),
            (refused, 403, "GetAccount", None, "InvalidSignatureException")]:
        line = lines[request_id]
        assert (line["status"], line["operation"], line["account_id"], line["error"]) == \
            (status, operation, account, error)
        assert line["access_key_id"] == key["access_key_id"] and line["peer"] == "127.0.0.1"
        assert line["ms"] >= 0 and line["sent"] > 0
    assert lines[denied]["received"] > 100


def test_wrong(deployment):
    assert "--permission takes" in deployment.key("create", "--permission", "all", check=2)
    assert "account" in deployment.key("create", "--account", "000000000000", check=1)
    assert "access key" in deployment.key("disable", "AKIANOBODY", check=1)
    assert "--data" in deployment.run("access-key", "list", check=2)
    assert "--data" in deployment.run("access-key", "create", "--data", deployment.path / "nothing", check=2)


def test_stopped(deployment):
    """Without a server it works as well, and what was made is there later."""
    deployment.stop()
    key = deployment.key("create", "--permission", "send")
    gone = deployment.key("create")
    deployment.key("disable", gone["access_key_id"])
    deployment.start()
    assert refusal(deployment.client(key).send_email, **MAIL)[0] == "MessageRejected"
    assert refusal(deployment.client(gone).get_account) == UNKNOWN
    assert refusal(deployment.client(deployment.first).get_account) is None
