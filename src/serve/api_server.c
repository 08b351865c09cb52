/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/api_server.h"

#include <assert.h>
#include <stdlib.h>

#include "api/answer.h"
#include "api/gate.h"
#include "base/mem.h"
#include "crypt/random.h"
#include "http/httpd.h"
#include "identity/aad.h"
#include "serve/access_log.h"
#include "sys/clock.h"
#include "sys/stream.h"

/* Octets that may wait to be sent before no more requests are looked at. */
#define UNSENT_MAX (256 * 1024)
/* How long, in ms, a client that is sent so much may take none of it. */
#define STALL_MAX 30000
/* Octets of the arena of a gate. */
#define GATE_ARENA_MAX ((size_t)1 << 20)
/* Longest wait of a timer, in ms. */
#define TIMER_MAX 60000

struct exchange;

struct connection {
	struct api_server *server;
	struct connection *next, **link;
	struct net_address peer;
	struct stream *stream;
	struct httpd httpd;
	struct loop_timer *timer;
	struct exchange *exchange; /* the request being served, or NULL */
	bool pumping;              /* pump() is at work */
	int64_t stalled;           /* since when it does not read; 0: it does */
	size_t unsent;             /* what it had not read then */
};

/* One request on its way to its answer. */
struct exchange {
	struct api_server *server;
	struct connection *connection; /* NULL: the client is gone */
	char request_id[REQUEST_ID_SIZE];
	int64_t since, since_mono; /* when its head was there */
	struct net_address peer;
	bool begun;    /* its body is there, and it is worked on */
	uint64_t held; /* of the server's: announced octets of the body */
	struct arena arena;
	struct gate gate;
	struct buf head; /* that the gate borrows, once the client is gone */
	struct buf body;
	struct buf string;     /* to sign */
	struct access_key key; /* that was used, or nobody's */
	bool known;            /* somebody has it */
	bool proven;           /* and signed this */
	struct worker_job work;
	struct storage_job job;
	struct error failure; /* code ERROR_NONE: none so far */
	struct api_call call;
	bool has_call;
	struct submission submission;
};

struct api_server {
	const struct api_parts *parts;
	struct net_listener *listener;
	struct worker *worker; /* for large bodies */
	const struct tls_context *tls;
	struct connection *connection;
	size_t connections;
	size_t exchanges;
	uint64_t held;
	bool draining;
	uint64_t lost; /* lines of the access log */
};

static void pump(struct connection *connection);

/* ---- the end of an exchange ---- */

static void
exchange_free(struct exchange *exchange)
{
	exchange->server->exchanges--;
	exchange->server->held -= exchange->held;
	if (exchange->has_call)
		api_call_release(&exchange->call);
	arena_release(&exchange->arena);
	buf_release(&exchange->head);
	/* A small one may bring a key to import; a large one is mail. */
	if (exchange->body.len > API_BODY_LARGE)
		buf_release(&exchange->body);
	else
		buf_wipe(&exchange->body);
	buf_release(&exchange->string);
	free(exchange);
}

/* Says in the access log what became of it; `sent`: octets of its answer. */
static void
exchange_log(struct exchange *exchange, size_t sent)
{
	struct api_server *server = exchange->server;
	const struct api_operation *operation = exchange->gate.operation;
	enum error_code code = exchange->failure.code;
	struct access_log_line line = {
		.time = exchange->since,
		.request_id = exchange->request_id,
		.account = exchange->proven ? exchange->key.account : "",
		.access_key = exchange->gate.sig.access_key,
		.operation = operation != NULL ? operation->name : "",
		.status = code != ERROR_NONE ? error_http_status(code)
					     : exchange->call.status,
		.error = code != ERROR_NONE ? error_slug(code) : "",
		.ms = clock_mono() - exchange->since_mono,
		.received = exchange->held,
		.sent = sent,
		.peer = &exchange->peer,
		.gone = exchange->connection == NULL,
	};

	if (server->parts->log >= 0)
		access_log_write(server->parts->log, &line, &server->lost);
}

