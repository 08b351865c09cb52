/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"
#include "cli/document.h"

static enum cli_exit
run(struct cli *cli)
{
	char name[STORE_NAME_SIZE];
	struct session s = {0};
	enum cli_exit status;
	struct error error;
	json_t *document;

	if (!document_name(cli->options.operand[0], name, &error) ||
	    !session_init(&s, cli, &error) ||
	    !document_get(&s, cli, name, true, &document, &error)) {
		session_release(&s);
		return cli_failed(&error);
	}
	status = document_exit(document);
	if (cli->out.json) {
		output_json(&cli->out, document);
	} else {
		document_print_status(&cli->out, document, cli->now);
		json_decref(document);
	}
	session_release(&s);
	return status;
}

const struct command command_status = {
	.name = "status",
	.usage = "NAME",
	.summary = "how far an identity is, and what is wrong with it",
	.help = "Shows the five steps, each done, waiting (for whom, since "
		"when, next check) or\nwrong (what was found, what was "
		"expected, how to mend it). Against another SES\nendpoint, "
		"such as Amazon's, the records are looked up from here.\n"
		"Exit status: 0 all is done, 3 something is pending, 1 "
		"something failed or is\nwrong.\n\n"
		"Examples:\n"
		"  sesame status example.org\n"
		"  sesame status example.org --json\n"
		"  sesame status example.org --aws --region eu-west-2\n",
	.talks_to_api = true,
	.asks_dns = true,
	.arguments_min = 1,
	.arguments_max = 1,
	.run = run,
};
