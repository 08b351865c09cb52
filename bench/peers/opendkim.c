/* SPDX-License-Identifier: Apache-2.0 */
/*
 * opendkim - DKIM by libopendkim, used as its milter uses it.
 *
 * The header is cut into fields beforehand (a milter is given fields), each
 * goes through dkim_header(), the body through dkim_body() as a whole.  Key
 * records come from memory, through dkim_set_key_lookup(): there is no DNS.
 * One library handle serves all mails; libopendkim has no form of key that
 * outlives a message, so it parses PEM, or the key record, for each.
 *
 * Usage: opendkim FOLDER
 */
#include <sys/types.h>

#include <opendkim/dkim.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

#define FIELDS 64 /* most in a header of the corpus */

/* The fields of a mail, without their last CRLF. */
struct fields {
	struct span at[FIELDS];
	size_t len;
};

/* How a case signs. */
struct signer {
	unsigned char *pem;
	const char *selector;
	dkim_alg_t algorithm;
};

/* The mails of a case with their fields, and how to sign them. */
struct work {
	struct fields fields[BENCH_MAILS];
	struct signer signer;
};

static DKIM_LIB *library;
static struct span records;

/* What the corpus' own signatures cover: see corpus.py. */
static const char *const covered[] = {
	"From",
	"Reply-To",
	"To",
	"Subject",
	"Date",
	"Message-ID",
	"MIME-Version",
	"Content-Type",
	"List-Unsubscribe",
	"Feedback-ID",
	"List-Unsubscribe-Post",
	NULL,
};

static DKIM_CBSTAT
key_lookup(DKIM *dkim, DKIM_SIGINFO *sig, u_char *buf, size_t len)
{
	CLEANUP(buf_release) struct buf name = BUF_INIT(512);
	struct span rest = records, part[2];

	(void)dkim;
	buf_addf(&name, "%s._domainkey.%s", dkim_sig_getselector(sig),
		 dkim_sig_getdomain(sig));
	while (bench_fields(&rest, '\t', 2, part)) {
		if (!span_equal_nocase(part[0], buf_span(&name)) ||
		    part[1].len >= len)
			continue;
		memcpy(buf, part[1].ptr, part[1].len);
		buf[part[1].len] = '\0';
		return DKIM_CBSTAT_CONTINUE;
	}
	return DKIM_CBSTAT_NOTFOUND;
}

/* libopendkim takes what it does not change as not constant. */
static u_char *
octets(struct span s)
{
	union {
		const char *from;
		u_char *to;
	} both = {.from = s.ptr};

	return both.to;
}

/* Feeds a mail; returns the status of the last step. */
static DKIM_STAT
feed(DKIM *dkim, const struct fields *f, struct span body)
{
	DKIM_STAT status = DKIM_STAT_OK;
	bool tested = false;
	size_t i;

	for (i = 0; i < f->len && status == DKIM_STAT_OK; i++)
		status = dkim_header(dkim, octets(f->at[i]), f->at[i].len);
	if (status == DKIM_STAT_OK)
		status = dkim_eoh(dkim);
	if (status == DKIM_STAT_OK)
		status = dkim_body(dkim, octets(body), body.len);
	if (status == DKIM_STAT_OK)
		status = dkim_eom(dkim, &tested);
	return status;
}

static size_t
verify_round(const struct bench_case *c)
{
	const struct work *w = c->context;
	DKIM_STAT status;
	DKIM *dkim;
	size_t i;

	for (i = 0; i < BENCH_MAILS; i++) {
		dkim = dkim_verify(library, (const u_char *)"bench", NULL,
				   &status);
		if (dkim == NULL)
			return 0;
		status = feed(dkim, &w->fields[i], c->mail[i].body);
		dkim_free(dkim);
		if (status != DKIM_STAT_OK)
			return 0;
	}
	return BENCH_MAILS;
}

static bool
sign_mail(const struct bench_case *c, size_t i, struct buf *to)
{
	const struct work *w = c->context;
	DKIM_STAT status;
	u_char *value;
	size_t len;
	DKIM *dkim;

	dkim = dkim_sign(library, (const u_char *)"bench", NULL, w->signer.pem,
			 (const u_char *)w->signer.selector,
			 (const u_char *)"post.railcard.example",
			 DKIM_CANON_RELAXED, DKIM_CANON_RELAXED,
			 w->signer.algorithm, -1, &status);
	if (dkim == NULL)
		return false;
	status = feed(dkim, &w->fields[i], c->mail[i].body);
	if (status == DKIM_STAT_OK)
		status = dkim_getsighdr_d(dkim, strlen(DKIM_SIGNHEADER) + 2,
					  &value, &len);
	if (status == DKIM_STAT_OK) {
		buf_adds(to, DKIM_SIGNHEADER ": ");
		buf_add(to, span_bytes(value, len));
		buf_adds(to, "\r\n");
	}
	dkim_free(dkim);
	return status == DKIM_STAT_OK;
}

