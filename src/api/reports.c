/* SPDX-License-Identifier: Apache-2.0 */
#include "api/reports.h"

#include <stdio.h>

void
report_setting(const char *token, char ret[static REPORT_SETTING_SIZE])
{
	snprintf(ret, REPORT_SETTING_SIZE, "report.%s", token);
}
