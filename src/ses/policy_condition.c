/* SPDX-License-Identifier: Apache-2.0 */
#include "ses/policy_condition.h"

#include <arpa/inet.h>

#include "base/ascii.h"
#include "text/date.h"
#include "text/glob.h"

/* Components of an ARN. */
#define ARN_PARTS 6
/* What a number is kept in: millionths. */
#define NUMBER_DIGITS 6
/* Octets of an address with its prefix length. */
#define NET_TEXT_MAX 64
/* Octets of a value that are shown in an error. */
#define SHOWN 80

/* What kinds of values an operator compares; bits, for the keys' table. */
enum kind {
	KIND_TEXT = 1,
	KIND_NUMBER = 2,
	KIND_DATE = 4,
	KIND_TRUTH = 8,
	KIND_IP = 16,
	KIND_ARN = 32,
	KIND_NULL = 64, /* whether there is a value at all */
};

/* How it compares them. */
enum comparison {
	COMPARE_EQUAL,
	COMPARE_NOCASE,
	COMPARE_LIKE,
	COMPARE_LESS,
	COMPARE_LESS_EQUAL,
	COMPARE_GREATER,
	COMPARE_GREATER_EQUAL,
};

/* What a condition asks about. */
enum key {
	KEY_RECIPIENTS,
	KEY_FROM_ADDRESS,
	KEY_FROM_DISPLAY_NAME,
	KEY_FEEDBACK_ADDRESS,
	KEY_CURRENT_TIME,
	KEY_EPOCH_TIME,
	KEY_SOURCE_IP,
	KEY_SECURE_TRANSPORT,
	KEY_SOURCE_ARN,
};

/* How several values of a key are taken together. */
enum quantifier {
	QUANTIFIER_NONE = 0,
	QUANTIFIER_ANY,
	QUANTIFIER_ALL,
};

struct operation {
	const char *name;
	enum kind kind;
	enum comparison comparison;
	bool negated;
};

static const struct operation operations[] = {
	{"StringEquals", KIND_TEXT, COMPARE_EQUAL, false},
	{"StringNotEquals", KIND_TEXT, COMPARE_EQUAL, true},
	{"StringEqualsIgnoreCase", KIND_TEXT, COMPARE_NOCASE, false},
	{"StringNotEqualsIgnoreCase", KIND_TEXT, COMPARE_NOCASE, true},
	{"StringLike", KIND_TEXT, COMPARE_LIKE, false},
	{"StringNotLike", KIND_TEXT, COMPARE_LIKE, true},
	{"NumericEquals", KIND_NUMBER, COMPARE_EQUAL, false},
	{"NumericNotEquals", KIND_NUMBER, COMPARE_EQUAL, true},
	{"NumericLessThan", KIND_NUMBER, COMPARE_LESS, false},
	{"NumericLessThanEquals", KIND_NUMBER, COMPARE_LESS_EQUAL, false},
	{"NumericGreaterThan", KIND_NUMBER, COMPARE_GREATER, false},
	{"NumericGreaterThanEquals", KIND_NUMBER, COMPARE_GREATER_EQUAL, false},
	{"DateEquals", KIND_DATE, COMPARE_EQUAL, false},
	{"DateNotEquals", KIND_DATE, COMPARE_EQUAL, true},
	{"DateLessThan", KIND_DATE, COMPARE_LESS, false},
	{"DateLessThanEquals", KIND_DATE, COMPARE_LESS_EQUAL, false},
	{"DateGreaterThan", KIND_DATE, COMPARE_GREATER, false},
	{"DateGreaterThanEquals", KIND_DATE, COMPARE_GREATER_EQUAL, false},
	{"Bool", KIND_TRUTH, COMPARE_EQUAL, false},
	{"IpAddress", KIND_IP, COMPARE_EQUAL, false},
	{"NotIpAddress", KIND_IP, COMPARE_EQUAL, true},
	{"ArnEquals", KIND_ARN, COMPARE_LIKE, false},
	{"ArnNotEquals", KIND_ARN, COMPARE_LIKE, true},
	{"ArnLike", KIND_ARN, COMPARE_LIKE, false},
	{"ArnNotLike", KIND_ARN, COMPARE_LIKE, true},
	{"Null", KIND_NULL, COMPARE_EQUAL, false},
};

