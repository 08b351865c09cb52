/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/tsig.h"

#include "base/buf.h"
#include "crypt/hmac.h"
#include "crypt/secret.h"

_Static_assert(TSIG_MAC_SIZE == HMAC_SIZE, "a MAC is an HMAC-SHA-256");

/* Octets of what is signed besides the message: names, times, MAC. */
#define VARIABLES_MAX (2 * DNAME_MAX + 128)
/* Octets of the RDATA of a TSIG that we make. */
#define DATA_MAX 128
#define TIME_MAX ((int64_t)1 << 47) /* far beyond any clock; it has 48 bits */

/* hmac-sha256, as a name. */
static const struct dname algorithm = {.len = 13, .wire = "\13hmac-sha256"};

/* The RDATA of a TSIG (RFC 8945 section 4.2). */
struct tsig {
	struct dname algorithm;
	int64_t time;    /* signed at, seconds */
	uint16_t fudge;  /* seconds */
	struct span mac; /* the signature */
	uint16_t id;     /* that the message had when it was signed */
	uint16_t error;  /* an RCODE, of TSIG itself */
	struct span other;
};

static void
write_time(struct writer *w, int64_t time)
{
	writer_u16(w, (uint16_t)(time >> 32));
	writer_u32(w, (uint32_t)time);
}

/*
 * Computes the MAC of a message: the request's MAC, the message as it was
 * before it was signed, and the variables (section 4.3).
 */
static void
compute(const struct tsig_key *key, struct span request, struct span message,
	const struct tsig *tsig, uint8_t ret[TSIG_MAC_SIZE])
{
	CLEANUP(buf_release)
	struct buf all = BUF_INIT(WIRE_MESSAGE_MAX + VARIABLES_MAX +
				  (size_t)UINT16_MAX * 2);
	struct dname name = dname_lower(&key->name);
	uint8_t bytes[VARIABLES_MAX];
	struct writer w = writer_over(bytes, sizeof(bytes));

	if (request.len > 0) {
		uint8_t len[2] = {(uint8_t)(request.len >> 8),
				  (uint8_t)request.len};

		buf_add(&all, span_bytes(len, sizeof(len)));
		buf_add(&all, request);
	}
	buf_add(&all, message);
	writer_put(&w, dname_wire(&name));
	writer_u16(&w, WIRE_CLASS_ANY);
	writer_u32(&w, 0); /* TTL */
	writer_put(&w, dname_wire(&algorithm));
	write_time(&w, tsig->time);
	writer_u16(&w, tsig->fudge);
	writer_u16(&w, tsig->error);
	writer_u16(&w, (uint16_t)tsig->other.len);
	buf_add(&all, writer_span(&w));
	buf_add(&all, tsig->other);
	hmac_of(span_bytes(key->secret, key->len), buf_span(&all), ret);
}

/* Writes the RDATA. */
static void
write_data(struct writer *w, const struct tsig *tsig)
{
	writer_put(w, dname_wire(&algorithm));
	write_time(w, tsig->time);
	writer_u16(w, tsig->fudge);
	writer_u16(w, (uint16_t)tsig->mac.len);
	writer_put(w, tsig->mac);
	writer_u16(w, tsig->id);
	writer_u16(w, tsig->error);
	writer_u16(w, (uint16_t)tsig->other.len);
	writer_put(w, tsig->other);
}

bool
tsig_sign(const struct tsig_key *key, struct span request, int64_t time,
	  uint8_t *message, size_t *len, size_t room,
	  uint8_t ret[TSIG_MAC_SIZE])
{
	struct tsig tsig = {
		.time = time, .fudge = TSIG_FUDGE, .other = SPAN("")};
	struct reader r = reader_of(span_bytes(message, *len));
	struct writer data, w = writer_over(message, room);
	uint8_t bytes[DATA_MAX], mac[TSIG_MAC_SIZE];
	struct wire_header header;

	if (!wire_read_header(&r, &header) || time < 0 || time > TIME_MAX ||
	    header.records[WIRE_ADDITIONAL] == UINT16_MAX)
		return false;
	compute(key, request, span_bytes(message, *len), &tsig, mac);
	tsig.mac = span_bytes(mac, sizeof(mac));
	tsig.id = header.id;
	data = writer_over(bytes, sizeof(bytes));
	write_data(&data, &tsig);
	w.len = *len;
	writer_put(&w, dname_wire(&key->name));
	writer_u16(&w, DNS_TSIG);
	writer_u16(&w, WIRE_CLASS_ANY);
	writer_u32(&w, 0);
	writer_u16(&w, (uint16_t)data.len);
	writer_put(&w, writer_span(&data));
	if (w.bad || data.bad)
		return false;
	writer_patch_u16(&w, 10,
			 (uint16_t)(header.records[WIRE_ADDITIONAL] + 1));
	*len = w.len;
	memcpy(ret, mac, sizeof(mac));
	return true;
}

