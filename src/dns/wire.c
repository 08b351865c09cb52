/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/wire.h"

#define POINTER       0xc0   /* the two bits that make a pointer of a length */
#define POINTER_REACH 0x4000 /* offsets that a pointer can go to */

bool
wire_read_header(struct reader *r, struct wire_header *ret)
{
	uint16_t id = reader_u16(r);
	uint16_t flags = reader_u16(r);

	*ret = (struct wire_header){
		.id = id,
		.qr = (flags & 0x8000) != 0,
		.opcode = flags >> 11 & 15,
		.aa = (flags & 0x0400) != 0,
		.tc = (flags & 0x0200) != 0,
		.rd = (flags & 0x0100) != 0,
		.ra = (flags & 0x0080) != 0,
		.ad = (flags & 0x0020) != 0,
		.cd = (flags & 0x0010) != 0,
		.rcode = flags & 15,
	};
	ret->questions = reader_u16(r);
	for (size_t i = 0; i < WIRE_SECTIONS; i++)
		ret->records[i] = reader_u16(r);
	return !r->bad;
}

/* Adds a label to `name`; false if that is too long. */
static bool
add_label(struct dname *name, struct span label)
{
	if (name->len + label.len + 1 > DNAME_MAX)
		return false;
	name->wire[name->len - 1] = (uint8_t)label.len;
	memcpy(name->wire + name->len, label.ptr, label.len);
	name->len = (uint8_t)(name->len + label.len + 1);
	name->wire[name->len - 1] = 0;
	return true;
}

/*
 * Moves `at` to where the pointer there goes, which must be before `start`,
 * the first octet of the labels that were read last: so no loop is possible.
 */
static bool
follow(struct reader *at, uint8_t high, size_t *start)
{
	size_t target = (size_t)(high & ~POINTER) << 8 | reader_u8(at);

	if (at->bad || target >= *start || target < WIRE_HEADER_SIZE)
		return false;
	at->at = target;
	*start = target;
	return true;
}

bool
wire_read_name(struct reader *r, struct dname *ret)
{
	struct dname name = DNAME_ROOT;
	struct reader at = *r;
	size_t start = r->at;
	size_t end = 0; /* of the name in its own place, once it jumped */

	for (size_t hops = 0;;) {
		uint8_t len = reader_u8(&at);

		if (at.bad)
			break;
		if (len == 0) {
			r->at = hops > 0 ? end : at.at;
			*ret = name;
			return true;
		}
		if (len <= DNAME_LABEL_MAX) {
			if (!add_label(&name, reader_take(&at, len)) || at.bad)
				break;
			continue;
		}
		if (len < POINTER || hops == WIRE_HOPS_MAX)
			break;
		if (hops++ == 0)
			end = at.at + 1;
		if (!follow(&at, len, &start))
			break;
	}
	r->bad = true;
	return false;
}

enum wire_status
wire_read_question(struct reader *r, struct wire_question *ret)
{
	struct wire_question q;

	if (!wire_read_name(r, &q.name))
		return WIRE_BAD_NAME;
	q.type = reader_u16(r);
	q.class = reader_u16(r);
	if (r->bad)
		return WIRE_SHORT;
	*ret = q;
	return WIRE_OK;
}

enum wire_status
wire_read_record(struct reader *r, struct wire_record *ret)
{
	struct wire_record record;

	if (!wire_read_name(r, &record.name))
		return WIRE_BAD_NAME;
	record.type = reader_u16(r);
	record.class = reader_u16(r);
	record.ttl = reader_u32(r);
	record.data = SPAN("");
	record.data_at = r->at + 2;
	record.data = reader_take(r, reader_u16(r));
	if (r->bad)
		return WIRE_SHORT;
	*ret = record;
	return WIRE_OK;
}

/* Reads the RDATA of types that have names, to be packed again. */
static void
decode_names(struct reader *r, struct dns_rr *rr)
{
	bool fine;

	switch (rr->type) {
	case DNS_MX:
		rr->mx.preference = reader_u16(r);
		fine = wire_read_name(r, &rr->mx.exchange);
		break;
	case DNS_SOA:
		fine = wire_read_name(r, &rr->soa.mname) &&
		       wire_read_name(r, &rr->soa.rname);
		rr->soa.serial = reader_u32(r);
		rr->soa.refresh = reader_u32(r);
		rr->soa.retry = reader_u32(r);
		rr->soa.expire = reader_u32(r);
		rr->soa.minimum = reader_u32(r);
		break;
	default:
		fine = wire_read_name(r, &rr->target);
	}
	r->bad = r->bad || !fine;
}

