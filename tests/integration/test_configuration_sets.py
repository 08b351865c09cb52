# SPDX-License-Identifier: Apache-2.0
"""Configuration sets whole, as boto3 asks for them: every option and what it
does to sending, and event destinations."""
import boto3
import botocore.exceptions
import pytest

from signed import ask, events_of

TOPIC = "arn:aws:sns:eu-west-2:111122223333:mail"


@pytest.fixture
def client(lab):
    return boto3.client("sesv2", endpoint_url=lab.api, region_name=lab.region,
                        aws_access_key_id=lab.env["AWS_ACCESS_KEY_ID"],
                        aws_secret_access_key=lab.env["AWS_SECRET_ACCESS_KEY"])


@pytest.fixture
def name(client, request):
    """A configuration set of the test's own."""
    name = request.node.name[:60].replace("[", "-").replace("]", "")
    client.create_configuration_set(ConfigurationSetName=name)
    yield name
    client.delete_configuration_set(ConfigurationSetName=name)


def error_of(call, **args):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**args)
    response = caught.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def get(client, name):
    got = client.get_configuration_set(ConfigurationSetName=name)
    got.pop("ResponseMetadata")
    return got


def send(lab, client, **more):
    return client.send_email(
        FromEmailAddress="set@" + lab.domain,
        Destination={"ToAddresses": ["nobody@report." + lab.zone]},
        Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}, **more)["MessageId"]


