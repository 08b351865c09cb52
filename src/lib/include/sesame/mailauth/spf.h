/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spf - may this host send mail for this domain?  (RFC 7208)
 *
 * SPF alone, for when there is no message yet: at MAIL FROM, say.  Macros,
 * exp= and all limits of RFC 7208 section 4.6.4 are there.
 *
 *	struct sesame_spf_input in = {
 *		.size = sizeof(in),
 *		.client_ip = sesame_text_of("192.0.2.1"),
 *		.helo = sesame_text_of("mx.example.org"),
 *		.mail_from = sesame_text_of("bounce@example.org"),
 *		.time_ms = now,
 *	};
 *	struct sesame_spf *spf;
 *
 *	if (sesame_spf_new(&in, &spf) == SESAME_OK) {
 *		answer_all(sesame_spf_dns(spf));
 *		use(sesame_spf_result(spf));
 *		sesame_spf_free(spf);
 *	}
 *
 * Memory: at most 2 MiB and a DNS answer.
 */
#ifndef SESAME_MAILAUTH_SPF_H
#define SESAME_MAILAUTH_SPF_H

#include <sesame/mailauth/cache.h>
#include <sesame/mailauth/dns.h>

SESAME_BEGIN

struct sesame_spf;

/* RFC 7208 section 2.6. */
enum sesame_spf_code {
	SESAME_SPF_NONE = 0,      /* no domain to ask about, or no record */
	SESAME_SPF_NEUTRAL = 1,   /* the domain does not say */
	SESAME_SPF_PASS = 2,      /* the host may send for the domain */
	SESAME_SPF_FAIL = 3,      /* it may not */
	SESAME_SPF_SOFTFAIL = 4,  /* it probably may not */
	SESAME_SPF_TEMPERROR = 5, /* DNS did not answer: later perhaps */
	SESAME_SPF_PERMERROR = 6, /* the record cannot be interpreted */
};

/* Whose domain was evaluated. */
enum sesame_spf_identity {
	SESAME_SPF_MAILFROM = 0, /* RFC 7208 section 2.4 */
	SESAME_SPF_HELO = 1,     /* RFC 7208 section 2.3 */
};

/* Why a result is what it is. */
enum sesame_spf_reason {
	SESAME_SPF_MATCHED = 0,    /* a mechanism matched: `term` */
	SESAME_SPF_UNMATCHED = 1,  /* none did, and there is no redirect= */
	SESAME_SPF_NO_DOMAIN = 2,  /* no domain name to ask about */
	SESAME_SPF_NO_RECORD = 3,  /* the domain publishes none */
	SESAME_SPF_RECORDS = 4,    /* it publishes several */
	SESAME_SPF_SYNTAX = 5,     /* a record is malformed: `term` */
	SESAME_SPF_DNS = 6,        /* a DNS question failed */
	SESAME_SPF_LIMIT = 7,      /* above a limit of section 4.6.4, or of
				      ours */
	SESAME_SPF_NO_INCLUDE = 8, /* where include: or redirect= points there
				      is no record */
};

/* What is known of the SMTP session.  Zero it, then set what you know. */
struct sesame_spf_input {
	size_t size;                  /* sizeof(struct sesame_spf_input) */
	struct sesame_text client_ip; /* of the client: "192.0.2.1", "::1" */
	struct sesame_text helo;      /* what it called itself; may be unset */
	struct sesame_text mail_from; /* with or without "<>"; "" is the null
					 sender, whose domain is HELO's; unset:
					 evaluate HELO */
	struct sesame_text receiver;  /* who asks, for %{r}; may be unset */
	int64_t time_ms;              /* now, for %{t} */
	struct sesame_cache *cache;   /* may be NULL */
};

struct sesame_spf_result {
	enum sesame_spf_code code;         /* the result */
	enum sesame_spf_reason reason;     /* why */
	const char *reason_text;           /* the same, for a person */
	enum sesame_spf_identity identity; /* whose domain it is */
	struct sesame_text domain;         /* that was evaluated */
	struct sesame_text term;           /* that matched, or is at fault */
	struct sesame_text record;         /* that `term` stands in */
	struct sesame_text record_domain;  /* whose record that is */
	struct sesame_text explanation;    /* the domain's own words on a fail
					      (exp=), printable ASCII; "" */
	unsigned lookups;                  /* terms that asked DNS, of 10 */
	unsigned voids;     /* of these, that found nothing, of 2 */
	unsigned questions; /* DNS questions in all */
};

/*
 * Starts an evaluation.  Fails with SESAME_ERR_ARGUMENT or, if client_ip is
 * no address, SESAME_ERR_ADDRESS.
 */
SESAME_API enum sesame_status sesame_spf_new(const struct sesame_spf_input *in,
					     struct sesame_spf **ret);

/* Frees `spf`, which may be NULL, and its result. */
SESAME_API void sesame_spf_free(struct sesame_spf *spf);

/* Borrows its DNS side, to be answered until it asks no more. */
SESAME_API struct sesame_dns *sesame_spf_dns(struct sesame_spf *spf);

/* Borrows the result; NULL while a question waits. */
SESAME_API const struct sesame_spf_result *
sesame_spf_result(const struct sesame_spf *spf);

/* Returns "pass", "softfail" ... as RFC 8601 has it; static. */
SESAME_API const char *sesame_spf_name(enum sesame_spf_code code);

SESAME_END

#endif
