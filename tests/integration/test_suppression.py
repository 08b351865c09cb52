# SPDX-License-Identifier: Apache-2.0
"""The suppression list and the attributes of the account, as boto3 asks for
them, and what they do to sending."""
import datetime

import boto3
import botocore.exceptions
import pytest

from signed import ask, events_of


@pytest.fixture
def client(lab):
    client = boto3.client("sesv2", endpoint_url=lab.api, region_name=lab.region,
                          aws_access_key_id=lab.env["AWS_ACCESS_KEY_ID"],
                          aws_secret_access_key=lab.env["AWS_SECRET_ACCESS_KEY"])
    yield client
    for row in client.list_suppressed_destinations(PageSize=1000)["SuppressedDestinationSummaries"]:
        client.delete_suppressed_destination(EmailAddress=row["EmailAddress"])
    client.put_account_sending_attributes(SendingEnabled=True)
    client.put_account_suppression_attributes(SuppressedReasons=["BOUNCE", "COMPLAINT"])


def error_of(call, **args):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**args)
    response = caught.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], \
        response["Error"]["Message"]


def send(lab, client, *to, **more):
    return client.send_email(
        FromEmailAddress="list@" + lab.domain, Destination={"ToAddresses": list(to)},
        Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}, **more)["MessageId"]


def told(lab, message_id, count=1):
    """{recipient: (kind, detail)} of a message, once there are so many events."""
    events = lab.eventually("%d events of %s" % (count, message_id), lambda: (
        lambda rows: rows if len(rows) >= count else None)(events_of(lab, message_id)))
    return {row["detail"]["recipient"]: (row["kind"], row["detail"]) for row in events}


def test_one(client):
    address = "gone@example.net"
    missing = (404, "NotFoundException", "Email address %s does not exist on your suppression list." % address)
    assert error_of(client.get_suppressed_destination, EmailAddress=address) == missing
    assert error_of(client.delete_suppressed_destination, EmailAddress=address) == missing
    client.put_suppressed_destination(EmailAddress=address, Reason="BOUNCE")
    got = client.get_suppressed_destination(EmailAddress=address)["SuppressedDestination"]
    assert (got["EmailAddress"], got["Reason"]) == (address, "BOUNCE")
    age = datetime.datetime.now(datetime.timezone.utc) - got["LastUpdateTime"]
    assert abs(age.total_seconds()) < 60
    client.put_suppressed_destination(EmailAddress="Gone@EXAMPLE.net", Reason="COMPLAINT")
    got = client.get_suppressed_destination(EmailAddress=address)["SuppressedDestination"]
    assert got["Reason"] == "COMPLAINT"
    client.delete_suppressed_destination(EmailAddress=address)
    assert error_of(client.get_suppressed_destination, EmailAddress=address) == missing


def test_refusals(lab, client):
    assert error_of(client.put_suppressed_destination, EmailAddress="no", Reason="BOUNCE")[:2] == \
        (400, "BadRequestException")
    assert error_of(client.put_suppressed_destination, EmailAddress="a@b.example", Reason="MOOD") == \
        (400, "BadRequestException", "1 validation error detected: Value at 'reason' failed to satisfy "
         "constraint: Member must satisfy enum value set: [BOUNCE, COMPLAINT]")
    assert ask(lab, "PUT", "/v2/email/suppression/addresses", {
        "EmailAddress": "a@b.example", "Reason": "BOUNCE", "TenantName": "t"})[:2] == (404, "NotFoundException")
    assert error_of(client.list_suppressed_destinations, NextToken="00")[:2] == (400, "InvalidNextTokenException")
    assert error_of(client.list_suppressed_destinations, PageSize=1001)[:2] == (400, "BadRequestException")
    assert error_of(client.put_account_suppression_attributes, SuppressedReasons=["MOOD"])[:2] == \
        (400, "BadRequestException")
    assert error_of(client.put_account_details, MailType="SPAM", WebsiteURL="x", UseCaseDescription="d")[:2] == (400, "BadRequestException")


