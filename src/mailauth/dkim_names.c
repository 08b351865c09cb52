/* SPDX-License-Identifier: Apache-2.0 */
#include "mailauth/dkim_names.h"

#define COLUMNS 68 /* of a line, its tab counted as one */

bool
dkim_names_add(struct dkim_names *names, struct span name, size_t times)
{
	if (times > DKIM_HEADERS_MAX - names->len)
		return false;
	while (times-- > 0)
		names->name[names->len++] = name;
	return true;
}

void
dkim_names_put(const struct dkim_names *names, struct buf *to)
{
	size_t column = 3;

	buf_adds(to, "\r\n\th=");
	for (size_t i = 0; i < names->len; i++) {
		struct span name = names->name[i];

		if (i > 0)
			buf_addc(to, ':');
		if (column + name.len + 2 > COLUMNS) {
			buf_adds(to, "\r\n\t ");
			column = 2;
		}
		buf_add(to, name);
		column += name.len + 1;
	}
	buf_addc(to, ';');
}
