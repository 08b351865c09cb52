# SPDX-License-Identifier: Apache-2.0
"""Debian's AWS CLI and boto3, and npm's AWS SDK for JavaScript, as clients:
create, get, list, set MAIL FROM, send and delete."""
import json
import os
import pathlib
import re
import shutil
import subprocess

import boto3
import botocore.config
import botocore.exceptions
import pytest

JS = pathlib.Path(__file__).parent / "js"


@pytest.fixture
def client(lab):
    return make_client(lab)


def make_client(lab, secret=None):
    return boto3.client("sesv2", endpoint_url=lab.api, region_name=lab.region,
                        aws_access_key_id=lab.env["AWS_ACCESS_KEY_ID"],
                        aws_secret_access_key=secret or lab.env["AWS_SECRET_ACCESS_KEY"])


def error_of(call, **args):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**args)
    response = caught.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], \
        response["Error"]["Message"]


def aws(lab, *args, check=0):
    done = subprocess.run(["/usr/bin/aws", "--endpoint-url", lab.api, "--output", "json", "sesv2", *args],
                          env={**os.environ, **lab.env, "AWS_DEFAULT_REGION": lab.region, "AWS_PAGER": ""},
                          capture_output=True, timeout=60)
    assert done.returncode == check, (args, done)
    if check:
        return done.stderr.decode()
    return json.loads(done.stdout) if done.stdout.strip() else None


def check_created(answer):
    """What CreateEmailIdentity says of a new domain."""
    assert answer["IdentityType"] == "DOMAIN"
    assert answer["VerifiedForSendingStatus"] is False
    dkim = answer["DkimAttributes"]
    assert dkim["SigningEnabled"] is True
    assert dkim["Status"] == "NOT_STARTED"
    assert dkim["SigningAttributesOrigin"] == "AWS_SES"
    assert len(set(dkim["Tokens"])) == 3
    assert all(re.fullmatch("[a-z2-7]{32}", token) for token in dkim["Tokens"])


def test_boto3(lab, verified, client):
    name = "boto3." + lab.domain
    answer = client.create_email_identity(EmailIdentity=name, Tags=[{"Key": "a", "Value": "b"}],
                                          DkimSigningAttributes={"NextSigningKeyLength": "RSA_1024_BIT"})
    check_created(answer)
    assert answer["DkimAttributes"]["NextSigningKeyLength"] == "RSA_1024_BIT"
    got = client.get_email_identity(EmailIdentity=name)
    assert got["DkimAttributes"]["Status"] == "PENDING"
    assert got["VerificationStatus"] == "PENDING"
    assert got["DkimAttributes"]["Tokens"] == answer["DkimAttributes"]["Tokens"]
    assert got["Tags"] == [{"Key": "a", "Value": "b"}]
    assert got["MailFromAttributes"]["BehaviorOnMxFailure"] == "USE_DEFAULT_VALUE"
    assert "MailFromDomain" not in got["MailFromAttributes"]

    # GET /v2/email/identities, the form of every client before autumn 2026
    listed = client.list_email_identities(PageSize=1000)["EmailIdentities"]
    assert {"IdentityType": "DOMAIN", "IdentityName": name, "SendingEnabled": False} in \
        [{k: v for k, v in row.items() if k != "VerificationStatus"} for row in listed]
    first = client.list_email_identities(PageSize=1)
    assert len(first["EmailIdentities"]) == 1
    second = client.list_email_identities(PageSize=1, NextToken=first["NextToken"])
    assert second["EmailIdentities"] != first["EmailIdentities"]

    client.put_email_identity_mail_from_attributes(
        EmailIdentity=name, MailFromDomain="bounce." + name, BehaviorOnMxFailure="REJECT_MESSAGE")
    got = client.get_email_identity(EmailIdentity=name)["MailFromAttributes"]
    assert got == {"MailFromDomain": "bounce." + name, "MailFromDomainStatus": "PENDING",
                   "BehaviorOnMxFailure": "REJECT_MESSAGE"}

    # From a subdomain and an address of the verified domain
    for sender in ("who@" + lab.domain, "Name <who@deep.%s>" % lab.domain):
        sent = client.send_email(
            FromEmailAddress=sender, Destination={"ToAddresses": ["nobody@report." + lab.zone]},
            Content={"Simple": {"Subject": {"Data": "Größe"}, "Body": {"Text": {"Data": "Hallo"}}}})
        assert re.fullmatch(r"[0-9a-f]{16}-[0-9a-f-]{36}-000000", sent["MessageId"])
    raw = b"From: a@%s\r\nTo: nobody@report.%s\r\nSubject: x\r\n\r\nraw\r\n" % (
        lab.domain.encode(), lab.zone.encode())
    assert client.send_email(Content={"Raw": {"Data": raw}})["MessageId"]

    client.put_email_identity_dkim_attributes(EmailIdentity=name, SigningEnabled=False)
    assert client.get_email_identity(EmailIdentity=name)["DkimAttributes"]["SigningEnabled"] is False
    client.delete_email_identity(EmailIdentity=name)
    assert error_of(client.get_email_identity, EmailIdentity=name) == \
        (404, "NotFoundException", "Email identity %s does not exist." % name)


