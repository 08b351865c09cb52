/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_signature.h"

#include "unit.h"

#define BH "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
/* A good signature but for the tags that a row gives. */
#define A   "a=rsa-sha256; "
#define D   "d=example.com; "
#define S   "s=sel; "
#define H   "h=from; "
#define B   "bh=" BH "; b=dGVzdA=="
#define V   "v=1; "
#define X10 "x:x:x:x:x:x:x:x:x:x:"
#define L60 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"
#define L63 L60 "ggg"

static const struct status_row {
	const char *name;
	const char *value;
	enum dkim_signature_status status;
} status[] = {
	{"s3.5: all that is required", V A D S H B, DKIM_SIGNATURE_OK},
	{"s3.2: order does not count", B "; " H S D A "v=1", DKIM_SIGNATURE_OK},
	{"s3.2: a semicolon at the end", V A D S H B ";", DKIM_SIGNATURE_OK},
	{"s3.2: two semicolons at the end", V A D S H B ";;",
	 DKIM_SIGNATURE_BAD_LIST},
	{"s3.2: unknown tags are ignored", V A D S H "zz=what ever; " B,
	 DKIM_SIGNATURE_OK},
	{"s3.2: a tag twice", V A D S S H B, DKIM_SIGNATURE_BAD_LIST},
	{"s3.2: names have a case", "V=1; " A D S H B,
	 DKIM_SIGNATURE_NO_VERSION},
	{"s3.2: a tag without value", V A D S H B "; zz=", DKIM_SIGNATURE_OK},
	{"s3.2: text that is no tag", V A D S H B "; zz",
	 DKIM_SIGNATURE_BAD_LIST},
	{"s6.1.1: no v=", A D S H B, DKIM_SIGNATURE_NO_VERSION},
	{"s3.5: v=2", "v=2; " A D S H B, DKIM_SIGNATURE_BAD_VERSION},
	{"s3.5: v=0.5", "v=0.5; " A D S H B, DKIM_SIGNATURE_BAD_VERSION},
	{"s3.5: v=01", "v=01; " A D S H B, DKIM_SIGNATURE_BAD_VERSION},
	{"s6.1.1: no a=", V D S H B, DKIM_SIGNATURE_MISSING},
	{"s6.1.1: no d=", V A S H B, DKIM_SIGNATURE_MISSING},
	{"s6.1.1: no s=", V A D H B, DKIM_SIGNATURE_MISSING},
	{"s6.1.1: no h=", V A D S B, DKIM_SIGNATURE_MISSING},
	{"s6.1.1: no bh=", V A D S H "b=dGVzdA==", DKIM_SIGNATURE_MISSING},
	{"s6.1.1: no b=", V A D S H "bh=" BH, DKIM_SIGNATURE_MISSING},
	{"RFC 8463 s3: ed25519", V "a=ed25519-sha256; " D S H B,
	 DKIM_SIGNATURE_OK},
	{"RFC 8301 s3.1: rsa-sha1 is known", V "a=rsa-sha1; " D S H B,
	 DKIM_SIGNATURE_OK},
	{"s3.3: an unknown algorithm", V "a=rsa-sha512; " D S H B,
	 DKIM_SIGNATURE_BAD_ALGORITHM},
	{"s3.3: half an algorithm", V "a=rsa; " D S H B,
	 DKIM_SIGNATURE_BAD_ALGORITHM},
	{"s3.5: c= in full", V A D S H "c=relaxed/simple; " B,
	 DKIM_SIGNATURE_OK},
	{"s3.5: c= of the header alone", V A D S H "c=relaxed; " B,
	 DKIM_SIGNATURE_OK},
	{"s3.5: an unknown canonicalization", V A D S H "c=simple/foo; " B,
	 DKIM_SIGNATURE_BAD_CANON},
	{"s3.5: half a c=", V A D S H "c=simple/; " B,
	 DKIM_SIGNATURE_BAD_CANON},
	{"s3.5: c= of three", V A D S H "c=simple/simple/simple; " B,
	 DKIM_SIGNATURE_BAD_CANON},
	{"s3.5: q=dns/txt", V A D S H "q=dns/txt; " B, DKIM_SIGNATURE_OK},
	{"s3.5: an unknown query method too", V A D S H "q=dht : dns/txt; " B,
	 DKIM_SIGNATURE_OK},
	{"s3.5: q=http", V A D S H "q=http; " B, DKIM_SIGNATURE_BAD_QUERY},
	{"s3.5: q= empty", V A D S H "q=; " B, DKIM_SIGNATURE_BAD_QUERY},
	{"D11: d= of one label", V A "d=com; " S H B,
	 DKIM_SIGNATURE_BAD_DOMAIN},
	{"D11: d= empty", V A "d=; " S H B, DKIM_SIGNATURE_BAD_DOMAIN},
	{"D11: d= with an empty label", V A "d=a..com; " S H B,
	 DKIM_SIGNATURE_BAD_DOMAIN},
	{"D11: d= with a final dot", V A "d=a.com.; " S H B,
	 DKIM_SIGNATURE_BAD_DOMAIN},
	{"a4: d= with a quote", V A "d=legitimate.com'a.attack.com; " S H B,
	 DKIM_SIGNATURE_BAD_DOMAIN},
	{"a4: d= with a parenthesis",
	 V A "d=legitimate.com(.attack.com; " S H B, DKIM_SIGNATURE_BAD_DOMAIN},
	{"D11: d= an IP address", V A "d=192.0.2.1; " S H B,
	 DKIM_SIGNATURE_BAD_DOMAIN},
	{"s3.5: d= in capitals", V A "d=EXAMPLE.com; " S H B,
	 DKIM_SIGNATURE_OK},
	{"RFC 8616 s4: d= in U-labels", V A "d=m\xc3\xb8x.example; " S H B,
	 DKIM_SIGNATURE_OK},
	{"RFC 8616 s4: s= in U-labels", V A D "s=t\xc3\xa9st; " H B,
	 DKIM_SIGNATURE_OK},
	{"D11: s= with an empty label", V A D "s=..; " H B,
	 DKIM_SIGNATURE_BAD_SELECTOR},
	{"D11: s= with a slash", V A D "s=a/b; " H B,
	 DKIM_SIGNATURE_BAD_SELECTOR},
	{"D11: s= with a quote", V A D "s=a\"b; " H B,
	 DKIM_SIGNATURE_BAD_SELECTOR},
	{"D11: s= empty", V A D "s=; " H B, DKIM_SIGNATURE_BAD_SELECTOR},
	{"D11: s= with white space", V A D "s=a b; " H B,
	 DKIM_SIGNATURE_BAD_SELECTOR},
	{"s3.1: s= of two labels", V A D "s=a.b; " H B, DKIM_SIGNATURE_OK},
	{"s= with an underscore", V A D "s=a_b; " H B, DKIM_SIGNATURE_OK},
	{"D11: s= with a label of 64",
	 V A D "s=aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"
	       "gggg; " H B,
	 DKIM_SIGNATURE_BAD_SELECTOR},
	{"RFC 1035 s2.3.4: s= as long as a name leaves room for",
	 V A D "s=" L63 "." L63 "." L60 "a; " H B, DKIM_SIGNATURE_OK},
	{"RFC 1035 s2.3.4: s= one octet longer",
	 V A D "s=" L63 "." L63 "." L60 "ab; " H B,
	 DKIM_SIGNATURE_BAD_SELECTOR},
	{"s5.4: h= without From", V A D S "h=to:subject; " B,
	 DKIM_SIGNATURE_NO_FROM},
	{"s5.4: From in any case and place", V A D S "h=to : FROM; " B,
	 DKIM_SIGNATURE_OK},
	{"D3: From twice", V A D S "h=from:from; " B, DKIM_SIGNATURE_OK},
	{"s3.5: h= folded", V A D S "h=to:\r\n\tfrom\r\n : cc; " B,
	 DKIM_SIGNATURE_OK},
	{"s3.5: h= empty", V A D S "h=; " B, DKIM_SIGNATURE_BAD_HEADERS},
	{"s3.5: an empty name in h=", V A D S "h=from::to; " B,
	 DKIM_SIGNATURE_BAD_HEADERS},
	{"s3.5: a colon at the end of h=", V A D S "h=from:; " B,
	 DKIM_SIGNATURE_BAD_HEADERS},
	{"s3.5: a space in a name", V A D S "h=from:a b; " B,
	 DKIM_SIGNATURE_BAD_HEADERS},
	{"D3: h= names DKIM-Signature", V A D S "h=from:dkim-signature; " B,
	 DKIM_SIGNATURE_OK},
	{"D3: 100 names",
	 V A D S "h=" X10 X10 X10 X10 X10 X10 X10 X10 X10
		 "x:x:x:x:x:x:x:x:x:from; " B,
	 DKIM_SIGNATURE_OK},
	{"D3: 101 names",
	 V A D S "h=" X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 "from; " B,
	 DKIM_SIGNATURE_TOO_MANY},
	{"s3.5: i= at d=", V A D S H "i=joe@example.com; " B,
	 DKIM_SIGNATURE_OK},
	{"s3.5: i= under d=", V A D S H "i=@sub.example.com; " B,
	 DKIM_SIGNATURE_OK},
	{"s2.11: i= quoted-printable", V A D S H "i=a=40b@example.com; " B,
	 DKIM_SIGNATURE_OK},
	{"s2.11: i= with white space in it",
	 V A D S H "i=a =40\r\n\tb@example.com; " B, DKIM_SIGNATURE_OK},
	{"RFC 8616 s4: i= with UTF-8", V A D S H "i=\xc3\xb8@example.com; " B,
	 DKIM_SIGNATURE_OK},
	{"s6.1.1: i= elsewhere", V A D S H "i=@example.org; " B,
	 DKIM_SIGNATURE_FOREIGN_IDENTITY},
	{"s6.1.1: i= above d=",
	 V A "d=sub.example.com; " S H "i=@example.com; " B,
	 DKIM_SIGNATURE_FOREIGN_IDENTITY},
	{"s6.1.1: i= that only ends so", V A D S H "i=@badexample.com; " B,
	 DKIM_SIGNATURE_FOREIGN_IDENTITY},
	{"D11: i=@evil", V A D S H "i=@evil; " B, DKIM_SIGNATURE_BAD_IDENTITY},
	{"s3.5: i= without an at sign", V A D S H "i=example.com; " B,
	 DKIM_SIGNATURE_BAD_IDENTITY},
	{"s2.11: i= cut off in an escape", V A D S H "i=@example.com=4; " B,
	 DKIM_SIGNATURE_BAD_IDENTITY},
	{"s2.11: i= with a NUL", V A D S H "i=a=00@example.com; " B,
	 DKIM_SIGNATURE_BAD_IDENTITY},
	{"s3.5: t= and x=", V A D S H "t=10; x=11; " B, DKIM_SIGNATURE_OK},
	{"D4: x= before t=", V A D S H "t=10; x=9; " B,
	 DKIM_SIGNATURE_BAD_EXPIRY},
	{"s3.5: x= at t=", V A D S H "t=10; x=10; " B,
	 DKIM_SIGNATURE_BAD_EXPIRY},
	{"D4: x= of 2^63", V A D S H "x=9223372036854775808; " B,
	 DKIM_SIGNATURE_BAD_TIME},
	{"s3.5: t= of 12 digits", V A D S H "t=999999999999; " B,
	 DKIM_SIGNATURE_OK},
	{"s3.5: t= of 13 digits", V A D S H "t=0000000000001; " B,
	 DKIM_SIGNATURE_BAD_TIME},
	{"D4: t= no digits", V A D S H "t=1e9; " B, DKIM_SIGNATURE_BAD_TIME},
	{"D4: t= negative", V A D S H "t=-1; " B, DKIM_SIGNATURE_BAD_TIME},
	{"D4: t= empty", V A D S H "t=; " B, DKIM_SIGNATURE_BAD_TIME},
	{"D1: l=0", V A D S H "l=0; " B, DKIM_SIGNATURE_OK},
	{"D1: l= of 20 digits", V A D S H "l=99999999999999999999; " B,
	 DKIM_SIGNATURE_OK},
	{"s3.5: l= of 77 digits",
	 V A D S H "l=00000000001111111111222222222233333333334444444444"
		   "555555555566666666667777777; " B,
	 DKIM_SIGNATURE_BAD_LENGTH},
	{"D1: l= negative", V A D S H "l=-1; " B, DKIM_SIGNATURE_BAD_LENGTH},
	{"s3.5: l= empty", V A D S H "l=; " B, DKIM_SIGNATURE_BAD_LENGTH},
	{"s3.5: bh= too short",
	 V A D S H "bh=dGVzdA==; b=dGVzdA==", DKIM_SIGNATURE_BAD_HASH},
	{"s3.5: bh= of SHA-1 under SHA-256",
	 V A D S H "bh=AAECAwQFBgcICQoLDA0ODxAREhM=; b=dGVzdA==",
	 DKIM_SIGNATURE_BAD_HASH},
	{"s3.5: bh= no base64",
	 V A D S H "bh=?; b=dGVzdA==", DKIM_SIGNATURE_BAD_HASH},
	{"D12: b= folded",
	 V A D S H "bh=" BH "; b=dG\r\n\tVz dA= =", DKIM_SIGNATURE_OK},
	{"s3.5: b= empty",
	 V A D S H "bh=" BH "; b=", DKIM_SIGNATURE_BAD_BASE64},
	{"s3.5: b= no base64", V A D S H "bh=" BH "; b=a-b",
	 DKIM_SIGNATURE_BAD_BASE64},
	{"s3.5: z= is not looked at", V A D S H B "; z=From:a|To:b=20c",
	 DKIM_SIGNATURE_OK},
	{"a control character", V A D S H B "; zz=\1", DKIM_SIGNATURE_BAD_LIST},
	{"nothing", "", DKIM_SIGNATURE_BAD_LIST},
};

