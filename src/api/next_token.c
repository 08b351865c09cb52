/* SPDX-License-Identifier: Apache-2.0 */
#include "api/next_token.h"

#include "crypt/hmac.h"
#include "crypt/secret.h"

/* Octets of the MAC that a token begins with. */
#define MAC_SIZE 16

static void
mac_of(const struct api_call *call, struct span query, struct span last,
       uint8_t ret[HMAC_SIZE])
{
	CLEANUP(buf_release)
	struct buf text = BUF_INIT(query.len + last.len + 100);

	buf_addf(&text, "%s|%zu|", call->account, query.len);
	buf_add(&text, query);
	buf_add(&text, last);
	hmac_of(span_bytes(call->deployment->token_key, API_TOKEN_KEY_SIZE),
		buf_span(&text), ret);
}

static void
add_hex(struct span bytes, struct buf *ret)
{
	for (size_t i = 0; i < bytes.len; i++)
		buf_addf(ret, "%02x", (unsigned)(uint8_t)bytes.ptr[i]);
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void
next_token_format(const struct api_call *call, struct span query,
		  struct span last, struct buf *ret)
{
	uint8_t mac[HMAC_SIZE];

	mac_of(call, query, last, mac);
	add_hex(span_bytes(mac, MAC_SIZE), ret);
	add_hex(last, ret);
}

bool
next_token_parse(struct api_call *call, struct span query, struct span token,
		 struct span *ret, struct error *reterr)
{
	char bytes[SES_NEXT_TOKEN_MAX / 2];
	uint8_t mac[HMAC_SIZE];
	size_t len = token.len / 2;
	bool good = token.len % 2 == 0 && token.len <= SES_NEXT_TOKEN_MAX &&
		    len > MAC_SIZE;
	struct span last;

	if (token.len == 0) {
		*ret = SPAN("");
		return true;
	}
	for (size_t i = 0; good && i < len; i++) {
		int high = digit(token.ptr[2 * i]);
		int low = digit(token.ptr[2 * i + 1]);

		good = high >= 0 && low >= 0;
		bytes[i] = (char)(high * 16 + low);
	}
	if (good) {
		last = span_bytes(bytes + MAC_SIZE, len - MAC_SIZE);
		mac_of(call, query, last, mac);
		good = secret_equal(span_bytes(bytes, MAC_SIZE),
				    span_bytes(mac, MAC_SIZE));
	}
	if (!good)
		return error_set(reterr, ERROR_BAD_NEXT_TOKEN,
				 "The specified NextToken is not valid.");
	*ret = arena_copy(&call->arena, last);
	return true;
}
