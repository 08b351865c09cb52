/* SPDX-License-Identifier: Apache-2.0 */
/*
 * document - all there is to say of an identity, and how it is printed.
 *
 * The document is that of api/identity_json.h.  sesame's own API answers it;
 * for another SES endpoint, such as Amazon's, it is computed here from
 * GetEmailIdentity and from what DNS says.
 */
#pragma once

#include "cli/command.h"
#include "cli/remote.h"

/* What a command that talks to the API holds while it runs. */
struct session {
	struct target target;
	struct client *client;
};

/* Finds the target of `cli` and makes its client. */
bool session_init(struct session *s, const struct cli *cli,
		  struct error *reterr) MUST_CHECK;

/* Releases it, its secrets overwritten. */
void session_release(struct session *s);

/*
 * Sets *ret to the identity's name in its one form, from what a person wrote
 * ("Bücher.example", "EXAMPLE.ORG.").
 */
bool document_name(const char *text, char ret[static STORE_NAME_SIZE],
		   struct error *reterr) MUST_CHECK;

/*
 * Sets *ret to the document of the identity `name`: a new reference.  `ask_dns`
 * says whether DNS is to be asked where the API does not say what is there.
 * ERROR_NOT_FOUND: there is no such identity.
 */
bool document_get(struct session *s, const struct cli *cli, const char *name,
		  bool ask_dns, json_t **ret, struct error *reterr) MUST_CHECK;

/* Prints the records, grouped by what they are for. */
void document_print_records(struct output *o, const json_t *document);

/* Prints the five steps, and what is wrong and how it is mended. */
void document_print_status(struct output *o, const json_t *document,
			   int64_t now);

/*
 * Returns the exit status that says how far it is: CLI_YES if all five steps
 * are done; CLI_NO if something failed for good or a record is wrong, which
 * waiting will not mend; CLI_NOT_YET otherwise.
 */
enum cli_exit document_exit(const json_t *document);

/* Borrows the text at the path "a.b" of members, or "". */
struct span document_text(const json_t *document, const char *path);