/* Sends the answer, if there is still somebody to have it. */
static void
exchange_end(struct exchange *exchange)
{
	struct connection *connection = exchange->connection;
	struct answer answer;

	if (connection != NULL) {
		if (exchange->failure.code != ERROR_NONE)
			answer_of_error(&answer, exchange->request_id,
					&exchange->failure);
		else
			answer_of_call(&answer, exchange->request_id,
				       &exchange->call);
		httpd_respond(&connection->httpd, &answer.response);
		exchange_log(exchange, answer.response.body.len);
		answer_release(&answer);
		connection->exchange = NULL;
	} else {
		exchange_log(exchange, 0);
	}
	exchange_free(exchange);
	if (connection != NULL && !connection->pumping)
		pump(connection);
}

static void
exchange_fail(struct exchange *exchange, enum error_code code, const char *text)
{
	error_set(&exchange->failure, code, "%s", text);
	exchange_end(exchange);
}

/* ---- the operation, and what it needs ---- */

static void run_operation(struct exchange *exchange);

static void
run_again(struct exchange *exchange)
{
	exchange->call.phase++;
	exchange->call.need = API_NEED_NOTHING;
	run_operation(exchange);
}

static void
message_sent(struct submission *submission, const struct error *failure)
{
	struct exchange *exchange =
		container_of(submission, struct exchange, submission);

	exchange->call.failure.code = ERROR_NONE;
	if (failure != NULL && exchange->call.keeps_on) {
		exchange->call.failure = *failure;
		run_again(exchange);
		return;
	}
	if (failure != NULL) {
		exchange->failure = *failure;
		exchange_end(exchange);
		return;
	}
	memcpy(exchange->call.message_id, submission->message_id,
	       sizeof(submission->message_id));
	run_again(exchange);
}

static void
send_message(struct exchange *exchange)
{
	struct submission *submission = &exchange->submission;

	memcpy(submission->account, exchange->call.account,
	       sizeof(submission->account));
	submission->send = exchange->call.send;
	submission->done = message_sent;
	submit(exchange->server->parts->submitter, submission);
}

static void
key_sealed(void *context, const struct keyd_reply *reply)
{
	struct exchange *exchange = context;
	struct dkim_key *key = &exchange->call.key;

	if (reply->status == KEYD_BAD_KEY) {
		exchange_fail(exchange, ERROR_BAD_REQUEST,
			      privkey_strerror(reply->fault));
		return;
	}
	if (reply->status != KEYD_OK ||
	    reply->sealed.len > sizeof(key->sealed) ||
	    reply->public.len >= sizeof(key->public)) {
		exchange_fail(exchange, ERROR_UNAVAILABLE,
			      keyd_strerror(reply->status));
		return;
	}
	memcpy(key->sealed, reply->sealed.ptr, reply->sealed.len);
	key->sealed_len = reply->sealed.len;
	if (exchange->call.need == API_NEED_IMPORT) {
		memcpy(key->public, reply->public.ptr, reply->public.len);
		key->public[reply->public.len] = '\0';
		key->bits = (int)reply->bits;
		key->type = reply->type == KEY_ED25519 ? DKIM_KEY_ED25519
						       : DKIM_KEY_RSA;
	}
	run_again(exchange);
}

static void
seal_key(struct exchange *exchange)
{
	CLEANUP(buf_release) struct buf aad = BUF_INIT(AAD_MAX);
	CLEANUP(buf_release) struct buf was = BUF_INIT(AAD_MAX);
	struct api_call *call = &exchange->call;
	struct keyd_request request = {.op = KEYD_IMPORT};

	aad_of_key(call->account, &call->key, &aad);
	if (call->need == API_NEED_IMPORT) {
		request.bytes = call->key_text;
		request.aad = buf_span(&aad);
	} else {
		aad_of_key(call->account, &call->key_was, &was);
		request.op = KEYD_REBIND;
		request.purpose = SEAL_DKIM_KEY;
		request.sealed =
			span_bytes(call->key.sealed, call->key.sealed_len);
		request.aad = buf_span(&was);
		request.aad_new = buf_span(&aad);
	}
	if (!keyring_ask(exchange->server->parts->keyring, &request, key_sealed,
			 exchange))
		exchange_fail(exchange, ERROR_TOO_MANY_REQUESTS,
			      "Too many keys are being made; try again.");
}

