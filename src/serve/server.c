/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/server.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "crypt/random.h"
#include "serve/api_server.h"
#include "serve/inbox.h"
#include "serve/keeper.h"
#include "serve/nameserver.h"
#include "serve/outbox.h"
#include "serve/publisher.h"
#include "serve/scheduler.h"
#include "serve/suffix_list.h"
#include "serve/supervisor.h"
#include "serve/tls_files.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/process.h"
#include "sys/sandbox.h"

/* How often it is looked whether all is quiet while draining, in ms. */
#define DRAIN_TICK 20
/* Looks in a row that must find it so: the last answers are being sent. */
#define DRAIN_TICKS 5
/* How long, in ms, the supervisor may take to hand over the TLS files. */
#define TLS_WAIT 10000

/* The place of a keyd. */
struct seat {
	struct server *server;
	bool works; /* it answered once */
};

struct server {
	struct config config;
	struct loop *loop;
	struct storage *storage;
	struct publisher *publisher;
	struct nameserver *nameserver;
	struct lookup *lookup;
	struct keyring *keyring;
	size_t keyds; /* there should be */
	struct seat seat[KEYRING_MAX];
	struct keeper_parts keeper_parts;
	struct keeper *keeper;
	struct checker checker;
	struct scheduler *scheduler;
	char region_domain[CONFIG_NAME_SIZE + CONFIG_WORD_SIZE];
	char feedback_host[CONFIG_NAME_SIZE + CONFIG_WORD_SIZE + 16];
	struct submit_parts submit_parts;
	struct submitter *submitter;
	struct access_keys *access_keys;
	struct suffix_list suffixes;
	struct api_deployment deployment;
	struct api_parts api_parts;
	struct api_server *api;
	struct tls_context *server_tls, *client_tls;
	struct buf certificate; /* of TLS, until its key comes too */
	struct mailer *mailer;
	struct outbox_parts outbox_parts;
	struct outbox *outbox;
	struct inbox_parts inbox_parts;
	struct inbox *inbox;
	struct smtp_listener *listener;
	struct loop_watch *given;
	struct loop_signal *term;
	struct loop_timer *tick;
	int64_t deadline; /* of the drain, monotonic; 0: not draining */
	unsigned quiet;   /* looks in a row that found it so */
	bool ready;
	int status;
};

static void
complain(const char *what, const struct error *err)
{
	fprintf(stderr, "sesame: server: %s: %s\n", what, err->text);
}

static void
tell(unsigned octet)
{
	uint8_t byte = (uint8_t)octet;

	if (write(SUPERVISOR_FD_TELL, &byte, 1) != 1)
		_exit(1); /* nobody is there any more */
}

/* ---- draining ---- */

static bool
is_quiet(const struct server *s)
{
	return api_server_busy(s->api) == 0 &&
	       submitter_busy(s->submitter) == 0 &&
	       smtp_listener_busy(s->listener) == 0 &&
	       inbox_busy(s->inbox) == 0 && outbox_busy(s->outbox) == 0 &&
	       scheduler_busy(s->scheduler) == 0 && !keeper_busy(s->keeper) &&
	       !publisher_busy(s->publisher) &&
	       storage_pending(s->storage) == 0;
}

static void
on_tick(void *context)
{
	struct server *s = context;

	s->quiet = is_quiet(s) ? s->quiet + 1 : 0;
	if (s->quiet >= DRAIN_TICKS || clock_mono() >= s->deadline)
		loop_stop(s->loop);
	else
		loop_timer_set(s->tick, DRAIN_TICK);
}

static void
on_term(void *context)
{
	struct server *s = context;

	if (s->deadline != 0)
		return;
	s->deadline = clock_mono() + SERVER_DRAIN_MS;
	api_server_drain(s->api);
	smtp_listener_drain(s->listener);
	scheduler_stop(s->scheduler);
	keeper_stop(s->keeper);
	outbox_stop(s->outbox);
	inbox_stop(s->inbox);
	loop_timer_set(s->tick, 0);
}

/* The database can no longer be trusted: the next server recovers it. */
static void
on_broken(void *context)
{
	(void)context;
	fprintf(stderr, "sesame: server: the store failed; starting again from "
			"its log\n");
	_exit(75); /* sysexits.h EX_TEMPFAIL */
}

/* ---- what parts want of each other ---- */

static void
on_wake(void *context, unsigned what)
{
	struct server *s = context;

	if (what & API_WAKE_ZONE)
		publisher_sync(s->publisher);
	if (what & API_WAKE_KEYS)
		keeper_wake(s->keeper);
	if (what & API_WAKE_SCHEDULER)
		scheduler_wake(s->scheduler);
}