/* The keys, and the kinds of operators that go with each. */
static const struct {
	const char *name;
	unsigned kinds;
} keys[] = {
	[KEY_RECIPIENTS] = {"ses:Recipients", KIND_TEXT},
	[KEY_FROM_ADDRESS] = {"ses:FromAddress", KIND_TEXT},
	[KEY_FROM_DISPLAY_NAME] = {"ses:FromDisplayName", KIND_TEXT},
	[KEY_FEEDBACK_ADDRESS] = {"ses:FeedbackAddress", KIND_TEXT},
	[KEY_CURRENT_TIME] = {"aws:CurrentTime", KIND_DATE},
	[KEY_EPOCH_TIME] = {"aws:EpochTime", KIND_DATE | KIND_NUMBER},
	[KEY_SOURCE_IP] = {"aws:SourceIp", KIND_IP},
	[KEY_SECURE_TRANSPORT] = {"aws:SecureTransport", KIND_TRUTH},
	[KEY_SOURCE_ARN] = {"aws:SourceArn", KIND_ARN | KIND_TEXT},
};

/* An address, or all that share its first bits. */
struct net {
	bool v6;
	uint8_t octet[16];
	unsigned bits;
};

/* What a condition compares with: the member of its operator's kind. */
struct value {
	struct span text; /* KIND_TEXT, KIND_ARN */
	int64_t number;   /* KIND_NUMBER, KIND_DATE (ms) */
	bool truth;       /* KIND_TRUTH, KIND_NULL */
	struct net net;   /* KIND_IP */
};

struct ses_condition {
	const struct operation *operation;
	enum quantifier quantifier;
	bool if_exists;
	enum key key;
	const struct value *value;
	size_t values; /* of value */
};

/* What is under way while conditions are read. */
struct reading {
	struct arena *arena;
	const char *where; /* the statement */
	const char *name;  /* the operator, as it is written */
	const char *key;   /* as it is written */
	bool variables;
	struct error *reterr;
};

static bool
refuse(const struct reading *r, const char *what)
{
	return error_set(r->reterr, ERROR_BAD_REQUEST,
			 "Policy is invalid: %s.Condition%s%.*s%s%.*s %s.",
			 r->where, r->name != NULL ? "." : "", SHOWN,
			 r->name != NULL ? r->name : "",
			 r->key != NULL ? "." : "", SHOWN,
			 r->key != NULL ? r->key : "", what);
}

/* ---- values ---- */

/* Reads [-]digits[.digits] as millionths. */
static bool
number_parse(struct span text, int64_t *ret)
{
	bool negative = text.len > 0 && text.ptr[0] == '-';
	struct span rest = span_skip(text, negative);
	struct span whole = span_cut(&rest, '.');
	bool point = rest.ptr != whole.ptr + whole.len;
	uint64_t n, part = 0;

	/* A point has digits on both its sides. */
	if (!span_to_u64(whole, UINT64_C(1000000000000), &n) ||
	    (point &&
	     (rest.len > NUMBER_DIGITS || !span_to_u64(rest, 999999, &part))))
		return false;
	for (size_t i = point ? rest.len : 0; i < NUMBER_DIGITS; i++)
		part *= 10;
	*ret = (int64_t)(n * 1000000 + part);
	if (negative)
		*ret = -*ret;
	return true;
}

/* Reads a time of RFC 3339, a day, or seconds since 1970. */
static bool
time_parse(struct span text, int64_t *ret)
{
	char day[] = "YYYY-MM-DDT00:00:00Z";
	uint64_t seconds;

	if (span_to_u64(text, DATE_MAX / 1000, &seconds)) {
		*ret = (int64_t)seconds * 1000;
		return true;
	}
	if (text.len != 10)
		return date_rfc3339_parse(text, ret);
	memcpy(day, text.ptr, 10);
	return date_rfc3339_parse(span_of(day), ret);
}

