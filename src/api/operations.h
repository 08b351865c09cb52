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
/* configuration_sets.c: UpdateConfigurationSet. */
api_run update_configuration_set;
/* configuration_sets.c: PutConfigurationSetArchivingOptions. */
api_run put_set_archiving;
/* configuration_sets.c: PutConfigurationSetDeliveryOptions. */
api_run put_set_delivery;
/* configuration_sets.c: PutConfigurationSetReputationOptions. */
api_run put_set_reputation;
/* configuration_sets.c: PutConfigurationSetSendingOptions. */
api_run put_set_sending;
/* configuration_sets.c: PutConfigurationSetSuppressionOptions. */
api_run put_set_suppression;
/* configuration_sets.c: PutConfigurationSetTrackingOptions. */
api_run put_set_tracking;
/* configuration_sets.c: PutConfigurationSetVdmOptions. */
api_run put_set_vdm;

/* event_destinations.c: CreateConfigurationSetEventDestination. */
api_run create_event_destination;
/* event_destinations.c: GetConfigurationSetEventDestinations. */
api_run get_event_destinations;
/* event_destinations.c: UpdateConfigurationSetEventDestination. */
api_run update_event_destination;
/* event_destinations.c: DeleteConfigurationSetEventDestination. */
api_run delete_event_destination;

/* tags.c: TagResource. */
api_run tag_resource;
/* tags.c: UntagResource. */
api_run untag_resource;
/* tags.c: ListTagsForResource. */
api_run list_tags_for_resource;

/* account.c: GetAccount. */
api_run get_account;
/* account.c: PutAccountDetails. */
api_run put_account_details;
/* account.c: PutAccountSendingAttributes. */
api_run put_account_sending;
/* account.c: PutAccountSuppressionAttributes. */
api_run put_account_suppression;

/* suppression.c: PutSuppressedDestination. */
api_run put_suppressed;
/* suppression.c: GetSuppressedDestination. */
api_run get_suppressed;
/* suppression.c: ListSuppressedDestinations. */
api_run list_suppressed;
/* suppression.c: DeleteSuppressedDestination. */
api_run delete_suppressed;

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
