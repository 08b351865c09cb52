/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign - puts a DKIM signature on a message: from stdin to stdout.
 *
 *	cc -o sign sign.c \
 *		$(pkg-config --cflags --libs sesame-mailauth)
 *
 *	./sign -k key.pem -d example.org -s mail <mail.eml >signed.eml
 *	./sign -k key.pem -p
 *
 *	-k FILE      private key, in PEM or DER
 *	-d DOMAIN    d=: whose signature it is
 *	-s SELECTOR  s=: the key is published at SELECTOR._domainkey.DOMAIN
 *	-p           print the record to publish there, and end
 *
 * Lines that end in LF alone are signed as if they ended in CRLF, as they do
 * once the message is sent.  Exit status: 0 done, 1 not.
 */
#include <sesame/mailauth.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* The message is kept, since its signature stands before it. */
#define MESSAGE_MAX ((size_t)64 << 20)

static int
fail(const char *what, const char *why)
{
	fprintf(stderr, "sign: %s: %s\n", what, why);
	return 1;
}

/* Reads the key; NULL, having said why, if it is none. */
static struct sesame_key *
read_key(const char *path)
{
	static char text[SESAME_KEY_TEXT_MAX];
	struct sesame_key *key = NULL;
	FILE *file = fopen(path, "rb");
	const char *why;
	size_t len;

	if (file == NULL) {
		perror(path);
		return NULL;
	}
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	if (sesame_key_load(text, len, &key, &why) != SESAME_OK)
		fail(path, why);
	explicit_bzero(text, sizeof(text));
	return key;
}

/* Writes `field` as the message has its lines: with CRLF or LF alone. */
static void
write_field(struct sesame_text field, int unix_lines)
{
	for (size_t i = 0; i < field.len; i++)
		if (field.ptr[i] != '\r' || !unix_lines)
			putchar(field.ptr[i]);
}

static int
sign(const struct sesame_sign_input *in)
{
	char *message = malloc(MESSAGE_MAX);
	size_t len =
		message == NULL ? 0 : fread(message, 1, MESSAGE_MAX, stdin);
	const char *end = len > 0 ? memchr(message, '\n', len) : NULL;
	int unix_lines = end > message && end[-1] != '\r';
	struct sesame_sign *sign;
	enum sesame_status status;

	if (message == NULL || ferror(stdin) || !feof(stdin))
		return fail("stdin", "it cannot be read, or is too long");
	status = sesame_sign_new(in, &sign);
	if (status != SESAME_OK)
		return fail("options", sesame_strerror(status));
	sesame_sign_feed(sign, message, len);
	status = sesame_sign_end(sign);
	if (status != SESAME_OK)
		return fail("message", sesame_strerror(status));
	write_field(sesame_sign_field(sign), unix_lines);
	fwrite(message, 1, len, stdout);
	sesame_sign_free(sign);
	free(message);
	return fflush(stdout) == 0 ? 0 : fail("stdout", "it is full");
}

int
main(int argc, char **argv)
{
	struct sesame_sign_input in = {
		.size = sizeof(in),
		.time_s = time(NULL),
		.flags = SESAME_UNIX_LINES,
	};
	struct sesame_key *key = NULL;
	int option, publish = 0, code = 0;

	while ((option = getopt(argc, argv, "k:d:s:p")) != -1) {
		if (option == 'k' && key == NULL)
			key = read_key(optarg);
		else if (option == 'd')
			in.domain = sesame_text_of(optarg);
		else if (option == 's')
			in.selector = sesame_text_of(optarg);
		else if (option == 'p')
			publish = 1;
	}
	if (key == NULL)
		return fail("options", "a key is needed: -k FILE");
	in.key = key;
	if (publish)
		puts(sesame_key_record(key).ptr);
	else
		code = sign(&in);
	sesame_key_free(key);
	return code;
}