/* Reads an address and, behind "/", how many of its bits count. */
static bool
net_parse(struct span text, struct net *ret)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	struct span rest = text, address = span_cut(&rest, '/');
	bool prefix = address.len < text.len;
	char copy[NET_TEXT_MAX] = "";
	struct net net = {.v6 = span_find(text, ':') != SPAN_NONE};
	uint64_t bits = net.v6 ? 128 : 32;

	if (address.len >= sizeof(copy) ||
	    span_find(address, '\0') != SPAN_NONE)
		return false;
	memcpy(copy, address.ptr, address.len);
	if (inet_pton(net.v6 ? AF_INET6 : AF_INET, copy, net.octet) != 1 ||
	    (prefix && !span_to_u64(rest, bits, &bits)))
		return false;
	if (net.v6 && bits >= 96 &&
	    memcmp(net.octet, mapped, sizeof(mapped)) == 0) {
		memmove(net.octet, net.octet + sizeof(mapped), 4);
		net.v6 = false;
		bits -= 96;
	}
	net.bits = (unsigned)bits;
	*ret = net;
	return true;
}

/* Cuts an ARN into its six components, of which the last may have colons. */
static bool
arn_parse(struct span text, struct span ret[ARN_PARTS])
{
	for (size_t i = 0; i < ARN_PARTS - 1; i++) {
		if (span_find(text, ':') == SPAN_NONE)
			return false;
		ret[i] = span_cut(&text, ':');
	}
	ret[ARN_PARTS - 1] = text;
	return span_equal(ret[0], SPAN("arn"));
}

static bool
truth_parse(struct span text, bool *ret)
{
	*ret = span_equal_nocase(text, SPAN("true"));
	return *ret || span_equal_nocase(text, SPAN("false"));
}

/* The text of a value, which JSON may have as something else. */
static bool
value_text(const json_t *json, enum kind kind, struct arena *arena,
	   struct span *ret)
{
	if (json_is_string(json)) {
		*ret = arena_copy(arena, json_text(json));
		return true;
	}
	if (json_is_integer(json) &&
	    (kind == KIND_NUMBER || kind == KIND_DATE)) {
		*ret = arena_printf(arena, "%" JSON_INTEGER_FORMAT,
				    json_integer_value(json));
		return true;
	}
	if (json_is_boolean(json) &&
	    (kind == KIND_TRUTH || kind == KIND_NULL)) {
		*ret = json_is_true(json) ? SPAN("true") : SPAN("false");
		return true;
	}
	return false;
}

static bool
value_read(const struct reading *r, const json_t *json,
	   const struct operation *operation, struct value *ret)
{
	struct span parts[ARN_PARTS];

	if (!value_text(json, operation->kind, r->arena, &ret->text))
		return refuse(r, "has a value of the wrong type");
	if (r->variables && span_search(ret->text, SPAN("${")) != SPAN_NONE)
		return refuse(r, "has a policy variable, which is not "
				 "supported");
	switch (operation->kind) {
	case KIND_TEXT:
		return true;
	case KIND_NUMBER:
		return number_parse(ret->text, &ret->number) ||
		       refuse(r, "has a value that is no number");
	case KIND_DATE:
		return time_parse(ret->text, &ret->number) ||
		       refuse(r, "has a value that is no time");
	case KIND_TRUTH:
	case KIND_NULL:
		return truth_parse(ret->text, &ret->truth) ||
		       refuse(r, "has a value that is neither true nor false");
	case KIND_IP:
		return net_parse(ret->text, &ret->net) ||
		       refuse(r, "has a value that is no IP address or range");
	case KIND_ARN:
		return arn_parse(ret->text, parts) ||
		       refuse(r, "has a value that is no ARN");
	}
	return false;
}

static bool
values_read(const struct reading *r, const json_t *json,
	    struct ses_condition *ret)
{
	size_t len = json_is_array(json) ? json_array_size(json) : 1;
	struct value *value = arena_array(r->arena, len + 1, sizeof(*value));

	if (value == NULL)
		return refuse(r, "is too large");
	if (len == 0)
		return refuse(r, "has no value");
	for (size_t i = 0; i < len; i++)
		if (!value_read(r,
				json_is_array(json) ? json_array_get(json, i)
						    : json,
				ret->operation, &value[i]))
			return false;
	ret->value = value;
	ret->values = len;
	return true;
}

/* ---- operators and keys ---- */

