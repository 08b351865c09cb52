/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses parse back to themselves, bare and in a list. */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "text/address.h"

static void
check(const struct address *a)
{
	CLEANUP(buf_release) struct buf b = BUF_INIT(1024);
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 16);
	struct address again;
	struct address_list list;
	size_t offset;

	assert(a->text[a->at] == '@' && a->text[a->len] == '\0');
	assert(address_local(a).len <= ADDRESS_LOCAL_MAX);
	assert(address_domain(a).len <= ADDRESS_DOMAIN_MAX);
	assert(span_find(address_domain(a), '@') == SPAN_NONE);
	assert(strlen(a->text) == a->len);
	assert(address_parse(address_text(a), &again) == ADDRESS_OK);
	assert(span_equal(address_text(a), address_text(&again)));
	buf_addf(&b, "<%s>", a->text);
	assert(address_list_parse(buf_span(&b), &arena, &list, &offset) ==
	       ADDRESS_OK);
	assert(list.len == 1);
	assert(span_equal(address_text(a),
			  address_text(&list.mailbox[0].address)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_release) struct arena arena = ARENA_INIT(1 << 22);
	struct span text = span_bytes(data, size);
	struct address_list list;
	struct address a;
	size_t offset = SIZE_MAX;

	if (address_parse(text, &a) == ADDRESS_OK)
		check(&a);
	if (address_list_parse(text, &arena, &list, &offset) != ADDRESS_OK) {
		assert(offset <= size);
		return 0;
	}
	assert(list.len <= ADDRESS_LIST_MAX && list.len + list.groups > 0);
	for (size_t i = 0; i < list.len; i++)
		check(&list.mailbox[i].address);
	return 0;
}