def test_list(client):
    for i in range(5):
        client.put_suppressed_destination(EmailAddress="a%d@example.net" % i,
                                          Reason="COMPLAINT" if i == 2 else "BOUNCE")

    def names(**filters):
        found, more = [], {}
        while True:
            page = client.list_suppressed_destinations(PageSize=2, **filters, **more)
            assert len(page["SuppressedDestinationSummaries"]) <= 2
            found += [row["EmailAddress"][:2] for row in page["SuppressedDestinationSummaries"]]
            if "NextToken" not in page:
                return found
            more = {"NextToken": page["NextToken"]}

    now = datetime.datetime.now(datetime.timezone.utc)
    hour = datetime.timedelta(hours=1)
    assert names() == ["a0", "a1", "a2", "a3", "a4"]
    assert names(Reasons=["COMPLAINT"]) == ["a2"]
    assert names(Reasons=["BOUNCE"]) == ["a0", "a1", "a3", "a4"]
    assert names(Reasons=["BOUNCE", "COMPLAINT"]) == names()
    assert names(StartDate=now - hour, EndDate=now + hour) == names()
    assert names(StartDate=now + hour) == []
    assert names(EndDate=now - hour) == []
    # A token is good for its own filter alone.
    token = client.list_suppressed_destinations(PageSize=2)["NextToken"]
    assert error_of(client.list_suppressed_destinations, NextToken=token, Reasons=["BOUNCE"])[:2] == \
        (400, "InvalidNextTokenException")


def test_not_sent(lab, verified, client):
    """Who is on the list is not sent to, the others are; all is accepted."""
    bounced, angry, other = ("%s@report.%s" % (who, lab.zone) for who in ("bounced", "angry", "other"))
    client.put_suppressed_destination(EmailAddress=bounced, Reason="BOUNCE")
    client.put_suppressed_destination(EmailAddress=angry, Reason="COMPLAINT")
    got = told(lab, send(lab, client, bounced.upper(), angry, other), 3)
    kind, detail = got[bounced.upper()]
    assert (kind, detail["bounce_type"], detail["bounce_sub_type"], detail["attempts"]) == \
        ("send.bounced", "Permanent", "OnAccountSuppressionList", 0)
    kind, detail = got[angry]
    assert (kind, detail["complaint_sub_type"], detail["attempts"]) == \
        ("send.complained", "OnAccountSuppressionList", 0)
    kind, detail = got[other]
    assert detail["attempts"] == 1
    # A message that is left with nobody is as good.
    assert told(lab, send(lab, client, angry))[angry][0] == "send.complained"


def test_reasons(lab, verified, client):
    """Only the reasons that account or set name count, the set's first."""
    angry = "angry@report." + lab.zone
    client.put_suppressed_destination(EmailAddress=angry, Reason="COMPLAINT")
    client.put_account_suppression_attributes(SuppressedReasons=["BOUNCE"])
    assert client.get_account()["SuppressionAttributes"] == {"SuppressedReasons": ["BOUNCE"]}
    assert told(lab, send(lab, client, angry))[angry][1]["attempts"] == 1
    client.create_configuration_set(ConfigurationSetName="strict",
                                    SuppressionOptions={"SuppressedReasons": ["COMPLAINT"]})
    try:
        sent = send(lab, client, angry, ConfigurationSetName="strict")
        assert told(lab, sent)[angry][0] == "send.complained"
        client.put_configuration_set_suppression_options(ConfigurationSetName="strict", SuppressedReasons=[])
        sent = send(lab, client, angry, ConfigurationSetName="strict")
        assert told(lab, sent)[angry][1]["attempts"] == 1
    finally:
        client.delete_configuration_set(ConfigurationSetName="strict")


def test_account_paused(lab, verified, client):
    other = "other@report." + lab.zone
    client.put_account_sending_attributes(SendingEnabled=False)
    assert client.get_account()["SendingEnabled"] is False
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        send(lab, client, other)
    assert caught.value.response["Error"]["Code"] == "SendingPausedException"
    client.put_account_sending_attributes(SendingEnabled=True)
    assert client.get_account()["SendingEnabled"] is True
    assert send(lab, client, other)


def test_account_details(client):
    client.put_account_details(
        MailType="TRANSACTIONAL", WebsiteURL="https://example.net", ContactLanguage="EN",
        UseCaseDescription="receipts", AdditionalContactEmailAddresses=["ops@example.net"],
        ProductionAccessEnabled=True)
    account = client.get_account()
    assert account["Details"] == {
        "MailType": "TRANSACTIONAL", "WebsiteURL": "https://example.net", "ContactLanguage": "EN",
        "UseCaseDescription": "receipts", "AdditionalContactEmailAddresses": ["ops@example.net"],
        "ReviewDetails": {"Status": "GRANTED"}}
    assert account["ProductionAccessEnabled"] is True
