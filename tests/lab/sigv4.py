# SPDX-License-Identifier: Apache-2.0
"""The least that signs a request as SES clients do, fast enough for load."""
import datetime
import hashlib
import hmac
import http.client
import json


def _mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Client:
    """One connection, one account; not for more than one thread."""

    def __init__(self, lab, timeout=10):
        self.host = lab.api.removeprefix("http://")
        self.id, self.secret = lab.env["AWS_ACCESS_KEY_ID"], lab.env["AWS_SECRET_ACCESS_KEY"]
        self.region = lab.region
        self.connection, self.timeout = None, timeout

    def headers(self, method, path, body):
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        scope = "%s/%s/ses/aws4_request" % (now[:8], self.region)
        path, _, query = path.partition("?")  # encoded and in order already
        canonical = "\n".join([method, path, query, "host:" + self.host, "x-amz-date:" + now, "",
                               "host;x-amz-date", hashlib.sha256(body).hexdigest()])
        text = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = ("AWS4" + self.secret).encode()
        for part in (now[:8], self.region, "ses", "aws4_request"):
            key = _mac(key, part)
        return {"X-Amz-Date": now, "Content-Type": "application/json",
                "Authorization": "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=host;x-amz-date, Signature=%s"
                                 % (self.id, scope, _mac(key, text).hex())}

    def call(self, method, path, document=None):
        """Returns (status, document); raises OSError if no answer came."""
        body = b"" if document is None else json.dumps(document).encode()
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.host, timeout=self.timeout)
        try:
            self.connection.request(method, path, body, self.headers(method, path, body))
            answer = self.connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.connection.close()
            self.connection = None
            raise OSError(str(error)) from error

    def send(self, sender, recipient, subject, text="a text\n"):
        return self.call("POST", "/v2/email/outbound-emails", {
            "FromEmailAddress": sender, "Destination": {"ToAddresses": [recipient]},
            "Content": {"Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": text}}}}})
