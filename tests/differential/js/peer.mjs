// SPDX-License-Identifier: Apache-2.0
// mailauth behind JSON lines, as ../peer.py is for its own; every check in
// its strict mode, which says it follows the RFCs exactly.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const { dkimVerify } = require('mailauth/lib/dkim/verify');
const { dkimSign } = require('mailauth/lib/dkim/sign');
const { spf } = require('mailauth/lib/spf');
const { dmarc } = require('mailauth/lib/dmarc');
const { arc, createSeal } = require('mailauth/lib/arc');

function failure(code) {
	return Object.assign(new Error(code), { code });
}

// What node's dns.promises.resolve() would say of a zone.
function resolver(zone) {
	return async (name, type) => {
		name = name.toLowerCase().replace(/\.$/, '');
		for (let hops = 0; ; hops++) {
			const entry = zone[name];
			if (!entry || entry.NXDOMAIN) {
				const below = !entry && Object.keys(zone).some(n => n.endsWith('.' + name));
				throw failure(below ? 'ENODATA' : 'ENOTFOUND');
			}
			const rows = entry[type];
			if (rows && rows.length)
				return type === 'MX' ? rows.map(([priority, exchange]) => ({ priority, exchange })) : rows;
			if (entry.TIMEOUT)
				throw failure('ETIMEOUT');
			if (entry.SERVFAIL)
				throw failure('ESERVFAIL');
			if (!entry.CNAME || type === 'CNAME')
				throw failure('ENODATA');
			if (hops >= 8) // a resolver gives up on a loop
				throw failure('ESERVFAIL');
			name = entry.CNAME[0].toLowerCase();
		}
	};
}

const bytes = ask => Buffer.from(ask.message, 'base64');
const crlf = text => text.toString().trimEnd().replace(/\r?\n/g, '\r\n') + '\r\n';
const field = text => ({ field: Buffer.from(crlf(text), 'latin1').toString('base64') });

const op = {
	async dkim(ask) {
		const { results } = await dkimVerify(bytes(ask), {
			resolver: resolver(ask.dns), strict: true, curTime: new Date(ask.now * 1000) });
		const all = results.map(r => r.status.result);
		return { result: all.includes('pass') ? 'pass' : all[0] || 'none',
			why: results.map(r => r.status.result + ' ' + r.status.comment) };
	},
	async arc(ask) {
		const data = await dkimVerify(bytes(ask), {
			resolver: resolver(ask.dns), strict: true, curTime: new Date(ask.now * 1000) });
		const r = await arc(data.arc, { resolver: resolver(ask.dns), strict: true });
		return { result: r.status.result, why: r.status.comment };
	},
	async sign(ask) {
		const { signatures, errors } = await dkimSign(bytes(ask), {
			canonicalization: ask.canon, algorithm: ask.algorithm,
			signTime: new Date(ask.now * 1000), expires: ask.expires && new Date(ask.expires * 1000),
			headerList: ask.headers,
			signatureData: [{ signingDomain: ask.domain, selector: ask.selector,
				privateKey: readFileSync(ask.key, 'utf8'), algorithm: ask.algorithm,
				canonicalization: ask.canon, ...(ask.length ? { maxBodyLength: ask.length } : {}) }] });
		if (!signatures)
			throw errors[0].err || new Error(JSON.stringify(errors));
		return field(signatures);
	},
	async seal(ask) {
		const data = await dkimVerify(bytes(ask), { resolver: resolver(ask.dns), strict: true });
		const r = await createSeal(bytes(ask), { headers: data.headers, arc: data.arc,
			seal: { signingDomain: ask.domain, selector: ask.selector, i: ask.instance,
				privateKey: readFileSync(ask.key, 'utf8'), cv: ask.chain,
				algorithm: 'rsa-sha256', canonicalization: 'relaxed/relaxed',
				authResults: ask.authserv + '; none', signTime: new Date(ask.now * 1000) } });
		return field(r.headers.map(crlf).join(''));
	},
	async spf(ask) {
		const r = await spf({ sender: ask.mail_from, ip: ask.ip, helo: ask.helo,
			mta: 'receiver.example', resolver: resolver(ask.dns), strict: true });
		return { result: r.status.result, why: r.status.comment };
	},
	async dmarc(ask) {
		const passed = rows => rows.filter(([, r]) => r === 'pass').map(([d]) => ({ id: d, domain: d }));
		const r = await dmarc({ headerFrom: ['a@' + ask.from], strict: true,
			spfDomains: passed(ask.spf), dkimDomains: passed(ask.dkim),
			resolver: resolver(ask.dns), arcResult: {} });
		return { result: r.status.result, policy: r.policy, policy_domain: r.policyDomain,
			org: r.domain, why: r.error,
			spf: Boolean(r.alignment?.spf.result), dkim: Boolean(r.alignment?.dkim.result) };
	}
};

for await (const line of createInterface({ input: process.stdin })) {
	const ask = JSON.parse(line);
	let answer;
	try {
		answer = await op[ask.op](ask);
	} catch (error) {
		answer = { result: 'error', why: String(error.stack) };
	}
	process.stdout.write(JSON.stringify(answer) + '\n');
}