def test_old_dkim_path(lab, client):
    """boto3 of Debian 12 sends PutEmailIdentityDkimSigningAttributes to /v1/."""
    name = "length." + lab.domain
    made = client.create_email_identity(EmailIdentity=name)
    answer = client.put_email_identity_dkim_signing_attributes(
        EmailIdentity=name, SigningAttributesOrigin="AWS_SES",
        SigningAttributes={"NextSigningKeyLength": "RSA_1024_BIT"})
    # The tokens are kept: the operator publishes once.
    assert answer["DkimTokens"] == made["DkimAttributes"]["Tokens"]
    status, code, text = error_of(client.put_email_identity_dkim_signing_attributes,
                                  EmailIdentity=name, SigningAttributesOrigin="AWS_SES")
    assert (status, code, text) == (400, "BadRequestException",
                                    "Signing key length parameter is null or empty")
    client.delete_email_identity(EmailIdentity=name)


def test_refusals(lab, verified, client):
    wrong = make_client(lab, secret="wrong" + lab.env["AWS_SECRET_ACCESS_KEY"])
    assert error_of(wrong.get_account)[:2] == (403, "InvalidSignatureException")
    unknown = boto3.client("sesv2", endpoint_url=lab.api, region_name=lab.region,
                           aws_access_key_id="AKIANOBODY0000000000", aws_secret_access_key="x")
    assert error_of(unknown.get_account)[:2] == (403, "UnrecognizedClientException")
    assert error_of(client.get_email_identity, EmailIdentity="nowhere.example") == \
        (404, "NotFoundException", "Email identity nowhere.example does not exist.")
    assert error_of(client.create_email_identity, EmailIdentity=lab.domain) == \
        (400, "AlreadyExistsException", "Email identity %s already exist." % lab.domain)
    status, code, text = error_of(
        client.send_email, FromEmailAddress="a@elsewhere.example",
        Destination={"ToAddresses": ["b@report." + lab.zone]},
        Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "y"}}}})
    assert (status, code) == (400, "MessageRejected")
    assert text == ("Email address is not verified. The following identities failed the check in region %s: "
                    "a@elsewhere.example" % lab.region.upper())


def test_what_is_not_offered(client):
    assert error_of(client.create_contact_list, ContactListName="x") == \
        (404, "UnknownOperationException", "CreateContactList is not offered by sesame: sesame keeps no contact "
         "lists: who wants which mail is for the application to know.")
    # A path with a slash at its end, and a parameter that goes by another name
    assert error_of(client.get_dedicated_ip, Ip="192.0.2.1")[:2] == (404, "UnknownOperationException")
    assert error_of(client.list_contacts, ContactListName="x")[1] == "UnknownOperationException"