/* Parses the value as a field; the text stays in the arena. */
static enum dkim_signature_status
parse(const char *value, struct arena *arena, struct dkim_signature *ret)
{
	struct span raw = arena_printf(arena, "DKIM-Signature: %s\r\n", value);
	struct header_field field = {
		.name = span_sub(raw, 0, 14),
		.raw = raw,
		.value = span_sub(raw, 15, raw.len - 2),
	};

	return dkim_signature_parse(&field, arena, ret);
}

static void
test_status(void **state)
{
	const struct status_row *row = *state;
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(65536);
	struct dkim_signature s;

	assert_int_equal(parse(row->value, &arena, &s), row->status);
}

static void
test_members(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(65536);
	struct dkim_signature s;
	struct dname_text name;

	(void)state;
	assert_int_equal(
		parse("v=1; a=ed25519-sha256; c=relaxed; d=Sub.Example.COM;\r\n"
		      "\th=From : to; i=a=40b@X.sub.example.com; l=12; s=S.e;"
		      "t=5; x=7; bh=" BH "; b= \r\n\tdGVz dA== ; z=q",
		      &arena, &s),
		DKIM_SIGNATURE_OK);
	assert_int_equal(s.algorithm, DKIM_ED25519_SHA256);
	assert_int_equal(s.header_canon, CANON_RELAXED);
	assert_int_equal(s.body_canon, CANON_SIMPLE);
	assert_string_equal(s.domain.s, "sub.example.com");
	assert_span(s.selector, "S.e");
	assert_span(dname_print(&s.key_name, &name),
		    "S.e._domainkey.sub.example.com");
	assert_span(s.identity, "a@b@X.sub.example.com");
	assert_false(s.identity_is_domain);
	assert_int_equal(s.headers, 2);
	assert_span(s.header[0], "From");
	assert_span(s.header[1], "to");
	assert_int_equal(s.body_hash[31], 31);
	assert_span(s.signature, "test");
	assert_true(s.has_length);
	assert_int_equal(s.length, 12);
	assert_int_equal(s.time, 5);
	assert_int_equal(s.expiry, 7);
	/* s3.7: b= and all white space around it go, and nothing else. */
	assert_true(span_ends(s.before_b, SPAN(BH "; b=")));
	assert_span(s.after_b, "; z=q\r\n");
}