static void
on_publish(void *context, const struct dkim_key *key)
{
	struct server *s = context;

	publisher_key(s->publisher, key);
}

static void
on_changed(void *context)
{
	struct server *s = context;

	scheduler_wake(s->scheduler);
}

static void
on_queued(void *context)
{
	struct server *s = context;

	outbox_wake(s->outbox);
}

static void
on_keyd_broken(void *context, size_t slot)
{
	(void)context;
	tell((unsigned)slot);
}

/* ---- what the supervisor gives ---- */

/* Says so once every keyd works. */
static void
check_ready(struct server *s)
{
	if (s->ready)
		return;
	for (size_t i = 0; i < s->keyds; i++)
		if (!s->seat[i].works)
			return;
	s->ready = true;
	tell(SUPERVISOR_TELL_READY);
}

/* One that came but was lost, for want of a master key, is never ready. */
static void
on_probed(void *context, const struct keyd_reply *reply)
{
	struct seat *seat = context;

	if (reply->status == KEYD_LOST)
		return;
	seat->works = true;
	check_ready(seat->server);
}

static void
seat_keyd(struct server *s, size_t slot, int fd)
{
	struct seat *seat = &s->seat[slot];

	keyring_attach(s->keyring, slot, fd);
	seat->server = s;
	if (!seat->works && !keyring_probe(s->keyring, slot, on_probed, seat))
		tell((unsigned)slot); /* it is behind with thousands */
}

/* The TLS files are no good: the old ones go on, if there are any. */
static void
refuse_tls(struct server *s, const struct error *why)
{
	if (s->server_tls->ctx != NULL) {
		complain("the TLS files are not changed", why);
		tell(SUPERVISOR_TELL_TLS_REFUSED);
		return;
	}
	complain("the TLS files", why);
}

/* Takes a TLS file: the certificate, and then its key. */
static void
take_tls(struct server *s, bool is_key, int fd)
{
	CLEANUP(buf_wipe) struct buf pem = BUF_INIT(TLS_FILE_MAX);
	bool again = s->server_tls->ctx != NULL;
	struct tls_context *tls;
	struct error err;

	if (!is_key)
		buf_clear(&s->certificate);
	if (!file_read_fd(fd, is_key ? &pem : &s->certificate, &err)) {
		/* Said once, with the key that comes behind it. */
		buf_clear(&s->certificate);
		if (is_key)
			refuse_tls(s, &err);
		return;
	}
	if (!is_key)
		return;
	tls = tls_server_new(buf_span(&s->certificate), buf_span(&pem), &err);
	if (tls == NULL) {
		refuse_tls(s, &err);
		return;
	}
	tls_become(s->server_tls, tls);
	if (again)
		tell(SUPERVISOR_TELL_TLS_TAKEN);
}

/*
 * Takes the TLS files, which are given before all else: nobody is spoken to
 * in clear by a server that has not got them yet.
 */
static bool
wait_for_tls(struct server *s, struct error *reterr)
{
	struct pollfd given = {SUPERVISOR_FD_GIVE, POLLIN, 0};
	uint8_t purpose = 0;
	int fd;

	while (purpose != SUPERVISOR_GIVE_KEY) {
		if (poll(&given, 1, TLS_WAIT) != 1 ||
		    process_receive_fd(SUPERVISOR_FD_GIVE, &purpose, &fd) !=
			    PROCESS_RECEIVED)
			return error_set(reterr, ERROR_IO,
					 "the TLS files were not handed over");
		take_tls(s, purpose == SUPERVISOR_GIVE_KEY, fd);
		close(fd);
	}
	return s->server_tls->ctx != NULL ||
	       error_set(reterr, ERROR_CONFIG,
			 "tls_certificate and tls_key cannot be used");
}

static void
on_given(void *context)
{
	struct server *s = context;
	uint8_t purpose;
	int fd;

	for (;;) {
		switch (process_receive_fd(SUPERVISOR_FD_GIVE, &purpose, &fd)) {
		case PROCESS_RECEIVED:
			break;
		case PROCESS_NOTHING:
			return;
		case PROCESS_CLOSED:
			_exit(0); /* the supervisor is gone */
		}
		if (purpose < s->keyds) {
			seat_keyd(s, purpose, fd);
			continue;
		}
		take_tls(s, purpose == SUPERVISOR_GIVE_KEY, fd);
		close(fd);
	}
}

/* ---- starting ---- */

