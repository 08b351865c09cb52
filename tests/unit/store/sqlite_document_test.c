/* SPDX-License-Identifier: Apache-2.0 */
#include "store/temp.h"

/* A template of account A. */
static struct document template(const char *name)
{
	struct document d = {
		.kind = DOCUMENT_EMAIL_TEMPLATE,
		.created = T0,
		.updated = T0,
	};

	COPY(d.account, A);
	COPY(d.name, name);
	return d;
}

static void
test_one(void **state)
{
	struct store *s = temp_open(NULL);
	CLEANUP(buf_release) struct buf body = BUF_INIT(100);
	struct document d = template("hello"), got;

	(void)state;
	memset(&got, 0, sizeof(got));
	FAILS(store_document_add(s, &d, SPAN("{}"), &err), ERROR_NOT_FOUND);
	temp_account(s, A);
	FAILS(store_document_put(s, &d, SPAN("{}"), &err), ERROR_NOT_FOUND);
	OK(store_document_add(s, &d, SPAN("{\"a\":1}"), &err));
	FAILS(store_document_add(s, &d, SPAN("{}"), &err),
	      ERROR_ALREADY_EXISTS);
	OK(store_document_get(s, A, d.kind, "", "hello", &got, &body, &err));
	assert_memory_equal(&got, &d, sizeof(d));
	assert_string_equal(body.ptr, "{\"a\":1}");

	d.updated = T0 + 7;
	d.created = 1; /* not what a put changes */
	OK(store_document_put(s, &d, SPAN("new"), &err));
	buf_clear(&body);
	OK(store_document_get(s, A, d.kind, "", "hello", &got, &body, &err));
	assert_int_equal(got.created, T0);
	assert_int_equal(got.updated, T0 + 7);
	assert_string_equal(body.ptr, "new");

	/* Another account, kind, parent or name is another document. */
	FAILS(store_document_get(s, B, d.kind, "", "hello", &got, &body, &err),
	      ERROR_NOT_FOUND);
	FAILS(store_document_get(s, A, DOCUMENT_TENANT, "", "hello", &got,
				 &body, &err),
	      ERROR_NOT_FOUND);
	FAILS(store_document_get(s, A, d.kind, "x", "hello", &got, &body, &err),
	      ERROR_NOT_FOUND);
	FAILS(store_document_delete(s, A, d.kind, "", "Hello", &err),
	      ERROR_NOT_FOUND);
	OK(store_document_delete(s, A, d.kind, "", "hello", &err));
	FAILS(store_document_delete(s, A, d.kind, "", "hello", &err),
	      ERROR_NOT_FOUND);
	store_free(s);
}

static void
test_size(void **state)
{
	struct store *s = temp_open(NULL);
	CLEANUP(buf_release)
	struct buf big = BUF_INIT(STORE_DOCUMENT_MAX + 1);
	CLEANUP(buf_release) struct buf body = BUF_INIT(STORE_DOCUMENT_MAX);
	CLEANUP(buf_release) struct buf small = BUF_INIT(10);
	struct document d = template("big"), got;
	char *to = buf_reserve(&big, STORE_DOCUMENT_MAX + 1);

	(void)state;
	memset(to, 'x', STORE_DOCUMENT_MAX + 1);
	buf_grew(&big, STORE_DOCUMENT_MAX + 1);
	temp_account(s, A);
	FAILS(store_document_add(s, &d, buf_span(&big), &err), ERROR_TOO_LARGE);
	buf_truncate(&big, STORE_DOCUMENT_MAX);
	OK(store_document_add(s, &d, buf_span(&big), &err));
	OK(store_document_get(s, A, d.kind, "", "big", &got, &body, &err));
	assert_int_equal(body.len, STORE_DOCUMENT_MAX);
	memset(&got, 'g', sizeof(got));
	FAILS(store_document_get(s, A, d.kind, "", "big", &got, &small, &err),
	      ERROR_TOO_LARGE);
	assert_int_equal(got.name[0], 'g');
	buf_add(&big, SPAN("y"));
	FAILS(store_document_put(
		      s, &d, span_bytes(big.ptr, STORE_DOCUMENT_MAX + 1), &err),
	      ERROR_TOO_LARGE);
	/* A name as long as there is room for. */
	memset(d.name, 'n', sizeof(d.name) - 1);
	memset(d.parent, 'p', sizeof(d.parent) - 1);
	OK(store_document_add(s, &d, SPAN(""), &err));
	body.len = 0;
	OK(store_document_get(s, A, d.kind, d.parent, d.name, &got, &body,
			      &err));
	assert_string_equal(got.name, d.name);
	assert_string_equal(got.parent, d.parent);
	assert_int_equal(body.len, 0);
	store_free(s);
}