static size_t
sign_round(const struct bench_case *c)
{
	size_t i;

	for (i = 0; i < BENCH_MAILS; i++) {
		CLEANUP(buf_release) struct buf field = BUF_INIT(65536);

		if (!sign_mail(c, i, &field))
			return 0;
	}
	return BENCH_MAILS;
}

static void
split(struct span header, struct fields *ret)
{
	struct span rest = header;
	size_t end;

	while (rest.len > 0 && ret->len < FIELDS) {
		end = 0;
		do
			end += span_search(span_skip(rest, end), SPAN("\r\n")) +
			       2;
		while (end < rest.len &&
		       (rest.ptr[end] == ' ' || rest.ptr[end] == '\t'));
		ret->at[ret->len++] = span_head(rest, end - 2);
		rest = span_skip(rest, end);
	}
}

static const struct work *
prepare(const struct bench_mail *mail, const struct signer *signer)
{
	struct work *w = calloc(1, sizeof(*w));
	size_t i;

	if (w == NULL)
		bench_die("no memory");
	for (i = 0; i < BENCH_MAILS; i++)
		split(mail[i].header, &w->fields[i]);
	if (signer != NULL)
		w->signer = *signer;
	return w;
}

static const struct {
	const char *size, *sign, *verify, *ed_sign, *ed_verify;
} sizes[] = {
	{"2k", "sign-2k", "verify-2k", "ed25519-sign-2k", "ed25519-verify-2k"},
	{"20k", "sign-20k", "verify-20k", "ed25519-sign-20k",
	 "ed25519-verify-20k"},
	{"200k", "sign-200k", "verify-200k", "ed25519-sign-200k",
	 "ed25519-verify-200k"},
};

/* Adds the two cases of one kind of key. */
static size_t
add(struct bench_case *c, const char *folder, const char *size,
    const char *sign, const char *verify, const char *suffix,
    const struct signer *signer)
{
	const struct bench_mail *bare = bench_mails(folder, size, ".eml");
	const struct bench_mail *mail = bench_mails(folder, size, suffix);

	c[0] = (struct bench_case){.name = sign,
				   .round = sign_round,
				   .sign = sign_mail,
				   .mail = bare,
				   .context = prepare(bare, signer)};
	c[1] = (struct bench_case){.name = verify,
				   .round = verify_round,
				   .mail = mail,
				   .context = prepare(mail, NULL)};
	return 2;
}

int
main(int argc, char **argv)
{
	struct bench_case c[BENCH_CASES] = {{0}};
	struct signer rsa = {.selector = "nov26",
			     .algorithm = DKIM_SIGN_RSASHA256};
	struct signer ed = {.selector = "nov26e",
			    .algorithm = DKIM_SIGN_ED25519SHA256};
	size_t i, n = 0;

	if (argc != 2)
		bench_die("usage: opendkim FOLDER");
	library = dkim_init(NULL, NULL);
	if (library == NULL ||
	    dkim_set_key_lookup(library, key_lookup) != DKIM_STAT_OK ||
	    dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_SIGNHDRS,
			 octets(span_bytes(covered, sizeof(covered))),
			 sizeof(const char **)) != DKIM_STAT_OK)
		bench_die("libopendkim does not start");
	records = bench_file(argv[1], "keys");
	rsa.pem = octets(bench_file(argv[1], "rsa.pem"));
	ed.pem = octets(bench_file(argv[1], "ed25519.pem"));
	for (i = 0; i < COUNT(sizes); i++) {
		if (!bench_has(argv[1], sizes[i].size))
			continue;
		n += add(&c[n], argv[1], sizes[i].size, sizes[i].sign,
			 sizes[i].verify, ".rsa.eml", &rsa);
		if (dkim_libfeature(library, DKIM_FEATURE_ED25519))
			n += add(&c[n], argv[1], sizes[i].size,
				 sizes[i].ed_sign, sizes[i].ed_verify,
				 ".ed25519.eml", &ed);
	}
	return bench_serve(c, n);
}
