/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/passage.h"

#include <errno.h>
#include <unistd.h>

#include "cli/message.h"
#include "sys/file.h"

static bool
io_failed(const struct passage *p, struct error *reterr)
{
	return error_set(reterr, ERROR_IO, "cannot read %s: %s", p->path,
			 strerror(errno));
}

/* Goes back to where the message begins. */
static bool
rewind_all(struct passage *p, struct error *reterr)
{
	p->at = 0;
	p->line = 1;
	p->cr = p->ended = false;
	if (!p->held && lseek(p->fd, p->start, SEEK_SET) < 0)
		return io_failed(p, reterr);
	return true;
}

/* Reads what comes next into *ret; "" at the end. */
static bool
read_raw(struct passage *p, struct span *ret, struct error *reterr)
{
	char *room;
	ssize_t n;

	if (p->held) {
		*ret = span_head(span_skip(buf_span(&p->whole), (size_t)p->at),
				 PASSAGE_CHUNK);
		p->at += ret->len;
		return true;
	}
	buf_clear(&p->raw);
	room = buf_reserve(&p->raw, PASSAGE_CHUNK);
	do
		n = read(p->fd, room, PASSAGE_CHUNK);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return io_failed(p, reterr);
	buf_grew(&p->raw, (size_t)n);
	*ret = buf_span(&p->raw);
	p->at += (uint64_t)n;
	return true;
}

static bool
bad_line(const struct passage *p, const char *what, struct error *reterr)
{
	return error_set(reterr, ERROR_BAD_REQUEST,
			 "%s: line %llu ends in %s, not in CRLF as mail does; "
			 "--crlf converts it",
			 p->path, (unsigned long long)p->line, what);
}

/* Takes one octet where the line ends are to be right. */
static bool
check_octet(struct passage *p, char c, struct error *reterr)
{
	if (p->cr && c != '\n')
		return bad_line(p, "CR alone", reterr);
	if (c == '\n' && !p->cr)
		return bad_line(p, "LF alone", reterr);
	p->line += c == '\n';
	p->cr = c == '\r';
	return true;
}

/* Whether the line ends of `raw` are right; goes from one to the next. */
static bool
check(struct passage *p, struct span raw, struct error *reterr)
{
	while (raw.len > 0) {
		size_t lf = span_find(raw, '\n');
		struct span line = span_head(raw, lf);
		size_t cr = span_find(line, '\r');

		/* the usual line: one CR, before its LF */
		if (!p->cr && lf != SPAN_NONE && lf > 0 && cr == lf - 1) {
			p->line++;
			raw = span_skip(raw, lf + 1);
			continue;
		}
		if (!p->cr && cr != 0 && lf != 0 && line.len > 0) {
			size_t plain = cr < line.len ? cr : line.len;

			raw = span_skip(raw, plain);
			continue;
		}
		if (!check_octet(p, raw.ptr[0], reterr))
			return false;
		raw = span_skip(raw, 1);
	}
	return true;
}

/* Appends `raw` to the piece, each line end made CRLF. */
static void
convert(struct passage *p, struct span raw)
{
	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.ptr[i];

		if (c == '\n' && p->cr) {
			p->cr = false; /* it was written with its CR */
		} else if (c == '\r' || c == '\n') {
			buf_adds(&p->piece, "\r\n");
			p->cr = c == '\r';
		} else {
			buf_addc(&p->piece, c);
			p->cr = false;
		}
	}
}

/* Sets *ret to the next piece of the message; "" at the end. */
static bool
next(struct passage *p, struct span *ret, struct error *reterr)
{
	*ret = SPAN("");
	if (p->ended)
		return true;
	if (!read_raw(p, ret, reterr))
		return false;
	p->ended = ret->len == 0;
	if (!p->crlf) {
		if (p->ended && p->cr)
			return bad_line(p, "CR alone", reterr);
		return check(p, *ret, reterr);
	}
	buf_clear(&p->piece);
	convert(p, *ret);
	*ret = buf_span(&p->piece);
	return true;
}

