// SPDX-License-Identifier: Apache-2.0
// spf - SPF by mailauth, with DNS from memory.  Usage: spf.js FOLDER
'use strict';
const { spf } = require('mailauth/lib/spf');
const contestant = require('./contestant');

const folder = process.argv[2];
const zone = new Map();
for (const [name, type, data] of contestant.lines(folder, 'spf.zone', '|')) {
  const key = `${name}|${type}`;
  if (!zone.has(key)) zone.set(key, []);
  if (type === 'TXT') {
    zone.get(key).push([data]);
  } else if (type === 'MX') {
    const [priority, exchange] = data.split(' ');
    zone.get(key).push({ priority: Number(priority), exchange });
  } else {
    zone.get(key).push(data);
  }
}

async function resolver(name, type) {
  const found = zone.get(`${name.toLowerCase()}|${type || 'A'}`);
  if (!found) throw contestant.absent();
  return found;
}

const evaluator = (ip, sender, helo, expected) => async () => {
  const result = await spf({ ip, sender, helo, mta: 'mx.example', resolver });
  if (result.status.result !== expected) {
    throw new Error(`${result.status.result}, not ${expected}`);
  }
};

const cases = {};
for (const [name, ip, sender, helo, expected]
  of contestant.lines(folder, 'spf.cases', '|')) {
  cases[name] = new Array(16).fill(evaluator(ip, sender, helo, expected));
}
contestant.serve(cases);
