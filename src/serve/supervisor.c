/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "keyd/master.h"
#include "keyd/process.h"
#include "serve/tls_files.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/loop.h"
#include "sys/process.h"
#include "sys/sandbox.h"
#include "text/json.h"

/* A child that lived this long, in ms, is started again at once. */
#define LIVED 1000
/* First and longest pause before a child is started again, in ms. */
#define BACKOFF_MIN 100
#define BACKOFF_MAX 10000

/* A listening socket and where it is. */
struct port {
	int fd;
	struct net_address at;
};

struct supervisor;

/* One child: the server, or a keyd. */
struct child {
	struct supervisor *supervisor;
	size_t slot; /* of a keyd */
	pid_t pid;   /* 0: not running */
	int64_t began;
	int64_t backoff;
	struct loop_timer *again;
	int channel; /* keyd: the server's end, until it was given; or -1 */
};

struct supervisor {
	const struct config *config;
	bool json;
	struct loop *loop;
	struct port api, smtp, dns_udp, dns_tcp; /* dns_tcp: fd alone */
	int master;                              /* a file, or -1 */
	struct tls_files tls;     /* in use, and for the next server */
	struct tls_files tls_new; /* read again; the server is to judge */
	bool tls_asked;           /* it does */
	bool tls_again;           /* SIGHUP came meanwhile */
	uid_t uid;
	gid_t gid;
	struct child server;
	struct child keyd[SUPERVISOR_KEYDS_MAX];
	size_t keyds;
	int give, tell; /* our ends of the server's, or -1 */
	struct loop_watch *told;
	struct loop_timer *deadline;
	bool ready;    /* it was said once */
	bool stopping; /* SIGTERM came */
	int status;    /* to exit with */
};

static void
complain(const char *what, const struct error *err)
{
	fprintf(stderr, "sesame: %s: %s\n", what, err->text);
}

/* Reads what the setting `name` says: where to listen. */
static bool
read_listen(const char *name, const char *text, struct net_address *ret,
	    struct error *reterr)
{
	if (strcmp(text, "auto") == 0)
		text = "127.0.0.1:0";
	if (net_parse(span_of(text), 0, ret))
		return true;
	return error_set(reterr, ERROR_CONFIG,
			 "%s must be ADDRESS:PORT or auto", name);
}

static bool
open_tcp(struct port *port, const char *name, const char *text,
	 struct error *reterr)
{
	struct net_address at;

	if (!read_listen(name, text, &at, reterr))
		return false;
	port->fd = net_listen(&at, reterr);
	if (port->fd < 0)
		return error_prefix(reterr, "%s: ", name);
	port->at = net_bound(port->fd);
	return true;
}

static bool
open_ports(struct supervisor *s, struct error *reterr)
{
	const struct config *config = s->config;
	struct net_address dns;

	if (!open_tcp(&s->api, "listen_api", config->listen_api, reterr) ||
	    !open_tcp(&s->smtp, "listen_smtp", config->listen_smtp, reterr) ||
	    !read_listen("listen_dns", config->listen_dns, &dns, reterr))
		return false;
	if (!net_both(&dns, &s->dns_udp.fd, &s->dns_tcp.fd, reterr))
		return error_prefix(reterr, "listen_dns: ");
	s->dns_udp.at = net_bound(s->dns_udp.fd);
	return true;
}

/* Opens the master key: the setting, the systemd credential, or the file. */
static bool
open_master(struct supervisor *s, struct error *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(2 * CONFIG_PATH_SIZE);
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");

	if (s->config->master_key[0] != '\0') {
		buf_adds(&path, s->config->master_key);
	} else {
		if (credentials != NULL)
			buf_addf(&path, "%s/master-key", credentials);
		if (credentials == NULL || !file_exists(path.ptr)) {
			buf_clear(&path);
			buf_addf(&path, "%s/master.key", s->config->data);
		}
	}
	s->master = file_open(path.ptr, reterr);
	if (s->master >= 0)
		return true;
	reterr->code = ERROR_CONFIG;
	return error_prefix(reterr, "the master key: ");
}

static bool
find_user(struct supervisor *s, struct error *reterr)
{
	const struct passwd *user;

	if (s->config->user[0] == '\0' || geteuid() != 0)
		return true;
	user = getpwnam(s->config->user);
	if (user == NULL || user->pw_uid == 0)
		return error_set(reterr, ERROR_CONFIG,
				 "the setting user: there is no user \"%s\" "
				 "other than root",
				 s->config->user);
	s->uid = user->pw_uid;
	s->gid = user->pw_gid;
	return true;
}