static void
task_run(struct worker_job *job, void *context)
{
	struct exchange *exchange = container_of(job, struct exchange, work);

	(void)context;
	if (!exchange->call.work(&exchange->call, &exchange->failure))
		assert(exchange->failure.code != ERROR_NONE);
}

static void
task_done(struct worker_job *job, bool kept)
{
	struct exchange *exchange = container_of(job, struct exchange, work);

	(void)kept;
	if (exchange->failure.code != ERROR_NONE)
		exchange_end(exchange);
	else
		run_again(exchange);
}

/* Has the worker do what would hold the loop, or the store. */
static void
do_task(struct exchange *exchange)
{
	exchange->work.run = task_run;
	exchange->work.done = task_done;
	worker_add(exchange->server->worker, &exchange->work);
}

static bool
operation_run(struct storage_job *job, struct store *store,
	      struct error *reterr)
{
	struct exchange *exchange = container_of(job, struct exchange, job);

	exchange->call.store = store;
	return exchange->gate.operation->run(&exchange->call, reterr);
}

static void
operation_done(struct storage_job *job, const struct error *failure)
{
	struct exchange *exchange = container_of(job, struct exchange, job);
	const struct api_parts *parts = exchange->server->parts;

	exchange->call.store = NULL;
	if (failure != NULL) {
		exchange->failure = *failure;
		exchange_end(exchange);
		return;
	}
	if (exchange->call.wake != 0)
		parts->wake(parts->context, exchange->call.wake);
	exchange->call.wake = 0;
	switch (exchange->call.need) {
	case API_NEED_NOTHING:
		exchange_end(exchange);
		break;
	case API_NEED_SEND:
		send_message(exchange);
		break;
	case API_NEED_WORK:
		do_task(exchange);
		break;
	case API_NEED_IMPORT:
	case API_NEED_REBIND:
		seal_key(exchange);
		break;
	}
}

static void
run_operation(struct exchange *exchange)
{
	exchange->job.run = operation_run;
	exchange->job.done = operation_done;
	storage_do(exchange->server->parts->storage, &exchange->job);
}

/* ---- on the worker, or at once for a small body ---- */

static void
parse_run(struct worker_job *job, void *context)
{
	struct exchange *exchange = container_of(job, struct exchange, work);

	(void)context;
	if (!gate_call(&exchange->gate, buf_span(&exchange->body),
		       &exchange->call, &exchange->failure))
		assert(exchange->failure.code != ERROR_NONE);
}

static void
parse_done(struct worker_job *job, bool kept)
{
	struct exchange *exchange = container_of(job, struct exchange, work);

	(void)kept;
	if (exchange->failure.code != ERROR_NONE)
		exchange_end(exchange);
	else
		run_operation(exchange);
}

static void
hash_run(struct worker_job *job, void *context)
{
	struct exchange *exchange = container_of(job, struct exchange, work);

	(void)context;
	if (!gate_string(&exchange->gate, buf_span(&exchange->body),
			 &exchange->string, &exchange->failure))
		assert(exchange->failure.code != ERROR_NONE);
}

/* Does `run`, then `done`: on the worker if the body is large. */
static void
do_work(struct exchange *exchange,
	void (*run)(struct worker_job *job, void *context),
	void (*done)(struct worker_job *job, bool kept))
{
	exchange->work.run = run;
	exchange->work.done = done;
	if (exchange->body.len > API_BODY_LARGE) {
		worker_add(exchange->server->worker, &exchange->work);
		return;
	}
	run(&exchange->work, NULL);
	done(&exchange->work, true);
}