def test_model(lab):
    """What a client does not check itself the server does, in the words of SES."""
    client = boto3.client("sesv2", endpoint_url=lab.api, region_name=lab.region,
                          config=botocore.config.Config(parameter_validation=False),
                          aws_access_key_id=lab.env["AWS_ACCESS_KEY_ID"],
                          aws_secret_access_key=lab.env["AWS_SECRET_ACCESS_KEY"])
    one = "1 validation error detected: Value at "
    assert error_of(client.create_email_identity) == \
        (400, "BadRequestException", one + "'emailIdentity' failed to satisfy constraint: Member must not be null")
    assert error_of(client.create_email_identity, EmailIdentity=["x"]) == \
        (400, "SerializationException", "Start of list found where not expected")
    assert error_of(client.put_email_identity_mail_from_attributes, EmailIdentity="x",
                    BehaviorOnMxFailure="DROP") == \
        (400, "BadRequestException", one + "'behaviorOnMxFailure' failed to satisfy constraint: Member must "
         "satisfy enum value set: [REJECT_MESSAGE, USE_DEFAULT_VALUE]")
    assert error_of(client.list_email_identities, PageSize="x")[1] == "SerializationException"
    assert error_of(client.untag_resource) == \
        (400, "BadRequestException", "2 validation errors detected: Value at 'resourceArn' failed to satisfy "
         "constraint: Member must not be null; Value at 'tagKeys' failed to satisfy constraint: Member must not "
         "be null")


def test_configuration_set(lab, client):
    client.create_configuration_set(ConfigurationSetName="set-1")
    assert error_of(client.create_configuration_set, ConfigurationSetName="set-1")[:2] == \
        (400, "AlreadyExistsException")
    name = "set." + lab.domain
    assert error_of(client.create_email_identity, EmailIdentity=name, ConfigurationSetName="none")[:2] == \
        (404, "NotFoundException")
    client.create_email_identity(EmailIdentity=name, ConfigurationSetName="set-1")
    assert client.get_email_identity(EmailIdentity=name)["ConfigurationSetName"] == "set-1"
    client.delete_email_identity(EmailIdentity=name)


def test_awscli(lab, verified):
    name = "cli." + lab.domain
    check_created(aws(lab, "create-email-identity", "--email-identity", name, "--tags", "Key=k,Value=v",
                      "--dkim-signing-attributes", "NextSigningKeyLength=RSA_2048_BIT"))
    got = aws(lab, "get-email-identity", "--email-identity", name)
    assert got["DkimAttributes"]["Status"] == "PENDING"
    listed = aws(lab, "list-email-identities")["EmailIdentities"]
    assert name in [row["IdentityName"] for row in listed]
    aws(lab, "put-email-identity-mail-from-attributes", "--email-identity", name,
        "--mail-from-domain", "m." + name, "--behavior-on-mx-failure", "USE_DEFAULT_VALUE")
    got = aws(lab, "get-email-identity", "--email-identity", name)
    assert got["MailFromAttributes"]["MailFromDomain"] == "m." + name
    sent = aws(lab, "send-email", "--from-email-address", "cli@" + lab.domain,
               "--destination", "ToAddresses=x@report." + lab.zone,
               "--content", json.dumps({"Simple": {"Subject": {"Data": "s"}, "Body": {"Html": {"Data": "<p>h"}}}}))
    assert sent["MessageId"]
    aws(lab, "delete-email-identity", "--email-identity", name)
    assert "NotFoundException" in aws(lab, "get-email-identity", "--email-identity", name, check=254)
    account = aws(lab, "get-account")
    assert account["SendingEnabled"] is True
    assert account["SendQuota"]["SentLast24Hours"] >= 1


def node():
    """npm's own node, which the SDK needs, else the machine's."""
    local = JS / "node_modules/node/bin/node"
    return str(local) if local.exists() else shutil.which("node")


def test_javascript(lab, verified):
    """POST /v2/email/list-identities, the form of clients since autumn 2026."""
    assert (JS / "node_modules/@aws-sdk/client-sesv2").is_dir(), "run script/install test"
    done = subprocess.run([node(), "--test", "--test-reporter=tap", "client.test.mjs"], cwd=JS,
                          env={**os.environ, **lab.env}, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
