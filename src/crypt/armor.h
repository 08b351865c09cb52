/* SPDX-License-Identifier: Apache-2.0 */
/*
 * armor - the texts that private keys are handed over in, opened.
 *
 * PEM (RFC 7468, and the older form with headers), bare DER, or base64 of
 * either, told apart by their first bytes.  It says what the label claims,
 * not what the octets are: see privkey.h.
 *
 * Pure: no I/O, no logging, no clock.  Every octet decoded is in a struct
 * secret, which the caller releases.
 */
#pragma once

#include "crypt/secret.h"

/* Longest text: that of SES's DomainSigningPrivateKey. */
#define ARMOR_TEXT_MAX 20480

enum armor_status {
	ARMOR_OK = 0,
	ARMOR_EMPTY,      /* nothing but white space */
	ARMOR_TOO_LONG,   /* more than ARMOR_TEXT_MAX octets */
	ARMOR_NO_END,     /* PEM without the END line of its BEGIN line */
	ARMOR_NOT_BASE64, /* neither PEM nor DER, and not base64 either */
};

/* What the PEM label says is inside. */
enum armor_label {
	ARMOR_UNLABELLED = 0, /* there was no PEM */
	ARMOR_PRIVATE,        /* PRIVATE KEY: PKCS#8 */
	ARMOR_RSA_PRIVATE,    /* RSA PRIVATE KEY: PKCS#1 */
	ARMOR_ENCRYPTED, /* ENCRYPTED PRIVATE KEY, or headers that say so */
	ARMOR_PUBLIC,    /* a public key or a certificate */
	ARMOR_OTHER,     /* another label */
};

/*
 * Opens `text`.  ARMOR_OK sets *ret to the octets inside and *ret_label;
 * what is labelled ARMOR_ENCRYPTED, ARMOR_PUBLIC or ARMOR_OTHER is not
 * decoded, and *ret is empty then.  Any other status leaves both alone.
 */
enum armor_status armor_open(struct span text, struct secret *ret,
			     enum armor_label *ret_label) MUST_CHECK;

/*
 * Makes *ret the PEM text of `der` under `label`, such as "PRIVATE KEY".
 */
void armor_close(struct span der, const char *label, struct secret *ret);