static void
test_defaults(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(65536);
	struct dkim_signature s;

	(void)state;
	assert_int_equal(parse(V A D S H B, &arena, &s), DKIM_SIGNATURE_OK);
	assert_int_equal(s.header_canon, CANON_SIMPLE);
	assert_int_equal(s.body_canon, CANON_SIMPLE);
	assert_span(s.identity, "@example.com");
	assert_true(s.identity_is_domain);
	assert_false(s.has_length);
	assert_int_equal(s.time, -1);
	assert_int_equal(s.expiry, -1);
	assert_span(s.after_b, "");
	/* What is rejected is still named. */
	assert_int_equal(parse("v=9; " D S, &arena, &s),
			 DKIM_SIGNATURE_BAD_VERSION);
	assert_string_equal(s.domain.s, "example.com");
	assert_span(s.selector, "sel");
}

/* RFC 8616 s4: names are asked for in A-labels. */
static void
test_idn(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(65536);
	struct dkim_signature s;
	struct dname_text name;

	(void)state;
	assert_int_equal(parse(V A "d=m\xc3\xb8x.example; s=t\xc3\xa9st; " H B,
			       &arena, &s),
			 DKIM_SIGNATURE_OK);
	assert_span(dname_print(&s.key_name, &name),
		    "xn--tst-bma._domainkey.xn--mx-lka.example");
}

