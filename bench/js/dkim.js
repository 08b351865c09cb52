// SPDX-License-Identifier: Apache-2.0
// dkim - DKIM by mailauth, with keys from memory.  Usage: dkim.js FOLDER
'use strict';
const { dkimSign } = require('mailauth/lib/dkim/sign');
const { dkimVerify } = require('mailauth/lib/dkim/verify');
const contestant = require('./contestant');

const folder = process.argv[2];
const records = new Map(contestant.lines(folder, 'keys', '\t'));
const covered = ['From', 'Reply-To', 'To', 'Subject', 'Date', 'Message-ID',
  'MIME-Version', 'Content-Type', 'List-Unsubscribe', 'List-Unsubscribe-Post',
  'Feedback-ID'].join(':');

async function resolver(name) {
  const found = records.get(name.replace(/\.$/, ''));
  if (!found) throw contestant.absent();
  return [[found]];
}

const verifier = (mail) => async () => {
  const result = await dkimVerify(mail, { resolver });
  const status = result.results[0] && result.results[0].status.result;
  if (status !== 'pass') throw new Error(`it does not verify: ${status}`);
};

const signer = (mail, selector, privateKey, algorithm) => async () => {
  const result = await dkimSign(mail, {
    canonicalization: 'relaxed/relaxed',
    headerList: covered,
    signatureData: [{
      signingDomain: 'post.railcard.example', selector, privateKey, algorithm,
    }],
  });
  if (result.errors.length) throw result.errors[0].err;
  return result.signatures;
};

const cases = {};
for (const size of contestant.sizes(folder)) {
  const bare = contestant.mails(folder, size, '.eml');
  for (const [prefix, kind, selector, algorithm] of [
    ['', 'rsa', 'nov26', 'rsa-sha256'],
    ['ed25519-', 'ed25519', 'nov26e', 'ed25519-sha256']]) {
    const pem = contestant.read(folder, `${kind}.pem`).toString();
    cases[`${prefix}sign-${size}`] = bare.map(
      (mail) => signer(mail, selector, pem, algorithm));
    cases[`${prefix}verify-${size}`] = contestant.mails(
      folder, size, `.${kind}.eml`).map(verifier);
  }
}
contestant.serve(cases);
