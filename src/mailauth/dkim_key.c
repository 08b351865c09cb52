/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_key.h"

#include "text/base64.h"
#include "text/taglist.h"

/* Whether one of the words of `list`, between colons, is `word` or `any`. */
static bool
has_word(struct span list, struct span word, struct span any)
{
	while (list.len > 0) {
		struct span one = span_trim(span_cut(&list, ':'));

		if (span_equal_nocase(one, word) ||
		    (any.len > 0 && span_equal(one, any)))
			return true;
	}
	return false;
}

/* Whether a text that is no tag list was meant as a key record. */
static bool
looks_like_one(struct span text)
{
	return span_starts_nocase(text, SPAN("v=DKIM")) ||
	       span_starts(text, SPAN("k=")) || span_starts(text, SPAN("p="));
}

static enum dkim_key_status
read_version(const struct taglist *tags, struct dkim_key_record *ret)
{
	const struct span *v = taglist_get(tags, SPAN("v"));

	if (v == NULL)
		return taglist_get(tags, SPAN("p")) == NULL &&
				       taglist_get(tags, SPAN("k")) == NULL
			       ? DKIM_KEY_NOT_DKIM
			       : DKIM_KEY_OK;
	/* RFC 6376 s3.6.1: "If specified, this tag MUST be set to "DKIM1" ...
	 * This tag MUST be the first tag in the record." */
	if (&tags->tag[0].value != v || !span_equal(*v, SPAN("DKIM1")))
		return span_starts_nocase(*v, SPAN("DKIM"))
			       ? DKIM_KEY_BAD_VERSION
			       : DKIM_KEY_NOT_DKIM;
	ret->has_version = true;
	return DKIM_KEY_OK;
}

/* k=, h=, s= and t= */
static enum dkim_key_status
read_use(const struct taglist *tags, struct dkim_key_record *ret)
{
	const struct span *k = taglist_get(tags, SPAN("k"));
	const struct span *h = taglist_get(tags, SPAN("h"));
	const struct span *s = taglist_get(tags, SPAN("s"));
	const struct span *t = taglist_get(tags, SPAN("t"));

	ret->type = KEY_RSA;
	if (k != NULL && span_equal_nocase(*k, SPAN("ed25519")))
		ret->type = KEY_ED25519;
	else if (k != NULL && !span_equal_nocase(*k, SPAN("rsa")))
		return DKIM_KEY_BAD_TYPE;
	if (t != NULL) {
		ret->testing = has_word(*t, SPAN("y"), SPAN(""));
		ret->strict = has_word(*t, SPAN("s"), SPAN(""));
	}
	/* RFC 8301 s3.1: rsa-sha1 is no longer one to be verified */
	if (h != NULL && !has_word(*h, SPAN("sha256"), SPAN("")))
		return DKIM_KEY_BAD_HASH;
	if (s != NULL && !has_word(*s, SPAN("email"), SPAN("*")))
		return DKIM_KEY_BAD_SERVICE;
	return DKIM_KEY_OK;
}

static enum dkim_key_status
read_key(struct span p, struct dkim_key_record *ret)
{
	CLEANUP(buf_release) struct buf der = BUF_INIT(DKIM_RECORD_MAX);

	if (!base64_decode_folded(p, &der))
		return DKIM_KEY_BAD_BASE64;
	ret->key_status = ret->type == KEY_RSA
				  ? pubkey_rsa(buf_span(&der), &ret->key)
				  : pubkey_ed25519(buf_span(&der), &ret->key);
	if (ret->key_status != PUBKEY_OK)
		return DKIM_KEY_BAD_KEY;
	ret->bits = pubkey_bits(ret->key);
	return DKIM_KEY_OK;
}

enum dkim_key_status
dkim_key_parse(struct span text, struct dkim_key_record *ret)
{
	struct taglist tags;
	const struct span *p;
	enum dkim_key_status status;
	size_t offset;

	*ret = (struct dkim_key_record){.type = KEY_RSA};
	if (text.len > DKIM_RECORD_MAX)
		return DKIM_KEY_TOO_LONG;
	if (taglist_parse(text, &tags, &offset) != TAGLIST_OK)
		return looks_like_one(text) ? DKIM_KEY_BAD_LIST
					    : DKIM_KEY_NOT_DKIM;
	status = read_version(&tags, ret);
	if (status != DKIM_KEY_OK)
		return status;
	p = taglist_get(&tags, SPAN("p"));
	if (p == NULL)
		return DKIM_KEY_NO_KEY;
	/* RFC 6376 s3.6.1: "An empty value means that this public key has
	 * been revoked." */
	if (p->len == 0)
		return DKIM_KEY_REVOKED;
	status = read_use(&tags, ret);
	return status == DKIM_KEY_OK ? read_key(*p, ret) : status;
}

const char *
dkim_key_strerror(enum dkim_key_status status)
{
	static const char *const text[] = {
		[DKIM_KEY_OK] = "the key record is good",
		[DKIM_KEY_TOO_LONG] = "the key record is too long",
		[DKIM_KEY_NOT_DKIM] = "the record is no key record",
		[DKIM_KEY_BAD_LIST] = "the key record is malformed",
		[DKIM_KEY_BAD_VERSION] = "v= is not DKIM1, or not first",
		[DKIM_KEY_NO_KEY] = "the key record has no p=",
		[DKIM_KEY_REVOKED] = "the key was revoked: p= is empty",
		[DKIM_KEY_BAD_TYPE] = "k= is neither rsa nor ed25519",
		[DKIM_KEY_BAD_HASH] = "h= does not allow sha256",
		[DKIM_KEY_BAD_SERVICE] = "s= does not allow email",
		[DKIM_KEY_BAD_BASE64] = "p= is not base64",
		[DKIM_KEY_BAD_KEY] = "p= holds no key that may be used",
	};
	return text[status];
}