/* Returns a file that holds the configuration as it is in force; or -1. */
static int
config_file(const struct supervisor *s)
{
	CLEANUP(buf_release) struct buf text = BUF_INIT(CONFIG_FILE_MAX);
	int fd = memfd_create("sesame.conf", MFD_CLOEXEC);

	config_format(s->config, &text);
	if (fd >= 0 && (write(fd, text.ptr, text.len) != (ssize_t)text.len ||
			lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static void
give(struct supervisor *s, unsigned purpose, int fd)
{
	struct error err;

	if (s->give >= 0 &&
	    !process_send_fd(s->give, (uint8_t)purpose, fd, &err))
		complain("the server", &err);
}

static void
give_tls(struct supervisor *s, const struct tls_files *files)
{
	if (files->certificate < 0)
		return;
	tls_files_rewind(files);
	give(s, SUPERVISOR_GIVE_CERTIFICATE, files->certificate);
	give(s, SUPERVISOR_GIVE_KEY, files->key);
}

/* Reads the TLS files again, and lets the server judge them. */
static void
renew_tls(struct supervisor *s)
{
	struct error err;

	s->tls_again = s->tls_asked || s->give < 0;
	if (s->tls_again || s->tls.certificate < 0)
		return;
	if (!tls_files_open(&s->tls_new, s->config, &err)) {
		complain("the TLS files are not changed", &err);
		return;
	}
	s->tls_asked = true;
	give_tls(s, &s->tls_new);
}

/* The server took the new TLS files, or goes on with the old ones. */
static void
tls_judged(struct supervisor *s, bool good)
{
	struct tls_files old = s->tls;

	if (!s->tls_asked)
		return;
	s->tls_asked = false;
	if (good) {
		s->tls = s->tls_new;
		s->tls_new = old;
	}
	tls_files_close(&s->tls_new);
	if (s->tls_again)
		renew_tls(s);
}

static void
give_keyd(struct supervisor *s, struct child *keyd)
{
	if (s->give < 0 || keyd->channel < 0)
		return;
	give(s, (unsigned)keyd->slot, keyd->channel);
	close(keyd->channel);
	keyd->channel = -1;
}

static void
spawned(struct child *child, bool ok, const char *name, const struct error *err)
{
	child->began = clock_mono();
	if (ok)
		return;
	complain(name, err);
	child->pid = 0;
	loop_timer_set(child->again, BACKOFF_MAX);
}

static void
start_keyd(struct supervisor *s, struct child *keyd)
{
	static const char *const args[] = {"--role", "keyd", NULL};
	struct error err;
	int pair[2], master;
	bool ok;

	if (!process_pair(pair, &err)) {
		spawned(keyd, false, "keyd", &err);
		return;
	}
	master = file_snapshot(s->master, MASTER_TEXT_MAX + 1);
	if (master < 0) {
		error_set(&err, ERROR_IO, "cannot hand over the master key: %s",
			  strerror(errno));
		close(pair[0]);
		close(pair[1]);
		spawned(keyd, false, "keyd", &err);
		return;
	}
	ok = process_spawn(
		&(struct process_plan){
			.name = "sesame",
			.args = args,
			.fds = (int[]){pair[0], master},
			.fds_len = 2,
			.bare = true,
		},
		&keyd->pid, &err);
	close(pair[0]);
	close(master);
	spawned(keyd, ok, "keyd", &err);
	if (!ok) {
		close(pair[1]);
		return;
	}
	if (keyd->channel >= 0)
		close(keyd->channel);
	keyd->channel = pair[1];
	give_keyd(s, keyd);
}

static void
say_ready_json(const struct supervisor *s)
{
	const char *scheme = s->tls.certificate >= 0 ? "https" : "http";
	CLEANUP(buf_release) struct buf api = BUF_INIT(NET_TEXT_SIZE + 16);
	json_t *line;
	char *text;

	buf_addf(&api, "%s://%s", scheme, net_format(&s->api.at).s);
	line = json_pack("{s:b, s:s, s:s, s:s, s:s, s:s, s:i}", "ready", 1,
			 "api", api.ptr, "smtp", net_format(&s->smtp.at).s,
			 "dns", net_format(&s->dns_udp.at).s, "zone",
			 s->config->zone, "region", s->config->region, "pid",
			 (int)getpid());
	text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER);
	printf("%s\n", text);
	free(text);
	json_decref(line);
}

static void
say_ready(struct supervisor *s)
{
	if (s->ready)
		return;
	s->ready = true;
	if (s->json)
		say_ready_json(s);
	else
		printf("sesame is ready: API at %s://%s, SMTP at %s, DNS at "
		       "%s\n",
		       s->tls.certificate >= 0 ? "https" : "http",
		       net_format(&s->api.at).s, net_format(&s->smtp.at).s,
		       net_format(&s->dns_udp.at).s);
	fflush(stdout);
}

/* The server said something. */
static void
on_told(void *context)
{
	struct supervisor *s = context;
	uint8_t octet;

	if (read(s->tell, &octet, 1) != 1)
		return;
	if (octet == SUPERVISOR_TELL_READY)
		say_ready(s);
	else if (octet == SUPERVISOR_TELL_TLS_TAKEN ||
		 octet == SUPERVISOR_TELL_TLS_REFUSED)
		tls_judged(s, octet == SUPERVISOR_TELL_TLS_TAKEN);
	else if (octet < s->keyds && s->keyd[octet].pid > 0)
		kill(s->keyd[octet].pid, SIGKILL);
}

static void
close_server(struct supervisor *s)
{
	loop_watch_free(take_ptr(&s->told));
	if (s->give >= 0)
		close(s->give);
	if (s->tell >= 0)
		close(s->tell);
	s->give = s->tell = -1;
	/* The next one has to judge what this one did not. */
	s->tls_again = s->tls_again || s->tls_asked;
	s->tls_asked = false;
}

/* Spawns the server with the far ends of two channels. */
static bool
spawn_server(struct supervisor *s, int far_give, int far_tell,
	     struct error *reterr)
{
	static const char *const role[] = {"--role", "server"};
	const char *args[4] = {role[0], role[1], s->config->data, NULL};
	int config = config_file(s);
	bool ok;

	if (config < 0)
		return error_set(reterr, ERROR_IO,
				 "cannot hand over the configuration: %s",
				 strerror(errno));
	ok = process_spawn(
		&(struct process_plan){
			.name = "sesame",
			.args = args,
			.fds = (int[]){far_give, far_tell, config, s->api.fd,
				       s->smtp.fd, s->dns_udp.fd,
				       s->dns_tcp.fd},
			.fds_len = 7,
			.bare = true,
		},
		&s->server.pid, reterr);
	close(config);
	return ok;
}

static void
start_server(struct supervisor *s)
{
	struct error err;
	int give_pair[2], tell_pair[2];
	bool ok;

	close_server(s);
	if (!process_pair(give_pair, &err)) {
		spawned(&s->server, false, "server", &err);
		return;
	}
	if (!process_pair(tell_pair, &err)) {
		close(give_pair[0]);
		close(give_pair[1]);
		spawned(&s->server, false, "server", &err);
		return;
	}
	ok = spawn_server(s, give_pair[0], tell_pair[0], &err);
	close(give_pair[0]);
	close(tell_pair[0]);
	s->give = give_pair[1];
	s->tell = tell_pair[1];
	s->told = loop_watch_new(s->loop, s->tell, on_told, s);
	spawned(&s->server, ok, "server", &err);
	give_tls(s, &s->tls);
	if (s->tls_again)
		renew_tls(s);
	for (size_t i = 0; i < s->keyds; i++)
		give_keyd(s, &s->keyd[i]);
}

static void
start_again(void *context)
{
	struct child *child = context;
	struct supervisor *s = child->supervisor;

	if (s->stopping || child->pid > 0)
		return;
	if (child == &s->server)
		start_server(s);
	else
		start_keyd(s, child);
}

static bool
all_ended(const struct supervisor *s)
{
	for (size_t i = 0; i < s->keyds; i++)
		if (s->keyd[i].pid > 0)
			return false;
	return s->server.pid == 0;
}

/* After the drain: nobody needs the keyds any more. */
static void
end_keyds(struct supervisor *s, int number)
{
	for (size_t i = 0; i < s->keyds; i++) {
		if (s->keyd[i].channel >= 0) {
			close(s->keyd[i].channel);
			s->keyd[i].channel = -1;
		}
		if (s->keyd[i].pid > 0 && number != 0)
			kill(s->keyd[i].pid, number);
	}
}

/* Has a child that ended started again: at once if it lived long. */
static void
start_later(struct child *child, const struct process_end *end,
	    const char *name)
{
	bool killed = end->signal != 0;

	if (killed || end->status != 0)
		fprintf(stderr,
			"sesame: %s ended (%s %d), and is started again\n",
			name, killed ? "signal" : "status",
			killed ? end->signal : end->status);
	if (clock_mono() - child->began >= LIVED)
		child->backoff = 0;
	loop_timer_set(child->again, child->backoff);
	child->backoff = child->backoff == 0 ? BACKOFF_MIN : child->backoff * 2;
	if (child->backoff > BACKOFF_MAX)
		child->backoff = BACKOFF_MAX;
}

static void
child_ended(struct supervisor *s, struct child *child,
	    const struct process_end *end)
{
	bool is_server = child == &s->server;

	child->pid = 0;
	if (is_server)
		close_server(s);
	/* The first to be reaped need not be the first to have ended. */
	if (!s->ready && end->status == KEYD_END_CONFIG)
		s->status = 2;
	if (!s->ready && !s->stopping) {
		/* It never worked: to go on trying would only hide why. */
		if (s->status == 0)
			s->status = 1;
		s->stopping = true;
		loop_timer_set(s->deadline, SUPERVISOR_DRAIN_MS);
		if (s->server.pid > 0)
			kill(s->server.pid, SIGTERM);
	}
	if (s->stopping) {
		if (is_server && s->status == 0 && end->status != 0)
			s->status = 1;
		if (s->server.pid == 0)
			end_keyds(s, 0);
		if (all_ended(s))
			loop_stop(s->loop);
		return;
	}
	start_later(child, end, is_server ? "the server" : "a keyd");
}

static void
on_child(void *context)
{
	struct supervisor *s = context;
	struct process_end end;

	while (process_reap(&end)) {
		if (end.pid == s->server.pid)
			child_ended(s, &s->server, &end);
		for (size_t i = 0; i < s->keyds; i++)
			if (end.pid == s->keyd[i].pid)
				child_ended(s, &s->keyd[i], &end);
	}
}

static void
kill_all(void *context)
{
	struct supervisor *s = context;

	if (s->server.pid > 0)
		kill(s->server.pid, SIGKILL);
	end_keyds(s, SIGKILL);
	if (s->status == 0)
		s->status = 1;
}

static void
on_end(void *context)
{
	struct supervisor *s = context;

	if (s->stopping) {
		kill_all(s);
		return;
	}
	s->stopping = true;
	loop_timer_set(s->deadline, SUPERVISOR_DRAIN_MS);
	if (s->server.pid > 0)
		kill(s->server.pid, SIGTERM);
	else
		end_keyds(s, 0);
	if (all_ended(s))
		loop_stop(s->loop);
}

static void
on_hangup(void *context)
{
	renew_tls(context);
}

static void
child_init(struct supervisor *s, struct child *child, size_t slot)
{
	child->supervisor = s;
	child->slot = slot;
	child->channel = -1;
	child->again = loop_timer_new(s->loop, start_again, child);
}

/* Drops what the parent itself does not need any more. */
static bool
drop(const struct supervisor *s, struct error *reterr)
{
	if (!sandbox_guard(reterr))
		return false;
	if (s->uid == 0)
		return true;
	if (setgroups(0, NULL) != 0 || setresgid(s->gid, s->gid, s->gid) != 0 ||
	    setresuid(s->uid, s->uid, s->uid) != 0)
		return error_set(reterr, ERROR_CONFIG,
				 "cannot become the user %s: %s",
				 s->config->user, strerror(errno));
	return true;
}

static void
run(struct supervisor *s)
{
	static const int ends[] = {SIGTERM, SIGINT};
	struct loop_signal *signals[4];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(ends); i++)
		signals[n++] = loop_signal_new(s->loop, ends[i], on_end, s);
	signals[n++] = loop_signal_new(s->loop, SIGCHLD, on_child, s);
	signals[n++] = loop_signal_new(s->loop, SIGHUP, on_hangup, s);
	s->deadline = loop_timer_new(s->loop, kill_all, s);
	child_init(s, &s->server, 0);
	s->keyds = supervisor_keyds(s->config);
	for (size_t i = 0; i < s->keyds; i++) {
		child_init(s, &s->keyd[i], i);
		start_keyd(s, &s->keyd[i]);
	}
	start_server(s);
	loop_run(s->loop);
	for (size_t i = 0; i < s->keyds; i++)
		loop_timer_free(s->keyd[i].again);
	loop_timer_free(s->server.again);
	loop_timer_free(s->deadline);
	while (n > 0)
		loop_signal_free(signals[--n]);
}

size_t
supervisor_keyds(const struct config *config)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t n = config->keyd_processes > 0 ? (size_t)config->keyd_processes
		   : cores > 0                ? (size_t)cores
					      : 1;

	n++; /* and one that makes keys */
	return n < SUPERVISOR_KEYDS_MAX ? n : SUPERVISOR_KEYDS_MAX;
}

int
supervisor_run(const struct config *config, bool json)
{
	struct supervisor *s = mem_new(sizeof(*s));
	struct error err;
	int status;

	s->config = config;
	s->json = json;
	s->give = s->tell = s->master = -1;
	s->tls = s->tls_new = TLS_FILES_NONE;
	signal(SIGPIPE, SIG_IGN);
	umask(077); /* what is kept is nobody else's to read */
	if (!find_user(s, &err) || !open_master(s, &err) ||
	    !tls_files_open(&s->tls, config, &err) || !open_ports(s, &err) ||
	    !drop(s, &err)) {
		fprintf(stderr, "sesame: %s\n", err.text);
		free(s);
		return 2;
	}
	s->loop = loop_new();
	run(s);
	loop_free(s->loop);
	status = s->status;
	free(s);
	return status;
}
