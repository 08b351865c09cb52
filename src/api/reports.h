/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reports - where the report inbox keeps what came for a report.
 *
 * The verdict is a row of its own (store_report_put()); the message itself,
 * as it was received, is kept under report_setting() while the report is.
 *
 * Pure: no allocation, no I/O, no logging, no clock.
 */
#pragma once

#include "store/types.h"

/* Of report_setting(), with its NUL. */
#define REPORT_SETTING_SIZE (STORE_TOKEN_SIZE + 16)
/* Octets of a message that is kept for its report. */
#define REPORT_MESSAGE_MAX ((size_t)1 << 20)

/* Writes the store's key for the message that came for the report `token`. */
void report_setting(const char *token, char ret[static REPORT_SETTING_SIZE]);
