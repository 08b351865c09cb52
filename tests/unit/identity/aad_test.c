/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/aad.h"

#include "unit.h"

static const struct dkim_key base = {.identity = 7,
				     .selector = "tok",
				     .generation = 2,
				     .type = DKIM_KEY_RSA};

static void
test_key(void **state)
{
	CLEANUP(buf_release) struct buf aad = BUF_INIT(AAD_MAX);

	(void)state;
	aad_of_key("123456789012", &base, &aad);
	assert_string_equal(aad.ptr, "v1|123456789012|7|2|tok|rsa");
}

/* Every member that tells two keys apart is in it. */
static void
test_apart(void **state)
{
	CLEANUP(buf_release) struct buf one = BUF_INIT(AAD_MAX);
	struct dkim_key other[4] = {base, base, base, base};

	(void)state;
	aad_of_key("1", &base, &one);
	other[0].identity = 8;
	other[1].generation = 3;
	other[2].selector[0] = 'x';
	other[3].type = DKIM_KEY_ED25519;
	for (size_t i = 0; i < COUNT(other); i++) {
		CLEANUP(buf_release) struct buf two = BUF_INIT(AAD_MAX);

		aad_of_key("1", &other[i], &two);
		assert_string_not_equal(one.ptr, two.ptr);
	}
}

static void
test_others(void **state)
{
	CLEANUP(buf_release) struct buf aad = BUF_INIT(AAD_MAX);

	(void)state;
	aad_of_pool("l", &aad);
	assert_string_equal(aad.ptr, "v1|pool|l");
	buf_clear(&aad);
	aad_of_secret("1", "AKIA", &aad);
	assert_string_equal(aad.ptr, "v1|1|AKIA|secret");
}

int
main(void)
{
	UNIT(test_key);
	UNIT(test_apart);
	UNIT(test_others);
	return unit_run("identity/aad");
}