/* Joins the strings of a TXT. */
static enum wire_status
decode_txt(struct span data, struct arena *arena, struct dns_rr *rr)
{
	struct reader r = reader_of(data);
	char *text = arena_get(arena, data.len);
	size_t len = 0;

	if (text == NULL)
		return WIRE_NO_MEMORY;
	while (reader_left(&r) > 0) {
		struct span s = reader_take(&r, reader_u8(&r));

		if (r.bad)
			return WIRE_BAD_DATA;
		memcpy(text + len, s.ptr, s.len);
		len += s.len;
		rr->txt.strings++;
	}
	rr->txt.text = span_bytes(text, len);
	return rr->txt.strings > 0 ? WIRE_OK : WIRE_BAD_DATA;
}

/* Copies RDATA of the length that its type has. */
static enum wire_status
decode_fixed(struct span data, void *to, size_t len)
{
	if (data.len != len)
		return WIRE_BAD_DATA;
	memcpy(to, data.ptr, len);
	return WIRE_OK;
}

enum wire_status
wire_decode(struct span message, const struct wire_record *record,
	    struct arena *arena, struct dns_rr *ret)
{
	struct dns_rr rr = {.name = record->name,
			    .type = record->type,
			    .ttl = record->ttl,
			    .data = SPAN("")};
	struct reader r = reader_of(
		span_sub(message, 0, record->data_at + record->data.len));
	enum wire_status status = WIRE_OK;

	r.at = record->data_at;
	switch (rr.type) {
	case DNS_A:
		status = decode_fixed(record->data, rr.a, sizeof(rr.a));
		break;
	case DNS_AAAA:
		status = decode_fixed(record->data, rr.aaaa, sizeof(rr.aaaa));
		break;
	case DNS_TXT:
	case DNS_SPF:
		status = decode_txt(record->data, arena, &rr);
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
	case DNS_DNAME:
	case DNS_MX:
	case DNS_SOA:
		decode_names(&r, &rr);
		if (r.bad || reader_left(&r) > 0)
			return WIRE_BAD_DATA;
		if (!dns_rr_pack(&rr, arena))
			return WIRE_NO_MEMORY;
		*ret = rr;
		return WIRE_OK;
	default:
		break;
	}
	if (status != WIRE_OK)
		return status;
	rr.data = arena_copy(arena, record->data);
	if (arena_full(arena))
		return WIRE_NO_MEMORY;
	*ret = rr;
	return WIRE_OK;
}

/* Takes in an OPT record that was found in `section`. */
static enum wire_status
take_opt(const struct wire_record *record, enum wire_section section,
	 struct wire_opt *opt)
{
	struct reader r = reader_of(record->data);

	if (opt->present || section != WIRE_ADDITIONAL || record->name.len != 1)
		return WIRE_BAD_OPT;
	*opt = (struct wire_opt){
		.present = true,
		.size = record->class,
		.rcode = (uint8_t)(record->ttl >> 24),
		.version = (uint8_t)(record->ttl >> 16),
		.dnssec_ok = (record->ttl & 0x8000) != 0,
	};
	while (reader_left(&r) > 0 && !r.bad) {
		reader_u16(&r); /* no option means anything to us */
		reader_take(&r, reader_u16(&r));
	}
	return r.bad ? WIRE_BAD_OPT : WIRE_OK;
}

/* Decodes the records of one section. */
static enum wire_status
parse_section(struct reader *r, enum wire_section section, struct arena *arena,
	      struct wire_message *m)
{
	size_t count = m->header.records[section];

	/* no record is below 11 octets: a lie costs no memory */
	if (count > reader_left(r) / WIRE_OPT_SIZE)
		return WIRE_SHORT;
	m->section[section] = arena_array(arena, count, sizeof(struct dns_rr));
	if (m->section[section] == NULL)
		return WIRE_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		struct wire_record record;
		enum wire_status status = wire_read_record(r, &record);

		if (status == WIRE_OK && record.type == DNS_OPT)
			status = take_opt(&record, section, &m->opt);
		else if (status == WIRE_OK && record.class == WIRE_CLASS_IN)
			status = wire_decode(
				r->all, &record, arena,
				&m->section[section][m->len[section]++]);
		if (status != WIRE_OK)
			return status;
	}
	return WIRE_OK;
}

