/* SPDX-License-Identifier: Apache-2.0 */
/* What config_parse() takes, config_format() writes and it reads back. */
#include <assert.h>
#include <stdint.h>

#include "serve/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(4 * CONFIG_FILE_MAX);
	static struct config config, again;
	struct error err;

	if (size > CONFIG_FILE_MAX)
		return 0;
	config_init(&config, "data");
	if (!config_parse(&config, "f", span_bytes(data, size), &err)) {
		assert(err.code == ERROR_CONFIG && err.text[0] != '\0');
		return 0;
	}
	config_format(&config, &text);
	assert(!text.full);
	config_init(&again, "data");
	assert(config_parse(&again, "g", buf_span(&text), &err));
	assert(memcmp(&config, &again, sizeof(config)) == 0);
	return 0;
}
