/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/lookup.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/map.h"
#include "base/mem.h"
#include "crypt/random.h"
#include "dns/cache.h"
#include "dns/resolve.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/stream.h"

/* Most memory that one answer may take. */
#define ANSWER_MAX ((size_t)4 << 20)
/* Questions that wait for their turn; one more gets SERVFAIL. */
#define QUEUE_MAX 8192
/* Datagrams taken in before the loop is given back. */
#define BURST 32
/* Tries for each server, in all at least TRIES_MIN; ms for one and for all. */
#define TRIES_EACH  2
#define TRIES_MIN   4
#define TRY_MS      1500
#define DEADLINE_MS 5000

#define RESOLV_CONF     "/etc/resolv.conf"
#define RESOLV_CONF_MAX 65536
#define DNS_PORT        53

enum job_state {
	JOB_QUEUED,  /* waits for its turn */
	JOB_RUNNING, /* asks */
	JOB_READY,   /* has its answer, and the timer will give it out */
	JOB_GIVING,  /* gives it out */
};

/* A question, for all who asked it. */
struct job {
	struct lookup *lookup;
	struct job *next, **link; /* among the queued, or the others */
	enum job_state state;
	bool shared; /* stands in lookup->jobs */
	struct cache_key key;
	struct dns_question question;
	struct resolve machine;
	struct arena arena;
	struct dns_answer answer;
	struct lookup_wait *first, **last; /* who asked, in order */
	struct loop_timer *timer;
	int fd; /* UDP; -1: none */
	struct loop_watch *watch;
	struct stream *stream;          /* TCP; NULL: none */
	uint8_t sent[RESOLVE_SIZE_MAX]; /* what goes out over TCP */
	size_t sent_len;                /* of sent */
	size_t server;                  /* that `fd` or `stream` goes to */
};

struct lookup_wait {
	struct job *job;
	struct lookup_wait *next, **link;
	lookup_done *done;
	void *context;
};

struct lookup {
	struct loop *loop;
	struct net_address server[LOOKUP_SERVERS_MAX];
	size_t servers;
	bool trusted;      /* all of them are on this host */
	struct map jobs;   /* that others may join, by key */
	struct job *all;   /* that are not queued */
	struct job *queue; /* that wait for their turn */
	struct job **queue_end;
	size_t running;     /* of them, JOB_RUNNING */
	size_t queued;      /* how many wait */
	struct cache cache; /* of answers */
};

/* ---- jobs ---- */

static void
hang_up(struct job *job)
{
	loop_watch_free(take_ptr(&job->watch));
	if (job->fd >= 0)
		close(job->fd);
	job->fd = -1;
	stream_free(take_ptr(&job->stream));
}

/* Puts `job` among those that are not queued. */
static void
link_job(struct lookup *lookup, struct job *job)
{
	job->next = lookup->all;
	job->link = &lookup->all;
	if (job->next != NULL)
		job->next->link = &job->next;
	lookup->all = job;
}

static void
unlink_job(struct job *job)
{
	struct lookup *lookup = job->lookup;

	*job->link = job->next;
	if (job->next != NULL)
		job->next->link = job->link;
	else if (lookup->queue_end == &job->next)
		lookup->queue_end = job->link;
}

/* Lets nobody join `job` any more. */
static void
close_job(struct job *job)
{
	if (job->shared)
		map_take(&job->lookup->jobs, cache_key_span(&job->key));
	job->shared = false;
}

static void
job_free(struct job *job)
{
	close_job(job);
	unlink_job(job);
	hang_up(job);
	loop_timer_free(job->timer);
	arena_release(&job->arena);
	free(job);
}

static void job_turn(void *context);

/* Begins to ask, from the loop: see lookup.h on callbacks. */
static void
job_start(struct job *job)
{
	struct lookup *lookup = job->lookup;
	struct resolve_options options = RESOLVE_DEFAULTS;
	uint8_t entropy[RESOLVE_ENTROPY_SIZE];

	options.servers = lookup->servers;
	options.tries = lookup->servers * TRIES_EACH;
	if (options.tries < TRIES_MIN)
		options.tries = TRIES_MIN;
	options.timeout = TRY_MS;
	options.deadline = DEADLINE_MS;
	options.trust_ad = lookup->trusted;
	random_fill(entropy, sizeof(entropy));
	resolve_init(&job->machine, &job->question, &options, entropy,
		     &job->arena, clock_mono());
	job->state = JOB_RUNNING;
	lookup->running++;
	link_job(lookup, job);
	loop_timer_set(job->timer, 0);
}

/* Lets the next ones ask, as far as there is room. */
static void
start_queued(struct lookup *lookup)
{
	while (lookup->running < LOOKUP_MAX && lookup->queue != NULL) {
		struct job *job = lookup->queue;

		unlink_job(job);
		lookup->queued--;
		job_start(job);
	}
}

