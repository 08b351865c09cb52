/* SPDX-License-Identifier: Apache-2.0 */
/* A real keyd, started as the parent would, sandbox and all. */
#include "keyd/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypt/armor.h"
#include "crypt/hmac.h"
#include "keyd/client.h"
#include "sys/process.h"
#include "sys/sanitized.h"
#include "unit.h"

#define AAD    SPAN("v1|000000000001|7|1|abcdefgh|rsa")
#define DIGEST SPAN("0123456789abcdef0123456789abcdef")

static int
role_keyd(void)
{
	const int masters[] = {PROCESS_FIRST_FD + 1};
	const struct keyd_process plan = {
		.channel = PROCESS_FIRST_FD,
		.masters = masters,
		.masters_len = 1,
		.uid = 65534,
		.gid = 65534,
	};
	struct error err;
	enum keyd_end end = keyd_process_run(&plan, &err);

	if (end != KEYD_END_CLOSED)
		fprintf(stderr, "keyd: %s\n", err.text);
	return (int)end;
}

/* A keyd, and its client. */
struct running {
	pid_t pid;
	int channel;
	struct keyd_client *client;
};

static struct running
start(struct span master)
{
	const char *const args[] = {"--role", "keyd", NULL};
	struct running r = {.client = keyd_client_new()};
	struct error err;
	int channel[2], file[2], fds[2];
	struct process_plan plan = {.name = "keyd",
				    .args = args,
				    .fds = fds,
				    .fds_len = 2,
				    .bare = true};

	assert_true(process_pair(channel, &err));
	assert_int_equal(pipe2(file, O_CLOEXEC), 0);
	assert_int_equal(write(file[1], master.ptr, master.len), master.len);
	close(file[1]);
	fds[0] = channel[1];
	fds[1] = file[0];
	assert_true(process_spawn(&plan, &r.pid, &err));
	close(channel[1]);
	close(file[0]);
	r.channel = channel[0];
	return r;
}

static void
stop(struct running *r, int status, int signal_number)
{
	struct process_end end;

	close(r->channel);
	assert_true(process_wait(r->pid, &end));
	assert_int_equal(end.signal, signal_number);
	assert_int_equal(end.status, status);
	keyd_client_free(r->client);
}

/* What the last callback was given. */
static struct {
	bool called;
	struct keyd_reply reply;
	struct buf sealed, public, signature, secret;
} got;

static void
take(struct buf *b, struct span s)
{
	b->limit = KEYD_SEALED_MAX;
	if (b->ptr == NULL)
		buf_init(b, KEYD_SEALED_MAX);
	buf_clear(b);
	buf_add(b, s);
}

static void
note(void *context, const struct keyd_reply *reply)
{
	(void)context;
	got.called = true;
	got.reply = *reply;
	take(&got.sealed, reply->sealed);
	take(&got.public, reply->public);
	take(&got.signature, reply->signature);
	take(&got.secret, reply->secret);
}

static enum keyd_status
call(struct running *r, const struct keyd_request *request)
{
	static uint8_t room[4096];
	struct error err;
	size_t len;

	got.called = false;
	assert_true(keyd_client_ask(r->client, request, note, NULL));
	/* A keyd that is gone is told by the read. */
	if (process_write(r->channel, keyd_client_output(r->client), &err))
		keyd_client_sent(r->client, keyd_client_output(r->client).len);
	while (!got.called) {
		assert_true(process_read(r->channel, room, sizeof(room), &len,
					 &err));
		if (len == 0)
			keyd_client_lost(r->client);
		else
			assert_true(keyd_client_feed(r->client,
						     span_bytes(room, len)));
	}
	return got.reply.status;
}

static void
check_signature(enum key_type type, struct span public)
{
	CLEANUP(secret_release) struct secret octets = {.ptr = NULL};
	CLEANUP(pubkey_freep) struct pubkey *key = NULL;
	enum armor_label label;

	assert_int_equal(armor_open(public, &octets, &label), ARMOR_OK);
	assert_int_equal(type == KEY_RSA
				 ? pubkey_rsa(secret_span(&octets), &key)
				 : pubkey_ed25519(secret_span(&octets), &key),
			 PUBKEY_OK);
	assert_true(pubkey_verify(key, (const uint8_t *)DIGEST.ptr,
				  buf_span(&got.signature)));
}

/* Every operation, in the sandbox. */
static void
test_operations(void **state)
{
	static const enum key_type type[] = {KEY_RSA, KEY_ED25519};
	struct running r = start(SPAN("0123456789abcdef0123456789abcdef"));
	struct keyd_request q;

	(void)state;
	for (size_t i = 0; i < COUNT(type); i++) {
		CLEANUP(buf_release)
		struct buf sealed = BUF_INIT(KEYD_SEALED_MAX);
		CLEANUP(buf_release) struct buf public = BUF_INIT(4096);

		q = (struct keyd_request){.op = KEYD_GENERATE,
					  .type = type[i],
					  .bits = type[i] == KEY_RSA ? 2048 : 0,
					  .aad = AAD};
		assert_int_equal(call(&r, &q), KEYD_OK);
		buf_add(&sealed, buf_span(&got.sealed));
		buf_add(&public, buf_span(&got.public));
		q = (struct keyd_request){.op = KEYD_SIGN,
					  .sealed = buf_span(&sealed),
					  .aad = AAD,
					  .digest = DIGEST};
		assert_int_equal(call(&r, &q), KEYD_OK);
		check_signature(type[i], buf_span(&public));
		q = (struct keyd_request){.op = KEYD_REBIND,
					  .sealed = buf_span(&sealed),
					  .aad = AAD,
					  .aad_new = SPAN("elsewhere")};
		assert_int_equal(call(&r, &q), KEYD_OK);
	}
	q = (struct keyd_request){
		.op = KEYD_IMPORT, .bytes = SPAN("nothing"), .aad = AAD};
	assert_int_equal(call(&r, &q), KEYD_BAD_KEY);
	stop(&r, KEYD_END_CLOSED, 0);
}

