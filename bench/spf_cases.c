/* SPDX-License-Identifier: Apache-2.0 */
#include "spf_cases.h"

#include <arpa/inet.h>
#include <stdlib.h>

static char *
copy(struct span s)
{
	char *text = strndup(s.ptr, s.len);

	if (text == NULL)
		bench_die("no memory");
	return text;
}

size_t
spf_cases(const char *folder, size_t (*round)(const struct bench_case *c),
	  struct bench_case *c)
{
	struct span rest = bench_file(folder, "spf.cases"), part[5];
	struct spf_case *q;
	size_t n = 0;

	while (n < BENCH_CASES && bench_fields(&rest, '|', 5, part)) {
		if (span_starts(part[0], SPAN("#")))
			continue;
		q = calloc(1, sizeof(*q));
		if (q == NULL)
			bench_die("no memory");
		if (inet_pton(AF_INET, copy(part[1]), q->ip) != 1)
			bench_die("spf.cases has a bad address");
		q->mail_from = span_of(copy(part[2]));
		q->helo = span_of(copy(part[3]));
		q->result = copy(part[4]);
		c[n++] = (struct bench_case){
			.name = copy(part[0]), .round = round, .context = q};
	}
	return n;
}
