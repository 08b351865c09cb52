# SPDX-License-Identifier: Apache-2.0
"""Asks the API for what this machine's boto3 does not know, signed by botocore."""
import json
import urllib.error
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def ask(lab, method, path, body=None):
    """Returns (status, name of the error or None, JSON of the answer)."""
    data = None if body is None else json.dumps(body).encode()
    request = AWSRequest(method, lab.api + path, data=data,
                         headers={"Content-Type": "application/json"} if data else {})
    SigV4Auth(Credentials(lab.env["AWS_ACCESS_KEY_ID"], lab.env["AWS_SECRET_ACCESS_KEY"]),
              "ses", lab.region).add_auth(request)
    try:
        answer = urllib.request.urlopen(urllib.request.Request(
            request.url, data, dict(request.headers), method=method), timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers.get("x-amzn-ErrorType"), json.loads(answer.read() or b"null")


def events_of(lab, message_id):
    """The events of the audit log that are about a message, newest first."""
    rows = ask(lab, "GET", "/sesame/v1/events?order=newest")[2]["events"]
    return [row for row in rows if row["detail"].get("message_id") == message_id]
