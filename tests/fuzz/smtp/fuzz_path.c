/* SPDX-License-Identifier: Apache-2.0 */
/* What passes holds nothing that could end or change a command. */
#include <assert.h>
#include <stdint.h>

#include "smtp/path.h"

static void
check(const struct path *path)
{
	struct path again;

	assert(path->len <= PATH_MAX_LEN && path->local <= path->len);
	assert(path->text[path->len] == '\0');
	for (size_t i = 0; i < path->len; i++)
		assert(path->text[i] >= ' ' && path->text[i] <= '~');
	assert(path_parse(path_text(path), &again) == PATH_OK);
	assert(span_equal(path_text(&again), path_text(path)));
	assert(span_equal(path_domain(&again), path_domain(path)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span all = span_bytes(data, size);
	struct span rest = all;
	struct path path;

	if (path_parse(all, &path) == PATH_OK)
		check(&path);
	if (path_take(&rest, &path) == PATH_OK) {
		assert(rest.ptr + rest.len == all.ptr + all.len);
		check(&path);
	} else {
		assert(rest.ptr == all.ptr && rest.len == all.len);
	}
	return 0;
}
