/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roles - the processes that the supervisor starts, by their names.
 */
#pragma once

/*
 * Is the role called `name` ("keyd", "server") until it ends; `data` is the
 * data directory.  Returns the exit status.
 */
int role_run(const char *name, const char *data);
