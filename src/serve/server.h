/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server - the process that does everything but hold secrets: one event loop
 * and one store thread.
 *
 * Started by the supervisor, whose descriptors it finds by their numbers
 * (serve/supervisor.h).  It enters its sandbox before it reads a byte from
 * the network, opens the store, loads the zone, and says that it is ready
 * once every listener answers.
 *
 * SIGTERM drains: listeners close, what is under way is finished, what is
 * queued stays in the queue.  When the supervisor is gone it ends at once:
 * nothing acknowledged is lost by that.
 */
#pragma once

/* Most time that draining takes, in ms; then it ends all the same. */
#define SERVER_DRAIN_MS 20000

/* Is the server of the data directory `data`; returns the exit status. */
int server_run(const char *data);