def test_options(client, name):
    assert get(client, name) == {
        "ConfigurationSetName": name, "DeliveryOptions": {"TlsPolicy": "OPTIONAL"},
        "ReputationOptions": {"ReputationMetricsEnabled": False},
        "SendingOptions": {"SendingEnabled": True}, "Tags": []}
    client.put_configuration_set_delivery_options(ConfigurationSetName=name, TlsPolicy="REQUIRE")
    assert get(client, name)["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}
    client.put_configuration_set_reputation_options(ConfigurationSetName=name, ReputationMetricsEnabled=True)
    assert get(client, name)["ReputationOptions"] == {"ReputationMetricsEnabled": True}
    client.put_configuration_set_suppression_options(ConfigurationSetName=name, SuppressedReasons=["BOUNCE"])
    assert get(client, name)["SuppressionOptions"] == {"SuppressedReasons": ["BOUNCE"]}
    client.put_configuration_set_vdm_options(
        ConfigurationSetName=name, VdmOptions={"DashboardOptions": {"EngagementMetrics": "ENABLED"},
                                               "GuardianOptions": {"OptimizedSharedDelivery": "DISABLED"}})
    assert get(client, name)["VdmOptions"] == {"DashboardOptions": {"EngagementMetrics": "ENABLED"},
                                               "GuardianOptions": {"OptimizedSharedDelivery": "DISABLED"}}
    # A put takes the place of all that the group said.
    client.put_configuration_set_delivery_options(ConfigurationSetName=name)
    assert get(client, name)["DeliveryOptions"] == {"TlsPolicy": "OPTIONAL"}


def test_filter(lab, name):
    """The list as the newest clients ask for it."""
    path = "/v2/email/list-configuration-sets"
    assert ask(lab, "POST", path, {"Filter": {"CONFIGURATION_SET_NAME_CONTAINS": name[2:]}}) == \
        (200, None, {"ConfigurationSets": [name]})
    assert ask(lab, "POST", path, {"Filter": {"CONFIGURATION_SET_NAME_CONTAINS": name + "x"}})[2] == \
        {"ConfigurationSets": []}
    assert ask(lab, "POST", path, {"Filter": {"MOOD": "x"}})[:2] == (400, "BadRequestException")


def test_sending_switch(client, name):
    client.put_configuration_set_sending_options(ConfigurationSetName=name, SendingEnabled=False)
    assert get(client, name)["SendingOptions"] == {"SendingEnabled": False}
    client.put_configuration_set_sending_options(ConfigurationSetName=name, SendingEnabled=True)
    got = get(client, name)
    assert got["SendingOptions"] == {"SendingEnabled": True}
    assert got["ReputationOptions"]["LastFreshStart"]


def test_tracking(lab, verified, client, name):
    client.put_configuration_set_tracking_options(
        ConfigurationSetName=name, CustomRedirectDomain="links." + lab.domain)
    assert get(client, name)["TrackingOptions"] == {"CustomRedirectDomain": "links." + lab.domain}
    assert error_of(client.put_configuration_set_tracking_options, ConfigurationSetName=name,
                    CustomRedirectDomain="links.elsewhere.example") == (400, "BadRequestException")
    client.put_configuration_set_tracking_options(ConfigurationSetName=name)
    assert "TrackingOptions" not in get(client, name)


def test_newer_calls(lab, client, name):
    path = "/v2/email/configuration-sets/%s/archiving-options" % name
    assert ask(lab, "PUT", path, {}) == (200, None, {})
    arn = "arn:aws:ses:us-east-1:111122223333:mailmanager-archive/a-" + "b" * 24
    assert ask(lab, "PUT", path, {"ArchiveArn": arn})[:2] == (404, "NotFoundException")
    assert ask(lab, "PUT", path, {"ArchiveArn": "arn"})[:2] == (400, "BadRequestException")
    assert ask(lab, "PUT", path.replace(name, "none"), {})[:2] == (404, "NotFoundException")
    path = "/v2/email/update-configuration-sets"
    plain = {"SigningScheme": {"DefaultScheme": {}}}
    assert ask(lab, "POST", path, {"ConfigurationSetName": name, "MessageSecurityOptions": plain}) == (200, None, {})
    got = ask(lab, "GET", "/v2/email/configuration-sets/" + name)[2]
    assert got["MessageSecurityOptions"] == plain
    smime = {"SigningScheme": {"SmimeScheme": {"SignatureFormat": "DETACHED"}}}
    assert ask(lab, "POST", path, {"ConfigurationSetName": name, "MessageSecurityOptions": smime})[:2] == \
        (400, "BadRequestException")
    assert ask(lab, "POST", path, {"ConfigurationSetName": "none"})[:2] == (404, "NotFoundException")
    assert ask(lab, "POST", path, {})[:2] == (400, "BadRequestException")
    # The bus, which Debian's boto3 has no member for.
    bus = {"EventBridgeDestination": {"EventBusArn": "arn:aws:events:eu-west-2:111122223333:event-bus/default"},
           "MatchingEventTypes": ["SUBSCRIPTION"], "Enabled": True}
    path = "/v2/email/configuration-sets/%s/event-destinations" % name
    assert ask(lab, "POST", path, {"EventDestinationName": "bus", "EventDestination": bus}) == (200, None, {})
    assert ask(lab, "GET", path)[2] == {"EventDestinations": [{"Name": "bus", **bus}]}


@pytest.mark.parametrize("method, args", [
    ("put_configuration_set_delivery_options", {}),
    ("put_configuration_set_reputation_options", {}),
    ("put_configuration_set_sending_options", {}),
    ("put_configuration_set_suppression_options", {}),
    ("put_configuration_set_tracking_options", {}),
    ("put_configuration_set_vdm_options", {}),
    ("get_configuration_set", {}),
    ("get_configuration_set_event_destinations", {}),
    ("delete_configuration_set", {}),
    ("delete_configuration_set_event_destination", {"EventDestinationName": "d"}),
])
def test_no_such_set(client, method, args):
    assert error_of(getattr(client, method), ConfigurationSetName="none", **args) == (404, "NotFoundException")


@pytest.mark.parametrize("method, args, status, code", [
    ("put_configuration_set_delivery_options", {"TlsPolicy": "MAYBE"}, 400, "BadRequestException"),
    ("put_configuration_set_delivery_options", {"SendingPoolName": "mine"}, 404, "NotFoundException"),
    ("put_configuration_set_suppression_options", {"SuppressedReasons": ["MOOD"]}, 400, "BadRequestException"),
    ("put_configuration_set_tracking_options", {"CustomRedirectDomain": "a b"}, 400, "BadRequestException"),
])
def test_bad_options(client, name, method, args, status, code):
    assert error_of(getattr(client, method), ConfigurationSetName=name, **args) == (status, code)


def test_paused(lab, verified, client, name):
    assert send(lab, client, ConfigurationSetName=name)
    client.put_configuration_set_sending_options(ConfigurationSetName=name, SendingEnabled=False)
    assert error_of(send, lab=lab, client=client, ConfigurationSetName=name) == (400, "SendingPausedException")
    # It is this set that rests, not the account.
    assert send(lab, client)
    client.put_configuration_set_sending_options(ConfigurationSetName=name, SendingEnabled=True)
    assert send(lab, client, ConfigurationSetName=name)


def test_tls_required(lab, verified, client, name):
    """The lab's inbox offers no TLS: what requires it waits, the rest goes."""
    def event(message_id):
        return lab.eventually("an event of " + message_id, lambda: events_of(lab, message_id))[0]

    plain = event(send(lab, client, ConfigurationSetName=name))
    assert plain["kind"] != "send.delayed" and plain["detail"]["tls"] is False
    client.put_configuration_set_delivery_options(ConfigurationSetName=name, TlsPolicy="REQUIRE")
    waits = event(send(lab, client, ConfigurationSetName=name))
    assert (waits["kind"], waits["detail"]["phase"]) == ("send.delayed", "STARTTLS")


def definition(**more):
    return {"Enabled": True, "MatchingEventTypes": ["SEND", "BOUNCE"],
            "SnsDestination": {"TopicArn": TOPIC}, **more}


def test_event_destinations(client, name):
    client.create_configuration_set_event_destination(
        ConfigurationSetName=name, EventDestinationName="d", EventDestination=definition())
    assert error_of(client.create_configuration_set_event_destination, ConfigurationSetName=name,
                    EventDestinationName="d", EventDestination=definition()) == (400, "AlreadyExistsException")
    got = client.get_configuration_set_event_destinations(ConfigurationSetName=name)["EventDestinations"]
    assert got == [{"Name": "d", **definition()}]
    client.update_configuration_set_event_destination(
        ConfigurationSetName=name, EventDestinationName="d",
        EventDestination=definition(Enabled=False, MatchingEventTypes=["CLICK"]))
    got = client.get_configuration_set_event_destinations(ConfigurationSetName=name)["EventDestinations"]
    assert got == [{"Name": "d", **definition(Enabled=False, MatchingEventTypes=["CLICK"])}]
    assert error_of(client.update_configuration_set_event_destination, ConfigurationSetName=name,
                    EventDestinationName="none", EventDestination=definition()) == (404, "NotFoundException")
    client.delete_configuration_set_event_destination(ConfigurationSetName=name, EventDestinationName="d")
    assert error_of(client.delete_configuration_set_event_destination, ConfigurationSetName=name,
                    EventDestinationName="d") == (404, "NotFoundException")


def test_event_destination_kinds(client, name):
    kinds = [
        {"CloudWatchDestination": {"DimensionConfigurations": [
            {"DimensionName": "campaign", "DimensionValueSource": "MESSAGE_TAG", "DefaultDimensionValue": "none"}]}},
        {"KinesisFirehoseDestination": {
            "IamRoleArn": "arn:aws:iam::111122223333:role/ses",
            "DeliveryStreamArn": "arn:aws:firehose:eu-west-2:111122223333:deliverystream/mail"}},
        {"PinpointDestination": {"ApplicationArn": "arn:aws:mobiletargeting:eu-west-2:111122223333:apps/a"}},
    ]
    for i, kind in enumerate(kinds):
        client.create_configuration_set_event_destination(
            ConfigurationSetName=name, EventDestinationName="kind-%d" % i,
            EventDestination={"MatchingEventTypes": ["SEND"], **kind})
    got = client.get_configuration_set_event_destinations(ConfigurationSetName=name)["EventDestinations"]
    assert got == [{"Name": "kind-%d" % i, "Enabled": False, "MatchingEventTypes": ["SEND"], **kind}
                   for i, kind in enumerate(kinds)]


@pytest.mark.parametrize("wrong", [
    {"MatchingEventTypes": ["SEND"]},
    {**definition(), "PinpointDestination": {"ApplicationArn": TOPIC}},
    definition(MatchingEventTypes=[]),
    definition(MatchingEventTypes=["MOOD"]),
    definition(SnsDestination={"TopicArn": "topic"}),
    definition(SnsDestination={"TopicArn": TOPIC.replace("sns", "sqs")}),
])
def test_bad_event_destination(client, name, wrong):
    assert error_of(client.create_configuration_set_event_destination, ConfigurationSetName=name,
                    EventDestinationName="d", EventDestination=wrong) == (400, "BadRequestException")


def test_event_destination_limit(client, name):
    for i in range(10):
        client.create_configuration_set_event_destination(
            ConfigurationSetName=name, EventDestinationName="d%d" % i, EventDestination=definition())
    assert error_of(client.create_configuration_set_event_destination, ConfigurationSetName=name,
                    EventDestinationName="d10", EventDestination=definition()) == (400, "LimitExceededException")
