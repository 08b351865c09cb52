/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire - DNS messages as octets (RFC 1035 section 4, EDNS RFC 6891).
 *
 * Reading is strict: a message that lies about anything is refused whole.
 * A name is followed through pointers that go backwards only, over at most
 * WIRE_HOPS_MAX of them.  Writing compresses owner names and undoes a record
 * that does not fit.
 *
 * Pure: no allocation but in a given arena, no I/O, no logging, no clock.
 * Ownership: what wire_parse() gives lives in its arena, the message may go;
 * a struct wire_record borrows from the message.
 */
#pragma once

#include "base/arena.h"
#include "base/reader.h"
#include "base/writer.h"
#include "dns/record.h"

#define WIRE_MESSAGE_MAX 65535 /* octets in a message */
#define WIRE_HEADER_SIZE 12    /* octets before the question */
#define WIRE_OPT_SIZE    11    /* octets of an OPT record without options */
#define WIRE_UDP_MAX     1232  /* octets that we send or ask for over UDP */
#define WIRE_RECORDS_MAX 4096  /* records in a message that we read */
#define WIRE_HOPS_MAX    128   /* pointers in one name */
#define WIRE_TARGETS_MAX 64    /* names in a message a pointer may go to */

enum wire_class {
	WIRE_CLASS_IN = 1,     /* the Internet */
	WIRE_CLASS_CH = 3,     /* "version.bind" and its kind */
	WIRE_CLASS_NONE = 254, /* RFC 2136: delete this */
	WIRE_CLASS_ANY = 255,  /* every class; RFC 2136: delete all */
};

enum wire_opcode {
	WIRE_QUERY = 0,  /* RFC 1035 */
	WIRE_NOTIFY = 4, /* RFC 1996 */
	WIRE_UPDATE = 5, /* RFC 2136 */
};

/* RCODEs; those above 15 need EDNS. */
enum wire_rcode {
	WIRE_NOERROR = 0,  /* fine */
	WIRE_FORMERR = 1,  /* the query was malformed */
	WIRE_SERVFAIL = 2, /* the server could not */
	WIRE_NXDOMAIN = 3, /* there is no such name */
	WIRE_NOTIMP = 4,   /* the opcode is not for us */
	WIRE_REFUSED = 5,  /* the server will not */
	WIRE_YXDOMAIN = 6, /* RFC 2136: a name exists that should not */
	WIRE_YXRRSET = 7,  /* RFC 2136: records exist that should not */
	WIRE_NXRRSET = 8,  /* RFC 2136: records do not exist that should */
	WIRE_NOTAUTH = 9,  /* not this server's zone, or a bad TSIG */
	WIRE_NOTZONE = 10, /* RFC 2136: a name is outside the zone */
	WIRE_BADVERS = 16, /* an EDNS version that the server lacks */
};

enum wire_section {
	WIRE_ANSWER,     /* what was asked for */
	WIRE_AUTHORITY,  /* whose it is, or the SOA of what is not there */
	WIRE_ADDITIONAL, /* what may help; OPT and TSIG */
	WIRE_SECTIONS    /* how many there are */
};

/* What is wrong with a message. */
enum wire_status {
	WIRE_OK = 0,
	WIRE_SHORT,     /* it ends too soon */
	WIRE_LONG,      /* it goes on behind its last record */
	WIRE_BAD_NAME,  /* a label or a pointer that may not be */
	WIRE_QUESTIONS, /* more than one question, or none where one must be */
	WIRE_BAD_DATA,  /* RDATA that is not of its type */
	WIRE_BAD_OPT,   /* two OPT, or one in the wrong place, or malformed */
	WIRE_TOO_MANY,  /* above WIRE_RECORDS_MAX records */
	WIRE_NO_MEMORY, /* the arena is full */
};

struct wire_header {
	uint16_t id;                     /* of the query and its answer */
	bool qr;                         /* an answer */
	uint8_t opcode;                  /* an enum wire_opcode, or another */
	bool aa;                         /* authoritative */
	bool tc;                         /* truncated */
	bool rd;                         /* recursion desired */
	bool ra;                         /* recursion available */
	bool ad;                         /* validated by DNSSEC */
	bool cd;                         /* do not validate */
	uint8_t rcode;                   /* its low four bits */
	uint16_t questions;              /* how many there are */
	uint16_t records[WIRE_SECTIONS]; /* how many, in each section */
};

