# SPDX-License-Identifier: Apache-2.0
"""E-mail templates through boto3: kept, listed, rendered, sent to one and to
many; and what the mail host at the other end gets of them.  What Debian's
boto3 does not know yet is said over plain HTTP."""
import email
import email.policy
import json

import boto3
import botocore.exceptions
import pytest
from sigv4 import Client

TEXT = ("Dear {{contact.firstName}},\n{{#each subscription}}\n- {{interest}}\n{{else}}\nnothing yet\n{{/each}}\n"
        "{{! not sent }}\nyours")
HTML = ('{{#*inline "name"}}<b>{{contact.firstName}}{{#if contact.lastName}} {{contact.lastName}}{{/if}}</b>'
        "{{/inline}}\n<p>{{> name}}: {{{subscription.length}}}</p>")
CONTENT = {"Subject": "News for {{contact.firstName}} ✓", "Text": TEXT, "Html": HTML}
DATA = {"contact": {"firstName": "Anaya", "lastName": "Iyengar"},
        "subscription": [{"interest": "Sports"}, {"interest": "Böse & <Gute>"}]}


KEEP_MAIL = True


@pytest.fixture(scope="module")
def client(own):
    return boto3.client("sesv2", endpoint_url=own.api, region_name=own.region,
                        aws_access_key_id=own.env["AWS_ACCESS_KEY_ID"],
                        aws_secret_access_key=own.env["AWS_SECRET_ACCESS_KEY"])


@pytest.fixture(scope="module")
def newer(own):
    """Asks as newer clients do: the status and the document of the answer."""
    client = Client(own)
    return lambda method, path, **document: client.call(method, "/v2/email" + path, document or None)


def refused(call, **args):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**args)
    answer = caught.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"]


def to(own, *names):
    return {"ToAddresses": ["%s@sink.%s" % (name, own.domain) for name in names]}


def received(own, name):
    """The message that came for NAME@sink, as soon as it is there."""
    address = "%s@sink.%s" % (name, own.domain)

    def found():
        return [message for recipients, message in own.sink.kept if address in recipients]
    own.eventually("mail for " + address, found)
    return email.message_from_bytes(found()[0], policy=email.policy.default)


def bodies(message):
    return [part.get_content().replace("\r\n", "\n") for part in message.walk() if not part.is_multipart()]


def test_kept(own, client, newer):
    tags = [{"Key": "a", "Value": "b"}]
    assert newer("POST", "/templates", TemplateName="kept", TemplateContent=CONTENT, Tags=tags) == (200, {})
    got = client.get_email_template(TemplateName="kept")
    assert got["TemplateName"] == "kept" and got["TemplateContent"] == CONTENT
    assert newer("GET", "/templates/kept")[1]["Tags"] == tags
    arn = "arn:aws:ses:%s:%s:template/kept" % (own.region, own.account)
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == tags
    assert refused(client.create_email_template, TemplateName="kept", TemplateContent=CONTENT) == \
        (400, "AlreadyExistsException", "Template kept already exists.")
    client.update_email_template(TemplateName="kept", TemplateContent={"Subject": "s", "Text": "t"})
    assert client.get_email_template(TemplateName="kept")["TemplateContent"] == {"Subject": "s", "Text": "t"}
    client.delete_email_template(TemplateName="kept")
    for call, more in ((client.get_email_template, {}), (client.delete_email_template, {}),
                       (client.update_email_template, {"TemplateContent": CONTENT}),
                       (client.test_render_email_template, {"TemplateData": "{}"})):
        assert refused(call, TemplateName="kept", **more) == \
            (404, "NotFoundException", "Template kept does not exist.")


@pytest.mark.parametrize("content, text", [
    ({"Text": "t"}, "The subject must be specified."),
    ({"Subject": "s"}, "The template must have a Text or Html part."),
    ({"Subject": "s", "Text": "a\n{{#if b}}"},
     "The template's Text is not valid. A block is not closed: 'if' (line 2, column 1)."),
    ({"Subject": "s", "Html": "{{#each a as |b|}}{{/each}}"},
     "The template's Html is not valid. Template contains unsupported operations: 'each' (line 1, column 1)."),
    ({"Subject": "s", "Html": "x" * 512000}, "The template is larger than 512000 octets."),
], ids=["subject", "parts", "unclosed", "unsupported", "size"])
def test_not_kept(client, content, text):
    assert refused(client.create_email_template, TemplateName="bad", TemplateContent=content) == \
        (400, "BadRequestException", text)


