// SPDX-License-Identifier: Apache-2.0
// The AWS SDK for JavaScript against a running sesame; its environment is
// that of a lab (script/lab).
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateEmailIdentityCommand, DeleteEmailIdentityCommand, GetAccountCommand, GetEmailIdentityCommand,
  ListEmailIdentitiesCommand, PutEmailIdentityMailFromAttributesCommand, SESv2Client, SendEmailCommand,
} from "@aws-sdk/client-sesv2";

const env = process.env;
const domain = env.OPERATOR_DOMAIN;

function clientWith(secretAccessKey) {
  return new SESv2Client({
    endpoint: env.API, region: env.AWS_REGION, maxAttempts: 1,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey },
  });
}
const client = clientWith(env.AWS_SECRET_ACCESS_KEY);

test("create, get, list, set MAIL FROM, send, delete", async () => {
  const EmailIdentity = `js.${domain}`;
  const made = await client.send(new CreateEmailIdentityCommand({ EmailIdentity }));
  assert.equal(made.DkimAttributes.Tokens.length, 3);
  assert.equal(made.DkimAttributes.SigningHostedZone, `dkim.${env.AWS_REGION}.${env.ZONE}`);
  const got = await client.send(new GetEmailIdentityCommand({ EmailIdentity }));
  assert.equal(got.VerificationStatus, "PENDING");
  assert.ok(got.DkimAttributes.LastKeyGenerationTimestamp === undefined ||
    got.DkimAttributes.LastKeyGenerationTimestamp instanceof Date);
  const listed = await client.send(new ListEmailIdentitiesCommand({ PageSize: 100 }));
  assert.ok(listed.EmailIdentities.some((row) => row.IdentityName === EmailIdentity));
  const filtered = await client.send(new ListEmailIdentitiesCommand({
    Filter: { IDENTITY_NAME_CONTAINS: "js." } }));
  assert.deepEqual(filtered.EmailIdentities.map((row) => row.IdentityName), [EmailIdentity]);
  await client.send(new PutEmailIdentityMailFromAttributesCommand({
    EmailIdentity, MailFromDomain: `m.${EmailIdentity}`, BehaviorOnMxFailure: "USE_DEFAULT_VALUE" }));
  const sent = await client.send(new SendEmailCommand({
    FromEmailAddress: `js@${domain}`,
    Destination: { ToAddresses: [`js@report.${env.ZONE}`] },
    Content: { Simple: { Subject: { Data: "from JavaScript" }, Body: { Text: { Data: "text" }, Html: { Data: "<p>html" } } } },
  }));
  assert.match(sent.MessageId, /^[0-9a-f]{16}-/);
  await client.send(new DeleteEmailIdentityCommand({ EmailIdentity }));
  await assert.rejects(client.send(new GetEmailIdentityCommand({ EmailIdentity })), (error) => {
    assert.equal(error.name, "NotFoundException");
    assert.equal(error.$metadata.httpStatusCode, 404);
    return true;
  });
});

test("a wrong secret is refused with 403", async () => {
  await assert.rejects(clientWith("wrong").send(new GetAccountCommand({})), (error) => {
    assert.equal(error.$metadata.httpStatusCode, 403);
    assert.equal(error.name, "InvalidSignatureException");
    return true;
  });
});