/* ---- the signature ---- */

static void
refuse_signature(struct exchange *exchange, enum sigv4_status status)
{
	sigv4_refuse(
		status, &exchange->gate.sig,
		span_of(exchange->server->parts->deployment->service.region),
		clock_now(), &exchange->failure);
	exchange_end(exchange);
}

static void
signature_judged(void *context, const struct keyd_reply *reply)
{
	struct exchange *exchange = context;
	struct access_keys *keys = exchange->server->parts->access_keys;

	if (reply->status == KEYD_LOST || reply->status == KEYD_FAILED) {
		exchange_fail(exchange, ERROR_UNAVAILABLE,
			      "The signature could not be checked; try "
			      "again.");
		return;
	}
	/* It may have been disabled while the body came. */
	if (!exchange->known ||
	    access_keys_get(keys, span_of(exchange->key.id)) == NULL) {
		refuse_signature(exchange, SIGV4_UNKNOWN);
		return;
	}
	if (reply->status != KEYD_OK) {
		refuse_signature(exchange, SIGV4_WRONG);
		return;
	}
	exchange->proven = true;
	access_keys_used(keys, exchange->key.id, clock_now());
	if (!gate_permits(&exchange->gate, &exchange->key,
			  &exchange->failure)) {
		exchange_end(exchange);
		return;
	}
	api_call_init(&exchange->call, exchange->server->parts->deployment,
		      exchange->key.account, clock_now());
	random_fill(exchange->call.entropy, sizeof(exchange->call.entropy));
	exchange->has_call = true;
	do_work(exchange, parse_run, parse_done);
}

static void
hash_done(struct worker_job *job, bool kept)
{
	struct exchange *exchange = container_of(job, struct exchange, work);
	CLEANUP(buf_release) struct buf aad = BUF_INIT(AAD_MAX);
	const struct sigv4 *sig = &exchange->gate.sig;
	const struct access_key *key = &exchange->key;
	struct keyd_request request = {
		.op = KEYD_VERIFY,
		.date = sig->date,
		.region = sig->region,
		.service = sig->service,
		.string_to_sign = buf_span(&exchange->string),
		.signature = span_bytes(sig->signature, sizeof(sig->signature)),
	};

	(void)kept;
	if (exchange->failure.code != ERROR_NONE) {
		exchange_end(exchange);
		return;
	}
	aad_of_secret(key->account, key->id, &aad);
	request.aad = buf_span(&aad);
	request.sealed = span_bytes(key->sealed, key->sealed_len);
	if (!keyring_ask(exchange->server->parts->keyring, &request,
			 signature_judged, exchange))
		exchange_fail(exchange, ERROR_TOO_MANY_REQUESTS,
			      "Too many requests; try again.");
}

/* ---- a connection's events ---- */

static struct exchange *
exchange_new(struct connection *connection)
{
	struct exchange *exchange = mem_new(sizeof(*exchange));
	uint8_t entropy[REQUEST_ID_ENTROPY];

	exchange->server = connection->server;
	exchange->connection = connection;
	exchange->peer = connection->peer;
	exchange->since = clock_now();
	exchange->since_mono = clock_mono();
	exchange->server->exchanges++;
	arena_init(&exchange->arena, GATE_ARENA_MAX);
	buf_init(&exchange->head, 0);
	buf_init(&exchange->body, SES_BODY_MAX);
	buf_init(&exchange->string, SIGV4_STRING_MAX);
	random_fill(entropy, sizeof(entropy));
	request_id_format(entropy, exchange->request_id);
	connection->exchange = exchange;
	return exchange;
}

/* Refuses a request whose body was not read. */
static void
refuse(struct connection *connection)
{
	struct exchange *exchange = take_ptr(&connection->exchange);
	struct answer answer;

	answer_of_error(&answer, exchange->request_id, &exchange->failure);
	httpd_respond(&connection->httpd, &answer.response);
	exchange_log(exchange, answer.response.body.len);
	answer_release(&answer);
	exchange_free(exchange);
}