struct wire_question {
	struct dname name;    /* in the case it was written */
	uint16_t type, class; /* asked for */
};

/* The OPT record. */
struct wire_opt {
	bool present;    /* else all the rest is 0 */
	uint16_t size;   /* octets of UDP that the sender takes */
	uint8_t rcode;   /* the upper eight bits of the RCODE */
	uint8_t version; /* of EDNS */
	bool dnssec_ok;  /* DO */
};

/* A record as it lies in the message. */
struct wire_record {
	struct dname name;
	uint16_t type, class; /* as numbers */
	uint32_t ttl;         /* seconds */
	struct span data;     /* RDATA, names in it maybe compressed */
	size_t data_at;       /* its offset in the message */
};

/* A whole message. */
struct wire_message {
	struct wire_header header;
	struct wire_question question;         /* zeroed if there was none */
	struct dns_rr *section[WIRE_SECTIONS]; /* class IN; without the OPT */
	size_t len[WIRE_SECTIONS];             /* of section */
	struct wire_opt opt;
};

/* A query as a server needs it: no record is decoded. */
struct wire_query {
	struct wire_header header;
	struct wire_question question; /* if header.questions is 1 */
	struct wire_opt opt;
};

/* A message that is being written. */
struct wire_out {
	struct writer w; /* where it goes */
	uint16_t records[WIRE_SECTIONS];
	uint16_t
		target[WIRE_TARGETS_MAX]; /* offsets of names and their tails */
	size_t targets;                   /* of target */
};

/* Reads the header; false (and r->bad) if it is cut short. */
bool wire_read_header(struct reader *r, struct wire_header *ret) MUST_CHECK;

/*
 * Reads a name at the reader, whose `all` is the whole message, through its
 * pointers.  Fails by returning false and setting r->bad.
 */
bool wire_read_name(struct reader *r, struct dname *ret) MUST_CHECK;

/* Reads a question. */
enum wire_status wire_read_question(struct reader *r,
				    struct wire_question *ret) MUST_CHECK;

/* Reads a record of any type and class without looking into its RDATA. */
enum wire_status wire_read_record(struct reader *r,
				  struct wire_record *ret) MUST_CHECK;

/* Decodes a record of `message` into *ret and `arena`. */
enum wire_status wire_decode(struct span message,
			     const struct wire_record *record,
			     struct arena *arena,
			     struct dns_rr *ret) MUST_CHECK;

/* Decodes all of `message`.  WIRE_OK sets *ret. */
enum wire_status wire_parse(struct span message, struct arena *arena,
			    struct wire_message *ret) MUST_CHECK;

/*
 * Reads `message` as a server does; it may be any octets.  *ret is set as
 * far as reading came: the header is right unless WIRE_SHORT is returned for
 * a message below WIRE_HEADER_SIZE, the rest only with WIRE_OK.
 */
enum wire_status wire_parse_query(struct span message,
				  struct wire_query *ret) MUST_CHECK;

/* Returns a static clause for `status`. */
const char *wire_strerror(enum wire_status status);

/* Returns "FORMERR", "REFUSED" ...; static; "RCODE" for one not known. */
const char *wire_rcode_name(unsigned rcode);

/* Begins a message of at most `room` octets at `ptr` with the header. */
struct wire_out wire_begin(void *ptr, size_t room,
			   const struct wire_header *header);

/* Puts a name, compressed if it can be. */
void wire_put_name(struct wire_out *out, const struct dname *name);

/* Puts the question; it must come first. */
void wire_put_question(struct wire_out *out, const struct wire_question *q);

/*
 * Puts a record with the data it has (see dns_rr_pack()).  Sections must be
 * filled in their order.  Returns false, leaving the message as it was, if
 * there is no room.
 */
bool wire_put_record(struct wire_out *out, enum wire_section section,
		     const struct dname *name, uint16_t type, uint16_t class,
		     uint32_t ttl, struct span data);

/* As wire_put_record(), of a struct dns_rr in class IN. */
bool wire_put_rr(struct wire_out *out, enum wire_section section,
		 const struct dns_rr *rr);

/* Puts an OPT record; false if there is no room. */
bool wire_put_opt(struct wire_out *out, const struct wire_opt *opt);

/* Sets TC in what was written. */
void wire_set_truncated(struct wire_out *out);

/* Fills in the counts and returns the message; empty if it did not fit. */
struct span wire_end(struct wire_out *out);