static bool
read_config(struct server *s, const char *data, struct error *reterr)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(CONFIG_FILE_MAX);

	config_init(&s->config, data);
	if (!file_read_fd(SUPERVISOR_FD_CONFIG, &text, reterr) ||
	    !config_parse(&s->config, "sesame.conf", buf_span(&text), reterr) ||
	    !config_finish(&s->config, reterr))
		return false;
	close(SUPERVISOR_FD_CONFIG);
	snprintf(s->region_domain, sizeof(s->region_domain), "%s.%s",
		 s->config.region, s->config.zone);
	snprintf(s->feedback_host, sizeof(s->feedback_host),
		 "feedback-smtp.%s.%s", s->config.region, s->config.zone);
	return true;
}

static bool
enter_sandbox(struct server *s, struct error *reterr)
{
	/* Libraries read there: gconv modules, OpenSSL's configuration. */
	static const char *const read[] = {"/usr", "/etc", NULL};
	const char *write[] = {s->config.data, NULL};
	struct sandbox plan = {
		.role = FILTER_SERVER,
		.read = read,
		.write = write,
	};
	struct sandbox_report report;

	return sandbox_enter(&plan, &report, reterr);
}

static bool
load_suffixes(struct server *s, struct error *reterr)
{
	const char *path = s->config.public_suffix_list;

	return suffix_list_load(*path != '\0' ? path : NULL, &s->suffixes,
				reterr);
}

static bool
start_lookup(struct server *s, struct error *reterr)
{
	struct net_address servers[LOOKUP_SERVERS_MAX];
	size_t len = 1;

	if (s->config.resolver[0] == '\0')
		len = lookup_system_servers(servers);
	else if (!net_parse(span_of(s->config.resolver), 53, &servers[0]))
		return error_set(reterr, ERROR_CONFIG,
				 "resolver must be ADDRESS#PORT");
	s->lookup = lookup_new(s->loop, servers, len);
	return true;
}

static void
start_identities(struct server *s, uint64_t seed)
{
	struct service *service = &s->checker.service;

	service->kind = SERVICE_SESAME;
	snprintf(service->zone, sizeof(service->zone), "%s", s->config.zone);
	snprintf(service->region, sizeof(service->region), "%s",
		 s->config.region);
	s->checker.loop = s->loop;
	s->checker.storage = s->storage;
	s->checker.lookup = s->lookup;
	s->checker.suffixes = s->suffixes.suffixes;
	s->checker.confirm = s->config.verify_confirm;
	s->scheduler = scheduler_new(&s->checker, seed);
	s->keeper_parts = (struct keeper_parts){
		.loop = s->loop,
		.storage = s->storage,
		.keyring = s->keyring,
		.pool = s->config.key_pool,
		.publish = on_publish,
		.changed = on_changed,
		.context = s,
	};
	s->keeper = keeper_new(&s->keeper_parts);
}

static void
start_api(struct server *s)
{
	s->submit_parts = (struct submit_parts){
		.loop = s->loop,
		.storage = s->storage,
		.keyring = s->keyring,
		.zone = s->config.zone,
		.region = s->config.region,
		.region_domain = s->region_domain,
		.queued = on_queued,
		.context = s,
	};
	s->submitter = submitter_new(&s->submit_parts);
	s->deployment.service = s->checker.service;
	s->deployment.suffixes = s->suffixes.suffixes;
	s->deployment.max_24_hours = -1;
	s->deployment.max_rate = -1;
	random_fill(s->deployment.token_key, sizeof(s->deployment.token_key));
	s->api_parts = (struct api_parts){
		.loop = s->loop,
		.storage = s->storage,
		.keyring = s->keyring,
		.submitter = s->submitter,
		.access_keys = s->access_keys,
		.log = s->config.access_log ? STDERR_FILENO : -1,
		.deployment = &s->deployment,
		.wake = on_wake,
		.context = s,
	};
	s->api = api_server_new(&s->api_parts, SUPERVISOR_FD_API);
	if (s->server_tls->ctx != NULL)
		api_server_tls(s->api, s->server_tls);
}

