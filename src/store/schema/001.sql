-- The first schema.  Run once, inside one transaction, on an empty database.
--
-- Times are milliseconds since 1970-01-01 UTC, 0: never.  Booleans are 0 and
-- 1.  Enumerations have the numbers of ses/types.h and store/types.h.  Texts
-- are UTF-8 without NUL; names of domains are A-labels in lower case.
-- STRICT and AUTOINCREMENT are SQLite's; in PostgreSQL INTEGER is BIGINT,
-- BLOB is BYTEA and a key is GENERATED ALWAYS AS IDENTITY.  The statements in
-- statements.def are for both.

CREATE TABLE setting (
	key TEXT NOT NULL PRIMARY KEY,
	value BLOB NOT NULL
) STRICT;

CREATE TABLE account (
	id TEXT NOT NULL PRIMARY KEY,
	created INTEGER NOT NULL
) STRICT;

CREATE TABLE access_key (
	id TEXT NOT NULL PRIMARY KEY,
	account TEXT NOT NULL REFERENCES account (id),
	sealed BLOB NOT NULL,
	created INTEGER NOT NULL
) STRICT;
CREATE INDEX access_key_account ON access_key (account, id);

CREATE TABLE configuration_set (
	account TEXT NOT NULL REFERENCES account (id),
	name TEXT NOT NULL,
	created INTEGER NOT NULL,
	options TEXT NOT NULL,
	PRIMARY KEY (account, name)
) STRICT;

-- resource: what follows the account in an ARN, "identity/example.org".
CREATE TABLE tag (
	account TEXT NOT NULL REFERENCES account (id),
	resource TEXT NOT NULL,
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (account, resource, key)
) STRICT;

-- A row's id is never given again, not even after its deletion.
CREATE TABLE identity (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	account TEXT NOT NULL REFERENCES account (id),
	name TEXT NOT NULL,
	type INTEGER NOT NULL,
	created INTEGER NOT NULL,
	configuration_set TEXT NOT NULL,
	feedback_forwarding INTEGER NOT NULL,
	verification_status INTEGER NOT NULL,
	verification_since INTEGER NOT NULL,
	verification_confirmed INTEGER NOT NULL,
	error INTEGER NOT NULL,
	last_checked INTEGER NOT NULL,
	last_success INTEGER NOT NULL,
	soa_primary TEXT NOT NULL,
	soa_admin TEXT NOT NULL,
	soa_serial INTEGER NOT NULL,
	dkim_status INTEGER NOT NULL,
	dkim_since INTEGER NOT NULL,
	dkim_confirmed INTEGER NOT NULL,
	signing_enabled INTEGER NOT NULL,
	origin INTEGER NOT NULL,
	next_length INTEGER NOT NULL,
	current_length INTEGER NOT NULL,
	key_generated INTEGER NOT NULL,
	length_changed INTEGER NOT NULL,
	token1 TEXT NOT NULL,
	token2 TEXT NOT NULL,
	token3 TEXT NOT NULL,
	mail_from TEXT NOT NULL,
	mail_from_status INTEGER NOT NULL,
	mail_from_since INTEGER NOT NULL,
	mail_from_confirmed INTEGER NOT NULL,
	on_mx_failure INTEGER NOT NULL,
	next_check INTEGER NOT NULL,
	check_from INTEGER NOT NULL,
	version INTEGER NOT NULL DEFAULT 1,
	UNIQUE (account, name)
) STRICT;
CREATE INDEX identity_name ON identity (name);
CREATE INDEX identity_due ON identity (next_check) WHERE next_check > 0;
CREATE INDEX identity_unkeyed ON identity (id)
	WHERE type = 1 AND origin = 1 AND current_length <> next_length;

