/* SPDX-License-Identifier: Apache-2.0 */
/*
 * operations - every operation of the API, for the routes to name.
 *
 * Each is an api_run (api/call.h): what it asks for and answers is said in
 * the SES v2 API, or in docs/api.md for those under /sesame/v1/.  They stand
 * in a file a resource.
 */
#pragma once

#include "api/call.h"

/* identities.c: CreateEmailIdentity. */
api_run create_email_identity;
/* identities.c: GetEmailIdentity. */
api_run get_email_identity;
/* identities.c: ListEmailIdentities. */
api_run list_email_identities;
/* identities.c: DeleteEmailIdentity. */
api_run delete_email_identity;
/* identity_settings.c: PutEmailIdentityMailFromAttributes. */
api_run put_mail_from;
/* identity_settings.c: PutEmailIdentityDkimAttributes. */
api_run put_dkim;
/* identity_settings.c: PutEmailIdentityDkimSigningAttributes. */
api_run put_dkim_signing;
/* identity_settings.c: PutEmailIdentityFeedbackAttributes. */
api_run put_feedback;
/* identity_settings.c: PutEmailIdentityConfigurationSetAttributes. */
api_run put_identity_set;

/* configuration_sets.c: CreateConfigurationSet. */
api_run create_configuration_set;
/* configuration_sets.c: GetConfigurationSet. */
api_run get_configuration_set;
/* configuration_sets.c: ListConfigurationSets. */
api_run list_configuration_sets;
/* configuration_sets.c: DeleteConfigurationSet. */
api_run delete_configuration_set;

/* tags.c: TagResource. */
api_run tag_resource;
/* tags.c: UntagResource. */
api_run untag_resource;
/* tags.c: ListTagsForResource. */
api_run list_tags_for_resource;

/* account.c: GetAccount. */
api_run get_account;

/* templates.c: CreateEmailTemplate. */
api_run create_email_template;
/* templates.c: GetEmailTemplate. */
api_run get_email_template;
/* templates.c: ListEmailTemplates. */
api_run list_email_templates;
/* templates.c: UpdateEmailTemplate. */
api_run update_email_template;
/* templates.c: DeleteEmailTemplate. */
api_run delete_email_template;
/* templates.c: TestRenderEmailTemplate. */
api_run test_render_email_template;

/* sending.c: SendEmail. */
api_run send_email;
/* bulk.c: SendBulkEmail. */
api_run send_bulk_email;

/* sesame.c: GET /sesame/v1/identities/{name}. */
api_run sesame_identity;
/* sesame.c: POST /sesame/v1/identities/{name}/check. */
api_run sesame_check;
/* sesame.c: POST /sesame/v1/identities/{name}/test. */
api_run sesame_test;
/* sesame.c: GET /sesame/v1/reports/{id}. */
api_run sesame_report;
/* sesame.c: GET /sesame/v1/reports/{id}/message. */
api_run sesame_report_message;
/* sesame.c: GET /sesame/v1/events. */
api_run sesame_events;