def test_largest(client):
    """500 KB, every octet of which JSON writes as two."""
    content = {"Subject": "s", "Html": '"' * 511999}
    client.create_email_template(TemplateName="largest", TemplateContent=content)
    assert client.get_email_template(TemplateName="largest")["TemplateContent"] == content
    made = client.test_render_email_template(TemplateName="largest", TemplateData="{}")["RenderedTemplate"]
    assert email.message_from_string(made, policy=email.policy.default).get_content().strip() == content["Html"]
    client.delete_email_template(TemplateName="largest")


def test_pages(client):
    names = ["page-%02d" % i for i in range(23)]
    for name in reversed(names):
        client.create_email_template(TemplateName=name, TemplateContent={"Subject": "s", "Text": "t"})
    seen, sizes, token = [], [], {}
    while True:
        page = client.list_email_templates(PageSize=10, **token)
        seen += [row["TemplateName"] for row in page["TemplatesMetadata"]]
        sizes.append(len(page["TemplatesMetadata"]))
        assert all(row["CreatedTimestamp"] for row in page["TemplatesMetadata"])
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert (seen, sizes) == (names, [10, 10, 3])
    assert len(client.list_email_templates()["TemplatesMetadata"]) == 10
    assert refused(client.list_email_templates, PageSize=101) == \
        (400, "BadRequestException", "PageSize must be between 1 and 100.")
    assert refused(client.list_email_templates, NextToken="00")[:2] == (400, "InvalidNextTokenException")
    for name in names:
        client.delete_email_template(TemplateName=name)


@pytest.fixture
def news(client):
    client.create_email_template(TemplateName="news", TemplateContent=CONTENT)
    yield "news"
    client.delete_email_template(TemplateName="news")


def test_rendered(client, news):
    made = client.test_render_email_template(TemplateName=news, TemplateData=json.dumps(DATA))["RenderedTemplate"]
    message = email.message_from_string(made, policy=email.policy.default)
    assert message["Subject"] == "News for Anaya ✓" and message["Date"] and message["From"] is None
    assert message.get_content_type() == "multipart/alternative"
    text, html = bodies(message)
    assert text.strip() == "Dear Anaya,\n- Sports\n- Böse & <Gute>\nyours"
    assert html.strip() == "<p><b>Anaya Iyengar</b>: 2</p>"
    for data, why in (("{}", "Attribute 'contact.firstName' is not present in the rendering data."),
                      ("[]", "The template data is invalid: it must be a JSON object.")):
        assert refused(client.test_render_email_template, TemplateName=news, TemplateData=data) == \
            (400, "BadRequestException", why)


def test_sent(own, client, news):
    sent = client.send_email(FromEmailAddress="News <news@%s>" % own.domain, Destination=to(own, "one"), Content={
        "Template": {"TemplateName": news, "TemplateData": json.dumps(DATA)}})
    message = received(own, "one")
    assert sent["MessageId"] in message["Message-ID"]
    assert message["Subject"] == "News for Anaya ✓"
    text, html = bodies(message)
    assert text.strip() == "Dear Anaya,\n- Sports\n- Böse & <Gute>\nyours"
    assert html.strip() == "<p><b>Anaya Iyengar</b>: 2</p>"
    assert "d=" + own.domain in "".join(message.get_all("DKIM-Signature")).replace(" ", "")


def test_sent_with_more(own, newer, news):
    status, sent = newer("POST", "/outbound-emails", FromEmailAddress="news@" + own.domain,
                         Destination=to(own, "more"), Content={"Template": {
                             "TemplateName": news, "TemplateData": json.dumps(DATA),
                             "Headers": [{"Name": "X-Of", "Value": "template"}],
                             "Attachments": [{"FileName": "a.bin", "RawContent": "AAE="}]}})
    assert status == 200, sent
    message = received(own, "more")
    assert message["Subject"] == "News for Anaya ✓" and message["X-Of"] == "template"
    assert [part.get_content() for part in message.iter_attachments()] == [b"\0\1"]


def test_sent_inline_and_by_arn(own, client, newer, news):
    arn = "arn:aws:ses:%s:%s:template/%s" % (own.region, own.account, news)
    sender = "news@" + own.domain
    client.send_email(FromEmailAddress=sender, Destination=to(own, "arn"), Content={
        "Template": {"TemplateArn": arn, "TemplateData": json.dumps(DATA)}})
    status, sent = newer("POST", "/outbound-emails", FromEmailAddress=sender, Destination=to(own, "inline"),
                         Content={"Template": {"TemplateContent": {"Subject": "Hi {{a}}", "Text": "{{b.0}}"},
                                               "TemplateData": '{"a": 1, "b": [true]}'}})
    assert status == 200, sent
    assert received(own, "arn")["Subject"] == "News for Anaya ✓"
    message = received(own, "inline")
    assert message["Subject"] == "Hi 1" and message.get_content().strip() == "true"


