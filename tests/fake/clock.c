/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/clock.h"

#include "fake.h"

int64_t fake_now;

int64_t
clock_now(void)
{
	return fake_now;
}

int64_t
clock_mono(void)
{
	return fake_now;
}