/* b= inside another value is not the b= tag (D12). */
static void
test_other_b(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(65536);
	struct dkim_signature s;

	(void)state;
	assert_int_equal(
		parse(V A D S H "z=b=x|bh=y; b=dGVzdA==;bh=" BH, &arena, &s),
		DKIM_SIGNATURE_OK);
	assert_true(span_ends(s.before_b, SPAN("z=b=x|bh=y; b=")));
	assert_span(s.after_b, ";bh=" BH "\r\n");
}

static void
test_nul(void **state)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(65536);
	struct span raw = SPAN("DKIM-Signature: " V A D "s=a\0b; " H B "\r\n");
	struct header_field field = {
		.name = span_sub(raw, 0, 14),
		.raw = raw,
		.value = span_sub(raw, 15, raw.len - 2),
	};
	struct dkim_signature s;

	(void)state;
	assert_int_equal(dkim_signature_parse(&field, &arena, &s),
			 DKIM_SIGNATURE_BAD_LIST); /* a3 */
}

int
main(void)
{
	UNIT_ROWS(test_status, status);
	UNIT(test_members);
	UNIT(test_defaults);
	UNIT(test_idn);
	UNIT(test_other_b);
	UNIT(test_nul);
	return unit_run("mailauth/dkim_signature");
}