/* Returns how many records the header speaks of. */
static size_t
count_records(const struct wire_header *header)
{
	size_t n = 0;

	for (size_t i = 0; i < WIRE_SECTIONS; i++)
		n += header->records[i];
	return n;
}

enum wire_status
wire_parse(struct span message, struct arena *arena, struct wire_message *ret)
{
	struct wire_message m = {.question.name = DNAME_ROOT};
	struct reader r = reader_of(message);
	enum wire_status status = WIRE_OK;

	if (!wire_read_header(&r, &m.header))
		return WIRE_SHORT;
	if (message.len > WIRE_MESSAGE_MAX)
		return WIRE_LONG;
	if (m.header.questions > 1)
		return WIRE_QUESTIONS;
	if (count_records(&m.header) > WIRE_RECORDS_MAX)
		return WIRE_TOO_MANY;
	if (m.header.questions == 1)
		status = wire_read_question(&r, &m.question);
	for (size_t i = 0; i < WIRE_SECTIONS && status == WIRE_OK; i++)
		status = parse_section(&r, (enum wire_section)i, arena, &m);
	if (status == WIRE_OK && reader_left(&r) > 0)
		status = WIRE_LONG;
	if (status == WIRE_OK)
		*ret = m;
	return status;
}

/* Walks the records of a query for its OPT. */
static enum wire_status
skim_records(struct reader *r, struct wire_query *q)
{
	for (size_t section = 0; section < WIRE_SECTIONS; section++)
		for (size_t i = 0; i < q->header.records[section]; i++) {
			struct wire_record record;
			enum wire_status status = wire_read_record(r, &record);

			if (status == WIRE_OK && record.type == DNS_OPT)
				status = take_opt(&record,
						  (enum wire_section)section,
						  &q->opt);
			if (status != WIRE_OK)
				return status;
		}
	return WIRE_OK;
}

enum wire_status
wire_parse_query(struct span message, struct wire_query *ret)
{
	struct reader r = reader_of(message);
	enum wire_status status;

	*ret = (struct wire_query){.question.name = DNAME_ROOT};
	if (!wire_read_header(&r, &ret->header))
		return WIRE_SHORT;
	if (ret->header.questions != 1)
		return WIRE_QUESTIONS;
	if (count_records(&ret->header) > WIRE_RECORDS_MAX)
		return WIRE_TOO_MANY;
	status = wire_read_question(&r, &ret->question);
	if (status == WIRE_OK)
		status = skim_records(&r, ret);
	if (status == WIRE_OK && reader_left(&r) > 0)
		status = WIRE_LONG;
	return status;
}

const char *
wire_strerror(enum wire_status status)
{
	static const char *const text[] = {
		[WIRE_OK] = "the message is well formed",
		[WIRE_SHORT] = "the message ends too soon",
		[WIRE_LONG] = "the message goes on behind its last record",
		[WIRE_BAD_NAME] = "a name is malformed",
		[WIRE_QUESTIONS] = "there must be one question",
		[WIRE_BAD_DATA] = "the data of a record is malformed",
		[WIRE_BAD_OPT] = "the OPT record is malformed",
		[WIRE_TOO_MANY] = "there are too many records",
		[WIRE_NO_MEMORY] = "the message is too large",
	};
	return text[status];
}

const char *
wire_rcode_name(unsigned rcode)
{
	static const char *const name[] = {
		[WIRE_NOERROR] = "NOERROR",   [WIRE_FORMERR] = "FORMERR",
		[WIRE_SERVFAIL] = "SERVFAIL", [WIRE_NXDOMAIN] = "NXDOMAIN",
		[WIRE_NOTIMP] = "NOTIMP",     [WIRE_REFUSED] = "REFUSED",
		[WIRE_YXDOMAIN] = "YXDOMAIN", [WIRE_YXRRSET] = "YXRRSET",
		[WIRE_NXRRSET] = "NXRRSET",   [WIRE_NOTAUTH] = "NOTAUTH",
		[WIRE_NOTZONE] = "NOTZONE",   [WIRE_BADVERS] = "BADVERS",
	};
	if (rcode < COUNT(name) && name[rcode] != NULL)
		return name[rcode];
	return "RCODE";
}

/* ---- writing ---- */