static void
start_mail(struct server *s, uint64_t seed)
{
	struct smtp_listener_config config = SMTP_LISTENER_CONFIG;
	struct mailer_config out = MAILER_CONFIG;

	s->client_tls = tls_client_new();
	out.name = span_of(s->config.ehlo_name);
	out.port = s->config.delivery_port != 0
			   ? s->config.delivery_port
			   : net_bound(SUPERVISOR_FD_SMTP).port;
	out.route.allow_loopback = s->config.allow_loopback;
	out.tls = s->client_tls;
	out.seed = seed;
	s->mailer = mailer_new(s->loop, s->lookup, &out);
	s->outbox_parts = (struct outbox_parts){
		.loop = s->loop,
		.storage = s->storage,
		.mailer = s->mailer,
		.mails_max = OUTBOX_MAILS_MAX,
		.held_max = OUTBOX_HELD_MAX,
		.seed = seed,
	};
	s->outbox = outbox_new(&s->outbox_parts);
	s->inbox_parts = (struct inbox_parts){
		.loop = s->loop,
		.storage = s->storage,
		.lookup = s->lookup,
		.zone = s->config.zone,
		.receiver = s->feedback_host,
	};
	s->inbox = inbox_new(&s->inbox_parts);
	config.smtpd.name = span_of(s->feedback_host);
	config.smtpd.limits.size = INBOX_SIZE_MAX;
	config.seed = seed;
	if (s->server_tls->ctx != NULL)
		config.tls = s->server_tls;
	s->listener = smtp_listener_new(s->loop, SUPERVISOR_FD_SMTP, &config,
					inbox_handler(), s->inbox);
}

static bool
start(struct server *s, struct error *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(CONFIG_PATH_SIZE + 16);
	uint64_t seed;

	if (s->config.tls_certificate[0] != '\0' && !wait_for_tls(s, reterr))
		return false;
	random_fill(&seed, sizeof(seed));
	buf_addf(&path, "%s/sesame.db", s->config.data);
	if (!storage_new(s->loop, path.ptr, on_broken, s, &s->storage, reterr))
		return false;
	s->publisher = publisher_new(s->loop, &s->config, s->storage,
				     (uint32_t)(clock_now() / 1000), reterr);
	if (s->publisher == NULL)
		return false;
	s->access_keys = access_keys_new(s->loop, s->storage, seed, reterr);
	if (s->access_keys == NULL || !start_lookup(s, reterr))
		return false;
	s->keyring = keyring_new(s->loop, s->keyds, on_keyd_broken, s);
	s->nameserver =
		nameserver_new(s->loop, publisher_zone(s->publisher),
			       SUPERVISOR_FD_DNS_UDP, SUPERVISOR_FD_DNS_TCP);
	start_identities(s, seed);
	start_api(s);
	start_mail(s, seed);
	s->tick = loop_timer_new(s->loop, on_tick, s);
	s->term = loop_signal_new(s->loop, SIGTERM, on_term, s);
	s->given = loop_watch_new(s->loop, SUPERVISOR_FD_GIVE, on_given, s);
	return true;
}

/* Frees all that is there, in the order that is left when all is quiet. */
static void
release(struct server *s)
{
	loop_watch_free(s->given);
	loop_signal_free(s->term);
	loop_timer_free(s->tick);
	smtp_listener_free(s->listener);
	inbox_free(s->inbox);
	outbox_free(s->outbox);
	mailer_free(s->mailer);
	api_server_free(s->api);
	submitter_free(s->submitter);
	keeper_free(s->keeper);
	scheduler_free(s->scheduler);
	nameserver_free(s->nameserver);
	keyring_free(s->keyring);
	lookup_free(s->lookup);
	publisher_free(s->publisher);
	storage_free(s->storage);
	access_keys_free(s->access_keys);
	tls_free(s->client_tls);
	tls_free(s->server_tls);
	buf_release(&s->certificate);
	suffix_list_release(&s->suffixes);
	loop_free(s->loop);
	free(s);
}

int
server_run(const char *data)
{
	struct server *s = mem_new(sizeof(*s));
	struct error err;
	size_t seed;
	int status;

	umask(077); /* the store's files are for nobody else to read */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN); /* of a terminal: the supervisor's business */
	buf_init(&s->certificate, TLS_FILE_MAX);
	s->server_tls = mem_new(sizeof(*s->server_tls));
	/* jansson would read its seed from a device that the sandbox hides. */
	random_fill(&seed, sizeof(seed));
	json_object_seed(seed);
	if (!sandbox_guard(&err) || !read_config(s, data, &err) ||
	    !load_suffixes(s, &err) || !enter_sandbox(s, &err)) {
		complain("cannot start", &err);
		return 78;
	}
	s->keyds = supervisor_keyds(&s->config);
	s->loop = loop_new();
	if (!start(s, &err)) {
		complain("cannot start", &err);
		return 78;
	}
	loop_run(s->loop);
	status = s->status;
	/* Overdue at the end of the drain: what is under way is abandoned, and
	 * found again in the queue. */
	if (!is_quiet(s))
		_exit(status);
	release(s);
	return status;
}
