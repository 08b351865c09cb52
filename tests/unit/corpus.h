/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus - cases of other implementations, in files of a folder that is not
 * ours: SESAME_CONFORMANCE, or ../shared/conformance beside the sources.  A
 * test that reads one is skipped where it is not there.
 *
 * corpus_disagrees() looks in tests/conformance/rows-disagreements, the
 * reviewed list of rows whose expectation we do not share: "file/id  reason".
 * Needs SOURCE_ROOT (source_root_dep in meson.build) and text_dep.
 */
#pragma once

#include <stdlib.h>

#include "base/buf.h"
#include "text/json.h"
#include "unit.h"

#define CORPUS_FILE_MAX ((size_t)16 << 20)

/* Appends a file; returns whether there is one. */
static inline bool
corpus_load(const char *folder, const char *name, struct buf *to)
{
	char path[4096];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (f == NULL)
		return false;
	do {
		char *p = buf_reserve(to, 65536);

		assert_non_null(p);
		n = fread(p, 1, 65536, f);
		buf_grew(to, n);
	} while (n > 0);
	fclose(f);
	return true;
}

/* Appends a file of the suites; without it the test is skipped. */
static inline void
corpus_read(const char *name, struct buf *to)
{
	const char *dir = getenv("SESAME_CONFORMANCE");

	if (dir == NULL)
		dir = SOURCE_ROOT "/../shared/conformance";
	if (!corpus_load(dir, name, to))
		skip();
}

/* Returns the JSON document of a file of the suites, or skips the test. */
static inline json_t *
corpus_json(const char *name)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(CORPUS_FILE_MAX);
	json_error_t error;
	json_t *json;

	corpus_read(name, &text);
	/* a selector there has a NUL in it, which text/json.h would refuse */
	json = json_loadb(text.ptr, text.len, JSON_ALLOW_NUL, &error);
	if (json == NULL)
		fail_msg("%s: %s", name, error.text);
	return json;
}

/* Returns the text of a member; "" if it is not there as one. */
static inline struct span
corpus_member(const json_t *object, const char *name)
{
	return json_text(json_object_get(object, name));
}

/* Returns whether the row `id` of `file` is a reviewed disagreement. */
static inline bool
corpus_disagrees(const char *file, struct span id)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(CORPUS_FILE_MAX);
	struct span rest;

	if (!corpus_load(SOURCE_ROOT "/tests/conformance", "rows-disagreements",
			 &text))
		return false;
	rest = buf_span(&text);
	while (rest.len > 0) {
		struct span line = span_cut(&rest, '\n');

		line = span_cut(&line, ' ');
		if (span_equal(span_cut(&line, '/'), span_of(file)) &&
		    span_equal(line, id))
			return true;
	}
	return false;
}

/*
 * Counts a row that was looked at: says which one is wrong, or which listed
 * disagreement agrees after all.  Returns how many faults that is, 0 or 1.
 */
static inline size_t
corpus_row(const char *file, struct span id, bool agrees)
{
	bool listed = corpus_disagrees(file, id);

	if (agrees != listed)
		return 0;
	print_message("%s/" SPAN_FMT ": %s\n", file, SPAN_ARG(id),
		      listed ? "agrees, but is listed as a disagreement"
			     : "is not as it wants");
	return 1;
}