def test_not_sent(own, client, newer, news):
    def send(**template):
        return refused(client.send_email, FromEmailAddress="news@" + own.domain, Destination=to(own, "never"),
                       Content={"Template": template})
    assert send(TemplateName="none") == (404, "NotFoundException", "Template none does not exist.")
    assert send(TemplateName=news) == \
        (400, "BadRequestException", "Attribute 'contact.firstName' is not present in the rendering data.")
    assert send(TemplateName=news, TemplateData="{")[:2] == (400, "BadRequestException")
    for template, why in (
            ({"TemplateName": news, "TemplateContent": CONTENT},
             "Template must have one of TemplateName, TemplateArn and TemplateContent."),
            ({"TemplateContent": {"Subject": "{{a}}", "Text": "t"},
              "TemplateData": '{"a": "x\\r\\nBcc: y@z.example"}'},
             "Control characters are not allowed in Subject.")):
        assert newer("POST", "/outbound-emails", FromEmailAddress="news@" + own.domain,
                     Destination=to(own, "never"), Content={"Template": template}) == (400, {"message": why})
    assert refused(client.send_email, FromEmailAddress="a@elsewhere.example", Destination=to(own, "never"),
                   Content={"Template": {"TemplateName": news, "TemplateData": json.dumps(DATA)}})[:2] == \
        (400, "MessageRejected")


def entry(own, name, data):
    return {"Destination": to(own, name),
            "ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": json.dumps(data)}}}


def test_bulk(own, client, newer, news):
    default = {"contact": {"firstName": "Friend", "lastName": ""}, "subscription": []}
    status, answer = newer(
        "POST", "/outbound-bulk-emails", FromEmailAddress="news@" + own.domain,
        DefaultContent={"Template": {"TemplateName": news, "TemplateData": json.dumps(default),
                                     "Headers": [{"Name": "X-Of", "Value": "all"}]}},
        BulkEmailEntries=[
            entry(own, "first", {"contact": {"firstName": "Bo"}, "subscription": [{"interest": "x"}]}),
            {**entry(own, "second", {}), "ReplacementHeaders": [{"Name": "X-Of", "Value": "one"}]},
            entry(own, "third", {"contact": {"firstName": None}}),
            {"Destination": {"ToAddresses": ["no address"]}},
            entry(own, "last", {"contact": {"firstName": "Zoë"}}),
        ])
    assert status == 200, answer
    answer = answer["BulkEmailEntryResults"]
    assert [row["Status"] for row in answer] == \
        ["SUCCESS", "SUCCESS", "INVALID_PARAMETER", "INVALID_PARAMETER", "SUCCESS"]
    assert answer[2]["Error"] == "Attribute 'contact.firstName' is not present in the rendering data."
    assert "MessageId" not in answer[3] and len({row.get("MessageId") for row in answer}) == 4
    first, second, last = (received(own, name) for name in ("first", "second", "last"))
    assert [m["Subject"] for m in (first, second, last)] == \
        ["News for Bo ✓", "News for Friend ✓", "News for Zoë ✓"]
    assert [m["X-Of"] for m in (first, second, last)] == ["all", "one", "all"]
    assert bodies(first)[0].strip() == "Dear Bo,\n- x\nyours"
    assert bodies(second)[0].strip() == "Dear Friend,\nnothing yet\nyours"
    assert answer[0]["MessageId"] in first["Message-ID"]
    assert not [r for recipients, _ in own.sink.kept for r in recipients if r.startswith(("third@", "never@"))]


def test_bulk_refused(own, client, news):
    def send(sender="news@" + own.domain, name=news, entries=1, **more):
        return dict(FromEmailAddress=sender, DefaultContent={"Template": {
            "TemplateName": name, "TemplateData": json.dumps(DATA)}},
            BulkEmailEntries=[entry(own, "never", {})] * entries, **more)
    call = client.send_bulk_email
    results = call(**{**send(), "BulkEmailEntries": [entry(own, "boto3", {})]})["BulkEmailEntryResults"]
    assert [row["Status"] for row in results] == ["SUCCESS"]
    assert results[0]["MessageId"] in received(own, "boto3")["Message-ID"]
    assert refused(call, **send(name="none")) == (404, "NotFoundException", "Template none does not exist.")
    assert refused(call, **send(entries=51)) == \
        (400, "BadRequestException", "There must be 1 to 50 BulkEmailEntries.")
    assert refused(call, **send(ConfigurationSetName="none")) == \
        (400, "BadRequestException", "Configuration set <none> does not exist.")
    results = call(**send(sender="a@elsewhere.example", entries=2))["BulkEmailEntryResults"]
    assert [row["Status"] for row in results] == ["MESSAGE_REJECTED"] * 2
    assert "not verified" in results[0]["Error"]
