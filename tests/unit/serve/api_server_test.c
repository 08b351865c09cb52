/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The API over loopback, with the real store, keyring, keeper, publisher and
 * submitter; keyd answers in threads of its own.
 */
#include "serve/api_server.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "identity/aad.h"
#include "keyd/keyd.h"
#include "mailauth/verify.h"
#include "serve/keeper.h"
#include "serve/publisher.h"
#include "serve/submit.h"
#include "ses/sigv4.h"
#include "store/temp.h"
#include "sys/clock.h"

#define KEYDS    2
#define ZONE     "mail.example"
#define REGION   "eu-west-2"
#define ANSWER   (64 * 1024)
#define PATIENCE 15000 /* ms that anything may take */

/* ---- time: what clock_now() says can be set on ---- */

static _Atomic int64_t ahead;

static int64_t
read_clock(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
clock_now(void)
{
	return read_clock(CLOCK_REALTIME) + ahead;
}

int64_t
clock_mono(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

/* ---- keyd ---- */

struct keyd_thread {
	pthread_t thread;
	int fd;       /* its end */
	bool running; /* it is there */
};

static struct seal_ring *
new_ring(void)
{
	static const uint8_t master[SEAL_MASTER_SIZE] = {1, 2, 3};
	struct seal_ring *ring = seal_ring_new();

	assert_true(seal_ring_add(ring, span_bytes(master, sizeof(master))));
	return ring;
}

/* Answers each request on `fd` until it is closed. */
static void *
keyd_main(void *arg)
{
	struct keyd_thread *t = arg;
	struct keyd *keyd = keyd_new(new_ring());
	static _Thread_local char in[KEYD_FRAME_MAX], out[KEYD_FRAME_MAX];
	size_t len = 0;
	ssize_t got;

	while ((got = read(t->fd, in + len, sizeof(in) - len)) > 0) {
		struct span rest, frame;

		len += (size_t)got;
		rest = span_bytes(in, len);
		while (keyd_frame_cut(&rest, &frame) == KEYD_FRAME_OK) {
			struct writer w = writer_over(out, sizeof(out));
			struct keyd_request request;
			struct keyd_reply reply;
			uint64_t id;

			if (!keyd_request_unpack(frame, &id, &request))
				abort();
			keyd_answer(keyd, &request, &reply);
			if (!keyd_reply_pack(id, &reply, &w))
				abort();
			if (send(t->fd, out, w.len, MSG_NOSIGNAL) < 0)
				break;
		}
		memmove(in, rest.ptr, rest.len);
		len = rest.len;
	}
	keyd_free(keyd);
	return NULL;
}

/* ---- the deployment ---- */

static struct {
	struct temp temp;
	struct store *db; /* the test's own */
	struct loop *loop;
	struct loop_timer *ticker;
	struct storage *storage;
	struct config config;
	struct publisher *publisher;
	struct keyring *keyring;
	struct keyd_thread keyd[KEYDS];
	struct keeper_parts keeper_parts;
	struct keeper *keeper;
	struct submit_parts submit_parts;
	struct submitter *submitter;
	struct suffixes *suffixes;
	struct api_deployment deployment;
	struct api_parts api_parts;
	struct api_server *api;
	struct access_keys *keys;
	struct access_key key;
	char secret[64];
	int door;
	unsigned queued;
	bool (*condition)(void);
	int64_t deadline;
} w;

static void
on_broken(void *context)
{
	(void)context;
	fail_msg("the store is broken");
}

static void
on_keyd_broken(void *context, size_t slot)
{
	(void)context;
	fail_msg("keyd %zu talks nonsense", slot);
}

static void
on_publish(void *context, const struct dkim_key *key)
{
	(void)context;
	publisher_key(w.publisher, key);
}

static void
on_changed(void *context)
{
	(void)context;
}

static void
on_queued(void *context)
{
	(void)context;
	w.queued++;
}

static void
on_wake(void *context, unsigned what)
{
	(void)context;
	if (what & API_WAKE_ZONE)
		publisher_sync(w.publisher);
	if (what & API_WAKE_KEYS)
		keeper_wake(w.keeper);
}

static void
tick(void *context)
{
	(void)context;
	if (clock_mono() > w.deadline)
		fail_msg("it did not happen");
	if (w.condition())
		loop_stop(w.loop);
	else
		loop_timer_set(w.ticker, 2);
}

static void
wait_until(bool (*is_so)(void))
{
	w.condition = is_so;
	w.deadline = clock_mono() + PATIENCE;
	loop_timer_set(w.ticker, 0);
	loop_run(w.loop);
}

static void
start_keyd(size_t slot)
{
	struct keyd_thread *t = &w.keyd[slot];
	int pair[2];

	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	t->fd = pair[0];
	t->running = true;
	assert_int_equal(pthread_create(&t->thread, NULL, keyd_main, t), 0);
	keyring_attach(w.keyring, slot, pair[1]);
}

static void
end_keyd(size_t slot)
{
	struct keyd_thread *t = &w.keyd[slot];

	if (!t->running)
		return;
	shutdown(t->fd, SHUT_RDWR);
	pthread_join(t->thread, NULL);
	close(t->fd);
	t->running = false;
}

/* Makes the access key and the deployment's own DKIM key. */
static void
make_keys(void)
{
	CLEANUP(buf_release) struct buf aad = BUF_INIT(AAD_MAX);
	CLEANUP(keyd_freep) struct keyd *keyd = keyd_new(new_ring());
	struct keyd_request request = {.op = KEYD_NEW_SECRET};
	struct dkim_key zone = {.generation = 1,
				.type = DKIM_KEY_RSA,
				.bits = 2048,
				.state = DKIM_KEY_ACTIVE,
				.created = T0};
	struct keyd_reply reply;

	COPY(w.key.id, "AKIATESTTESTTESTTEST");
	COPY(w.key.account, A);
	w.key.permission = ACCESS_FULL;
	aad_of_secret(A, w.key.id, &aad);
	request.aad = buf_span(&aad);
	keyd_answer(keyd, &request, &reply);
	assert_int_equal(reply.status, KEYD_OK);
	memcpy(w.key.sealed, reply.sealed.ptr, reply.sealed.len);
	w.key.sealed_len = reply.sealed.len;
	memcpy(w.secret, reply.secret.ptr, reply.secret.len);
	keyd_forget(keyd);
	COPY(zone.selector, "zonekeyzonekey");
	buf_clear(&aad);
	aad_of_key("", &zone, &aad);
	request = (struct keyd_request){.op = KEYD_GENERATE,
					.type = KEY_RSA,
					.bits = 2048,
					.aad = buf_span(&aad)};
	keyd_answer(keyd, &request, &reply);
	assert_int_equal(reply.status, KEYD_OK);
	memcpy(zone.sealed, reply.sealed.ptr, reply.sealed.len);
	zone.sealed_len = reply.sealed.len;
	memcpy(zone.public, reply.public.ptr, reply.public.len);
	OK(store_dkim_key_put(w.db, &zone, &err));
}

static void
start_parts(void)
{
	w.keeper_parts = (struct keeper_parts){.loop = w.loop,
					       .storage = w.storage,
					       .keyring = w.keyring,
					       .publish = on_publish,
					       .changed = on_changed};
	w.keeper = keeper_new(&w.keeper_parts);
	w.submit_parts = (struct submit_parts){.loop = w.loop,
					       .storage = w.storage,
					       .keyring = w.keyring,
					       .zone = ZONE,
					       .region = REGION,
					       .region_domain = REGION "." ZONE,
					       .queued = on_queued};
	w.submitter = submitter_new(&w.submit_parts);
	w.deployment.service.kind = SERVICE_SESAME;
	COPY(w.deployment.service.zone, ZONE);
	COPY(w.deployment.service.region, REGION);
	w.suffixes = suffixes_builtin();
	w.deployment.suffixes = w.suffixes;
	w.deployment.max_24_hours = w.deployment.max_rate = -1;
	w.api_parts = (struct api_parts){.loop = w.loop,
					 .storage = w.storage,
					 .keyring = w.keyring,
					 .submitter = w.submitter,
					 .access_keys = w.keys,
					 .log = -1,
					 .deployment = &w.deployment,
					 .wake = on_wake};
	w.api = api_server_new(&w.api_parts, w.door);
}

static void
start(void)
{
	struct net_address at;

	memset(&w, 0, sizeof(w));
	ahead = 0;
	temp_init(&w.temp);
	w.db = temp_open(&w.temp);
	temp_account(w.db, A);
	make_keys();
	w.loop = loop_new();
	w.ticker = loop_timer_new(w.loop, tick, NULL);
	OK(storage_new(w.loop, w.temp.path, on_broken, NULL, &w.storage, &err));
	config_init(&w.config, w.temp.folder);
	OK(config_set_pair(&w.config, SPAN("zone=" ZONE), &err));
	OK(config_finish(&w.config, &err));
	OK((w.publisher = publisher_new(w.loop, &w.config, w.storage, 1,
					&err)) != NULL);
	OK(store_access_key_add(w.db, &w.key, &err));
	OK((w.keys = access_keys_new(w.loop, w.storage, 1, &err)) != NULL);
	assert_true(net_parse(SPAN("127.0.0.1:0"), 0, &at));
	OK((w.door = net_listen(&at, &err)) >= 0);
	w.keyring = keyring_new(w.loop, KEYDS, on_keyd_broken, NULL);
	for (size_t i = 0; i < KEYDS; i++)
		start_keyd(i);
	start_parts();
}

static bool
is_quiet(void)
{
	return api_server_busy(w.api) == 0 &&
	       submitter_busy(w.submitter) == 0 && !keeper_busy(w.keeper) &&
	       !publisher_busy(w.publisher) && storage_pending(w.storage) == 0;
}

static void
stop(void)
{
	keeper_stop(w.keeper);
	wait_until(is_quiet);
	api_server_free(w.api);
	submitter_free(w.submitter);
	keeper_free(w.keeper);
	for (size_t i = 0; i < KEYDS; i++)
		end_keyd(i);
	keyring_free(w.keyring);
	publisher_free(w.publisher);
	storage_free(w.storage);
	access_keys_free(w.keys);
	loop_timer_free(w.ticker);
	loop_free(w.loop);
	suffixes_free(w.suffixes);
	close(w.door);
	store_free(w.db);
	temp_release(&w.temp);
}

/* ---- a client, in a thread ---- */

struct ask {
	const char *method;
	const char *path;
	struct span body;
	const char *key_id; /* NULL: the one there is */
	const char *secret; /* NULL: its own */
	int64_t skew;       /* of the client's clock, ms */
	uint64_t length;    /* announced; 0: that of the body */
	size_t cut;         /* octets after which it hangs up; 0: never */
};

static struct {
	pthread_t thread;
	struct buf request;
	size_t cut;
	char answer[ANSWER];
	int status; /* of HTTP; 0: there was no answer */
	atomic_bool over;
} client;

static void
write_request(const struct ask *ask)
{
	CLEANUP(buf_release) struct buf sig = BUF_INIT(4096);
	char at[SIGV4_TIME_SIZE];
	uint8_t digest[DIGEST_SIZE];
	struct sigv4_header header[2] = {{SPAN("host"), SPAN("api.test")},
					 {SPAN("x-amz-date"), SPAN("")}};
	struct sigv4_request request = {.method = span_of(ask->method),
					.path = span_of(ask->path),
					.query = SPAN(""),
					.header = header,
					.headers = 2};
	struct sigv4_signer signer = {
		.access_key = span_of(ask->key_id ? ask->key_id : w.key.id),
		.secret = span_of(ask->secret ? ask->secret : w.secret),
		.region = SPAN(REGION),
		.service = SPAN("ses")};

	sigv4_time_format(clock_now() + ask->skew, at);
	header[1].value = span_of(at);
	digest_of(ask->body, digest);
	assert_true(sigv4_sign(&request, &signer, digest, &sig));
	buf_init(&client.request, (size_t)80 << 20);
	buf_addf(&client.request,
		 "%s %s HTTP/1.1\r\nHost: api.test\r\nX-Amz-Date: %s\r\n"
		 "Authorization: %s\r\nContent-Length: %llu\r\n\r\n",
		 ask->method, ask->path, at, sig.ptr,
		 (unsigned long long)(ask->length ? ask->length
						  : ask->body.len));
	buf_add(&client.request, ask->body);
	assert_false(client.request.full);
}

static void
send_request(int fd)
{
	struct span rest = buf_span(&client.request);

	if (client.cut > 0 && rest.len > client.cut)
		rest.len = client.cut;
	while (rest.len > 0) {
		ssize_t n = send(fd, rest.ptr, rest.len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		rest = span_skip(rest, (size_t)n);
	}
}

static void *
client_main(void *arg)
{
	struct net_address at = net_bound(w.door);
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(at.port),
				 .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t len = 0;
	ssize_t n;

	(void)arg;
	client.answer[0] = '\0';
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0) {
		send_request(fd);
		while (client.cut == 0 && strstr(client.answer, "}") == NULL &&
		       (n = recv(fd, client.answer + len, ANSWER - 1 - len,
				 0)) > 0) {
			len += (size_t)n;
			client.answer[len] = '\0';
		}
	}
	close(fd);
	client.status = 0;
	if (strncmp(client.answer, "HTTP/1.1 ", 9) == 0)
		client.status = atoi(client.answer + 9);
	client.over = true;
	return NULL;
}

static void
begin_call(const struct ask *ask)
{
	write_request(ask);
	client.cut = ask->cut;
	client.over = false;
	assert_int_equal(
		pthread_create(&client.thread, NULL, client_main, NULL), 0);
}

static bool
is_over(void)
{
	return client.over;
}

static int
end_call(void)
{
	wait_until(is_over);
	pthread_join(client.thread, NULL);
	buf_release(&client.request);
	return client.status;
}

static int
call(const struct ask *ask)
{
	begin_call(ask);
	return end_call();
}

static int
call_json(const char *method, const char *path, const char *body)
{
	return call(&(struct ask){
		.method = method, .path = path, .body = span_of(body)});
}

#define EXPECT(status, ...)                                                    \
	do {                                                                   \
		int expect_got_ = (__VA_ARGS__);                               \
		if (expect_got_ != (status))                                   \
			fail_msg("%d: %s", expect_got_, client.answer);        \
	} while (0)

#define SEND                                                                   \
	"{\"FromEmailAddress\":\"a@good.test\",\"Destination\":"               \
	"{\"ToAddresses\":[\"b@else.test\"]},\"Content\":{\"Simple\":"         \
	"{\"Subject\":{\"Data\":\"hello\"},\"Body\":{\"Text\":"                \
	"{\"Data\":\"a text\"}}}}}"
#define OUTBOUND "/v2/email/outbound-emails"
#define MAKE     "{\"EmailIdentity\":\"good.test\"}"
#define LIST     "/v2/email/identities"

/* ---- what is there ---- */

static struct identity identity;
static struct dkim_key key[8];
static size_t keys;

static bool
look(void)
{
	if (!is_quiet())
		return false;
	OK(store_identity_get(w.db, A, "good.test", &identity, &err));
	OK(store_dkim_key_list(w.db, identity.id, key, COUNT(key), &keys,
			       &err));
	return true;
}

static bool
has_first_key(void)
{
	return look() && keys == 1;
}

static bool
has_second_key(void)
{
	return look() && keys == 2;
}

static bool
has_new_length(void)
{
	return look() && identity.current_length == 1024;
}

static enum zone_found
in_zone(const char *token)
{
	char text[200];
	const struct zone_set *set;
	struct dname name;

	snprintf(text, sizeof(text), "%s.dkim." REGION "." ZONE, token);
	assert_int_equal(dname_parse(span_of(text), &name), DNAME_OK);
	return zone_find(publisher_zone(w.publisher), &name, DNS_TXT, &set);
}

static void
verify_identity(void)
{
	EXPECT(200, call_json("POST", LIST, MAKE));
	wait_until(has_first_key);
	identity.verification = (struct standing){SES_SUCCESS, T0, clock_now()};
	identity.dkim = identity.verification;
	OK(store_identity_update(w.db, &identity, &err));
}

static void
test_key_life(void **state)
{
	char old[STORE_TOKEN_SIZE];

	(void)state;
	start();
	EXPECT(200, call_json("POST", LIST, MAKE));
	wait_until(has_first_key);
	assert_int_equal(key[0].state, DKIM_KEY_ACTIVE);
	assert_int_equal(identity.current_length, 2048);
	assert_string_equal(key[0].selector, identity.token[0]);
	assert_int_equal(in_zone(identity.token[0]), ZONE_FOUND);
	assert_int_equal(in_zone(identity.token[1]), ZONE_NODATA);
	COPY(old, key[0].selector);

	EXPECT(200,
	       call_json("PUT", "/v1/email/identities/good.test/dkim/signing",
			 "{\"SigningAttributesOrigin\":\"AWS_SES\","
			 "\"SigningAttributes\":{\"NextSigningKeyLength\":"
			 "\"RSA_1024_BIT\"}}"));
	wait_until(has_second_key);
	assert_int_equal(identity.current_length, 2048);
	assert_int_equal(in_zone(identity.token[1]), ZONE_FOUND);
	ahead = KEEPER_SETTLE + 1000;
	keeper_wake(w.keeper);
	wait_until(has_new_length);
	for (size_t i = 0; i < keys; i++)
		assert_int_equal(key[i].state, strcmp(key[i].selector, old) == 0
						       ? DKIM_KEY_RETIRED
						       : DKIM_KEY_ACTIVE);
	assert_int_equal(in_zone(old), ZONE_FOUND);

	EXPECT(200, call_json("DELETE", LIST "/good.test", ""));
	wait_until(is_quiet);
	for (size_t i = 0; i < STORE_TOKENS; i++)
		assert_int_equal(in_zone(identity.token[i]), ZONE_NXDOMAIN);
	stop();
}

/* ---- sending ---- */

/* Answers with the key of any selector. */
static void
answer_key(const struct dns_question *q, struct dns_answer *ret,
	   struct dns_rr *rr, struct buf *text)
{
	const char *name = dname_format(&q->name).s;
	struct dkim_key own[8];
	size_t n;

	*ret = (struct dns_answer){.status = DNS_NXDOMAIN};
	OK(store_dkim_key_list(w.db, 0, own, COUNT(own), &n, &err));
	for (size_t i = 0; i < n + keys; i++) {
		const struct dkim_key *k = i < n ? &own[i] : &key[i - n];

		if (strncmp(name, k->selector, strlen(k->selector)) != 0)
			continue;
		buf_clear(text);
		buf_addf(text, "v=DKIM1; k=rsa; p=%s", k->public);
		*rr = (struct dns_rr){.type = DNS_TXT};
		rr->txt.text = buf_span(text);
		rr->txt.strings = 1;
		*ret = (struct dns_answer){
			.status = DNS_OK, .rr = rr, .len = 1};
	}
}

/* Checks that message `id` has two signatures that verify. */
static void
check_signed(uint64_t id)
{
	CLEANUP(buf_release) struct buf data = BUF_INIT(SUBMIT_SIZE_MAX);
	CLEANUP(buf_release) struct buf text = BUF_INIT(4096);
	CLEANUP(arena_release)
	struct arena arena = ARENA_INIT(VERIFY_ARENA_MAX);
	struct report_transport transport = {.helo = SPAN(""),
					     .mail_from = SPAN(""),
					     .receiver = SPAN("mx.test"),
					     .tls = SPAN("none")};
	struct verify *m = verify_new(&transport, clock_now(), &arena);
	struct dns_question q;
	const struct report *report;

	OK(store_message_data(w.db, id, &data, &err));
	verify_feed(m, buf_span(&data));
	verify_end(m);
	while (verify_ask(m, &q)) {
		struct dns_answer a;
		struct dns_rr rr;

		answer_key(&q, &a, &rr, &text);
		verify_answer(m, &a);
	}
	report = verify_report(m);
	assert_int_equal(report->signatures, 2);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(report->dkim[i].outcome, DKIM_PASS);
	verify_free(m);
}

static size_t
messages(void)
{
	char cursor[STORE_DOMAIN_SIZE] = "";
	struct recipient r[8];
	size_t len;

	OK(store_recipient_due(w.db, clock_now() + 1000, 8, cursor, r, COUNT(r),
			       &len, &err));
	for (size_t i = 0; i < len; i++)
		check_signed(r[i].message);
	return len;
}

static void
test_send(void **state)
{
	(void)state;
	start();
	verify_identity();
	EXPECT(200, call_json("POST", OUTBOUND, SEND));
	assert_non_null(strstr(client.answer, "\"MessageId\":"));
	assert_int_equal(w.queued, 1);
	assert_int_equal(messages(), 1);
	stop();
}

/* ---- refusals ---- */

static const struct refusal_row {
	const char *name;
	struct ask ask;
	int status;
	const char *want; /* a part of the answer */
} refusals[] = {
	{"another secret",
	 {"GET", LIST, SPAN(""), NULL, "not the secret", 0, 0, 0},
	 403,
	 "InvalidSignatureException"},
	{"an unknown key",
	 {"GET", LIST, SPAN(""), "AKIAUNKNOWNUNKNOWNUN", NULL, 0, 0, 0},
	 403,
	 "UnrecognizedClientException"},
	{"signed too long ago",
	 {"GET", LIST, SPAN(""), NULL, NULL, -1200000, 0, 0},
	 403,
	 "InvalidSignatureException"},
	{"signed in the future",
	 {"GET", LIST, SPAN(""), NULL, NULL, 1200000, 0, 0},
	 403,
	 "InvalidSignatureException"},
	{"a body too large for what is asked",
	 {"POST", LIST, SPAN("x"), NULL, NULL, 0, 10000000, 0},
	 413,
	 ""},
	{"a large body of somebody unknown",
	 {"POST", OUTBOUND, SPAN("x"), "AKIAUNKNOWNUNKNOWNUN", NULL, 0,
	  40000000, 0},
	 403,
	 "UnrecognizedClientException"},
	{"no JSON",
	 {"POST", LIST, SPAN("{"), NULL, NULL, 0, 0, 0},
	 400,
	 "SerializationException"},
	{"no such thing",
	 {"GET", "/v2/email/nothing", SPAN(""), NULL, NULL, 0, 0, 0},
	 404,
	 "UnknownOperationException"},
};

static void
test_refusal(void **state)
{
	const struct refusal_row *row = *state;

	start();
	EXPECT(row->status, call(&row->ask));
	if (strstr(client.answer, row->want) == NULL)
		fail_msg("%s", client.answer);
	wait_until(is_quiet);
	EXPECT(200, call_json("GET", LIST, ""));
	stop();
}

/* ---- failures ---- */

static void
test_keyd_lost(void **state)
{
	int64_t began;

	(void)state;
	start();
	verify_identity();
	for (size_t i = 0; i < KEYDS; i++)
		end_keyd(i);
	began = clock_mono();
	EXPECT(503, call_json("POST", OUTBOUND, SEND));
	EXPECT(503, call_json("GET", LIST, ""));
	assert_true(clock_mono() - began < 10000);
	assert_int_equal(messages(), 0);
	/* One that comes back does what has waited for it. */
	begin_call(&(struct ask){
		.method = "POST", .path = OUTBOUND, .body = SPAN(SEND)});
	for (size_t i = 0; i < KEYDS; i++)
		start_keyd(i);
	EXPECT(200, end_call());
	assert_int_equal(messages(), 1);
	stop();
}

static enum keyd_status probed[KEYDS];
static size_t probes;

static void
on_probed(void *context, const struct keyd_reply *reply)
{
	*(enum keyd_status *)context = reply->status;
	probes++;
}

static bool
are_probed(void)
{
	return probes == KEYDS;
}

/* Each keyd says itself that it works, and one that ended does not. */
static void
test_probe(void **state)
{
	(void)state;
	start();
	for (size_t round = 0; round < 2; round++) {
		probes = 0;
		for (size_t i = 0; i < KEYDS; i++) {
			if (round == 1)
				end_keyd(i);
			assert_true(keyring_probe(w.keyring, i, on_probed,
						  &probed[i]));
		}
		wait_until(are_probed);
		for (size_t i = 0; i < KEYDS; i++)
			assert_int_equal(probed[i] == KEYD_LOST, round == 1);
	}
	stop();
}

static void
test_store_locked(void **state)
{
	int64_t began;

	(void)state;
	start();
	verify_identity();
	OK(store_begin(w.db, &err));
	began = clock_mono();
	EXPECT(503, call_json("POST", OUTBOUND, SEND));
	assert_true(clock_mono() - began < 10000);
	assert_int_equal(w.queued, 0);
	EXPECT(503, call_json("DELETE", LIST "/good.test", ""));
	OK(store_commit(w.db, &err));
	assert_int_equal(messages(), 0);
	EXPECT(200, call_json("POST", OUTBOUND, SEND));
	assert_int_equal(messages(), 1);
	stop();
}

static bool
is_withdrawn(void)
{
	return is_quiet() && in_zone(identity.token[0]) == ZONE_NXDOMAIN;
}

static bool
has_looked(void)
{
	return !publisher_busy(w.publisher);
}

/* The zone follows the store, also after a look at it that failed. */
static void
test_zone_after_failure(void **state)
{
	(void)state;
	start();
	verify_identity();
	OK(store_begin(w.db, &err));
	publisher_sync(w.publisher);
	/* Not until all is quiet: others look too, and fail as long. */
	wait_until(has_looked);
	OK(store_identity_delete(w.db, identity.id, clock_now(), &err));
	OK(store_commit(w.db, &err));
	assert_int_equal(in_zone(identity.token[0]), ZONE_FOUND);
	wait_until(is_withdrawn);
	stop();
}

/* A client that hangs up after so many octets of its request. */
static void
test_disconnect(void **state)
{
	CLEANUP(buf_release) struct buf large = BUF_INIT((size_t)4 << 20);
	size_t whole;

	(void)state;
	start();
	verify_identity();
	buf_adds(&large,
		 "{\"FromEmailAddress\":\"a@good.test\",\"Destination\":"
		 "{\"ToAddresses\":[\"b@else.test\"]},\"Content\":"
		 "{\"Simple\":{\"Subject\":{\"Data\":\"s\"},\"Body\":"
		 "{\"Text\":{\"Data\":\"");
	for (size_t i = 0; i < 3000000; i++)
		buf_addc(&large, i % 70 == 69 ? ' ' : 'x');
	buf_adds(&large, "\"}}}}}");
	for (size_t cut = 1; cut < 900; cut += 53) {
		begin_call(&(struct ask){.method = "POST",
					 .path = OUTBOUND,
					 .body = SPAN(SEND),
					 .cut = cut});
		whole = client.request.len;
		end_call();
		wait_until(is_quiet);
	}
	assert_true(whole < 900);
	for (size_t cut = 1000; cut < large.len + 2000; cut += 750000) {
		begin_call(&(struct ask){.method = "POST",
					 .path = OUTBOUND,
					 .body = buf_span(&large),
					 .cut = cut});
		end_call();
		wait_until(is_quiet);
	}
	/* It all came, and nobody waits for the answer: it is sent. */
	begin_call(&(struct ask){.method = "POST",
				 .path = OUTBOUND,
				 .body = buf_span(&large),
				 .cut = large.len + 4096});
	end_call();
	wait_until(is_quiet);
	EXPECT(200, call_json("GET", LIST, ""));
	assert_true(messages() >= 1);
	stop();
}

static bool
is_begun(void)
{
	return api_server_busy(w.api) > 0 || client.over;
}

static void
test_drain(void **state)
{
	(void)state;
	start();
	verify_identity();
	begin_call(&(struct ask){
		.method = "POST", .path = OUTBOUND, .body = SPAN(SEND)});
	wait_until(is_begun);
	api_server_drain(w.api);
	EXPECT(200, end_call());
	assert_int_equal(messages(), 1);
	wait_until(is_quiet);
	stop();
}

int
main(void)
{
	UNIT(test_key_life);
	UNIT(test_send);
	UNIT_ROWS(test_refusal, refusals);
	UNIT(test_keyd_lost);
	UNIT(test_probe);
	UNIT(test_store_locked);
	UNIT(test_zone_after_failure);
	UNIT(test_disconnect);
	UNIT(test_drain);
	return unit_run("serve/api_server");
}
