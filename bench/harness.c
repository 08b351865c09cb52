/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

void
bench_die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static uint64_t
nanoseconds(const struct timeval *t)
{
	return (uint64_t)t->tv_sec * 1000000000 + (uint64_t)t->tv_usec * 1000;
}

uint64_t
bench_cpu(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage) != 0)
		bench_die("getrusage failed");
	return nanoseconds(&usage.ru_utime) + nanoseconds(&usage.ru_stime);
}

struct span
bench_file(const char *folder, const char *name)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(4096);
	struct buf content = BUF_INIT(BENCH_FILE_MAX);
	FILE *file;
	size_t got;
	char *to;

	if (!buf_addf(&path, "%s/%s", folder, name) ||
	    (file = fopen(path.ptr, "rb")) == NULL)
		bench_die("cannot read %s/%s", folder, name);
	do {
		to = buf_reserve(&content, 65536);
		if (to == NULL)
			bench_die("%s is too long", path.ptr);
		got = fread(to, 1, 65536, file);
		buf_grew(&content, got);
	} while (got > 0);
	fclose(file);
	return buf_span(&content);
}

const struct bench_mail *
bench_mails(const char *folder, const char *size, const char *suffix)
{
	struct bench_mail *mail = calloc(BENCH_MAILS, sizeof(*mail));
	size_t i, at;

	if (mail == NULL)
		bench_die("no memory");
	for (i = 0; i < BENCH_MAILS; i++) {
		CLEANUP(buf_release) struct buf name = BUF_INIT(256);

		buf_addf(&name, "%s/%02zu%s", size, i, suffix);
		mail[i].text = bench_file(folder, name.ptr);
		at = span_search(mail[i].text, SPAN("\r\n\r\n"));
		if (at == SPAN_NONE)
			bench_die("%s has no body", name.ptr);
		mail[i].header = span_head(mail[i].text, at + 2);
		mail[i].body = span_skip(mail[i].text, at + 4);
	}
	return mail;
}

bool
bench_has(const char *folder, const char *size)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(4096);

	return buf_addf(&path, "%s/%s", folder, size) &&
	       access(path.ptr, R_OK) == 0;
}

bool
bench_fields(struct span *rest, char sep, size_t count, struct span *ret)
{
	struct span line;
	size_t i;

	if (rest->len == 0)
		return false;
	line = span_cut(rest, '\n');
	for (i = 0; i + 1 < count; i++)
		ret[i] = span_cut(&line, sep);
	ret[i] = line;
	return true;
}

static void
run(const struct bench_case *c, double seconds)
{
	uint64_t begin = bench_cpu(), end, want;
	size_t done, all = 0;

	want = (uint64_t)(seconds * 1e9);
	do {
		done = c->round(c);
		if (done == 0) {
			printf("wrong %s: while it was timed\n", c->name);
			return;
		}
		all += done;
		end = bench_cpu();
	} while (end - begin < want);
	printf("ran %zu %llu\n", all, (unsigned long long)(end - begin));
}

static void
check(const struct bench_case *c)
{
	size_t done = c->round(c);

	if (done == 0)
		printf("wrong %s: a result is not as it must be\n", c->name);
	else
		printf("ok %zu\n", done);
}

static void
dump(const struct bench_case *c, const char *folder)
{
	size_t i;

	for (i = 0; c->sign != NULL && i < BENCH_MAILS; i++) {
		CLEANUP(buf_release) struct buf path = BUF_INIT(4096);
		CLEANUP(buf_release) struct buf field = BUF_INIT(65536);
		FILE *file;

		if (!c->sign(c, i, &field) ||
		    !buf_addf(&path, "%s/%02zu", folder, i)) {
			printf("wrong %s: mail %zu\n", c->name, i);
			return;
		}
		file = fopen(path.ptr, "wb");
		if (file == NULL ||
		    fwrite(field.ptr, 1, field.len, file) != field.len ||
		    fclose(file) != 0)
			bench_die("cannot write %s", path.ptr);
	}
	printf("ok %zu\n", i);
}

static const struct bench_case *
find(const struct bench_case *c, size_t len, const char *name)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (name != NULL && strcmp(c[i].name, name) == 0)
			return &c[i];
	return NULL;
}

int
bench_serve(const struct bench_case *c, size_t len)
{
	char line[4200], *word, *name, *argument, *rest;
	const struct bench_case *one;
	size_t i;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		rest = line;
		line[strcspn(line, "\n")] = '\0';
		word = strsep(&rest, " ");
		name = strsep(&rest, " ");
		argument = rest;
		one = find(c, len, name);
		if (strcmp(word, "cases") == 0) {
			printf("cases");
			for (i = 0; i < len; i++)
				printf(" %s", c[i].name);
			printf("\n");
		} else if (one == NULL) {
			printf("wrong there is no such case\n");
		} else if (strcmp(word, "check") == 0) {
			check(one);
		} else if (strcmp(word, "run") == 0 && argument != NULL) {
			run(one, strtod(argument, NULL));
		} else if (strcmp(word, "dump") == 0 && argument != NULL) {
			dump(one, argument);
		} else {
			printf("wrong there is no such command\n");
		}
		fflush(stdout);
	}
	return 0;
}
