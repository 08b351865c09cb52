/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/profile.h"

#include <stdlib.h>

#include "cli/ini.h"
#include "sys/file.h"

#define PATH_SIZE 4096

/* Appends the folder of the file, without a final slash. */
static bool
folder(struct buf *ret)
{
	const char *xdg = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	/* Relative paths are invalid, says the XDG specification. */
	if (xdg != NULL && xdg[0] == '/')
		buf_addf(ret, "%s/sesame", xdg);
	else if (home != NULL && home[0] == '/')
		buf_addf(ret, "%s/.config/sesame", home);
	else
		return false;
	return !ret->full;
}

bool
profile_path(struct buf *ret)
{
	return folder(ret) && buf_adds(ret, "/profile");
}

/* Copies the value of `name` to `ret` of `size` bytes, "" if absent. */
static bool
take(struct span text, const char *name, char *ret, size_t size,
     struct error *reterr)
{
	struct span value = SPAN("");

	(void)!ini_get(text, SPAN("default"), span_of(name), &value);
	if (value.len >= size)
		return error_set(reterr, ERROR_CONFIG,
				 "the value of %s is too long", name);
	memcpy(ret, value.ptr, value.len);
	ret[value.len] = '\0';
	return true;
}

bool
profile_parse(struct span text, struct profile *ret, struct error *reterr)
{
	struct profile p = {0};
	struct span amazon;

	if (memchr(text.ptr, '\0', text.len) != NULL ||
	    !ini_has(text, SPAN("default")))
		return error_set(reterr, ERROR_CONFIG,
				 "there is no section [default]");
	if (!take(text, "endpoint_url", p.endpoint, sizeof(p.endpoint),
		  reterr) ||
	    !take(text, "region", p.region, sizeof(p.region), reterr) ||
	    !take(text, "account_id", p.account, sizeof(p.account), reterr) ||
	    !take(text, "aws_access_key_id", p.access_key, sizeof(p.access_key),
		  reterr) ||
	    !take(text, "aws_secret_access_key", p.secret, sizeof(p.secret),
		  reterr))
		return false;
	p.amazon = ini_get(text, SPAN("default"), SPAN("amazon"), &amazon) &&
		   span_equal_nocase(amazon, SPAN("yes"));
	*ret = p;
	return true;
}

/* Without spaces: " #" would begin a comment. */
static void
put(struct buf *to, const char *name, const char *value)
{
	if (value[0] != '\0')
		buf_addf(to, "%s=%s\n", name, value);
}

void
profile_format(const struct profile *profile, struct buf *to)
{
	buf_adds(to, "# How the commands of sesame reach this deployment.\n"
		     "# It holds a secret: keep it to yourself.\n"
		     "[default]\n");
	put(to, "endpoint_url", profile->endpoint);
	put(to, "region", profile->region);
	put(to, "account_id", profile->account);
	put(to, "aws_access_key_id", profile->access_key);
	put(to, "aws_secret_access_key", profile->secret);
	if (profile->amazon)
		put(to, "amazon", "yes");
}

bool
profile_load(struct profile *ret, struct error *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(PATH_SIZE);
	CLEANUP(buf_wipe) struct buf text = BUF_INIT(PROFILE_FILE_MAX);

	if (!profile_path(&path) || !file_exists(path.ptr))
		return error_set(reterr, ERROR_NOT_FOUND,
				 "there is no profile: sesame init writes one");
	if (!file_read(path.ptr, &text, reterr))
		return false;
	if (!profile_parse(buf_span(&text), ret, reterr))
		return error_prefix(reterr, "%s: ", path.ptr);
	return true;
}

bool
profile_save(const struct profile *profile, struct error *reterr)
{
	CLEANUP(buf_release) struct buf path = BUF_INIT(PATH_SIZE);
	CLEANUP(buf_wipe) struct buf text = BUF_INIT(PROFILE_FILE_MAX);

	if (!folder(&path))
		return error_set(reterr, ERROR_CONFIG,
				 "no home directory is known: set HOME or "
				 "XDG_CONFIG_HOME");
	if (!file_make_dir(path.ptr, 0700, reterr))
		return false;
	buf_adds(&path, "/profile");
	profile_format(profile, &text);
	return file_replace(path.ptr, buf_span(&text), 0600, reterr);
}
