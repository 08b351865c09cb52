// SPDX-License-Identifier: Apache-2.0
// contestant - what the contestants in JavaScript share; the protocol of
// harness.h.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');

const MAILS = 16;

const read = (...parts) => fs.readFileSync(path.join(...parts));

const mails = (folder, size, suffix) => Array.from({ length: MAILS },
  (_, i) => read(folder, size, String(i).padStart(2, '0') + suffix));

const sizes = (folder) => ['2k', '20k', '200k'].filter(
  (size) => fs.existsSync(path.join(folder, size)));

const lines = (folder, name, separator) => read(folder, name).toString()
  .split('\n').filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split(separator));

// User and system time of the whole process, its helper threads included.
function cpu() {
  const usage = process.cpuUsage();
  return usage.user + usage.system;
}

async function run(functions, seconds) {
  const begin = cpu();
  let done = 0;
  let spent = 0;
  while (spent < seconds * 1e6) {
    for (const one of functions) {
      await one();
      done += 1;
      if (done % 16 === 0 && cpu() - begin >= seconds * 1e6) break;
    }
    spent = cpu() - begin;
  }
  return `ran ${done} ${Math.round(spent * 1000)}`;
}

async function obey(cases, word, name, argument) {
  if (word === 'cases') return `cases ${Object.keys(cases).join(' ')}`;
  if (word === 'run') return run(cases[name], Number(argument));
  let i = 0;
  for (const one of cases[name]) {
    const field = await one();
    if (word === 'dump') {
      fs.writeFileSync(path.join(argument, String(i).padStart(2, '0')), field);
    }
    i += 1;
  }
  return `ok ${i}`;
}

// `cases`: name to a list of functions, each of which does one operation and
// throws if the result is wrong; one that signs returns the field.
async function serve(cases) {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [word, name, argument] = line.split(' ');
    let answer;
    try {
      answer = await obey(cases, word, name, argument);
    } catch (error) {
      answer = `wrong ${name}: ${error.message.split('\n')[0]}`;
    }
    process.stdout.write(`${answer}\n`);
  }
}

// As dns.promises.resolve() ends where there is nothing.
function absent() {
  const error = new Error('there is nothing');
  error.code = 'ENOTFOUND';
  return error;
}

module.exports = { absent, lines, mails, read, serve, sizes };
