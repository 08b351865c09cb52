/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervisor - the parent of a running deployment.
 *
 * Binds the ports, opens the master key and the TLS files, drops privileges,
 * starts the keyds and the server, and starts again those that die, with
 * backoff.  It never reads a byte from the network.
 *
 * A server gets descriptors by position (enum supervisor_fd).  Later ones
 * come over SUPERVISOR_FD_GIVE: the server's end of each keyd's channel, and
 * new TLS files after SIGHUP; those before stay in use, also in a server that
 * is started later, if the new ones are no good.  What the server has to say
 * comes back over SUPERVISOR_FD_TELL, an octet at a time.
 *
 * SIGTERM (or SIGINT) drains: the server finishes what is under way, then
 * the keyds end; a second one, or SUPERVISOR_DRAIN_MS, ends all at once.
 */
#pragma once

#include <stdbool.h>

#include "serve/config.h"

#define SUPERVISOR_DRAIN_MS  30000 /* from SIGTERM until SIGKILL */
#define SUPERVISOR_KEYDS_MAX 64    /* keyds, the one that makes keys included */

/* Where the server finds its descriptors. */
enum supervisor_fd {
	SUPERVISOR_FD_GIVE = 3,    /* descriptors come here (sys/process.h) */
	SUPERVISOR_FD_TELL = 4,    /* octets of enum supervisor_tell go here */
	SUPERVISOR_FD_CONFIG = 5,  /* a file: the configuration */
	SUPERVISOR_FD_API = 6,     /* listens for TCP */
	SUPERVISOR_FD_SMTP = 7,    /* listens for TCP */
	SUPERVISOR_FD_DNS_UDP = 8, /* bound */
	SUPERVISOR_FD_DNS_TCP = 9, /* listens for TCP */
};

/* What a descriptor is for that comes over SUPERVISOR_FD_GIVE. */
enum supervisor_give {
	/* 0 to SUPERVISOR_KEYDS_MAX - 1: the channel to that keyd */
	SUPERVISOR_GIVE_CERTIFICATE = 200, /* file of the TLS certificate */
	SUPERVISOR_GIVE_KEY = 201, /* file of its key; follows the former */
};

/* What the server says over SUPERVISOR_FD_TELL. */
enum supervisor_tell {
	/* 0 to SUPERVISOR_KEYDS_MAX - 1: that keyd hangs, and is to die */
	SUPERVISOR_TELL_READY = 200,       /* every listener answers */
	SUPERVISOR_TELL_TLS_TAKEN = 201,   /* of files given again: in use */
	SUPERVISOR_TELL_TLS_REFUSED = 202, /* they are not; others are */
};

/* Returns how many keyds a deployment has: one that makes keys, and others. */
size_t supervisor_keyds(const struct config *config);

/*
 * Runs the deployment until it is told to end.  `json`: says that it is
 * ready in one line of JSON on stdout.  Returns the exit status.
 */
int supervisor_run(const struct config *config, bool json);
