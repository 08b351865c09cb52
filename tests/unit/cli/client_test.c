/* SPDX-License-Identifier: Apache-2.0 */
/* Against a server in a child process that plays the answers of a row. */
#include "cli/client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypt/digest.h"
#include "ses/sigv4.h"
#include "sys/clock.h"
#include "sys/net.h"

#include "unit.h"

#define ANSWERS_MAX 4
#define REQUEST_MAX 65536

/* What the child saw, in memory that both share. */
static struct seen {
	int requests;
	char last[REQUEST_MAX]; /* the last request, NUL-ended */
} * seen;

static const char *
answer(const char *status, const char *fields, const char *body)
{
	static char text[4096];

	snprintf(text, sizeof(text),
		 "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n"
		 "%s\r\n%s",
		 status, strlen(body), fields, body);
	return text;
}

static const struct row {
	const char *name;
	const char *status[ANSWERS_MAX]; /* of each answer; NULL ends them */
	const char *fields;
	const char *body;
	const char *method;
	const char *want;     /* member "a" of the answer; NULL: a failure */
	enum error_code code; /* of the failure */
	const char *text;     /* in it */
	int requests;         /* how many there must be */
} rows[] = {
	{"an answer", {"200 OK"}, "", "{\"a\":\"b\"}", "GET", "b", 0, "", 1},
	{"a body is sent",
	 {"200 OK"},
	 "",
	 "{\"a\":\"b\"}",
	 "POST",
	 "b",
	 0,
	 "",
	 1},
	{"an error of SES",
	 {"400 Bad Request"},
	 "x-amzn-ErrorType: AlreadyExistsException:http://x/\r\n",
	 "{\"message\":\"it exists\"}",
	 "POST",
	 NULL,
	 ERROR_ALREADY_EXISTS,
	 "it exists",
	 1},
	{"an error that is no JSON",
	 {"404 Not Found"},
	 "",
	 "<html>",
	 "GET",
	 NULL,
	 ERROR_UNKNOWN_OPERATION,
	 "",
	 1},
	{"a GET is tried again",
	 {"503 x", "500 x", "200 OK"},
	 "",
	 "{\"a\":\"b\"}",
	 "GET",
	 "b",
	 0,
	 "",
	 3},
	{"but not for ever",
	 {"503 x", "503 x", "503 x", "200 OK"},
	 "",
	 "{}",
	 "GET",
	 NULL,
	 ERROR_UNAVAILABLE,
	 "",
	 3},
	{"a POST is not",
	 {"503 x", "200 OK"},
	 "",
	 "{\"a\":\"b\"}",
	 "POST",
	 NULL,
	 ERROR_UNAVAILABLE,
	 "",
	 1},
	{"a redirect is not followed",
	 {"302 Found", "200 OK"},
	 "Location: /elsewhere\r\n",
	 "{\"a\":\"b\"}",
	 "POST",
	 NULL,
	 ERROR_INTERNAL,
	 "",
	 1},
	{"not a SES endpoint",
	 {"200 OK"},
	 "",
	 "hello",
	 "GET",
	 NULL,
	 ERROR_NETWORK,
	 "not as a SES endpoint",
	 1},
	{"an array is no answer",
	 {"200 OK"},
	 "",
	 "[]",
	 "GET",
	 NULL,
	 ERROR_NETWORK,
	 "not as a SES endpoint",
	 1},
};

/* Reads one request: its head, and as much body as it says. */
static void
read_request(int fd, char *ret)
{
	size_t len = 0, need = SIZE_MAX;

	while (len < need && len < REQUEST_MAX - 1) {
		ssize_t n = read(fd, ret + len, REQUEST_MAX - 1 - len);
		const char *end, *length;

		if (n <= 0)
			break;
		len += (size_t)n;
		ret[len] = '\0';
		end = strstr(ret, "\r\n\r\n");
		length = strstr(ret, "Content-Length: ");
		if (end != NULL)
			need = (size_t)(end + 4 - ret) +
			       (length != NULL && length < end
					? (size_t)strtoul(length + 16, NULL, 10)
					: 0);
	}
}

static _Noreturn void
serve(int listener, const struct row *row)
{
	for (size_t i = 0; i < ANSWERS_MAX && row->status[i] != NULL; i++) {
		int fd = accept(listener, NULL, NULL);
		const char *text =
			answer(row->status[i], row->fields, row->body);
		ssize_t n;

		read_request(fd, seen->last);
		seen->requests++;
		n = write(fd, text, strlen(text));
		(void)n;
		close(fd);
	}
	pause();
	_exit(0);
}

/* A socket that listens on loopback, and where. */
static int
listen_somewhere(struct target *t)
{
	struct net_address address;
	struct error err;
	socklen_t len;
	struct sockaddr_in in;
	int fd;

	assert_true(net_parse(SPAN("127.0.0.1:0"), 0, &address));
	fd = net_listen(&address, &err);
	assert_true(fd >= 0);
	/* The child reads and writes simply: let it wait. */
	assert_int_equal(fcntl(fd, F_SETFL, 0), 0);
	len = sizeof(in);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	snprintf(t->endpoint, sizeof(t->endpoint), "http://127.0.0.1:%u/prefix",
		 ntohs(in.sin_port));
	return fd;
}