/* Reads up to the empty line behind the header. */
static bool
read_head(struct passage *p, struct error *reterr)
{
	struct span piece;

	do {
		size_t from = p->head.len > 3 ? p->head.len - 3 : 0, end;
		size_t before = p->head.len;

		if (!next(p, &piece, reterr))
			return false;
		buf_add(&p->head, piece);
		end = span_search(span_skip(buf_span(&p->head), from),
				  SPAN("\r\n\r\n"));
		if (span_starts(buf_span(&p->head), SPAN("\r\n")))
			end = 2;
		else if (end != SPAN_NONE)
			end += from + 4;
		if (end != SPAN_NONE) {
			buf_truncate(&p->head, end);
			p->rest = span_skip(piece, end - before);
			break;
		}
	} while (piece.len > 0 && p->head.len <= HEADER_SIZE_MAX);
	if (p->head.len > HEADER_SIZE_MAX)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "%s: its header is above %d octets, or no "
				 "empty line ends it",
				 p->path, HEADER_SIZE_MAX);
	if (p->head.len == 0)
		return error_set(reterr, ERROR_BAD_REQUEST, "%s: it is empty",
				 p->path);
	return true;
}

/* Holds what cannot be read again. */
static bool
hold(struct passage *p, struct error *reterr)
{
	p->held = true;
	return file_read_fd(p->fd, &p->whole, reterr) ||
	       error_prefix(reterr, "%s: ", p->path);
}

bool
passage_open(struct passage *p, const char *path, bool crlf,
	     struct error *reterr)
{
	bool in = strcmp(path, "-") == 0;

	*p = (struct passage){
		.path = in ? "stdin" : path,
		.fd = -1,
		.whole = BUF_INIT(MESSAGE_MAX),
		.crlf = crlf,
		.head = BUF_INIT(HEADER_SIZE_MAX + 2 * PASSAGE_CHUNK),
		.rest = SPAN(""),
		.raw = BUF_INIT(PASSAGE_CHUNK),
		.piece = BUF_INIT(2 * PASSAGE_CHUNK),
	};
	p->fd = in ? dup(STDIN_FILENO) : file_open(path, reterr);
	if (p->fd < 0)
		return in ? io_failed(p, reterr) : false;
	if (fstat(p->fd, &p->stat) != 0)
		return io_failed(p, reterr);
	p->start = in ? lseek(p->fd, 0, SEEK_CUR) : 0;
	if ((!S_ISREG(p->stat.st_mode) || p->start < 0) && !hold(p, reterr))
		return false;
	return rewind_all(p, reterr) && read_head(p, reterr);
}

bool
passage_header(const struct passage *p, struct arena *arena,
	       struct header_block *ret, struct error *reterr)
{
	enum header_status status;
	size_t offset, from;

	status = header_parse(buf_span(&p->head), arena, ret, &offset);
	if (status != HEADER_OK)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "%s: %s, at octet %zu", p->path,
				 header_strerror(status), offset);
	from = header_count(ret, SPAN("From"));
	if (from != 1)
		return error_set(reterr, ERROR_BAD_REQUEST,
				 "%s: a message to be signed has one From "
				 "field, this has %s",
				 p->path, from == 0 ? "none" : "several");
	return true;
}

bool
passage_body(struct passage *p, void (*put)(void *context, struct span bytes),
	     void *context, struct error *reterr)
{
	struct span piece = p->rest;

	if (piece.len > 0)
		put(context, piece);
	do {
		if (!next(p, &piece, reterr))
			return false;
		if (piece.len > 0)
			put(context, piece);
	} while (!p->ended);
	return true;
}

/* Whether the file is what it was, so that both readings were of the same. */
static bool
is_unchanged(const struct passage *p)
{
	struct stat now;

	return p->held ||
	       (fstat(p->fd, &now) == 0 && now.st_size == p->stat.st_size &&
		now.st_mtim.tv_sec == p->stat.st_mtim.tv_sec &&
		now.st_mtim.tv_nsec == p->stat.st_mtim.tv_nsec);
}

bool
passage_copy(struct passage *p, FILE *to, struct error *reterr)
{
	uint64_t size = p->at;
	struct span piece;

	if (!rewind_all(p, reterr))
		return false;
	do {
		if (!next(p, &piece, reterr))
			return false;
		if (fwrite(piece.ptr, 1, piece.len, to) != piece.len)
			return error_set(reterr, ERROR_IO,
					 "cannot write the message: %s",
					 strerror(errno));
	} while (!p->ended);
	if (p->at != size || !is_unchanged(p))
		return error_set(reterr, ERROR_IO,
				 "%s changed while it was read; what was "
				 "written is not to be used",
				 p->path);
	return true;
}

void
passage_close(struct passage *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	buf_release(&p->whole);
	buf_release(&p->head);
	buf_release(&p->raw);
	buf_release(&p->piece);
}
