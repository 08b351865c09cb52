/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_show - prints a delivery report, from the text of report_text().
 */
#pragma once

#include "cli/output.h"

/* Prints `text`, each line in the colour of what it says. */
void report_show(struct output *o, struct span text);