static void
test_list(void **state)
{
	static const char *const names[] = {"c", "a", "B", "b"};
	static struct document list[5];
	struct store *s = temp_open(NULL);
	struct document d;
	uint64_t count;
	size_t len;

	(void)state;
	temp_account(s, A);
	temp_account(s, B);
	for (size_t i = 0; i < COUNT(names); i++) {
		d = template(names[i]);
		OK(store_document_add(s, &d, SPAN("{}"), &err));
	}
	COPY(d.account, B);
	OK(store_document_add(s, &d, SPAN("{}"), &err));
	d = template("p");
	d.kind = DOCUMENT_IDENTITY_POLICY;
	COPY(d.parent, "a.example");
	OK(store_document_add(s, &d, SPAN("{}"), &err));

	OK(store_document_list(s, A, DOCUMENT_EMAIL_TEMPLATE, "", "", list, 5,
			       &len, &err));
	assert_int_equal(len, 4);
	assert_string_equal(list[0].name, "B");
	assert_string_equal(list[1].name, "a");
	assert_string_equal(list[3].name, "c");
	assert_int_equal(list[3].updated, T0);
	OK(store_document_list(s, A, DOCUMENT_EMAIL_TEMPLATE, "", "a", list, 1,
			       &len, &err));
	assert_int_equal(len, 1);
	assert_string_equal(list[0].name, "b");
	OK(store_document_list(s, A, DOCUMENT_IDENTITY_POLICY, "", "", list, 5,
			       &len, &err));
	assert_int_equal(len, 0);
	OK(store_document_list(s, A, DOCUMENT_IDENTITY_POLICY, "a.example", "",
			       list, 5, &len, &err));
	assert_int_equal(len, 1);
	assert_string_equal(list[0].parent, "a.example");
	OK(store_document_count(s, A, DOCUMENT_EMAIL_TEMPLATE, "", &count,
				&err));
	assert_int_equal(count, 4);
	OK(store_document_count(s, A, DOCUMENT_TENANT, "", &count, &err));
	assert_int_equal(count, 0);

	OK(store_document_delete_all(s, A, DOCUMENT_EMAIL_TEMPLATE, "", &err));
	OK(store_document_delete_all(s, A, DOCUMENT_EMAIL_TEMPLATE, "", &err));
	OK(store_document_count(s, A, DOCUMENT_EMAIL_TEMPLATE, "", &count,
				&err));
	assert_int_equal(count, 0);
	OK(store_document_count(s, B, DOCUMENT_EMAIL_TEMPLATE, "", &count,
				&err));
	assert_int_equal(count, 1);
	OK(store_document_count(s, A, DOCUMENT_IDENTITY_POLICY, "a.example",
				&count, &err));
	assert_int_equal(count, 1);
	store_free(s);
}

/* What belongs to something goes with it, and with nothing else. */
static void
test_parents(void **state)
{
	static const struct {
		enum document_kind kind;
		const char *parent;
	} rows[] = {
		{DOCUMENT_IDENTITY_POLICY, "a.example"},
		{DOCUMENT_IDENTITY_POLICY, "b.example"},
		{DOCUMENT_EVENT_DESTINATION, "a.example"},
		{DOCUMENT_EVENT_DESTINATION, "news"},
		{DOCUMENT_EVENT_DESTINATION, "other"},
	};
	struct store *s = temp_open(NULL);
	struct identity i = temp_identity("a.example");
	struct configuration_set c = {.account = A, .name = "news"};
	bool left[COUNT(rows)] = {false, true, true, false, true};
	uint64_t count;

	(void)state;
	temp_account(s, A);
	OK(store_identity_add(s, &i, &err));
	OK(store_set_add(s, &c, &err));
	for (size_t n = 0; n < COUNT(rows); n++) {
		struct document d = template("d");

		d.kind = rows[n].kind;
		COPY(d.parent, rows[n].parent);
		OK(store_document_add(s, &d, SPAN("{}"), &err));
	}
	OK(store_identity_delete(s, i.id, T0, &err));
	OK(store_set_delete(s, A, "news", &err));
	for (size_t n = 0; n < COUNT(rows); n++) {
		OK(store_document_count(s, A, rows[n].kind, rows[n].parent,
					&count, &err));
		assert_int_equal(count, left[n]);
	}
	store_free(s);
}

int
main(void)
{
	UNIT(test_one);
	UNIT(test_size);
	UNIT(test_list);
	UNIT(test_parents);
	return unit_run("store/sqlite_document");
}