static void
on_head(struct connection *connection, const struct http_request *request)
{
	struct api_server *server = connection->server;
	struct access_keys *keys = server->parts->access_keys;
	struct exchange *exchange = exchange_new(connection);
	const struct access_key *key;

	if (!gate_open(request, server->parts->deployment, clock_now(),
		       &exchange->arena, &exchange->gate, &exchange->failure)) {
		refuse(connection);
		return;
	}
	key = access_keys_get(keys, exchange->gate.sig.access_key);
	exchange->known = key != NULL;
	/* So that unknown keys take as long; and keys may change meanwhile. */
	exchange->key = key != NULL ? *key : *access_keys_nobody(keys);
	/* Only who has a key may make us hold much, and hash it. */
	if (!exchange->known && request->length > API_BODY_LARGE) {
		sigv4_refuse(SIGV4_UNKNOWN, &exchange->gate.sig,
			     span_of(server->parts->deployment->service.region),
			     clock_now(), &exchange->failure);
		refuse(connection);
		return;
	}
	if (server->held + request->length > API_HELD_MAX) {
		error_set(&exchange->failure, ERROR_UNAVAILABLE,
			  "Too much is being sent at once; try again.");
		refuse(connection);
		return;
	}
	if (!httpd_accept(&connection->httpd,
			  exchange->gate.operation->body_max)) {
		connection->exchange = NULL;
		exchange_free(exchange);
		return;
	}
	exchange->held = request->length;
	server->held += request->length;
}

static void
on_request(struct connection *connection)
{
	struct exchange *exchange = connection->exchange;

	exchange->begun = true;
	httpd_take_body(&connection->httpd, &exchange->body);
	do_work(exchange, hash_run, hash_done);
}

static void
connection_free(struct connection *connection, bool flush)
{
	struct exchange *exchange = connection->exchange;

	/* What is under way goes on; nobody hears of it. */
	if (exchange != NULL && exchange->begun) {
		exchange->connection = NULL;
		exchange->head = httpd_take_head(&connection->httpd);
	} else if (exchange != NULL) {
		exchange_free(exchange);
	}
	if (flush)
		stream_finish(connection->stream);
	else
		stream_free(connection->stream);
	loop_timer_free(connection->timer);
	httpd_release(&connection->httpd);
	*connection->link = connection->next;
	if (connection->next != NULL)
		connection->next->link = connection->link;
	connection->server->connections--;
	free(connection);
}

/*
 * Returns whether the client has read nothing of a lot for too long: httpd,
 * which is not asked what to do next then, never gives up on it.
 */
static bool
is_stalled(struct connection *connection)
{
	size_t unsent = stream_unsent(connection->stream);
	int64_t now = clock_mono();

	if (unsent <= UNSENT_MAX) {
		connection->stalled = 0;
		return false;
	}
	if (connection->stalled == 0 || unsent != connection->unsent) {
		connection->stalled = now;
		connection->unsent = unsent;
	}
	return now - connection->stalled >= STALL_MAX;
}

static void
set_timer(struct connection *connection)
{
	int64_t due = httpd_due(&connection->httpd);
	int64_t after;

	if (connection->stalled != 0) {
		loop_timer_set(connection->timer, STALL_MAX);
		return;
	}
	if (due == HTTPD_NEVER) {
		loop_timer_clear(connection->timer);
		return;
	}
	after = due - clock_now();
	loop_timer_set(connection->timer,
		       after > TIMER_MAX ? TIMER_MAX : after);
}

/* Feeds what came; returns whether anything was taken. */
static bool
feed(struct connection *connection)
{
	struct span in = stream_peek(connection->stream);
	size_t taken = in.len > 0 ? httpd_feed(&connection->httpd, in) : 0;

	stream_consume(connection->stream, taken);
	return taken > 0;
}

