/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/armor.h"

#include "unit.h"

#define B(label) "-----BEGIN " label "-----\n"
#define E(label) "-----END " label "-----\n"

static const struct row {
	const char *name;
	struct span text;
	enum armor_status status;
	enum armor_label label;
	const char *want;
} rows[] = {
	{"PEM", SPAN(B("PRIVATE KEY") "Zm9v\nYmFy\n" E("PRIVATE KEY")),
	 ARMOR_OK, ARMOR_PRIVATE, "foobar"},
	{"CRLF",
	 SPAN("-----BEGIN PRIVATE KEY-----\r\nZm9v\r\n"
	      "-----END PRIVATE KEY-----\r\n"),
	 ARMOR_OK, ARMOR_PRIVATE, "foo"},
	{"PKCS#1", SPAN(B("RSA PRIVATE KEY") "Zg==\n" E("RSA PRIVATE KEY")),
	 ARMOR_OK, ARMOR_RSA_PRIVATE, "f"},
	{"the first of two",
	 SPAN(B("PRIVATE KEY") "Zm8=\n" E("PRIVATE KEY") B("X") E("X")),
	 ARMOR_OK, ARMOR_PRIVATE, "fo"},
	{"on one line",
	 SPAN("-----BEGIN PRIVATE KEY----- Zm9v -----END PRIVATE KEY-----"),
	 ARMOR_OK, ARMOR_PRIVATE, "foo"},
	{"base64", SPAN(" Zm9v\n YmE="), ARMOR_OK, ARMOR_UNLABELLED, "fooba"},
	{"base64 without padding", SPAN("Zm9vYg"), ARMOR_OK, ARMOR_UNLABELLED,
	 "foob"},
	{"base64 of PEM",
	 SPAN("LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tClptOXYKLS0tLS1FTkQgUFJJVkFU"
	      "RSBLRVktLS0tLQo="),
	 ARMOR_OK, ARMOR_PRIVATE, "foo"},
	{"DER", SPAN("0\x03\x02\x01\x05"), ARMOR_OK, ARMOR_UNLABELLED,
	 "0\x03\x02\x01\x05"},
	{"base64 that begins as DER does", SPAN("0Zm9"), ARMOR_OK,
	 ARMOR_UNLABELLED, "\xd1\x99\xbd"},
	{"encrypted",
	 SPAN(B("ENCRYPTED PRIVATE KEY") "Zm9v\n" E("ENCRYPTED PRIVATE KEY")),
	 ARMOR_OK, ARMOR_ENCRYPTED, ""},
	{"encrypted by a header",
	 SPAN(B("RSA PRIVATE KEY") "Proc-Type: 4,ENCRYPTED\n\nZm9v\n" E(
		 "RSA PRIVATE KEY")),
	 ARMOR_OK, ARMOR_ENCRYPTED, ""},
	{"public", SPAN(B("PUBLIC KEY") "Zm9v\n" E("PUBLIC KEY")), ARMOR_OK,
	 ARMOR_PUBLIC, ""},
	{"a certificate", SPAN(B("CERTIFICATE") "Zm9v\n" E("CERTIFICATE")),
	 ARMOR_OK, ARMOR_PUBLIC, ""},
	{"OpenSSH",
	 SPAN(B("OPENSSH PRIVATE KEY") "Zm9v\n" E("OPENSSH PRIVATE KEY")),
	 ARMOR_OK, ARMOR_OTHER, ""},
	{"nothing", SPAN(""), ARMOR_EMPTY, 0, NULL},
	{"white space", SPAN(" \n"), ARMOR_EMPTY, 0, NULL},
	{"no END", SPAN(B("PRIVATE KEY") "Zm9v"), ARMOR_NO_END, 0, NULL},
	{"another END", SPAN(B("PRIVATE KEY") "Zm9v\n" E("PUBLIC KEY")),
	 ARMOR_NO_END, 0, NULL},
	{"an END cut short",
	 SPAN(B("PRIVATE KEY") "Zm9v\n-----END PRIVATE KEY--"), ARMOR_NO_END, 0,
	 NULL},
	{"BEGIN without dashes", SPAN("-----BEGIN PRIVATE KEY\nZm9v"),
	 ARMOR_NO_END, 0, NULL},
	{"empty PEM", SPAN(B("PRIVATE KEY") E("PRIVATE KEY")), ARMOR_NOT_BASE64,
	 0, NULL},
	{"one character", SPAN("Z"), ARMOR_NOT_BASE64, 0, NULL},
	{"five characters", SPAN("Zm9vY"), ARMOR_NOT_BASE64, 0, NULL},
	{"padding too short", SPAN("Zg="), ARMOR_NOT_BASE64, 0, NULL},
	{"padding too long", SPAN("Zg==="), ARMOR_NOT_BASE64, 0, NULL},
	{"padding not needed", SPAN("Zm9v===="), ARMOR_NOT_BASE64, 0, NULL},
	{"padding inside", SPAN("Zg==Zm9v"), ARMOR_NOT_BASE64, 0, NULL},
	{"only padding", SPAN("=="), ARMOR_NOT_BASE64, 0, NULL},
	{"URL-safe", SPAN("Zm_-"), ARMOR_NOT_BASE64, 0, NULL},
	{"eight bits", SPAN("Zm9v\xe9"), ARMOR_NOT_BASE64, 0, NULL},
};

static void
test_open(void **state)
{
	const struct row *row = *state;
	CLEANUP(secret_release) struct secret got = {.ptr = NULL};
	enum armor_label label = ARMOR_OTHER;

	assert_int_equal(armor_open(row->text, &got, &label), row->status);
	if (row->status != ARMOR_OK) {
		assert_null(got.ptr);
		return;
	}
	assert_int_equal(label, row->label);
	assert_span(secret_span(&got), row->want);
}

/* Of every length about a line's, what is closed opens as it was. */
static void
test_close(void **state)
{
	char octets[200];

	(void)state;
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (char)(i * 7);
	for (size_t n = 1; n < sizeof(octets); n++) {
		CLEANUP(secret_release) struct secret pem = {.ptr = NULL};
		CLEANUP(secret_release) struct secret back = {.ptr = NULL};
		enum armor_label label;
		struct span rest;

		armor_close(span_bytes(octets, n), "PRIVATE KEY", &pem);
		assert_int_equal(armor_open(secret_span(&pem), &back, &label),
				 ARMOR_OK);
		assert_int_equal(label, ARMOR_PRIVATE);
		assert_true(
			span_equal(secret_span(&back), span_bytes(octets, n)));
		/* RFC 7468 s2: lines of 64 characters, but for the last */
		rest = secret_span(&pem);
		while (rest.len > 0)
			assert_true(span_cut(&rest, '\n').len <= 64);
	}
}

int
main(void)
{
	UNIT_ROWS(test_open, rows);
	UNIT(test_close);
	return unit_run("crypt/armor");
}
