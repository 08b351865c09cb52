/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_sample - the zone that the tests of zone and responder ask.
 */
#pragma once

#include "dns/zone.h"

#include "unit.h"

#define TOKEN_LIVE  "aaaaaaaabbbbbbbbccccccccdddddddd"
#define TOKEN_SPARE "eeeeeeeeffffffffgggggggghhhhhhhh"
#define TOKEN_GONE  "iiiiiiiijjjjjjjjkkkkkkkkllllllll"
#define KEY_TEXT    "v=DKIM1; k=rsa; h=sha256; p=MIIB"

/* Returns a dname of the C string `text`, which must be one. */
static inline struct dname
name_of(const char *text)
{
	struct dname name;

	assert_int_equal(dname_parse(span_of(text), &name), DNAME_OK);
	return name;
}

/* Returns how the sample is configured. */
static inline struct zone_config
sample_config(void)
{
	struct zone_config config = {
		.apex = name_of("Mail.example"),
		.region = SPAN("eu-west-2"),
		.contact = name_of("hostmaster.mail.example"),
		.dmarc = SPAN("v=DMARC1; p=reject;"),
		.selector = SPAN("own"),
		.key = SPAN(KEY_TEXT "own"),
		.serial = 100,
		.ttl = 3600,
		.negative_ttl = 60,
		.servers = 2,
		.hosts = 1,
		.mxs = 2,
		.senders = 2,
	};

	config.server[0] = (struct zone_host){
		.name = name_of("ns1.mail.example"),
		.address = {{.ip = {192, 0, 2, 1}},
			    {.v6 = true, .ip = {0x20, 1, 0xd, 0xb8, [15] = 1}}},
		.len = 2};
	config.server[1] = (struct zone_host){.name = name_of("ns2.other.test"),
					      .address = {{.ip = {1, 2, 3, 4}}},
					      .len = 1};
	config.host[0] = (struct zone_host){.name = name_of("out.mail.example"),
					    .address = {{.ip = {192, 0, 2, 2}}},
					    .len = 1};
	config.mx[0] = (struct zone_address){.ip = {192, 0, 2, 3}};
	config.mx[1] = (struct zone_address){
		.v6 = true, .ip = {0x20, 1, 0xd, 0xb8, [15] = 3}};
	config.sender[0] = (struct zone_address){.ip = {192, 0, 2, 2}};
	config.sender[1] = (struct zone_address){
		.v6 = true, .ip = {0x20, 1, 0xd, 0xb8, [15] = 2}};
	return config;
}

/* Returns the sample zone with its tokens. */
static inline struct zone *
sample_zone(void)
{
	struct zone_config config = sample_config();
	struct zone *zone = zone_new(&config);

	assert_non_null(zone);
	assert_true(zone_key_put(zone, SPAN(TOKEN_LIVE), SPAN(KEY_TEXT)));
	assert_true(zone_key_put(zone, SPAN(TOKEN_SPARE), SPAN("")));
	assert_true(zone_key_put(zone, SPAN(TOKEN_GONE), SPAN(KEY_TEXT)));
	assert_true(zone_key_remove(zone, SPAN(TOKEN_GONE)));
	return zone;
}
