/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config - the configuration of a deployment: sesame.conf, as a value.
 *
 * One setting a line, `name = value`; `#` begins a comment; a setting that
 * is a list takes its values apart by white space and may also be repeated.
 * One table (config.c) makes the parser, the commented file that `sesame
 * init` writes, and the man page's list, so that they agree.
 *
 * Pure but for config_load(), which reads the file.
 */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "sys/net.h"

#define CONFIG_NAME_SIZE       254 /* a domain name and a NUL */
#define CONFIG_PATH_SIZE       1024
#define CONFIG_WORD_SIZE       64
#define CONFIG_ADDRESSES_MAX   16          /* in one list */
#define CONFIG_NAMESERVERS_MAX 8           /* name servers of the zone */
#define CONFIG_FILE_MAX        (64 * 1024) /* octets of sesame.conf */

/* IP addresses, without ports that matter. */
struct config_addresses {
	struct net_address at[CONFIG_ADDRESSES_MAX];
	size_t len; /* of at */
};

/* A name server of the deployment's zone. */
struct config_nameserver {
	char name[CONFIG_NAME_SIZE];       /* lower-case A-labels */
	struct config_addresses addresses; /* may be none: outside the zone */
};

struct config {
	char data[CONFIG_PATH_SIZE];   /* the data directory; not in the file */
	char zone[CONFIG_NAME_SIZE];   /* the deployment's own DNS zone */
	char region[CONFIG_WORD_SIZE]; /* its region's name */
	char hostmaster[CONFIG_NAME_SIZE]; /* SOA RNAME; "" is hostmaster.ZONE
					    */
	struct config_nameserver nameserver[CONFIG_NAMESERVERS_MAX];
	size_t nameservers;                     /* of nameserver */
	char ehlo_name[CONFIG_NAME_SIZE];       /* "" is out.ZONE */
	struct config_addresses mx_ip;          /* of the feedback host */
	struct config_addresses outbound_ip;    /* that mail leaves from */
	char listen_api[CONFIG_WORD_SIZE];      /* ADDRESS:PORT or "auto" */
	char listen_smtp[CONFIG_WORD_SIZE];     /* ADDRESS:PORT or "auto" */
	char listen_dns[CONFIG_WORD_SIZE];      /* ADDRESS:PORT or "auto" */
	char tls_certificate[CONFIG_PATH_SIZE]; /* "" is none */
	char tls_key[CONFIG_PATH_SIZE];         /* "" is none */
	char resolver[CONFIG_WORD_SIZE]; /* ADDRESS#PORT; "" is resolv.conf's */
	uint16_t delivery_port; /* that the hosts of recipients listen on; 0:
				   the port that listen_smtp got */
	bool access_log;        /* a line on stderr for each request */
	bool allow_loopback;    /* deliver to private and loopback addresses */
	char master_key[CONFIG_PATH_SIZE];         /* "" is DATA/master.key */
	char public_suffix_list[CONFIG_PATH_SIZE]; /* "" is Debian's */
	int64_t verify_confirm;      /* ms between the two looks of a SUCCESS */
	uint64_t key_pool;           /* DKIM keys that are made beforehand */
	uint64_t keyd_processes;     /* 0: one a core */
	char user[CONFIG_WORD_SIZE]; /* to become when started as root; "" */
};

/* Sets *config to the defaults of a deployment with its data in `data`. */
void config_init(struct config *config, const char *data);

/*
 * Sets one setting from its text; a list is added to.  Fails with
 * ERROR_CONFIG: there is no such setting (the nearest is named), or the value
 * is not of its form (which is said).
 */
bool config_set(struct config *config, struct span name, struct span value,
		struct error *reterr) MUST_CHECK;

/* Sets what "NAME=VALUE" says, as config_set(). */
bool config_set_pair(struct config *config, struct span pair,
		     struct error *reterr) MUST_CHECK;

/*
 * Sets what the file's text says; `path` is for messages.  Fails with
 * ERROR_CONFIG, path and line.
 */
bool config_parse(struct config *config, const char *path, struct span text,
		  struct error *reterr) MUST_CHECK;

/*
 * Reads DATA/sesame.conf, or the file at `path` if it is not NULL, into
 * *config, which config_init() made.
 */
bool config_load(struct config *config, const char *path,
		 struct error *reterr) MUST_CHECK;

/*
 * Checks that the settings fit together and fills in those that follow from
 * others (names from the zone, paths from the data directory).
 */
bool config_finish(struct config *config, struct error *reterr) MUST_CHECK;

/*
 * Appends the file that says *config: every setting with its comment, those
 * at their default commented out.
 */
void config_format(const struct config *config, struct buf *to);

/* Returns the name, form and comment of setting `i`, or false past the last. */
bool config_setting(size_t i, const char **ret_name, const char **ret_form,
		    const char **ret_comment);
