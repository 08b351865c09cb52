/* SPDX-License-Identifier: Apache-2.0 */
#include "text/taglist.h"

#include <stdlib.h>

#include "unit.h"

static const struct good_row {
	const char *name;
	const char *text;
	const char *want; /* the tags, put back together by join() */
} good[] = {
	{"a key record", "v=DKIM1; k=rsa; p=MI", "v=DKIM1|k=rsa|p=MI"},
	{"a last semicolon", "v=1; \t", "v=1"},
	{"no white space", "a=1;b=2", "a=1|b=2"},
	{"white space goes outside", " a \t=  1 ; b=2 ", "a=1|b=2"},
	{"white space stays inside", "n=two  words", "n=two  words"},
	{"a folded line", "a=1;\r\n b=2", "a=1|b=2"},
	{"an empty value, not an absent one", "v=1; p=", "v=1|p="},
	{"an equals sign in a value", "p=AB==; t=s", "p=AB==|t=s"},
	{"case-sensitive names", "a=1; A=2", "a=1|A=2"},
	{"a digit and an underscore in a name", "x_1=2", "x_1=2"},
};

/* As many tags as TAGLIST_MAX allows, in 96 bytes. */
#define FULL                                                                   \
	"a=;b=;c=;d=;e=;f=;g=;h=;i=;j=;k=;l=;m=;n=;o=;p=;"                     \
	"q=;r=;s=;t=;u=;v=;w=;x=;y=;z=;A=;B=;C=;D=;E=;F=;"

static const struct bad_row {
	const char *name;
	const char *text;
	enum taglist_status status;
	size_t offset; /* of the byte at fault */
} bad[] = {
	{"nothing", "", TAGLIST_BAD_NAME, 0},
	{"two semicolons", "a=1;;", TAGLIST_BAD_NAME, 4},
	{"a digit first", "1a=1", TAGLIST_BAD_NAME, 0},
	{"a name alone", "v=1; p", TAGLIST_NO_EQUALS, 6},
	{"a dash in a name", "x-y=1", TAGLIST_NO_EQUALS, 1},
	{"a bare line feed", "a=1\nb", TAGLIST_BAD_VALUE, 3},
	{"a control character", "a=\x7f", TAGLIST_BAD_VALUE, 2},
	{"an eight-bit byte", "n=caf\xc3\xa9", TAGLIST_BAD_VALUE, 5},
	{"a name twice", "a=1; b=2; a=3", TAGLIST_DUPLICATE, 10},
	{"a tag too many", FULL "G=", TAGLIST_TOO_MANY, 96},
};

static const char *
join(const struct taglist *list)
{
	static char buf[256];
	size_t n = 0;

	for (size_t i = 0; i < list->len; i++)
		n += (size_t)snprintf(
			buf + n, sizeof(buf) - n, "%s" SPAN_FMT "=" SPAN_FMT,
			i > 0 ? "|" : "", SPAN_ARG(list->tag[i].name),
			SPAN_ARG(list->tag[i].value));
	return buf;
}

/* Cuts `text` at every byte, in a block of that size: ASan sees over-reads. */
static void
check_prefixes(const char *text)
{
	struct taglist list;
	size_t offset;

	for (size_t n = 1; n <= strlen(text); n++) {
		char *copy = memcpy(malloc(n), text, n);

		if (taglist_parse((struct span){copy, n}, &list, &offset) != 0)
			assert_true(offset <= n);
		free(copy);
	}
}

static void
test_good(void **state)
{
	const struct good_row *row = *state;
	struct taglist list;
	size_t offset;

	assert_int_equal(taglist_parse(span_of(row->text), &list, &offset),
			 TAGLIST_OK);
	assert_string_equal(join(&list), row->want);
}

static void
test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct taglist list;
	size_t offset = 0;

	assert_int_equal(taglist_parse(span_of(row->text), &list, &offset),
			 row->status);
	assert_int_equal(offset, row->offset);
}

static void
test_full(void **state)
{
	struct taglist list;
	size_t offset;

	(void)state;
	assert_int_equal(taglist_parse(span_of(FULL), &list, &offset),
			 TAGLIST_OK);
	assert_int_equal(list.len, TAGLIST_MAX);
}

static void
test_prefixes(void **state)
{
	(void)state;
	check_prefixes("v=DKIM1; k=rsa;\r\n\tn=two  words; p=AB==;");
}

static void
test_strerror(void **state)
{
	(void)state;
	for (int i = TAGLIST_OK; i <= TAGLIST_TOO_MANY; i++)
		for (int k = TAGLIST_OK; k <= i; k++)
			assert_int_equal(
				strcmp(taglist_strerror((enum taglist_status)i),
				       taglist_strerror(
					       (enum taglist_status)k)) == 0,
				i == k);
}

int
main(void)
{
	UNIT_ROWS(test_good, good);
	UNIT_ROWS(test_bad, bad);
	UNIT(test_full);
	UNIT(test_prefixes);
	UNIT(test_strerror);
	return unit_run("text/taglist");
}