static uint16_t
flags_of(const struct wire_header *header)
{
	return (uint16_t)((header->qr ? 0x8000 : 0) |
			  (header->opcode & 15) << 11 |
			  (header->aa ? 0x0400 : 0) |
			  (header->tc ? 0x0200 : 0) |
			  (header->rd ? 0x0100 : 0) |
			  (header->ra ? 0x0080 : 0) |
			  (header->ad ? 0x0020 : 0) |
			  (header->cd ? 0x0010 : 0) | (header->rcode & 15));
}

struct wire_out
wire_begin(void *ptr, size_t room, const struct wire_header *header)
{
	struct wire_out out = {.w = writer_over(ptr, room)};

	writer_u16(&out.w, header->id);
	writer_u16(&out.w, flags_of(header));
	writer_u16(&out.w, 0); /* the counts, for wire_end() */
	writer_u32(&out.w, 0);
	writer_u16(&out.w, 0);
	return out;
}

/* Returns whether the name written at `at` is `tail`. */
static bool
is_written_at(const struct wire_out *out, size_t at, const struct dname *tail)
{
	struct reader r = reader_of(writer_span(&out->w));
	struct dname there;

	r.at = at;
	return wire_read_name(&r, &there) && dname_equal(&there, tail);
}

/* Returns where `tail` is written already, or 0. */
static size_t
find_target(const struct wire_out *out, const struct dname *tail)
{
	for (size_t i = 0; i < out->targets; i++)
		if (is_written_at(out, out->target[i], tail))
			return out->target[i];
	return 0;
}

void
wire_put_name(struct wire_out *out, const struct dname *name)
{
	size_t labels = dname_labels(name);
	size_t fresh[DNAME_LABELS_MAX];
	size_t n = 0, target = 0;

	for (; n < labels; n++) {
		struct dname tail = dname_skip(name, n);

		target = find_target(out, &tail);
		if (target > 0)
			break;
		fresh[n] = out->w.len;
		writer_u8(&out->w, tail.wire[0]);
		writer_put(&out->w, dname_label(&tail, 0));
	}
	if (target > 0)
		writer_u16(&out->w, (uint16_t)(POINTER << 8 | target));
	else
		writer_u8(&out->w, 0);
	if (out->w.bad)
		return;
	/* not sooner: a name may not point into itself */
	for (size_t i = 0; i < n && out->targets < WIRE_TARGETS_MAX; i++)
		if (fresh[i] < POINTER_REACH)
			out->target[out->targets++] = (uint16_t)fresh[i];
}

void
wire_put_question(struct wire_out *out, const struct wire_question *q)
{
	wire_put_name(out, &q->name);
	writer_u16(&out->w, q->type);
	writer_u16(&out->w, q->class);
	writer_patch_u16(&out->w, 4, 1);
}

bool
wire_put_record(struct wire_out *out, enum wire_section section,
		const struct dname *name, uint16_t type, uint16_t class,
		uint32_t ttl, struct span data)
{
	size_t len = out->w.len;
	size_t targets = out->targets;

	if (out->w.bad || data.len > UINT16_MAX ||
	    out->records[section] == UINT16_MAX)
		return false;
	wire_put_name(out, name);
	writer_u16(&out->w, type);
	writer_u16(&out->w, class);
	writer_u32(&out->w, ttl);
	writer_u16(&out->w, (uint16_t)data.len);
	writer_put(&out->w, data);
	if (out->w.bad) {
		out->w.len = len;
		out->w.bad = false;
		out->targets = targets;
		return false;
	}
	out->records[section]++;
	return true;
}

bool
wire_put_rr(struct wire_out *out, enum wire_section section,
	    const struct dns_rr *rr)
{
	return wire_put_record(out, section, &rr->name, rr->type, WIRE_CLASS_IN,
			       rr->ttl, rr->data);
}

bool
wire_put_opt(struct wire_out *out, const struct wire_opt *opt)
{
	uint32_t ttl = (uint32_t)opt->rcode << 24 |
		       (uint32_t)opt->version << 16 |
		       (opt->dnssec_ok ? 0x8000u : 0);

	return wire_put_record(out, WIRE_ADDITIONAL, &DNAME_ROOT, DNS_OPT,
			       opt->size, ttl, SPAN(""));
}

void
wire_set_truncated(struct wire_out *out)
{
	if (!out->w.bad)
		out->w.ptr[2] |= 0x02;
}

struct span
wire_end(struct wire_out *out)
{
	for (size_t i = 0; i < WIRE_SECTIONS; i++)
		writer_patch_u16(&out->w, 6 + 2 * i, out->records[i]);
	return out->w.bad ? SPAN("") : writer_span(&out->w);
}