/* Ends the asking, whether it brought an answer or not. */
static void
job_stop(struct job *job)
{
	if (job->state == JOB_QUEUED)
		job->lookup->queued--;
	else if (job->state == JOB_RUNNING)
		job->lookup->running--;
	job->state = JOB_READY;
	hang_up(job);
}

/* Gives the answer out, and frees the job. */
static void
job_give(struct job *job)
{
	job->state = JOB_GIVING;
	close_job(job);
	while (job->first != NULL) {
		struct lookup_wait *wait = job->first;
		lookup_done *done = wait->done;
		void *context = wait->context;

		lookup_cancel(wait);
		done(context, &job->answer);
	}
	job_free(job);
}

/* ---- sending ---- */

static void job_drive(struct job *job);

static void
datagram_ready(void *context)
{
	struct job *job = context;
	struct net_address from;
	uint8_t bytes[WIRE_UDP_MAX];

	for (size_t i = 0; i < BURST && job->fd >= 0; i++) {
		ssize_t n = net_receive(job->fd, bytes, sizeof(bytes), &from);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		if (n < 0)
			resolve_unreachable(&job->machine, job->server, false,
					    clock_mono());
		else
			resolve_feed(&job->machine, job->server, false,
				     span_bytes(bytes, (size_t)n),
				     clock_mono());
		if (resolve_due(&job->machine) == INT64_MAX || n < 0)
			break;
	}
	job_drive(job);
}

static void
stream_connected(void *context)
{
	struct job *job = context;
	uint8_t length[2] = {(uint8_t)(job->sent_len >> 8),
			     (uint8_t)job->sent_len};

	stream_send(job->stream, span_bytes(length, sizeof(length)));
	stream_send(job->stream, span_bytes(job->sent, job->sent_len));
}

static void
stream_readable(void *context)
{
	struct job *job = context;
	struct span in = stream_peek(job->stream);
	struct reader r = reader_of(in);
	struct span message = reader_take(&r, reader_u16(&r));

	if (r.bad)
		return; /* not all of it is here */
	resolve_feed(&job->machine, job->server, true, message, clock_mono());
	stream_consume(job->stream, r.at);
	job_drive(job);
}

static void
stream_ended(void *context, enum stream_end end, const char *why)
{
	struct job *job = context;

	(void)end;
	(void)why;
	resolve_unreachable(&job->machine, job->server, true, clock_mono());
	job_drive(job);
}

static const struct stream_handler stream_handler = {
	.connected = stream_connected,
	.readable = stream_readable,
	.ended = stream_ended,
};

static bool
send_udp(struct job *job, const struct resolve_send *send)
{
	struct lookup *lookup = job->lookup;
	struct error error;

	job->fd = net_udp_to(&lookup->server[send->server], &error);
	if (job->fd < 0)
		return false;
	job->watch = loop_watch_new(lookup->loop, job->fd, datagram_ready, job);
	return net_send(job->fd, send->bytes, NULL);
}

static bool
send_tcp(struct job *job, const struct resolve_send *send)
{
	struct lookup *lookup = job->lookup;
	struct error error;

	memcpy(job->sent, send->bytes.ptr, send->bytes.len);
	job->sent_len = send->bytes.len;
	job->stream =
		stream_connect(lookup->loop, &lookup->server[send->server],
			       &stream_handler, job, &error);
	return job->stream != NULL;
}

/* Does what the machine wants, until it waits or is done. */
static void
job_drive(struct job *job)
{
	struct resolve_send send;

	for (;;) {
		enum resolve_event event = resolve_next(&job->machine, &send);

		if (event == RESOLVE_DONE)
			break;
		if (event == RESOLVE_WAIT) {
			loop_timer_set(job->timer, resolve_due(&job->machine) -
							   clock_mono());
			return;
		}
		hang_up(job);
		job->server = send.server;
		if (!(event == RESOLVE_SEND_TCP ? send_tcp(job, &send)
						: send_udp(job, &send)))
			resolve_unreachable(&job->machine, send.server,
					    event == RESOLVE_SEND_TCP,
					    clock_mono());
	}
	job_stop(job);
	job->answer = *resolve_answer(&job->machine);
	cache_put(&job->lookup->cache, &job->key, &job->answer, clock_mono());
	start_queued(job->lookup);
	job_give(job);
}

/* The timer's. */
static void
job_turn(void *context)
{
	struct job *job = context;

	if (job->state == JOB_READY) {
		job_give(job);
		return;
	}
	resolve_tick(&job->machine, clock_mono());
	job_drive(job);
}

/* ---- asking ---- */

