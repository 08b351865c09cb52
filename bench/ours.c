/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ours - DKIM by sesame's own engine.
 *
 * To verify is header_parse() and the machine of dkim_verify, fed the body
 * whole, with the key record looked up in a hash table (answers.h); to sign is
 * header_parse(), dkim_sign_body(), dkim_sign_begin(), privkey_sign_unchecked()
 * and dkim_sign_finish().  One arena is kept by the program and cleared for
 * each mail.
 *
 * Usage: ours prepared|checked|parsed FOLDER.  "prepared": the private key is
 * read once, and parsed key records are kept in dkim_keys; "checked" only
 * signs, likewise, and verifies each signature before it is given out, as
 * keyd does; "parsed": the key record is parsed, and the private key read
 * from PEM, for every mail (by privkey_load(); privkey_import() examines the
 * primes too, which is done once in a key's life).
 */
#include <stdlib.h>

#include "answers.h"
#include "crypt/armor.h"
#include "crypt/privkey.h"
#include "mailauth/dkim_sign.h"
#include "mailauth/dkim_verify.h"

#define NOW   INT64_C(1794300000) /* seconds: after the corpus was signed */
#define ARENA ((size_t)1 << 20)

/* How a case signs. */
struct signer {
	struct dkim_sign how;
	struct span pem;
	struct privkey *key; /* NULL: read from `pem` each time */
};

static struct arena arena = ARENA_INIT(ARENA);
static struct dkim_keys *keys; /* NULL: parse each time */
static bool checked;           /* look at what was signed */

static bool
verify(const struct bench_mail *mail)
{
	struct dkim_verify_input input = {.now = NOW * 1000, .keys = keys};
	CLEANUP(dkim_verify_freep) struct dkim_verify *m = NULL;
	UNINITIALIZED struct dns_question question;
	struct header_block header;
	size_t offset;

	arena_clear(&arena);
	if (header_parse(mail->text, &arena, &header, &offset) != HEADER_OK)
		return false;
	m = dkim_verify_new(&header, &input, &arena);
	dkim_verify_feed(m, header.body);
	dkim_verify_end(m);
	while (dkim_verify_ask(m, &question))
		dkim_verify_answer(m, answers_get(&question));
	return dkim_verify_outcome(m) == DKIM_PASS;
}

static size_t
verify_round(const struct bench_case *c)
{
	size_t i;

	for (i = 0; i < BENCH_MAILS; i++)
		if (!verify(&c->mail[i]))
			return 0;
	return BENCH_MAILS;
}

static struct privkey *
read_key(struct span pem)
{
	struct privkey *key;

	if (privkey_import(pem, &key) != PRIVKEY_OK)
		bench_die("a private key is not taken");
	return key;
}

/* Reads a key that was examined before: what a signer does with its own. */
static struct privkey *
load_key(struct span pem)
{
	CLEANUP(secret_release) struct secret der = {0};
	enum armor_label label;
	struct privkey *key;

	if (armor_open(pem, &der, &label) != ARMOR_OK)
		bench_die("a private key is no PEM");
	key = privkey_load(secret_span(&der));
	if (key == NULL)
		bench_die("a private key is not taken");
	return key;
}

static bool
sign_mail(const struct bench_case *c, size_t i, struct buf *field)
{
	CLEANUP(buf_release)
	struct buf signature = BUF_INIT(PRIVKEY_SIGNATURE_MAX);
	uint8_t body_hash[DIGEST_SIZE], digest[DIGEST_SIZE];
	const struct signer *s = c->context;
	struct header_block header;
	struct privkey *key;
	size_t offset;
	bool good;

	arena_clear(&arena);
	if (header_parse(c->mail[i].text, &arena, &header, &offset) !=
	    HEADER_OK)
		return false;
	dkim_sign_body(header.body, body_hash);
	if (!dkim_sign_begin(&s->how, &header, body_hash, field, digest))
		return false;
	key = s->key != NULL ? s->key : load_key(s->pem);
	good = checked ? privkey_sign(key, digest, &signature)
		       : privkey_sign_unchecked(key, digest, &signature);
	if (s->key == NULL)
		privkey_free(key);
	return good && dkim_sign_finish(field, buf_span(&signature));
}

static size_t
sign_round(const struct bench_case *c)
{
	size_t i;

	for (i = 0; i < BENCH_MAILS; i++) {
		CLEANUP(buf_release)
		struct buf field = BUF_INIT(DKIM_FIELD_MAX);

		if (!sign_mail(c, i, &field))
			return 0;
	}
	return BENCH_MAILS;
}

static const struct signer *
make_signer(const char *folder, const char *file, const char *selector,
	    enum key_type type, bool prepared)
{
	struct signer *s = calloc(1, sizeof(*s));

	if (s == NULL || domain_parse(SPAN("post.railcard.example"),
				      &s->how.domain) != DOMAIN_OK)
		bench_die("no memory");
	s->how.selector = span_of(selector);
	s->how.type = type;
	s->how.time = NOW;
	s->pem = bench_file(folder, file);
	s->key = prepared ? read_key(s->pem) : NULL;
	return s;
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

static struct bench_case
signs(const char *name, const struct bench_mail *mail, const struct signer *s)
{
	return (struct bench_case){.name = name,
				   .round = sign_round,
				   .sign = sign_mail,
				   .mail = mail,
				   .context = s};
}

static struct bench_case
verifies(const char *folder, const char *name, const char *size,
	 const char *suffix)
{
	return (struct bench_case){.name = name,
				   .round = verify_round,
				   .mail = bench_mails(folder, size, suffix)};
}

int
main(int argc, char **argv)
{
	struct bench_case c[BENCH_CASES] = {{0}};
	const struct bench_mail *bare;
	const struct signer *rsa, *ed;
	const char *folder = argv[2];
	size_t i, n = 0;
	bool prepared;

	if (argc != 3)
		bench_die("usage: ours prepared|checked|parsed FOLDER");
	checked = strcmp(argv[1], "checked") == 0;
	prepared = checked || strcmp(argv[1], "prepared") == 0;
	keys = prepared ? dkim_keys_new(64) : NULL;
	answers_keys(folder, "keys");
	rsa = make_signer(folder, "rsa.pem", "nov26", KEY_RSA, prepared);
	ed = make_signer(folder, "ed25519.pem", "nov26e", KEY_ED25519,
			 prepared);
	for (i = 0; i < COUNT(sizes); i++) {
		if (!bench_has(folder, sizes[i].size))
			continue;
		bare = bench_mails(folder, sizes[i].size, ".eml");
		c[n++] = signs(sizes[i].sign, bare, rsa);
		c[n++] = signs(sizes[i].ed_sign, bare, ed);
		if (checked)
			continue;
		c[n++] = verifies(folder, sizes[i].verify, sizes[i].size,
				  ".rsa.eml");
		c[n++] = verifies(folder, sizes[i].ed_verify, sizes[i].size,
				  ".ed25519.eml");
	}
	return bench_serve(c, n);
}