/* Reads "[ForAnyValue:|ForAllValues:]NAME[IfExists]". */
static bool
operator_read(const struct reading *r, struct ses_condition *ret)
{
	struct span name = span_of(r->name);

	if (span_starts(name, SPAN("ForAnyValue:")))
		ret->quantifier = QUANTIFIER_ANY;
	else if (span_starts(name, SPAN("ForAllValues:")))
		ret->quantifier = QUANTIFIER_ALL;
	if (ret->quantifier != QUANTIFIER_NONE)
		(void)span_cut(&name, ':');
	if (span_ends(name, SPAN("IfExists"))) {
		ret->if_exists = true;
		name.len -= SPAN("IfExists").len;
	}
	for (size_t i = 0; i < COUNT(operations); i++)
		if (span_equal(name, span_of(operations[i].name)))
			ret->operation = &operations[i];
	if (ret->operation == NULL)
		return refuse(r, "is not an operator");
	if (ret->operation->kind == KIND_NULL &&
	    (ret->if_exists || ret->quantifier != QUANTIFIER_NONE))
		return refuse(r, "is not an operator");
	return true;
}

static bool
key_read(const struct reading *r, struct ses_condition *ret)
{
	size_t i = 0;

	while (i < COUNT(keys) &&
	       !span_equal_nocase(span_of(r->key), span_of(keys[i].name)))
		i++;
	if (i == COUNT(keys))
		return error_set(r->reterr, ERROR_BAD_REQUEST,
				 "Unknown or unapplicable condition field "
				 "'%.*s'.",
				 SHOWN, r->key);
	if (ret->operation->kind != KIND_NULL &&
	    (keys[i].kinds & ret->operation->kind) == 0)
		return refuse(r, "is a key that the operator does not apply "
				 "to");
	ret->key = (enum key)i;
	return true;
}

/* Counts the keys of all operators: the conditions there will be. */
static size_t
count(const json_t *condition)
{
	json_t *object = (json_t *)(uintptr_t)condition;
	const char *name;
	json_t *value;
	size_t n = 0;

	json_object_foreach(object, name, value) n += json_object_size(value);
	return n;
}

/* Reads the keys under one operator. */
static bool
operator_keys_read(struct reading *r, json_t *under, struct ses_condition *one,
		   size_t *len)
{
	struct ses_condition with = {.operation = NULL};
	const char *name;
	json_t *value;

	r->key = NULL;
	if (!operator_read(r, &with))
		return false;
	if (!json_is_object(under) || json_object_size(under) == 0)
		return refuse(r, "must be an object of keys with values");
	json_object_foreach(under, name, value)
	{
		struct ses_condition *next = &one[(*len)++];

		r->key = name;
		*next = with;
		if (!key_read(r, next) || !values_read(r, value, next))
			return false;
	}
	return true;
}

bool
ses_conditions_read(const json_t *condition, const char *where, bool variables,
		    struct arena *arena, struct ses_conditions *ret,
		    struct error *reterr)
{
	struct reading r = {.arena = arena,
			    .where = where,
			    .variables = variables,
			    .reterr = reterr};
	json_t *object = (json_t *)(uintptr_t)condition;
	struct ses_condition *one;
	const char *name;
	json_t *under;

	*ret = (struct ses_conditions){.len = 0};
	if (condition == NULL)
		return true;
	if (!json_is_object(condition))
		return refuse(&r, "must be an object of operators");
	one = arena_array(arena, count(condition) + 1, sizeof(*one));
	if (one == NULL)
		return refuse(&r, "is too large");
	json_object_foreach(object, name, under)
	{
		r.name = name;
		if (!operator_keys_read(&r, under, one, &ret->len))
			return false;
	}
	ret->one = one;
	return true;
}

/* ---- evaluation ---- */

/* The values that a key has in a request. */
struct subject {
	const struct span *text;
	size_t len;      /* of text */
	struct span one; /* what text points at if there is one */
	int64_t time;    /* of a key of time */
};

static void
subject_of(enum key key, const struct ses_policy_request *r,
	   struct subject *ret)
{
	*ret = (struct subject){.one = SPAN(""), .text = &ret->one, .len = 1};
	switch (key) {
	case KEY_RECIPIENTS:
		ret->text = r->recipient;
		ret->len = r->recipients;
		return;
	case KEY_FROM_ADDRESS:
		ret->one = r->from;
		break;
	case KEY_FROM_DISPLAY_NAME:
		ret->one = r->display_name;
		break;
	case KEY_FEEDBACK_ADDRESS:
		ret->one = r->feedback;
		break;
	case KEY_CURRENT_TIME:
	case KEY_EPOCH_TIME:
		/* In whole seconds, as policies say it. */
		ret->time = r->now - r->now % 1000;
		return;
	case KEY_SOURCE_IP:
		ret->one = r->source_ip;
		break;
	case KEY_SECURE_TRANSPORT:
		ret->one = r->secure ? SPAN("true") : SPAN("false");
		return;
	case KEY_SOURCE_ARN:
		ret->one = r->source_arn;
		break;
	}
	ret->len = ret->one.len > 0;
}

