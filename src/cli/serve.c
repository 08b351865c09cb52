/* SPDX-License-Identifier: Apache-2.0 */
/* sesame serve: runs a deployment. */
#include <stdlib.h>

#include "base/mem.h"
#include "cli/commands.h"
#include "serve/supervisor.h"

static bool
read_config(const struct cli *cli, struct config *config, struct error *reterr)
{
	const struct options *o = &cli->options;
	const struct span *value, *file = options_get(o, "config");
	char *path = file != NULL ? mem_string(*file) : NULL;
	bool ok = config_load(config, path, reterr);
	size_t at = 0;

	free(path);
	while (ok && (value = options_each(o, "set", &at)) != NULL)
		ok = config_set_pair(config, *value, reterr);
	return ok && config_finish(config, reterr);
}

static enum cli_exit
run_serve(struct cli *cli)
{
	struct span data = options_text(&cli->options, "data", "");
	struct config *config;
	struct error err;
	char *given, *path;
	int status;

	if (data.len == 0 || data.len >= CONFIG_PATH_SIZE)
		return cli_usage(cli, "give the data directory by --data DIR");
	given = mem_string(data);
	path = realpath(given, NULL);
	free(given);
	if (path == NULL || strlen(path) >= CONFIG_PATH_SIZE) {
		free(path);
		error_set(&err, ERROR_CONFIG,
			  "there is no directory " SPAN_FMT
			  ": make it by sesame init",
			  SPAN_ARG(data));
		return cli_failed(&err);
	}
	config = mem_new(sizeof(*config));
	config_init(config, path);
	free(path);
	if (!read_config(cli, config, &err)) {
		free(config);
		return cli_failed(&err);
	}
	status = supervisor_run(config, cli->out.json);
	free(config);
	return status == 0 ? CLI_YES : status == 2 ? CLI_USAGE : CLI_NO;
}

static const struct option_spec serve_options[] = {
	{"data", OPTION_TEXT, "DIR", "the data directory, made by sesame init"},
	{"config", OPTION_TEXT, "FILE",
	 "the configuration; default DIR/sesame.conf"},
	{"set", OPTION_LIST, "NAME=VALUE",
	 "use this setting on top of the configuration"},
	{0},
};

const struct command command_serve = {
	.name = "serve",
	.usage = "--data DIR [--config FILE] [--set NAME=VALUE]...",
	.summary = "run a deployment: API, sending, DNS",
	.help = "Serves the API, takes and delivers mail, and serves the "
		"deployment's zone, until\nit is told to end. With --json it "
		"prints one line when every listener answers:\n"
		"{\"ready\":true,\"api\":\"http://127.0.0.1:PORT\", ...}.\n\n"
		"SIGTERM drains: what is under way is finished, the queue "
		"stays on disk. SIGHUP\nreads the TLS files again. SIGKILL at "
		"any moment loses nothing acknowledged.\n\nExamples:\n"
		"  sesame serve --data /var/lib/sesame\n"
		"  sesame serve --data ./trial --json\n"
		"  sesame serve --data ./trial --set verify_confirm=0\n",
	.option = serve_options,
	.run = run_serve,
};
