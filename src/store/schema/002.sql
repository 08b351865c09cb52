-- Documents, what an access key may do, and how a message is to be sent.

-- What an account only keeps and lists, each a text of its own form: kind is
-- document_kind of store/types.h.  parent: what it belongs to, or ''.
CREATE TABLE document (
	account TEXT NOT NULL REFERENCES account (id),
	kind INTEGER NOT NULL,
	parent TEXT NOT NULL,
	name TEXT NOT NULL,
	body TEXT NOT NULL,
	created INTEGER NOT NULL,
	updated INTEGER NOT NULL,
	PRIMARY KEY (account, kind, parent, name)
) STRICT;

-- Keys made before may do everything.
ALTER TABLE access_key ADD COLUMN permission INTEGER NOT NULL DEFAULT 1;
ALTER TABLE access_key ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE access_key ADD COLUMN used INTEGER NOT NULL DEFAULT 0;

-- max_age: for how long it is tried, in milliseconds; 0: as long as usual.
ALTER TABLE message ADD COLUMN require_tls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN max_age INTEGER NOT NULL DEFAULT 0;