static bool
ordered(enum comparison comparison, int64_t a, int64_t b)
{
	switch (comparison) {
	case COMPARE_LESS:
		return a < b;
	case COMPARE_LESS_EQUAL:
		return a <= b;
	case COMPARE_GREATER:
		return a > b;
	case COMPARE_GREATER_EQUAL:
		return a >= b;
	case COMPARE_EQUAL:
	case COMPARE_NOCASE:
	case COMPARE_LIKE:
		break;
	}
	return a == b;
}

static bool
arn_like(struct span pattern, struct span text)
{
	struct span want[ARN_PARTS], got[ARN_PARTS];

	if (!arn_parse(pattern, want) || !arn_parse(text, got))
		return false;
	for (size_t i = 0; i < ARN_PARTS; i++)
		if (!glob_match(want[i], got[i]))
			return false;
	return true;
}

static bool
net_has(const struct net *net, struct span text)
{
	struct net ip;
	unsigned whole = net->bits / 8;
	unsigned mask = 0xff00u >> (net->bits % 8) & 0xff;

	if (!net_parse(text, &ip) || ip.v6 != net->v6 ||
	    memcmp(ip.octet, net->octet, whole) != 0)
		return false;
	return mask == 0 || ((ip.octet[whole] ^ net->octet[whole]) & mask) == 0;
}

static bool
text_matches(enum comparison comparison, struct span value, struct span text)
{
	if (comparison == COMPARE_LIKE)
		return glob_match(value, text);
	if (comparison == COMPARE_NOCASE)
		return span_equal_nocase(value, text);
	return span_equal(value, text);
}

/* Whether the value `at` of `s` and `value` compare as `op` wants. */
static bool
matches(const struct operation *op, const struct subject *s, size_t at,
	const struct value *value)
{
	bool truth;

	switch (op->kind) {
	case KIND_TEXT:
		return text_matches(op->comparison, value->text, s->text[at]);
	case KIND_ARN:
		return arn_like(value->text, s->text[at]);
	case KIND_NUMBER:
		return ordered(op->comparison, s->time / 1000 * 1000000,
			       value->number);
	case KIND_DATE:
		return ordered(op->comparison, s->time, value->number);
	case KIND_TRUTH:
		return truth_parse(s->text[at], &truth) &&
		       truth == value->truth;
	case KIND_IP:
		return net_has(&value->net, s->text[at]);
	case KIND_NULL:
		return value->truth == (s->len == 0);
	}
	return false;
}

static bool
any_matches(const struct ses_condition *c, const struct subject *s, size_t at)
{
	for (size_t i = 0; i < c->values; i++)
		if (matches(c->operation, s, at, &c->value[i]))
			return true;
	return false;
}

static bool
holds(const struct ses_condition *c, const struct ses_policy_request *request,
      bool denies)
{
	enum quantifier quantifier = c->quantifier;
	struct subject s;

	subject_of(c->key, request, &s);
	if (c->operation->kind == KIND_NULL)
		return any_matches(c, &s, 0);
	if (s.len == 0 && quantifier == QUANTIFIER_NONE)
		return c->if_exists || c->operation->negated;
	if (s.len == 0)
		return c->if_exists || quantifier == QUANTIFIER_ALL;
	if (quantifier == QUANTIFIER_NONE)
		quantifier = denies ? QUANTIFIER_ANY : QUANTIFIER_ALL;
	for (size_t i = 0; i < s.len; i++) {
		bool good = any_matches(c, &s, i) != c->operation->negated;

		if (good != (quantifier == QUANTIFIER_ALL))
			return good;
	}
	return quantifier == QUANTIFIER_ALL;
}

bool
ses_conditions_hold(const struct ses_conditions *conditions,
		    const struct ses_policy_request *request, bool denies)
{
	for (size_t i = 0; i < conditions->len; i++)
		if (!holds(&conditions->one[i], request, denies))
			return false;
	return true;
}
