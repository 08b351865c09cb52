/* SPDX-License-Identifier: Apache-2.0 */
#include "keyd/master.h"

#include "crypt/armor.h"
#include "sys/process.h"

/* Octets of its text in hexadecimal. */
#define HEX_SIZE (2 * SEAL_MASTER_SIZE)

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = span_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
parse_hex(struct span text, struct secret *ret)
{
	struct secret key;

	if (text.len != HEX_SIZE)
		return false;
	secret_init(&key, SEAL_MASTER_SIZE);
	for (size_t i = 0; i < key.len; i++) {
		int high = hex_value(text.ptr[2 * i]);
		int low = hex_value(text.ptr[2 * i + 1]);

		if (high < 0 || low < 0) {
			secret_release(&key);
			return false;
		}
		key.ptr[i] = (uint8_t)(high << 4 | low);
	}
	*ret = key;
	return true;
}

static bool
parse_base64(struct span text, struct secret *ret)
{
	struct secret key;
	enum armor_label label;

	if (armor_open(text, &key, &label) != ARMOR_OK)
		return false;
	if (label != ARMOR_UNLABELLED || key.len != SEAL_MASTER_SIZE) {
		secret_release(&key);
		return false;
	}
	*ret = key;
	return true;
}

bool
master_parse(struct span text, struct secret *ret)
{
	if (text.len == SEAL_MASTER_SIZE) {
		secret_copy(ret, text);
		return true;
	}
	text = span_trim(text);
	return parse_hex(text, ret) || parse_base64(text, ret);
}

bool
master_read(int fd, struct secret *ret, struct error *reterr)
{
	CLEANUP(secret_release) struct secret text = {.ptr = NULL};
	size_t len = 0, got;

	/* One octet more than it may have. */
	secret_init(&text, MASTER_TEXT_MAX + 1);
	do {
		if (!process_read(fd, text.ptr + len, text.len - len, &got,
				  reterr))
			return error_set(reterr, ERROR_CONFIG,
					 "cannot read the master key");
		len += got;
	} while (got > 0 && len < text.len);
	secret_truncate(&text, len);
	if (len > MASTER_TEXT_MAX || !master_parse(secret_span(&text), ret))
		return error_set(reterr, ERROR_CONFIG,
				 "the master key is not 32 octets, nor their "
				 "text in hexadecimal or base64");
	return true;
}