/* The value of a field of the last request, as a span in it. */
static struct span
field(const char *name)
{
	char line[64];
	const char *at;

	snprintf(line, sizeof(line), "\r\n%s: ", name);
	at = strstr(seen->last, line);
	if (at == NULL)
		return SPAN("");
	at += strlen(line);
	return span_bytes(at, strcspn(at, "\r"));
}

/* The server's half of SigV4 agrees with what was sent; but a session token
 * is for Amazon's services, which hand them out. */
static void
check_signature(const struct target *t, struct span body)
{
	static const char *const names[] = {"Host", "X-Amz-Date",
					    "X-Amz-Security-Token",
					    "Content-Type", "Authorization"};
	CLEANUP(buf_release) struct buf string = BUF_INIT(SIGV4_STRING_MAX);
	struct sigv4_header header[COUNT(names)];
	struct span line = span_of(seen->last);
	struct sigv4_request request = {.header = header};
	uint8_t digest[DIGEST_SIZE], signature[SIGV4_SIGNATURE_SIZE];
	struct sigv4 sig;

	request.method = span_cut(&line, ' ');
	request.query = span_cut(&line, ' ');
	request.path = span_cut(&request.query, '?');
	for (size_t i = 0; i < COUNT(names); i++)
		if (field(names[i]).len > 0)
			header[request.headers++] = (struct sigv4_header){
				span_of(names[i]), field(names[i])};
	assert_int_equal(sigv4_parse(&request, &sig), SIGV4_OK);
	assert_int_equal(
		sigv4_check(&sig, SPAN("eu-west-2"), SPAN("ses"), clock_now()),
		SIGV4_TOKEN);
	assert_span(sig.access_key, "AKIATEST");
	digest_of(body, digest);
	assert_int_equal(sigv4_string_to_sign(&request, &sig, digest, &string),
			 SIGV4_OK);
	sigv4_signature(span_of(t->secret), sig.date, sig.region, sig.service,
			buf_span(&string), signature);
	assert_memory_equal(sig.signature, signature, sizeof(signature));
}

static void
test_call(void **state)
{
	const struct row *row = *state;
	static struct target t = {
		.region = "eu-west-2",
		.access_key = "AKIATEST",
		.secret = "secret",
		.session_token = "session/token==",
	};
	CLEANUP(client_freep) struct client *c = NULL;
	CLEANUP(json_decrefp) json_t *body = NULL, *ret = NULL;
	CLEANUP(buf_release) struct buf sent = BUF_INIT(1000);
	int listener = listen_somewhere(&t);
	struct error err = {0};
	struct span got;
	pid_t pid;
	bool ok;

	*seen = (struct seen){0};
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		serve(listener, row);
	close(listener);
	if (strcmp(row->method, "POST") == 0) {
		body = json_object_new();
		json_puts(body, "hello", "w\xc3\xb6rld");
		json_format(body, &sent);
	}
	assert_true(client_new(&t, &c, &err));
	ok = client_call_named(c, row->method, "/v2/x/", SPAN("a@b c"),
			       "/y?q=1&p=%2F", body, &ret, &err);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_int_equal(seen->requests, row->requests);
	assert_non_null(strstr(seen->last,
			       " /prefix/v2/x/a%40b%20c/y?q=1&p=%2F HTTP/1.1"));
	check_signature(&t, buf_span(&sent));
	if (row->want != NULL) {
		if (!ok)
			fail_msg("%s", err.text);
		assert_true(json_get_text(ret, "a", &got));
		assert_span(got, row->want);
	} else {
		assert_false(ok);
		assert_int_equal(err.code, row->code);
		assert_non_null(strstr(err.text, row->text));
	}
}

static const struct url_row {
	const char *name;
	bool safe;
} urls[] = {
	{"https://api.mail.example", true},
	{"https://api.mail.example:8443/path", true},
	{"http://127.0.0.1:8025", true},
	{"http://127.9.9.9", true},
	{"http://[::1]:8025/", true},
	{"http://localhost:8025", true},
	{"http://api.mail.example", false},
	{"http://192.0.2.1", false},
	{"http://127.0.0.1.evil.example", false},
	{"http://localhost.evil.example", false},
	{"ftp://127.0.0.1/", false},
	{"file:///etc/passwd", false},
	{"https://user:password@api.mail.example", false},
	{"https://api.mail.example/?x=1", false},
	{"https://", false},
	{"nonsense", false},
	{"", false},
};

static void
test_url(void **state)
{
	const struct url_row *row = *state;
	struct error err = {0};

	assert_int_equal(client_is_safe(row->name, &err), row->safe);
	if (!row->safe)
		assert_int_equal(err.code, ERROR_CONFIG);
}

int
main(void)
{
	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (seen == MAP_FAILED)
		return 1;
	UNIT_ROWS(test_call, rows);
	UNIT_ROWS(test_url, urls);
	return unit_run("cli/client");
}