struct lookup *
lookup_new(struct loop *loop, const struct net_address *servers, size_t count)
{
	struct lookup *lookup = mem_new(sizeof(*lookup));
	uint64_t seed[2];

	assert(count > 0);
	random_fill(seed, sizeof(seed));
	lookup->loop = loop;
	lookup->trusted = true;
	for (size_t i = 0; i < count && i < LOOKUP_SERVERS_MAX; i++) {
		lookup->server[lookup->servers++] = servers[i];
		if (!net_is_loopback(&servers[i]))
			lookup->trusted = false;
	}
	map_init(&lookup->jobs, seed[0]);
	cache_init(&lookup->cache, seed[1]);
	lookup->queue_end = &lookup->queue;
	return lookup;
}

static void
free_jobs(struct job *job)
{
	while (job != NULL) {
		struct job *next = job->next;

		while (job->first != NULL) {
			struct lookup_wait *wait = job->first;

			job->first = wait->next;
			free(wait);
		}
		job_free(job);
		job = next;
	}
}

void
lookup_free(struct lookup *lookup)
{
	if (lookup == NULL)
		return;
	free_jobs(lookup->queue);
	free_jobs(lookup->all);
	map_release(&lookup->jobs);
	cache_release(&lookup->cache);
	free(lookup);
}

/* Queues a new job, or lets it end at once if even the queue is full. */
static void
job_queue(struct job *job)
{
	struct lookup *lookup = job->lookup;

	if (lookup->queued >= QUEUE_MAX) {
		job->answer = (struct dns_answer){.status = DNS_SERVFAIL,
						  .ttl = RESOLVE_TTL_MIN};
		job->state = JOB_READY;
		link_job(lookup, job);
		loop_timer_set(job->timer, 0);
		return;
	}
	job->shared = true;
	map_put(&lookup->jobs, cache_key_span(&job->key), job);
	job->state = JOB_QUEUED;
	job->link = lookup->queue_end;
	*job->link = job;
	lookup->queue_end = &job->next;
	lookup->queued++;
	start_queued(lookup);
}

/* Makes the job that answers `question`. */
static struct job *
job_new(struct lookup *lookup, const struct cache_key *key,
	const struct dns_question *question, bool fresh)
{
	struct job *job = mem_new(sizeof(*job));

	job->lookup = lookup;
	job->key = *key;
	job->question = *question;
	job->arena = ARENA_INIT(ANSWER_MAX);
	job->last = &job->first;
	job->fd = -1;
	job->timer = loop_timer_new(lookup->loop, job_turn, job);
	if (!fresh && cache_get(&lookup->cache, key, clock_mono(), &job->arena,
				&job->answer)) {
		job->state = JOB_READY;
		link_job(lookup, job);
		loop_timer_set(job->timer, 0);
	} else {
		job_queue(job);
	}
	return job;
}

struct lookup_wait *
lookup_ask(struct lookup *lookup, const struct dns_question *question,
	   bool fresh, lookup_done *done, void *context)
{
	struct cache_key key = cache_key(question);
	struct job *job = map_get(&lookup->jobs, cache_key_span(&key));
	struct lookup_wait *wait = mem_new(sizeof(*wait));

	if (job == NULL)
		job = job_new(lookup, &key, question, fresh);
	wait->job = job;
	wait->done = done;
	wait->context = context;
	wait->link = job->last;
	*wait->link = wait;
	job->last = &wait->next;
	return wait;
}

void
lookup_cancel(struct lookup_wait *wait)
{
	struct job *job;

	if (wait == NULL)
		return;
	job = wait->job;
	*wait->link = wait->next;
	if (wait->next != NULL)
		wait->next->link = wait->link;
	else
		job->last = wait->link;
	free(wait);
	if (job->first == NULL && job->state != JOB_GIVING) {
		struct lookup *lookup = job->lookup;

		job_stop(job);
		job_free(job);
		start_queued(lookup);
	}
}

size_t
lookup_system_servers(struct net_address ret[LOOKUP_SERVERS_MAX])
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(RESOLV_CONF_MAX);
	struct error error;
	struct span rest;
	size_t count = 0;

	if (!file_read(RESOLV_CONF, &text, &error))
		buf_clear(&text);
	rest = buf_span(&text);
	while (rest.len > 0 && count < LOOKUP_SERVERS_MAX) {
		struct span line = span_trim(span_cut(&rest, '\n'));
		struct span word = SPAN("nameserver");

		if (span_starts(line, word) && line.len > word.len &&
		    (line.ptr[word.len] == ' ' || line.ptr[word.len] == '\t') &&
		    net_parse(span_trim(span_skip(line, word.len)), DNS_PORT,
			      &ret[count]))
			count++;
	}
	if (count > 0)
		return count;
	ret[0] = (struct net_address){.ip = {127, 0, 0, 1}, .port = DNS_PORT};
	return 1;
}