-- Every token that was ever given out.  Rows are never deleted: a CNAME that
-- an operator left behind must never lead to another customer's key.
CREATE TABLE token (
	token TEXT NOT NULL PRIMARY KEY,
	identity INTEGER NOT NULL,
	issued INTEGER NOT NULL,
	retired INTEGER NOT NULL
) STRICT;
CREATE INDEX token_identity ON token (identity);
CREATE INDEX token_issued ON token (issued);
CREATE INDEX token_retired ON token (retired) WHERE retired > 0;

-- identity 0: the deployment's own keys.
CREATE TABLE dkim_key (
	identity INTEGER NOT NULL,
	selector TEXT NOT NULL,
	generation INTEGER NOT NULL,
	type INTEGER NOT NULL,
	bits INTEGER NOT NULL,
	state INTEGER NOT NULL,
	public TEXT NOT NULL,
	sealed BLOB NOT NULL,
	created INTEGER NOT NULL,
	PRIMARY KEY (identity, selector)
) STRICT;

-- Keys made ahead of need.
CREATE TABLE pool_key (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	type INTEGER NOT NULL,
	bits INTEGER NOT NULL,
	label TEXT NOT NULL,
	public TEXT NOT NULL,
	sealed BLOB NOT NULL,
	created INTEGER NOT NULL
) STRICT;
CREATE INDEX pool_key_kind ON pool_key (type, bits, id);

CREATE TABLE message (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	message_id TEXT NOT NULL UNIQUE,
	account TEXT NOT NULL,
	identity INTEGER NOT NULL,
	mail_from TEXT NOT NULL,
	fell_back INTEGER NOT NULL,
	created INTEGER NOT NULL,
	size INTEGER NOT NULL,
	finished INTEGER NOT NULL
) STRICT;
CREATE INDEX message_open ON message (account, id) WHERE finished = 0;
CREATE INDEX message_finished ON message (finished) WHERE finished > 0;

CREATE TABLE message_data (
	message INTEGER NOT NULL PRIMARY KEY REFERENCES message (id),
	data BLOB NOT NULL
) STRICT;

CREATE TABLE recipient (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	message INTEGER NOT NULL REFERENCES message (id),
	address TEXT NOT NULL,
	domain TEXT NOT NULL,
	state INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	next_attempt INTEGER NOT NULL,
	reply TEXT NOT NULL,
	remote TEXT NOT NULL,
	tls INTEGER NOT NULL,
	updated INTEGER NOT NULL
) STRICT;
CREATE INDEX recipient_message ON recipient (message, id);
CREATE INDEX recipient_domain ON recipient (domain, next_attempt)
	WHERE state = 1;
CREATE INDEX recipient_due ON recipient (next_attempt) WHERE state = 1;
CREATE INDEX recipient_sending ON recipient (id) WHERE state = 2;

-- Recipients that an account's messages were accepted for, in each span of
-- ten minutes since 1970.
CREATE TABLE sent (
	account TEXT NOT NULL,
	span INTEGER NOT NULL,
	recipients INTEGER NOT NULL,
	PRIMARY KEY (account, span)
) STRICT;

CREATE TABLE event (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	time INTEGER NOT NULL,
	account TEXT NOT NULL,
	identity TEXT NOT NULL,
	kind TEXT NOT NULL,
	text TEXT NOT NULL
) STRICT;
CREATE INDEX event_time ON event (time);
CREATE INDEX event_account ON event (account, id);
CREATE INDEX event_identity ON event (account, identity, id);

CREATE TABLE report (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	token TEXT NOT NULL UNIQUE,
	account TEXT NOT NULL,
	identity TEXT NOT NULL,
	received INTEGER NOT NULL,
	json TEXT NOT NULL,
	message BLOB NOT NULL DEFAULT x''
) STRICT;
CREATE INDEX report_received ON report (received);

CREATE TABLE suppressed (
	account TEXT NOT NULL,
	address TEXT NOT NULL,
	reason INTEGER NOT NULL,
	time INTEGER NOT NULL,
	message_id TEXT NOT NULL,
	PRIMARY KEY (account, address)
) STRICT;
