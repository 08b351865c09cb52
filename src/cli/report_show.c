/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report_show.h"

void
report_show(struct output *o, struct span text)
{
	while (text.len > 0) {
		struct span line = span_cut(&text, '\n');
		struct span words = line, result;
		enum output_tone tone = OUTPUT_PLAIN;

		span_cut(&words, ' ');
		result = span_cut(&words, ' ');
		if (span_equal(result, SPAN("pass")))
			tone = OUTPUT_GOOD;
		else if (span_equal(result, SPAN("fail")) ||
			 span_equal(result, SPAN("permerror")))
			tone = OUTPUT_BAD;
		words = span_head(line, 15);
		output_tone_span(o, tone, words);
		output_print(o, SPAN_FMT "\n",
			     SPAN_ARG(span_skip(line, words.len)));
	}
}
