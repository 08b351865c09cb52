/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over its corpus, so that "make check" needs no clang. */
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
main(int argc, char **argv)
{
	static uint8_t data[1 << 20];

	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");

		if (file == NULL) {
			perror(argv[i]);
			return 1;
		}
		LLVMFuzzerTestOneInput(data,
				       fread(data, 1, sizeof(data), file));
		fclose(file);
	}
	printf("%d passed, 0 failed\n", argc - 1);
	return 0;
}