/* Does one thing; returns false if there is nothing to do now. */
static bool
step(struct connection *connection, bool *ret_closed)
{
	struct httpd_ask ask;

	*ret_closed = false;
	if (stream_unsent(connection->stream) > UNSENT_MAX)
		return false;
	switch (httpd_next(&connection->httpd, &ask)) {
	case HTTPD_NEED_BYTES:
		return feed(connection);
	case HTTPD_SEND:
		stream_send(connection->stream, ask.bytes);
		return true;
	case HTTPD_HEAD:
		on_head(connection, ask.request);
		return true;
	case HTTPD_REQUEST:
		on_request(connection);
		return true;
	case HTTPD_WAIT:
		return false;
	case HTTPD_CLOSE:
		connection_free(connection, true);
		*ret_closed = true;
		return false;
	}
	return false;
}

static void
pump(struct connection *connection)
{
	bool closed;

	connection->pumping = true;
	httpd_tick(&connection->httpd, clock_now());
	while (step(connection, &closed))
		;
	if (closed)
		return;
	connection->pumping = false;
	if (is_stalled(connection))
		connection_free(connection, false);
	else
		set_timer(connection);
}

static void
on_event(void *context)
{
	pump(context);
}

static void
on_ended(void *context, enum stream_end end, const char *why)
{
	(void)end;
	(void)why;
	connection_free(context, false);
}

static const struct stream_handler handler = {
	.readable = on_event,
	.drained = on_event,
	.secured = on_event,
	.ended = on_ended,
};

static size_t
count_from(const struct api_server *server, const struct net_address *peer)
{
	size_t n = 0;

	for (const struct connection *c = server->connection; c != NULL;
	     c = c->next)
		n += c->peer.v6 == peer->v6 &&
		     memcmp(c->peer.ip, peer->ip, sizeof(peer->ip)) == 0;
	return n;
}

static void
on_accept(void *context, int fd, const struct net_address *peer)
{
	struct api_server *server = context;
	struct connection *connection = mem_new(sizeof(*connection));

	connection->server = server;
	connection->peer = *peer;
	connection->stream =
		stream_new(server->parts->loop, fd, &handler, connection);
	connection->timer =
		loop_timer_new(server->parts->loop, on_event, connection);
	httpd_init(&connection->httpd, &HTTPD_LIMITS_DEFAULT, clock_now());
	connection->next = server->connection;
	connection->link = &server->connection;
	if (connection->next != NULL)
		connection->next->link = &connection->next;
	server->connection = connection;
	server->connections++;
	if (server->connections > API_CONNECTIONS_MAX ||
	    count_from(server, peer) > API_CONNECTIONS_EACH_MAX) {
		connection_free(connection, false);
		return;
	}
	if (server->tls != NULL)
		stream_start_tls(connection->stream, server->tls, true, NULL);
	set_timer(connection);
}

/* ---- the server ---- */

static bool
nothing(void *context)
{
	(void)context;
	return true;
}

static const struct worker_batch no_batch = {nothing, nothing};

struct api_server *
api_server_new(const struct api_parts *parts, int fd)
{
	struct api_server *server = mem_new(sizeof(*server));

	server->parts = parts;
	server->worker = worker_new(parts->loop, &no_batch, server);
	server->listener = net_listener_new(parts->loop, fd, on_accept, server);
	return server;
}

void
api_server_tls(struct api_server *server, const struct tls_context *tls)
{
	server->tls = tls;
}

void
api_server_drain(struct api_server *server)
{
	struct connection *next;

	server->draining = true;
	net_listener_free(take_ptr(&server->listener));
	for (struct connection *c = server->connection; c != NULL; c = next) {
		next = c->next;
		httpd_finish(&c->httpd);
		pump(c);
	}
}

size_t
api_server_busy(const struct api_server *server)
{
	return server->exchanges;
}

void
api_server_free(struct api_server *server)
{
	if (server == NULL)
		return;
	net_listener_free(server->listener);
	while (server->connection != NULL)
		connection_free(server->connection, false);
	worker_free(server->worker);
	free(server);
}
