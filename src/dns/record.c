/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/record.h"

#include <arpa/inet.h>

#include "base/reader.h"
#include "base/writer.h"

#define RDATA_MAX  65535 /* RDLENGTH has 16 bits */
#define STRING_MAX 255   /* octets in a <character-string> */

static const struct {
	uint16_t type;
	const char *name;
} types[] = {
	{DNS_A, "A"},     {DNS_NS, "NS"},     {DNS_CNAME, "CNAME"},
	{DNS_SOA, "SOA"}, {DNS_PTR, "PTR"},   {DNS_MX, "MX"},
	{DNS_TXT, "TXT"}, {DNS_AAAA, "AAAA"}, {DNS_DNAME, "DNAME"},
	{DNS_OPT, "OPT"}, {DNS_SPF, "SPF"},   {DNS_TSIG, "TSIG"},
	{DNS_ANY, "ANY"},
};

const char *
dns_type_name(uint16_t type)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (types[i].type == type)
			return types[i].name;
	return "TYPE";
}

bool
dns_type_parse(struct span text, uint16_t *ret)
{
	uint64_t number;

	for (size_t i = 0; i < COUNT(types); i++)
		if (span_equal_nocase(text, span_of(types[i].name))) {
			*ret = types[i].type;
			return true;
		}
	if (!span_starts_nocase(text, SPAN("TYPE")) ||
	    !span_to_u64(span_skip(text, 4), UINT16_MAX, &number))
		return false;
	*ret = (uint16_t)number;
	return true;
}

const char *
dns_status_name(enum dns_status status)
{
	static const char *const name[] = {
		[DNS_OK] = "NOERROR",        [DNS_NODATA] = "NODATA",
		[DNS_NXDOMAIN] = "NXDOMAIN", [DNS_SERVFAIL] = "SERVFAIL",
		[DNS_TIMEOUT] = "TIMEOUT",   [DNS_BAD] = "BAD",
	};
	return name[status];
}

static void
format_name(const struct dname *name, struct buf *to)
{
	buf_adds(to, dname_format(name).s);
	if (name->len > 1)
		buf_addc(to, '.');
}

static void
format_address(int family, const void *address, struct buf *to)
{
	char text[INET6_ADDRSTRLEN];

	buf_adds(to, inet_ntop(family, address, text, sizeof(text)));
}

static void
format_string(struct span s, struct buf *to)
{
	buf_addc(to, '"');
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.ptr[i];

		if (c == '"' || c == '\\')
			buf_addf(to, "\\%c", c);
		else if (c < ' ' || c >= 0x7f)
			buf_addf(to, "\\%03u", c);
		else
			buf_addc(to, (char)c);
	}
	buf_addc(to, '"');
}

/* Writes the strings of `data`, or of the text if that was never packed. */
static void
format_txt(const struct dns_rr *rr, struct buf *to)
{
	struct reader r = reader_of(rr->data);
	struct span text = rr->txt.text;

	if (rr->data.len == 0) {
		do {
			format_string(span_sub(text, 0,
					       text.len < STRING_MAX
						       ? text.len
						       : STRING_MAX),
				      to);
			text = span_skip(text, STRING_MAX);
			buf_adds(to, text.len > 0 ? " " : "");
		} while (text.len > 0);
		return;
	}
	while (reader_left(&r) > 0 && !r.bad) {
		buf_adds(to, r.at > 0 ? " " : "");
		format_string(reader_take(&r, reader_u8(&r)), to);
	}
}

static void
format_unknown(struct span data, struct buf *to)
{
	buf_addf(to, "\\# %zu", data.len);
	for (size_t i = 0; i < data.len; i++)
		buf_addf(to, "%s%02x", i == 0 ? " " : "", (uint8_t)data.ptr[i]);
}

void
dns_rr_format(const struct dns_rr *rr, struct buf *to)
{
	switch (rr->type) {
	case DNS_A:
		format_address(AF_INET, rr->a, to);
		break;
	case DNS_AAAA:
		format_address(AF_INET6, rr->aaaa, to);
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
	case DNS_DNAME:
		format_name(&rr->target, to);
		break;
	case DNS_MX:
		buf_addf(to, "%u ", rr->mx.preference);
		format_name(&rr->mx.exchange, to);
		break;
	case DNS_TXT:
	case DNS_SPF:
		format_txt(rr, to);
		break;
	case DNS_SOA:
		format_name(&rr->soa.mname, to);
		buf_addc(to, ' ');
		format_name(&rr->soa.rname, to);
		buf_addf(to, " %u %u %u %u %u", rr->soa.serial, rr->soa.refresh,
			 rr->soa.retry, rr->soa.expire, rr->soa.minimum);
		break;
	default:
		format_unknown(rr->data, to);
	}
}