/* Reads the RDATA of `record`. */
static bool
read_data(struct span message, const struct wire_record *record,
	  struct tsig *ret)
{
	struct reader r = reader_of(
		span_sub(message, 0, record->data_at + record->data.len));

	r.at = record->data_at;
	if (!wire_read_name(&r, &ret->algorithm))
		return false;
	ret->time = (int64_t)reader_u16(&r) << 32;
	ret->time |= reader_u32(&r);
	ret->fudge = reader_u16(&r);
	ret->mac = reader_take(&r, reader_u16(&r));
	ret->id = reader_u16(&r);
	ret->error = reader_u16(&r);
	ret->other = reader_take(&r, reader_u16(&r));
	return !r.bad && reader_left(&r) == 0;
}

/* Finds the last record, and where it begins; it must be the TSIG. */
static enum tsig_status
find(struct span message, struct wire_header *header, struct wire_record *ret,
     size_t *ret_at)
{
	struct reader r = reader_of(message);
	struct wire_question question;
	size_t left = 0;

	if (!wire_read_header(&r, header))
		return TSIG_MALFORMED;
	for (size_t i = 0; i < header->questions; i++)
		if (wire_read_question(&r, &question) != WIRE_OK)
			return TSIG_MALFORMED;
	for (size_t i = 0; i < WIRE_SECTIONS; i++)
		left += header->records[i];
	if (header->records[WIRE_ADDITIONAL] == 0)
		return TSIG_MISSING;
	for (; left > 0; left--) {
		*ret_at = r.at;
		if (wire_read_record(&r, ret) != WIRE_OK ||
		    (ret->type == DNS_TSIG && left > 1))
			return TSIG_MALFORMED;
	}
	if (ret->type != DNS_TSIG)
		return TSIG_MISSING;
	return reader_left(&r) == 0 && ret->class == WIRE_CLASS_ANY &&
			       ret->ttl == 0
		       ? TSIG_OK
		       : TSIG_MALFORMED;
}

/* Whether the MAC is that of the message as it was before it was signed. */
static bool
is_right(const struct tsig_key *key, struct span request, struct span message,
	 uint16_t additional, const struct tsig *tsig)
{
	CLEANUP(buf_release) struct buf plain = BUF_INIT(WIRE_MESSAGE_MAX);
	uint8_t mac[TSIG_MAC_SIZE];
	struct writer w;

	if (!buf_add(&plain, message))
		return false;
	w = writer_over(plain.ptr, plain.len);
	w.len = plain.len;
	writer_patch_u16(&w, 0, tsig->id);
	writer_patch_u16(&w, 10, (uint16_t)(additional - 1));
	compute(key, request, buf_span(&plain), tsig, mac);
	return secret_equal(tsig->mac, span_bytes(mac, sizeof(mac)));
}

enum tsig_status
tsig_verify(const struct tsig_key *key, struct span request, int64_t time,
	    struct span message, uint8_t ret[TSIG_MAC_SIZE])
{
	struct wire_header header;
	struct wire_record record;
	struct tsig tsig;
	size_t at = 0;
	enum tsig_status status = find(message, &header, &record, &at);

	if (status != TSIG_OK)
		return status;
	if (!read_data(message, &record, &tsig))
		return TSIG_MALFORMED;
	if (!dname_equal(&record.name, &key->name) ||
	    !dname_equal(&tsig.algorithm, &algorithm))
		return TSIG_BAD_KEY;
	if (tsig.error != 0 && tsig.mac.len == 0)
		return TSIG_REFUSED; /* section 5.3.2: such are not signed */
	if (tsig.mac.len != TSIG_MAC_SIZE ||
	    !is_right(key, request, span_sub(message, 0, at),
		      header.records[WIRE_ADDITIONAL], &tsig))
		return TSIG_BAD_MAC;
	if (tsig.error != 0)
		return TSIG_REFUSED;
	if (time > tsig.time + tsig.fudge || time < tsig.time - tsig.fudge)
		return TSIG_BAD_TIME;
	memcpy(ret, tsig.mac.ptr, TSIG_MAC_SIZE);
	return TSIG_OK;
}

const char *
tsig_strerror(enum tsig_status status)
{
	static const char *const text[] = {
		[TSIG_OK] = "the signature is right",
		[TSIG_MISSING] = "the message is not signed",
		[TSIG_MALFORMED] = "the signature is malformed",
		[TSIG_BAD_KEY] = "it is signed with another key or algorithm",
		[TSIG_BAD_MAC] = "the signature is wrong",
		[TSIG_BAD_TIME] = "it was signed at another time",
		[TSIG_REFUSED] = "the server does not take our signature",
	};
	return text[status];
}