static void
test_import(void **state)
{
	struct running r = start(SPAN("0123456789abcdef0123456789abcdef"));
	CLEANUP(privkey_freep)
	struct privkey *key = privkey_generate(KEY_RSA, 2048);
	CLEANUP(secret_release) struct secret pem = {.ptr = NULL};
	struct keyd_request q = {.op = KEYD_IMPORT, .aad = AAD};

	(void)state;
	privkey_pem(key, &pem);
	q.bytes = secret_span(&pem);
	assert_int_equal(call(&r, &q), KEYD_OK);
	assert_int_equal(got.reply.bits, 2048);
	stop(&r, KEYD_END_CLOSED, 0);
}

/* A secret made by one keyd is known to the next with the same master key. */
static void
test_restart(void **state)
{
	struct running r = start(SPAN("0123456789abcdef0123456789abcdef\n"
				      "0123456789abcdef0123456789abcdef"));
	struct keyd_request q = {.op = KEYD_NEW_SECRET, .aad = AAD};
	CLEANUP(buf_release) struct buf sealed = BUF_INIT(KEYD_SEALED_MAX);
	uint8_t none[HMAC_SIZE] = {0};

	(void)state;
	/* That was no master key. */
	assert_int_equal(call(&r, &q), KEYD_LOST);
	stop(&r, KEYD_END_CONFIG, 0);

	r = start(SPAN("0123456789abcdef0123456789abcdef"));
	assert_int_equal(call(&r, &q), KEYD_OK);
	assert_int_equal(got.secret.len, KEYD_NEW_SECRET_SIZE);
	buf_add(&sealed, buf_span(&got.sealed));
	kill(r.pid, SIGKILL);
	assert_int_equal(call(&r, &q), KEYD_LOST);
	stop(&r, -1, SIGKILL);

	q = (struct keyd_request){.op = KEYD_VERIFY,
				  .sealed = buf_span(&sealed),
				  .aad = AAD,
				  .date = SPAN("20261123"),
				  .region = SPAN("eu-west-2"),
				  .service = SPAN("ses"),
				  .string_to_sign = SPAN("x"),
				  .signature = {(char *)none, HMAC_SIZE}};
	r = start(SPAN("0123456789abcdef0123456789abcdef"));
	assert_int_equal(call(&r, &q), KEYD_NO);
	/* It does not end because it is asked to. */
	kill(r.pid, SIGTERM);
	kill(r.pid, SIGINT);
	assert_int_equal(call(&r, &q), KEYD_NO);
	stop(&r, KEYD_END_CLOSED, 0);

	r = start(SPAN("another master key of 32 octets."));
	assert_int_equal(call(&r, &q), KEYD_NO_MASTER);
	stop(&r, KEYD_END_CLOSED, 0);
}

/* Reads the file `name` of /proc about process `pid`. */
static struct span
proc(pid_t pid, const char *name, char *room, size_t size)
{
	char path[64];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	len = read(fd, room, size);
	assert_true(len > 0);
	close(fd);
	return span_bytes(room, (size_t)len);
}

/* What the kernel says of a keyd that works. */
static void
test_closed_in(void **state)
{
	struct running r = start(SPAN("0123456789abcdef0123456789abcdef"));
	struct keyd_request q = {.op = KEYD_NEW_SECRET, .aad = AAD};
	char room[4096], path[64];
	struct span status;
	struct stat st;

	(void)state;
	assert_int_equal(call(&r, &q), KEYD_OK);
	status = proc(r.pid, "status", room, sizeof(room));
	assert_true(span_search(status, SPAN("\nNoNewPrivs:\t1\n")) !=
		    SPAN_NONE);
	assert_true(span_search(status, SPAN("\nSeccomp:\t2\n")) != SPAN_NONE);
	assert_true(span_search(status, SPAN("\nCapEff:\t0000000000000000")) !=
			    SPAN_NONE ||
		    geteuid() != 0);
	/* Not dumpable: its memory is root's, whoever it runs as (K9). */
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)r.pid);
	assert_int_equal(stat(path, &st), 0);
	if (!SANITIZED)
		assert_int_equal(st.st_uid, 0);
	stop(&r, KEYD_END_CLOSED, 0);
}

static void
test_nonsense(void **state)
{
	static const char *const texts[] = {"GET / HTTP/1.1\r\n\r\n", "\1"};
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct running r =
			start(SPAN("0123456789abcdef0123456789abcdef"));
		char room[8];
		size_t len = 1;

		/* "\1" alone, or a frame that says nothing */
		assert_true(process_write(
			r.channel,
			i == 0 ? span_of(texts[i]) : SPAN("\0\0\0\1\1"), &err));
		assert_true(process_read(r.channel, room, sizeof(room), &len,
					 &err));
		assert_int_equal(len, 0);
		stop(&r, KEYD_END_NONSENSE, 0);
	}
}

int
main(int argc, char **argv)
{
	int rc;

	if (argc == 3 && strcmp(argv[2], "keyd") == 0)
		return role_keyd();
	signal(SIGPIPE, SIG_IGN);
	UNIT(test_operations);
	UNIT(test_import);
	UNIT(test_restart);
	UNIT(test_closed_in);
	UNIT(test_nonsense);
	rc = unit_run("keyd/process");
	buf_release(&got.sealed);
	buf_release(&got.public);
	buf_release(&got.signature);
	buf_release(&got.secret);
	return rc;
}
