/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program: a command, or (started by `sesame serve`) one of its roles.
 */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "serve/roles.h"

int
main(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "--role") == 0)
		return role_run(argv[2], argc > 3 ? argv[3] : "");
	return cli_main(argc, argv);
}
