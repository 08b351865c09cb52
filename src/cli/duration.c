/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/duration.h"

bool
duration_parse(struct span text, int64_t *ret)
{
	static const struct {
		struct span name;
		int64_t ms;
	} unit[] = {
		{{"ms", 2}, 1},      {{"s", 1}, 1000},     {{"m", 1}, 60000},
		{{"h", 1}, 3600000}, {{"d", 1}, 86400000}, {{"", 0}, 1000},
	};
	size_t digits = 0;
	uint64_t n;

	while (digits < text.len && text.ptr[digits] >= '0' &&
	       text.ptr[digits] <= '9')
		digits++;
	for (size_t i = 0; i < COUNT(unit); i++)
		if (span_equal(span_skip(text, digits), unit[i].name) &&
		    span_to_u64(span_sub(text, 0, digits),
				(uint64_t)(DURATION_MAX / unit[i].ms), &n)) {
			*ret = (int64_t)n * unit[i].ms;
			return true;
		}
	return false;
}