static void
pack_txt(struct dns_rr *rr, struct writer *w)
{
	struct span text = rr->txt.text;

	rr->txt.strings = 0;
	do {
		size_t n = text.len < STRING_MAX ? text.len : STRING_MAX;

		writer_u8(w, (uint8_t)n);
		writer_put(w, span_sub(text, 0, n));
		text = span_skip(text, n);
		rr->txt.strings++;
	} while (text.len > 0);
}

static void
pack_soa(const struct dns_rr *rr, struct writer *w)
{
	writer_put(w, dname_wire(&rr->soa.mname));
	writer_put(w, dname_wire(&rr->soa.rname));
	writer_u32(w, rr->soa.serial);
	writer_u32(w, rr->soa.refresh);
	writer_u32(w, rr->soa.retry);
	writer_u32(w, rr->soa.expire);
	writer_u32(w, rr->soa.minimum);
}

/* Returns how much room dns_rr_pack() needs at most; 0 if nothing is to do. */
static size_t
packed_room(const struct dns_rr *rr)
{
	switch (rr->type) {
	case DNS_A:
		return sizeof(rr->a);
	case DNS_AAAA:
		return sizeof(rr->aaaa);
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
	case DNS_DNAME:
		return rr->target.len;
	case DNS_MX:
		return 2u + rr->mx.exchange.len;
	case DNS_TXT:
	case DNS_SPF:
		return rr->txt.text.len + rr->txt.text.len / STRING_MAX + 1;
	case DNS_SOA:
		return 20u + rr->soa.mname.len + rr->soa.rname.len;
	default:
		return 0;
	}
}

bool
dns_rr_pack(struct dns_rr *rr, struct arena *arena)
{
	size_t room = packed_room(rr);
	struct writer w;
	void *bytes;

	if (room == 0)
		return true;
	if (room > RDATA_MAX + 1u || (bytes = arena_get(arena, room)) == NULL)
		return false;
	w = writer_over(bytes, room);
	if (rr->type == DNS_A)
		writer_put(&w, span_bytes(rr->a, sizeof(rr->a)));
	else if (rr->type == DNS_AAAA)
		writer_put(&w, span_bytes(rr->aaaa, sizeof(rr->aaaa)));
	else if (rr->type == DNS_TXT || rr->type == DNS_SPF)
		pack_txt(rr, &w);
	else if (rr->type == DNS_SOA)
		pack_soa(rr, &w);
	else if (rr->type == DNS_MX) {
		writer_u16(&w, rr->mx.preference);
		writer_put(&w, dname_wire(&rr->mx.exchange));
	} else
		writer_put(&w, dname_wire(&rr->target));
	if (w.bad || w.len > RDATA_MAX)
		return false;
	rr->data = writer_span(&w);
	return true;
}

bool
dns_rr_copy(const struct dns_rr *rr, struct arena *arena, struct dns_rr *ret)
{
	struct dns_rr copy = *rr;

	copy.data = arena_copy(arena, rr->data);
	if (rr->type == DNS_TXT || rr->type == DNS_SPF)
		copy.txt.text = arena_copy(arena, rr->txt.text);
	if (arena_full(arena))
		return false;
	*ret = copy;
	return true;
}

bool
dns_answer_copy(const struct dns_answer *answer, struct arena *arena,
		struct dns_answer *ret)
{
	struct dns_rr *rr = arena_array(arena, answer->len, sizeof(*rr));
	struct dname *alias =
		arena_array(arena, answer->aliases, sizeof(*alias));
	struct dns_answer copy = *answer;

	if (rr == NULL || alias == NULL)
		return false;
	for (size_t i = 0; i < answer->len; i++)
		if (!dns_rr_copy(&answer->rr[i], arena, &rr[i]))
			return false;
	for (size_t i = 0; i < answer->aliases; i++)
		alias[i] = answer->alias[i];
	if (answer->has_soa && !dns_rr_copy(&answer->soa, arena, &copy.soa))
		return false;
	copy.rr = rr;
	copy.alias = alias;
	*ret = copy;
	return true;
}

void
dns_rr_lower(struct dns_rr *rr)
{
	rr->name = dname_lower(&rr->name);
	if (rr->type == DNS_CNAME || rr->type == DNS_NS ||
	    rr->type == DNS_PTR || rr->type == DNS_DNAME)
		rr->target = dname_lower(&rr->target);
	if (rr->type == DNS_MX)
		rr->mx.exchange = dname_lower(&rr->mx.exchange);
	if (rr->type == DNS_SOA) {
		rr->soa.mname = dname_lower(&rr->soa.mname);
		rr->soa.rname = dname_lower(&rr->soa.rname);
	}
}
