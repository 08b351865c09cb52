/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/roles.h"

#include <stdio.h>
#include <string.h>

#include "keyd/process.h"
#include "serve/server.h"
#include "sys/process.h"

/* Exit status of a process whose start was wrong (sysexits.h EX_USAGE). */
#define EXIT_ROLE 64

static int
run_keyd(void)
{
	static const int masters[] = {PROCESS_FIRST_FD + 1};
	struct keyd_process plan = {
		.channel = PROCESS_FIRST_FD,
		.masters = masters,
		.masters_len = 1,
	};
	struct error err;
	enum keyd_end end = keyd_process_run(&plan, &err);

	if (end != KEYD_END_CLOSED)
		fprintf(stderr, "sesame: keyd: %s\n", err.text);
	return (int)end;
}

int
role_run(const char *name, const char *data)
{
	if (strcmp(name, "keyd") == 0)
		return run_keyd();
	if (strcmp(name, "server") == 0)
		return server_run(data);
	fprintf(stderr, "sesame: there is no role \"%s\"\n", name);
	return EXIT_ROLE;
}
