/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations and shapes of the SES v2 API.  Made by script/model of the
 * API's model and ses/model_also.txt: change these, not this file.
 */
/* clang-format off */
#include "ses/model.h"

#include "ses/model_match.h"

#define OF(name, ...)                                                          \
	static const struct shape_member in_##name[] = {__VA_ARGS__};          \
	static const struct shape of_##name = SHAPE(in_##name)
#define E(code) (UINT32_C(1) << ERROR_##code)

OF(AssociateEmailIdentityCertificateRequest,
	{"CertificateArn", SHAPE_TEXT, .min = 1, .max = 2048, .required = true},
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true},
	{"FromAddress", SHAPE_TEXT});
static const struct shape of_AssociateEmailIdentityCertificateResponse = {NULL, 0};
OF(Dimensions,
	{NULL, SHAPE_TEXT, .words =
	    "CONFIGURATION_SET, EMAIL_IDENTITY, ISP"},
	{NULL, SHAPE_TEXT});
OF(BatchGetMetricDataQuery,
	{"Dimensions", SHAPE_MAP, .min = 1, .max = 3, .of = &of_Dimensions},
	{"EndDate", SHAPE_TIME, .required = true},
	{"Id", SHAPE_TEXT, .min = 1, .max = 255, .required = true},
	{"Metric", SHAPE_TEXT, .words =
	    "CLICK, COMPLAINT, DELIVERY, DELIVERY_CLICK, DELIVERY_COMPLAINT, "
	    "DELIVERY_OPEN, OPEN, PERMANENT_BOUNCE, SEND, TRANSIENT_BOUNCE", .required = true},
	{"Namespace", SHAPE_TEXT, .words =
	    "VDM", .required = true},
	{"StartDate", SHAPE_TIME, .required = true});
OF(BatchGetMetricDataQueries,
	{NULL, SHAPE_OBJECT, .of = &of_BatchGetMetricDataQuery});
OF(BatchGetMetricDataRequest,
	{"Queries", SHAPE_LIST, .min = 1, .max = 10, .of = &of_BatchGetMetricDataQueries, .required = true});
OF(MetricDataError,
	{"Code", SHAPE_TEXT, .words =
	    "ACCESS_DENIED, INTERNAL_FAILURE"},
	{"Id", SHAPE_TEXT, .min = 1, .max = 255},
	{"Message", SHAPE_TEXT});
OF(MetricDataErrorList,
	{NULL, SHAPE_OBJECT, .of = &of_MetricDataError});
OF(TimestampList,
	{NULL, SHAPE_TIME});
OF(MetricValueList,
	{NULL, SHAPE_NUMBER});
OF(MetricDataResult,
	{"Id", SHAPE_TEXT, .min = 1, .max = 255},
	{"Timestamps", SHAPE_LIST, .of = &of_TimestampList},
	{"Values", SHAPE_LIST, .of = &of_MetricValueList});
OF(MetricDataResultList,
	{NULL, SHAPE_OBJECT, .of = &of_MetricDataResult});
OF(BatchGetMetricDataResponse,
	{"Errors", SHAPE_LIST, .of = &of_MetricDataErrorList},
	{"Results", SHAPE_LIST, .of = &of_MetricDataResultList});
OF(CancelExportJobRequest,
	{"JobId", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
static const struct shape of_CancelExportJobResponse = {NULL, 0};
OF(ArchivingOptions,
	{"ArchiveArn", SHAPE_TEXT, .min = 20, .max = 1011,
	    .match = model_match_archive_arn,
	    .pattern = "arn:(aws|aws-[a-z-]+):ses:[a-z]{2,4}-[a-z-]+-[0-9]:[0-9]{1,20}:mailmanager-archive/a-[a-z0-9]{24,62}"});
OF(DeliveryOptions,
	{"MaxDeliverySeconds", SHAPE_NUMBER, .min = 300, .max = 50400},
	{"SendingPoolName", SHAPE_TEXT},
	{"TlsPolicy", SHAPE_TEXT, .words =
	    "OPTIONAL, REQUIRE"});
static const struct shape of_DefaultSigningScheme = {NULL, 0};
OF(SmimeSigningScheme,
	{"SignatureFormat", SHAPE_TEXT, .words =
	    "DETACHED"});
OF(SigningScheme,
	{"DefaultScheme", SHAPE_OBJECT, .of = &of_DefaultSigningScheme},
	{"SmimeScheme", SHAPE_OBJECT, .of = &of_SmimeSigningScheme});
OF(MessageSecurityOptions,
	{"SigningScheme", SHAPE_OBJECT, .of = &of_SigningScheme});
OF(ReputationOptions,
	{"LastFreshStart", SHAPE_TIME},
	{"ReputationMetricsEnabled", SHAPE_TRUTH});
OF(SendingOptions,
	{"SendingEnabled", SHAPE_TRUTH});
OF(SuppressionListReasons,
	{NULL, SHAPE_TEXT, .words =
	    "BOUNCE, COMPLAINT"});
OF(SuppressionConfidenceThreshold,
	{"ConfidenceVerdictThreshold", SHAPE_TEXT, .words =
	    "HIGH, MANAGED, MEDIUM", .required = true});
OF(SuppressionConditionThreshold,
	{"ConditionThresholdEnabled", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED", .required = true},
	{"OverallConfidenceThreshold", SHAPE_OBJECT, .of = &of_SuppressionConfidenceThreshold});
OF(SuppressionValidationOptions,
	{"ConditionThreshold", SHAPE_OBJECT, .of = &of_SuppressionConditionThreshold, .required = true});
OF(SuppressionOptions,
	{"SuppressedReasons", SHAPE_LIST, .max = 2, .of = &of_SuppressionListReasons},
	{"SuppressionScope", SHAPE_TEXT, .words =
	    "ACCOUNT, TENANT"},
	{"ValidationOptions", SHAPE_OBJECT, .of = &of_SuppressionValidationOptions});
OF(Tag,
	{"Key", SHAPE_TEXT, .min = 1, .max = 128, .required = true},
	{"Value", SHAPE_TEXT, .max = 256, .required = true});
OF(TagList,
	{NULL, SHAPE_OBJECT, .of = &of_Tag});
OF(TrackingOptions,
	{"CustomRedirectDomain", SHAPE_TEXT, .required = true},
	{"HttpsPolicy", SHAPE_TEXT, .words =
	    "OPTIONAL, REQUIRE, REQUIRE_OPEN_ONLY"});
OF(DashboardOptions,
	{"EngagementMetrics", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED"});
OF(GuardianOptions,
	{"OptimizedSharedDelivery", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED"});
OF(VdmOptions,
	{"DashboardOptions", SHAPE_OBJECT, .of = &of_DashboardOptions},
	{"GuardianOptions", SHAPE_OBJECT, .of = &of_GuardianOptions});
OF(CreateConfigurationSetRequest,
	{"ArchivingOptions", SHAPE_OBJECT, .of = &of_ArchivingOptions},
	{"ConfigurationSetName", SHAPE_TEXT, .required = true},
	{"DeliveryOptions", SHAPE_OBJECT, .of = &of_DeliveryOptions},
	{"MessageSecurityOptions", SHAPE_OBJECT, .of = &of_MessageSecurityOptions},
	{"ReputationOptions", SHAPE_OBJECT, .of = &of_ReputationOptions},
	{"SendingOptions", SHAPE_OBJECT, .of = &of_SendingOptions},
	{"SuppressionOptions", SHAPE_OBJECT, .of = &of_SuppressionOptions},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList},
	{"TrackingOptions", SHAPE_OBJECT, .of = &of_TrackingOptions},
	{"VdmOptions", SHAPE_OBJECT, .of = &of_VdmOptions});
static const struct shape of_CreateConfigurationSetResponse = {NULL, 0};
OF(CloudWatchDimensionConfiguration,
	{"DefaultDimensionValue", SHAPE_TEXT, .min = 1, .max = 256, .required = true},
	{"DimensionName", SHAPE_TEXT, .min = 1, .max = 256, .required = true},
	{"DimensionValueSource", SHAPE_TEXT, .words =
	    "EMAIL_HEADER, LINK_TAG, MESSAGE_TAG", .required = true});
OF(CloudWatchDimensionConfigurations,
	{NULL, SHAPE_OBJECT, .of = &of_CloudWatchDimensionConfiguration});
OF(CloudWatchDestination,
	{"DimensionConfigurations", SHAPE_LIST, .min = 1, .max = 10, .of = &of_CloudWatchDimensionConfigurations, .required = true});
OF(EventBridgeDestination,
	{"EventBusArn", SHAPE_TEXT, .min = 1, .max = 2048, .required = true});
OF(KinesisFirehoseDestination,
	{"DeliveryStreamArn", SHAPE_TEXT, .min = 1, .max = 2048, .required = true},
	{"IamRoleArn", SHAPE_TEXT, .min = 1, .max = 2048, .required = true});
OF(EventTypes,
	{NULL, SHAPE_TEXT, .words =
	    "BOUNCE, CLICK, COMPLAINT, DELIVERY, DELIVERY_DELAY, OPEN, REJECT, "
	    "RENDERING_FAILURE, SEND, SUBSCRIPTION"});
OF(PinpointDestination,
	{"ApplicationArn", SHAPE_TEXT, .min = 1, .max = 2048});
OF(SnsDestination,
	{"TopicArn", SHAPE_TEXT, .min = 1, .max = 2048, .required = true});
OF(EventDestinationDefinition,
	{"CloudWatchDestination", SHAPE_OBJECT, .of = &of_CloudWatchDestination},
	{"Enabled", SHAPE_TRUTH},
	{"EventBridgeDestination", SHAPE_OBJECT, .of = &of_EventBridgeDestination},
	{"KinesisFirehoseDestination", SHAPE_OBJECT, .of = &of_KinesisFirehoseDestination},
	{"MatchingEventTypes", SHAPE_LIST, .max = 10, .of = &of_EventTypes},
	{"PinpointDestination", SHAPE_OBJECT, .of = &of_PinpointDestination},
	{"SnsDestination", SHAPE_OBJECT, .of = &of_SnsDestination});
OF(CreateConfigurationSetEventDestinationRequest,
	{"ConfigurationSetName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"EventDestination", SHAPE_OBJECT, .of = &of_EventDestinationDefinition, .required = true},
	{"EventDestinationName", SHAPE_TEXT, .required = true});
static const struct shape of_CreateConfigurationSetEventDestinationResponse = {NULL, 0};
OF(TopicPreference,
	{"SubscriptionStatus", SHAPE_TEXT, .words =
	    "OPT_IN, OPT_OUT", .required = true},
	{"TopicName", SHAPE_TEXT, .required = true});
OF(TopicPreferenceList,
	{NULL, SHAPE_OBJECT, .of = &of_TopicPreference});
OF(CreateContactRequest,
	{"AttributesData", SHAPE_TEXT},
	{"ContactListName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"EmailAddress", SHAPE_TEXT, .required = true},
	{"TopicPreferences", SHAPE_LIST, .of = &of_TopicPreferenceList},
	{"UnsubscribeAll", SHAPE_TRUTH});
static const struct shape of_CreateContactResponse = {NULL, 0};
OF(Topic,
	{"DefaultSubscriptionStatus", SHAPE_TEXT, .words =
	    "OPT_IN, OPT_OUT", .required = true},
	{"Description", SHAPE_TEXT},
	{"DisplayName", SHAPE_TEXT, .required = true},
	{"TopicName", SHAPE_TEXT, .required = true});
OF(Topics,
	{NULL, SHAPE_OBJECT, .of = &of_Topic});
OF(CreateContactListRequest,
	{"ContactListName", SHAPE_TEXT, .required = true},
	{"Description", SHAPE_TEXT},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList},
	{"Topics", SHAPE_LIST, .of = &of_Topics});
static const struct shape of_CreateContactListResponse = {NULL, 0};
OF(CreateCustomVerificationEmailTemplateRequest,
	{"FailureRedirectionURL", SHAPE_TEXT, .required = true},
	{"FromEmailAddress", SHAPE_TEXT, .required = true},
	{"SuccessRedirectionURL", SHAPE_TEXT, .required = true},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList},
	{"TemplateContent", SHAPE_TEXT, .required = true},
	{"TemplateName", SHAPE_TEXT, .min = 1, .required = true},
	{"TemplateSubject", SHAPE_TEXT, .required = true});
static const struct shape of_CreateCustomVerificationEmailTemplateResponse = {NULL, 0};
OF(CreateDedicatedIpPoolRequest,
	{"PoolName", SHAPE_TEXT, .required = true},
	{"ScalingMode", SHAPE_TEXT, .words =
	    "MANAGED, STANDARD"},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList});
static const struct shape of_CreateDedicatedIpPoolResponse = {NULL, 0};
OF(RawMessage,
	{"Data", SHAPE_BLOB, .required = true});
OF(Attachment,
	{"ContentDescription", SHAPE_TEXT, .max = 1000},
	{"ContentDisposition", SHAPE_TEXT, .words =
	    "ATTACHMENT, INLINE"},
	{"ContentId", SHAPE_TEXT, .min = 1, .max = 78},
	{"ContentTransferEncoding", SHAPE_TEXT, .words =
	    "BASE64, QUOTED_PRINTABLE, SEVEN_BIT"},
	{"ContentType", SHAPE_TEXT, .min = 1, .max = 78},
	{"FileName", SHAPE_TEXT, .max = 255, .required = true},
	{"RawContent", SHAPE_BLOB, .required = true});
OF(AttachmentList,
	{NULL, SHAPE_OBJECT, .of = &of_Attachment});
OF(Content,
	{"Charset", SHAPE_TEXT},
	{"Data", SHAPE_TEXT, .required = true});
OF(Body,
	{"Html", SHAPE_OBJECT, .of = &of_Content},
	{"Text", SHAPE_OBJECT, .of = &of_Content});
OF(MessageHeader,
	{"Name", SHAPE_TEXT, .min = 1, .max = 126,
	    .match = model_match_header_name,
	    .pattern = "^[!-9;-@A-~]+$", .required = true},
	{"Value", SHAPE_TEXT, .min = 1, .max = 995,
	    .match = model_match_header_value,
	    .pattern = "[ -~]*", .required = true});
OF(MessageHeaderList,
	{NULL, SHAPE_OBJECT, .of = &of_MessageHeader});
OF(Message,
	{"Attachments", SHAPE_LIST, .max = 100, .of = &of_AttachmentList},
	{"Body", SHAPE_OBJECT, .of = &of_Body, .required = true},
	{"Headers", SHAPE_LIST, .max = 15, .of = &of_MessageHeaderList},
	{"Subject", SHAPE_OBJECT, .of = &of_Content, .required = true});
OF(EmailTemplateContent,
	{"Html", SHAPE_TEXT},
	{"Subject", SHAPE_TEXT},
	{"Text", SHAPE_TEXT});
OF(Template,
	{"Attachments", SHAPE_LIST, .max = 100, .of = &of_AttachmentList},
	{"Headers", SHAPE_LIST, .max = 15, .of = &of_MessageHeaderList},
	{"TemplateArn", SHAPE_TEXT, .min = 1, .max = 2048},
	{"TemplateContent", SHAPE_OBJECT, .of = &of_EmailTemplateContent},
	{"TemplateData", SHAPE_TEXT, .max = 262144},
	{"TemplateName", SHAPE_TEXT, .min = 1});
OF(EmailContent,
	{"Raw", SHAPE_OBJECT, .of = &of_RawMessage},
	{"Simple", SHAPE_OBJECT, .of = &of_Message},
	{"Template", SHAPE_OBJECT, .of = &of_Template});
OF(CreateDeliverabilityTestReportRequest,
	{"Content", SHAPE_OBJECT, .of = &of_EmailContent, .required = true},
	{"FromEmailAddress", SHAPE_TEXT, .required = true},
	{"ReportName", SHAPE_TEXT},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList});
OF(CreateDeliverabilityTestReportResponse,
	{"DeliverabilityTestStatus", SHAPE_TEXT, .words =
	    "COMPLETED, IN_PROGRESS", .required = true},
	{"ReportId", SHAPE_TEXT, .required = true});
OF(DkimSigningAttributes,
	{"DomainSigningAttributesOrigin", SHAPE_TEXT, .words =
	    "AWS_SES, AWS_SES_AF_SOUTH_1, AWS_SES_AP_NORTHEAST_1, "
	    "AWS_SES_AP_NORTHEAST_2, AWS_SES_AP_NORTHEAST_3, "
	    "AWS_SES_AP_SOUTHEAST_1, AWS_SES_AP_SOUTHEAST_2, "
	    "AWS_SES_AP_SOUTHEAST_3, AWS_SES_AP_SOUTHEAST_5, "
	    "AWS_SES_AP_SOUTH_1, AWS_SES_AP_SOUTH_2, AWS_SES_CA_CENTRAL_1, "
	    "AWS_SES_CA_WEST_1, AWS_SES_EU_CENTRAL_1, AWS_SES_EU_CENTRAL_2, "
	    "AWS_SES_EU_NORTH_1, AWS_SES_EU_SOUTH_1, AWS_SES_EU_WEST_1, "
	    "AWS_SES_EU_WEST_2, AWS_SES_EU_WEST_3, AWS_SES_IL_CENTRAL_1, "
	    "AWS_SES_ME_CENTRAL_1, AWS_SES_ME_SOUTH_1, AWS_SES_SA_EAST_1, "
	    "AWS_SES_US_EAST_1, AWS_SES_US_EAST_2, AWS_SES_US_GOV_EAST_1, "
	    "AWS_SES_US_GOV_WEST_1, AWS_SES_US_WEST_1, AWS_SES_US_WEST_2, "
	    "EXTERNAL"},
	{"DomainSigningPrivateKey", SHAPE_TEXT, .min = 1, .max = 20480,
	    .match = model_match_private_key,
	    .pattern = "^[a-zA-Z0-9+\\/]+={0,2}$"},
	{"DomainSigningSelector", SHAPE_TEXT, .min = 1, .max = 63,
	    .match = model_match_selector,
	    .pattern = "^(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\\-]*[a-zA-Z0-9]))$"},
	{"NextSigningKeyLength", SHAPE_TEXT, .words =
	    "RSA_1024_BIT, RSA_2048_BIT"});
OF(CreateEmailIdentityRequest,
	{"ConfigurationSetName", SHAPE_TEXT},
	{"DkimSigningAttributes", SHAPE_OBJECT, .of = &of_DkimSigningAttributes},
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList});
OF(DnsTokenList,
	{NULL, SHAPE_TEXT});
OF(DkimAttributes,
	{"CurrentSigningKeyLength", SHAPE_TEXT, .words =
	    "RSA_1024_BIT, RSA_2048_BIT"},
	{"LastKeyGenerationTimestamp", SHAPE_TIME},
	{"NextSigningKeyLength", SHAPE_TEXT, .words =
	    "RSA_1024_BIT, RSA_2048_BIT"},
	{"SigningAttributesOrigin", SHAPE_TEXT, .words =
	    "AWS_SES, AWS_SES_AF_SOUTH_1, AWS_SES_AP_NORTHEAST_1, "
	    "AWS_SES_AP_NORTHEAST_2, AWS_SES_AP_NORTHEAST_3, "
	    "AWS_SES_AP_SOUTHEAST_1, AWS_SES_AP_SOUTHEAST_2, "
	    "AWS_SES_AP_SOUTHEAST_3, AWS_SES_AP_SOUTHEAST_5, "
	    "AWS_SES_AP_SOUTH_1, AWS_SES_AP_SOUTH_2, AWS_SES_CA_CENTRAL_1, "
	    "AWS_SES_CA_WEST_1, AWS_SES_EU_CENTRAL_1, AWS_SES_EU_CENTRAL_2, "
	    "AWS_SES_EU_NORTH_1, AWS_SES_EU_SOUTH_1, AWS_SES_EU_WEST_1, "
	    "AWS_SES_EU_WEST_2, AWS_SES_EU_WEST_3, AWS_SES_IL_CENTRAL_1, "
	    "AWS_SES_ME_CENTRAL_1, AWS_SES_ME_SOUTH_1, AWS_SES_SA_EAST_1, "
	    "AWS_SES_US_EAST_1, AWS_SES_US_EAST_2, AWS_SES_US_GOV_EAST_1, "
	    "AWS_SES_US_GOV_WEST_1, AWS_SES_US_WEST_1, AWS_SES_US_WEST_2, "
	    "EXTERNAL"},
	{"SigningEnabled", SHAPE_TRUTH},
	{"SigningHostedZone", SHAPE_TEXT},
	{"Status", SHAPE_TEXT, .words =
	    "FAILED, NOT_STARTED, PENDING, SUCCESS, TEMPORARY_FAILURE"},
	{"Tokens", SHAPE_LIST, .of = &of_DnsTokenList});
OF(CreateEmailIdentityResponse,
	{"DkimAttributes", SHAPE_OBJECT, .of = &of_DkimAttributes},
	{"IdentityType", SHAPE_TEXT, .words =
	    "DOMAIN, EMAIL_ADDRESS, MANAGED_DOMAIN"},
	{"VerifiedForSendingStatus", SHAPE_TRUTH});
OF(CreateEmailIdentityPolicyRequest,
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH},
	{"Policy", SHAPE_TEXT, .min = 1, .required = true},
	{"PolicyName", SHAPE_TEXT, .min = 1, .max = 64, .required = true, .where = SHAPE_PATH});
static const struct shape of_CreateEmailIdentityPolicyResponse = {NULL, 0};
OF(CreateEmailTemplateRequest,
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList},
	{"TemplateContent", SHAPE_OBJECT, .of = &of_EmailTemplateContent, .required = true},
	{"TemplateName", SHAPE_TEXT, .min = 1, .required = true});
static const struct shape of_CreateEmailTemplateResponse = {NULL, 0};
OF(EmailAddressFilterList,
	{NULL, SHAPE_TEXT, .min = 1, .max = 320});
OF(IspFilterList,
	{NULL, SHAPE_TEXT});
OF(LastDeliveryEventList,
	{NULL, SHAPE_TEXT, .words =
	    "COMPLAINT, DELIVERY, PERMANENT_BOUNCE, SEND, TRANSIENT_BOUNCE, "
	    "UNDETERMINED_BOUNCE"});
OF(LastEngagementEventList,
	{NULL, SHAPE_TEXT, .words =
	    "CLICK, OPEN"});
OF(EmailSubjectFilterList,
	{NULL, SHAPE_TEXT, .min = 1, .max = 998});
OF(MessageInsightsFilters,
	{"Destination", SHAPE_LIST, .max = 5, .of = &of_EmailAddressFilterList},
	{"FromEmailAddress", SHAPE_LIST, .max = 5, .of = &of_EmailAddressFilterList},
	{"Isp", SHAPE_LIST, .max = 5, .of = &of_IspFilterList},
	{"LastDeliveryEvent", SHAPE_LIST, .max = 5, .of = &of_LastDeliveryEventList},
	{"LastEngagementEvent", SHAPE_LIST, .max = 2, .of = &of_LastEngagementEventList},
	{"Subject", SHAPE_LIST, .max = 1, .of = &of_EmailSubjectFilterList});
OF(MessageInsightsDataSource,
	{"EndDate", SHAPE_TIME, .required = true},
	{"Exclude", SHAPE_OBJECT, .of = &of_MessageInsightsFilters},
	{"Include", SHAPE_OBJECT, .of = &of_MessageInsightsFilters},
	{"MaxResults", SHAPE_NUMBER, .min = 1, .max = 10000},
	{"StartDate", SHAPE_TIME, .required = true});
OF(ExportDimensionValue,
	{NULL, SHAPE_TEXT});
OF(ExportDimensions,
	{NULL, SHAPE_TEXT, .words =
	    "CONFIGURATION_SET, EMAIL_IDENTITY, ISP"},
	{NULL, SHAPE_LIST, .min = 1, .max = 10, .of = &of_ExportDimensionValue});
OF(ExportMetric,
	{"Aggregation", SHAPE_TEXT, .words =
	    "RATE, VOLUME"},
	{"Name", SHAPE_TEXT, .words =
	    "CLICK, COMPLAINT, DELIVERY, DELIVERY_CLICK, DELIVERY_COMPLAINT, "
	    "DELIVERY_OPEN, OPEN, PERMANENT_BOUNCE, SEND, TRANSIENT_BOUNCE"});
OF(ExportMetrics,
	{NULL, SHAPE_OBJECT, .of = &of_ExportMetric});
OF(MetricsDataSource,
	{"Dimensions", SHAPE_MAP, .min = 1, .max = 3, .of = &of_ExportDimensions, .required = true},
	{"EndDate", SHAPE_TIME, .required = true},
	{"Metrics", SHAPE_LIST, .min = 1, .max = 10, .of = &of_ExportMetrics, .required = true},
	{"Namespace", SHAPE_TEXT, .words =
	    "VDM", .required = true},
	{"StartDate", SHAPE_TIME, .required = true});
OF(ExportDataSource,
	{"MessageInsightsDataSource", SHAPE_OBJECT, .of = &of_MessageInsightsDataSource},
	{"MetricsDataSource", SHAPE_OBJECT, .of = &of_MetricsDataSource});
OF(ExportDestination,
	{"DataFormat", SHAPE_TEXT, .words =
	    "CSV, JSON", .required = true},
	{"S3Url", SHAPE_TEXT,
	    .match = model_match_s3_url,
	    .pattern = "^s3:\\/\\/([^\\/]+)\\/(.*?([^\\/]+)\\/?)$"});
OF(CreateExportJobRequest,
	{"ExportDataSource", SHAPE_OBJECT, .of = &of_ExportDataSource, .required = true},
	{"ExportDestination", SHAPE_OBJECT, .of = &of_ExportDestination, .required = true});
OF(CreateExportJobResponse,
	{"JobId", SHAPE_TEXT, .min = 1});
OF(ImportDataSource,
	{"DataFormat", SHAPE_TEXT, .words =
	    "CSV, JSON", .required = true},
	{"S3Url", SHAPE_TEXT,
	    .match = model_match_s3_url,
	    .pattern = "^s3:\\/\\/([^\\/]+)\\/(.*?([^\\/]+)\\/?)$", .required = true});
OF(ContactListDestination,
	{"ContactListImportAction", SHAPE_TEXT, .words =
	    "DELETE, PUT", .required = true},
	{"ContactListName", SHAPE_TEXT, .required = true});
OF(SuppressionListDestination,
	{"SuppressionListImportAction", SHAPE_TEXT, .words =
	    "DELETE, PUT", .required = true});
OF(ImportDestination,
	{"ContactListDestination", SHAPE_OBJECT, .of = &of_ContactListDestination},
	{"SuppressionListDestination", SHAPE_OBJECT, .of = &of_SuppressionListDestination});
OF(CreateImportJobRequest,
	{"ImportDataSource", SHAPE_OBJECT, .of = &of_ImportDataSource, .required = true},
	{"ImportDestination", SHAPE_OBJECT, .of = &of_ImportDestination, .required = true});
OF(CreateImportJobResponse,
	{"JobId", SHAPE_TEXT, .min = 1});
OF(RouteDetails,
	{"Region", SHAPE_TEXT, .required = true});
OF(RoutesDetails,
	{NULL, SHAPE_OBJECT, .of = &of_RouteDetails});
OF(Details,
	{"RoutesDetails", SHAPE_LIST, .of = &of_RoutesDetails, .required = true});
OF(CreateMultiRegionEndpointRequest,
	{"Details", SHAPE_OBJECT, .of = &of_Details, .required = true},
	{"EndpointName", SHAPE_TEXT, .min = 1, .max = 64,
	    .match = model_match_endpoint,
	    .pattern = "^[\\w\\-_]+$", .required = true},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList});
OF(CreateMultiRegionEndpointResponse,
	{"EndpointId", SHAPE_TEXT},
	{"Status", SHAPE_TEXT, .words =
	    "CREATING, DELETING, FAILED, READY"});
OF(TenantSuppressionAttributes,
	{"SuppressedReasons", SHAPE_LIST, .max = 2, .of = &of_SuppressionListReasons},
	{"SuppressionScope", SHAPE_TEXT, .words =
	    "ACCOUNT, TENANT"});
OF(CreateTenantRequest,
	{"SuppressionAttributes", SHAPE_OBJECT, .of = &of_TenantSuppressionAttributes},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList},
	{"TenantName", SHAPE_TEXT, .min = 1, .required = true});
OF(CreateTenantResponse,
	{"CreatedTimestamp", SHAPE_TIME},
	{"SendingStatus", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED, REINSTATED"},
	{"SuppressionAttributes", SHAPE_OBJECT, .of = &of_TenantSuppressionAttributes},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList},
	{"TenantArn", SHAPE_TEXT, .min = 1, .max = 2048},
	{"TenantId", SHAPE_TEXT},
	{"TenantName", SHAPE_TEXT, .min = 1});
OF(CreateTenantResourceAssociationRequest,
	{"ResourceArn", SHAPE_TEXT, .min = 1, .max = 2048, .required = true},
	{"TenantName", SHAPE_TEXT, .min = 1, .required = true});
static const struct shape of_CreateTenantResourceAssociationResponse = {NULL, 0};
OF(DeleteConfigurationSetRequest,
	{"ConfigurationSetName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
static const struct shape of_DeleteConfigurationSetResponse = {NULL, 0};
OF(DeleteConfigurationSetEventDestinationRequest,
	{"ConfigurationSetName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"EventDestinationName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
static const struct shape of_DeleteConfigurationSetEventDestinationResponse = {NULL, 0};
OF(DeleteContactRequest,
	{"ContactListName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"EmailAddress", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
static const struct shape of_DeleteContactResponse = {NULL, 0};
OF(DeleteContactListRequest,
	{"ContactListName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
static const struct shape of_DeleteContactListResponse = {NULL, 0};
OF(DeleteCustomVerificationEmailTemplateRequest,
	{"TemplateName", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
static const struct shape of_DeleteCustomVerificationEmailTemplateResponse = {NULL, 0};
OF(DeleteDedicatedIpPoolRequest,
	{"PoolName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
static const struct shape of_DeleteDedicatedIpPoolResponse = {NULL, 0};
OF(DeleteEmailIdentityRequest,
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
static const struct shape of_DeleteEmailIdentityResponse = {NULL, 0};
OF(DeleteEmailIdentityPolicyRequest,
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH},
	{"PolicyName", SHAPE_TEXT, .min = 1, .max = 64, .required = true, .where = SHAPE_PATH});
static const struct shape of_DeleteEmailIdentityPolicyResponse = {NULL, 0};
OF(DeleteEmailTemplateRequest,
	{"TemplateName", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
static const struct shape of_DeleteEmailTemplateResponse = {NULL, 0};
OF(DeleteMultiRegionEndpointRequest,
	{"EndpointName", SHAPE_TEXT, .min = 1, .max = 64,
	    .match = model_match_endpoint,
	    .pattern = "^[\\w\\-_]+$", .required = true, .where = SHAPE_PATH});
OF(DeleteMultiRegionEndpointResponse,
	{"Status", SHAPE_TEXT, .words =
	    "CREATING, DELETING, FAILED, READY"});
OF(DeleteSuppressedDestinationRequest,
	{"EmailAddress", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"TenantName", SHAPE_TEXT, .min = 1, .where = SHAPE_QUERY});
static const struct shape of_DeleteSuppressedDestinationResponse = {NULL, 0};
OF(DeleteTenantRequest,
	{"TenantName", SHAPE_TEXT, .min = 1, .required = true});
static const struct shape of_DeleteTenantResponse = {NULL, 0};
OF(DeleteTenantResourceAssociationRequest,
	{"ResourceArn", SHAPE_TEXT, .min = 1, .max = 2048, .required = true},
	{"TenantName", SHAPE_TEXT, .min = 1, .required = true});
static const struct shape of_DeleteTenantResourceAssociationResponse = {NULL, 0};
OF(DisassociateEmailIdentityCertificateRequest,
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true},
	{"FromAddress", SHAPE_TEXT});
static const struct shape of_DisassociateEmailIdentityCertificateResponse = {NULL, 0};
static const struct shape of_GetAccountRequest = {NULL, 0};
OF(AdditionalContactEmailAddresses,
	{NULL, SHAPE_TEXT, .min = 6, .max = 254,
	    .match = model_match_contact,
	    .pattern = "^(.+)@(.+)$"});
OF(ReviewDetails,
	{"CaseId", SHAPE_TEXT},
	{"Status", SHAPE_TEXT, .words =
	    "DENIED, FAILED, GRANTED, PENDING"});
OF(AccountDetails,
	{"AdditionalContactEmailAddresses", SHAPE_LIST, .min = 1, .max = 4, .of = &of_AdditionalContactEmailAddresses},
	{"ContactLanguage", SHAPE_TEXT, .words =
	    "EN, JA"},
	{"MailType", SHAPE_TEXT, .words =
	    "MARKETING, TRANSACTIONAL"},
	{"ReviewDetails", SHAPE_OBJECT, .of = &of_ReviewDetails},
	{"UseCaseDescription", SHAPE_TEXT, .max = 5000},
	{"WebsiteURL", SHAPE_TEXT, .min = 1, .max = 1000,
	    .match = model_match_url,
	    .pattern = "^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\\?([^#]*))?(#(.*))?"});
OF(PricingAttributes,
	{"CurrentPlan", SHAPE_TEXT, .words =
	    "ENTERPRISE, ESSENTIALS, NONE, PRO"},
	{"NextPlan", SHAPE_TEXT, .words =
	    "ENTERPRISE, ESSENTIALS, NONE, PRO"});
OF(SendQuota,
	{"Max24HourSend", SHAPE_REAL},
	{"MaxSendRate", SHAPE_REAL},
	{"SentLast24Hours", SHAPE_REAL});
OF(SuppressionValidationAttributes,
	{"ConditionThreshold", SHAPE_OBJECT, .of = &of_SuppressionConditionThreshold, .required = true});
OF(SuppressionAttributes,
	{"SuppressedReasons", SHAPE_LIST, .max = 2, .of = &of_SuppressionListReasons},
	{"ValidationAttributes", SHAPE_OBJECT, .of = &of_SuppressionValidationAttributes});
OF(DashboardAttributes,
	{"EngagementMetrics", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED"});
OF(GuardianAttributes,
	{"OptimizedSharedDelivery", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED"});
OF(VdmAttributes,
	{"DashboardAttributes", SHAPE_OBJECT, .of = &of_DashboardAttributes},
	{"GuardianAttributes", SHAPE_OBJECT, .of = &of_GuardianAttributes},
	{"VdmEnabled", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED", .required = true});
OF(GetAccountResponse,
	{"DedicatedIpAutoWarmupEnabled", SHAPE_TRUTH},
	{"Details", SHAPE_OBJECT, .of = &of_AccountDetails},
	{"EnforcementStatus", SHAPE_TEXT},
	{"PricingAttributes", SHAPE_OBJECT, .of = &of_PricingAttributes},
	{"ProductionAccessEnabled", SHAPE_TRUTH},
	{"SendQuota", SHAPE_OBJECT, .of = &of_SendQuota},
	{"SendingEnabled", SHAPE_TRUTH},
	{"SuppressionAttributes", SHAPE_OBJECT, .of = &of_SuppressionAttributes},
	{"VdmAttributes", SHAPE_OBJECT, .of = &of_VdmAttributes});
OF(BlacklistItemNames,
	{NULL, SHAPE_TEXT});
OF(GetBlacklistReportsRequest,
	{"BlacklistItemNames", SHAPE_LIST, .of = &of_BlacklistItemNames, .required = true, .where = SHAPE_QUERY});
OF(BlacklistEntry,
	{"Description", SHAPE_TEXT},
	{"ListingTime", SHAPE_TIME},
	{"RblName", SHAPE_TEXT});
OF(BlacklistEntries,
	{NULL, SHAPE_OBJECT, .of = &of_BlacklistEntry});
OF(BlacklistReport,
	{NULL, SHAPE_TEXT},
	{NULL, SHAPE_LIST, .of = &of_BlacklistEntries});
OF(GetBlacklistReportsResponse,
	{"BlacklistReport", SHAPE_MAP, .of = &of_BlacklistReport, .required = true});
OF(GetConfigurationSetRequest,
	{"ConfigurationSetName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
OF(GetConfigurationSetResponse,
	{"ArchivingOptions", SHAPE_OBJECT, .of = &of_ArchivingOptions},
	{"ConfigurationSetName", SHAPE_TEXT},
	{"DeliveryOptions", SHAPE_OBJECT, .of = &of_DeliveryOptions},
	{"MessageSecurityOptions", SHAPE_OBJECT, .of = &of_MessageSecurityOptions},
	{"ReputationOptions", SHAPE_OBJECT, .of = &of_ReputationOptions},
	{"SendingOptions", SHAPE_OBJECT, .of = &of_SendingOptions},
	{"SuppressionOptions", SHAPE_OBJECT, .of = &of_SuppressionOptions},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList},
	{"TrackingOptions", SHAPE_OBJECT, .of = &of_TrackingOptions},
	{"VdmOptions", SHAPE_OBJECT, .of = &of_VdmOptions});
OF(GetConfigurationSetEventDestinationsRequest,
	{"ConfigurationSetName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
OF(EventDestination,
	{"CloudWatchDestination", SHAPE_OBJECT, .of = &of_CloudWatchDestination},
	{"Enabled", SHAPE_TRUTH},
	{"EventBridgeDestination", SHAPE_OBJECT, .of = &of_EventBridgeDestination},
	{"KinesisFirehoseDestination", SHAPE_OBJECT, .of = &of_KinesisFirehoseDestination},
	{"MatchingEventTypes", SHAPE_LIST, .max = 10, .of = &of_EventTypes, .required = true},
	{"Name", SHAPE_TEXT, .required = true},
	{"PinpointDestination", SHAPE_OBJECT, .of = &of_PinpointDestination},
	{"SnsDestination", SHAPE_OBJECT, .of = &of_SnsDestination});
OF(EventDestinations,
	{NULL, SHAPE_OBJECT, .of = &of_EventDestination});
OF(GetConfigurationSetEventDestinationsResponse,
	{"EventDestinations", SHAPE_LIST, .of = &of_EventDestinations});
OF(GetContactRequest,
	{"ContactListName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"EmailAddress", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
OF(GetContactResponse,
	{"AttributesData", SHAPE_TEXT},
	{"ContactListName", SHAPE_TEXT},
	{"CreatedTimestamp", SHAPE_TIME},
	{"EmailAddress", SHAPE_TEXT},
	{"LastUpdatedTimestamp", SHAPE_TIME},
	{"TopicDefaultPreferences", SHAPE_LIST, .of = &of_TopicPreferenceList},
	{"TopicPreferences", SHAPE_LIST, .of = &of_TopicPreferenceList},
	{"UnsubscribeAll", SHAPE_TRUTH});
OF(GetContactListRequest,
	{"ContactListName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
OF(GetContactListResponse,
	{"ContactListName", SHAPE_TEXT},
	{"CreatedTimestamp", SHAPE_TIME},
	{"Description", SHAPE_TEXT},
	{"LastUpdatedTimestamp", SHAPE_TIME},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList},
	{"Topics", SHAPE_LIST, .of = &of_Topics});
OF(GetCustomVerificationEmailTemplateRequest,
	{"TemplateName", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
OF(GetCustomVerificationEmailTemplateResponse,
	{"FailureRedirectionURL", SHAPE_TEXT},
	{"FromEmailAddress", SHAPE_TEXT},
	{"SuccessRedirectionURL", SHAPE_TEXT},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList},
	{"TemplateContent", SHAPE_TEXT},
	{"TemplateName", SHAPE_TEXT, .min = 1},
	{"TemplateSubject", SHAPE_TEXT});
OF(GetDedicatedIpRequest,
	{"Ip", SHAPE_TEXT, .required = true, .where = SHAPE_PATH, .wire = "IP"});
OF(DedicatedIp,
	{"Ip", SHAPE_TEXT, .required = true},
	{"PoolName", SHAPE_TEXT},
	{"WarmupPercentage", SHAPE_NUMBER, .required = true},
	{"WarmupStatus", SHAPE_TEXT, .words =
	    "DONE, IN_PROGRESS, NOT_APPLICABLE", .required = true});
OF(GetDedicatedIpResponse,
	{"DedicatedIp", SHAPE_OBJECT, .of = &of_DedicatedIp});
OF(GetDedicatedIpPoolRequest,
	{"PoolName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
OF(DedicatedIpPool,
	{"PoolName", SHAPE_TEXT, .required = true},
	{"ScalingMode", SHAPE_TEXT, .words =
	    "MANAGED, STANDARD", .required = true});
OF(GetDedicatedIpPoolResponse,
	{"DedicatedIpPool", SHAPE_OBJECT, .of = &of_DedicatedIpPool});
OF(GetDedicatedIpsRequest,
	{"NextToken", SHAPE_TEXT, .where = SHAPE_QUERY},
	{"PageSize", SHAPE_NUMBER, .where = SHAPE_QUERY},
	{"PoolName", SHAPE_TEXT, .where = SHAPE_QUERY});
OF(DedicatedIpList,
	{NULL, SHAPE_OBJECT, .of = &of_DedicatedIp});
OF(GetDedicatedIpsResponse,
	{"DedicatedIps", SHAPE_LIST, .of = &of_DedicatedIpList},
	{"NextToken", SHAPE_TEXT});
static const struct shape of_GetDeliverabilityDashboardOptionsRequest = {NULL, 0};
OF(IspNameList,
	{NULL, SHAPE_TEXT});
OF(InboxPlacementTrackingOption,
	{"Global", SHAPE_TRUTH},
	{"TrackedIsps", SHAPE_LIST, .of = &of_IspNameList});
OF(DomainDeliverabilityTrackingOption,
	{"Domain", SHAPE_TEXT},
	{"InboxPlacementTrackingOption", SHAPE_OBJECT, .of = &of_InboxPlacementTrackingOption},
	{"SubscriptionStartDate", SHAPE_TIME});
OF(DomainDeliverabilityTrackingOptions,
	{NULL, SHAPE_OBJECT, .of = &of_DomainDeliverabilityTrackingOption});
OF(GetDeliverabilityDashboardOptionsResponse,
	{"AccountStatus", SHAPE_TEXT, .words =
	    "ACTIVE, DISABLED, PENDING_EXPIRATION"},
	{"ActiveSubscribedDomains", SHAPE_LIST, .of = &of_DomainDeliverabilityTrackingOptions},
	{"DashboardEnabled", SHAPE_TRUTH, .required = true},
	{"PendingExpirationSubscribedDomains", SHAPE_LIST, .of = &of_DomainDeliverabilityTrackingOptions},
	{"SubscriptionExpiryDate", SHAPE_TIME});
OF(GetDeliverabilityTestReportRequest,
	{"ReportId", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
OF(DeliverabilityTestReport,
	{"CreateDate", SHAPE_TIME},
	{"DeliverabilityTestStatus", SHAPE_TEXT, .words =
	    "COMPLETED, IN_PROGRESS"},
	{"FromEmailAddress", SHAPE_TEXT},
	{"ReportId", SHAPE_TEXT},
	{"ReportName", SHAPE_TEXT},
	{"Subject", SHAPE_TEXT});
OF(PlacementStatistics,
	{"DkimPercentage", SHAPE_REAL},
	{"InboxPercentage", SHAPE_REAL},
	{"MissingPercentage", SHAPE_REAL},
	{"SpamPercentage", SHAPE_REAL},
	{"SpfPercentage", SHAPE_REAL});
OF(IspPlacement,
	{"IspName", SHAPE_TEXT},
	{"PlacementStatistics", SHAPE_OBJECT, .of = &of_PlacementStatistics});
OF(IspPlacements,
	{NULL, SHAPE_OBJECT, .of = &of_IspPlacement});
OF(GetDeliverabilityTestReportResponse,
	{"DeliverabilityTestReport", SHAPE_OBJECT, .of = &of_DeliverabilityTestReport, .required = true},
	{"IspPlacements", SHAPE_LIST, .of = &of_IspPlacements, .required = true},
	{"Message", SHAPE_TEXT},
	{"OverallPlacement", SHAPE_OBJECT, .of = &of_PlacementStatistics, .required = true},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList});
OF(GetDomainDeliverabilityCampaignRequest,
	{"CampaignId", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
OF(Esps,
	{NULL, SHAPE_TEXT});
OF(IpList,
	{NULL, SHAPE_TEXT});
OF(DomainDeliverabilityCampaign,
	{"CampaignId", SHAPE_TEXT},
	{"DeleteRate", SHAPE_REAL},
	{"Esps", SHAPE_LIST, .of = &of_Esps},
	{"FirstSeenDateTime", SHAPE_TIME},
	{"FromAddress", SHAPE_TEXT, .min = 1},
	{"ImageUrl", SHAPE_TEXT},
	{"InboxCount", SHAPE_NUMBER},
	{"LastSeenDateTime", SHAPE_TIME},
	{"ProjectedVolume", SHAPE_NUMBER},
	{"ReadDeleteRate", SHAPE_REAL},
	{"ReadRate", SHAPE_REAL},
	{"SendingIps", SHAPE_LIST, .of = &of_IpList},
	{"SpamCount", SHAPE_NUMBER},
	{"Subject", SHAPE_TEXT});
OF(GetDomainDeliverabilityCampaignResponse,
	{"DomainDeliverabilityCampaign", SHAPE_OBJECT, .of = &of_DomainDeliverabilityCampaign, .required = true});
OF(GetDomainStatisticsReportRequest,
	{"Domain", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH},
	{"EndDate", SHAPE_TIME, .required = true, .where = SHAPE_QUERY},
	{"StartDate", SHAPE_TIME, .required = true, .where = SHAPE_QUERY});
OF(DomainIspPlacement,
	{"InboxPercentage", SHAPE_REAL},
	{"InboxRawCount", SHAPE_NUMBER},
	{"IspName", SHAPE_TEXT},
	{"SpamPercentage", SHAPE_REAL},
	{"SpamRawCount", SHAPE_NUMBER});
OF(DomainIspPlacements,
	{NULL, SHAPE_OBJECT, .of = &of_DomainIspPlacement});
OF(VolumeStatistics,
	{"InboxRawCount", SHAPE_NUMBER},
	{"ProjectedInbox", SHAPE_NUMBER},
	{"ProjectedSpam", SHAPE_NUMBER},
	{"SpamRawCount", SHAPE_NUMBER});
OF(DailyVolume,
	{"DomainIspPlacements", SHAPE_LIST, .of = &of_DomainIspPlacements},
	{"StartDate", SHAPE_TIME},
	{"VolumeStatistics", SHAPE_OBJECT, .of = &of_VolumeStatistics});
OF(DailyVolumes,
	{NULL, SHAPE_OBJECT, .of = &of_DailyVolume});
OF(OverallVolume,
	{"DomainIspPlacements", SHAPE_LIST, .of = &of_DomainIspPlacements},
	{"ReadRatePercent", SHAPE_REAL},
	{"VolumeStatistics", SHAPE_OBJECT, .of = &of_VolumeStatistics});
OF(GetDomainStatisticsReportResponse,
	{"DailyVolumes", SHAPE_LIST, .of = &of_DailyVolumes, .required = true},
	{"OverallVolume", SHAPE_OBJECT, .of = &of_OverallVolume, .required = true});
OF(GetEmailAddressInsightsRequest,
	{"EmailAddress", SHAPE_TEXT, .required = true});
OF(EmailAddressInsightsVerdict,
	{"ConfidenceVerdict", SHAPE_TEXT, .words =
	    "HIGH, LOW, MEDIUM"});
OF(EmailAddressInsightsMailboxEvaluations,
	{"HasValidDnsRecords", SHAPE_OBJECT, .of = &of_EmailAddressInsightsVerdict},
	{"HasValidSyntax", SHAPE_OBJECT, .of = &of_EmailAddressInsightsVerdict},
	{"IsDisposable", SHAPE_OBJECT, .of = &of_EmailAddressInsightsVerdict},
	{"IsRandomInput", SHAPE_OBJECT, .of = &of_EmailAddressInsightsVerdict},
	{"IsRoleAddress", SHAPE_OBJECT, .of = &of_EmailAddressInsightsVerdict},
	{"MailboxExists", SHAPE_OBJECT, .of = &of_EmailAddressInsightsVerdict});
OF(MailboxValidation,
	{"Evaluations", SHAPE_OBJECT, .of = &of_EmailAddressInsightsMailboxEvaluations},
	{"IsValid", SHAPE_OBJECT, .of = &of_EmailAddressInsightsVerdict});
OF(GetEmailAddressInsightsResponse,
	{"MailboxValidation", SHAPE_OBJECT, .of = &of_MailboxValidation});
OF(GetEmailIdentityRequest,
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
OF(MailFromAttributes,
	{"BehaviorOnMxFailure", SHAPE_TEXT, .words =
	    "REJECT_MESSAGE, USE_DEFAULT_VALUE", .required = true},
	{"MailFromDomain", SHAPE_TEXT, .required = true},
	{"MailFromDomainStatus", SHAPE_TEXT, .words =
	    "FAILED, PENDING, SUCCESS, TEMPORARY_FAILURE", .required = true});
OF(PolicyMap,
	{NULL, SHAPE_TEXT, .min = 1, .max = 64},
	{NULL, SHAPE_TEXT, .min = 1});
OF(SOARecord,
	{"AdminEmail", SHAPE_TEXT},
	{"PrimaryNameServer", SHAPE_TEXT},
	{"SerialNumber", SHAPE_NUMBER});
OF(VerificationInfo,
	{"ErrorType", SHAPE_TEXT, .words =
	    "DNS_SERVER_ERROR, HOST_NOT_FOUND, INVALID_VALUE, "
	    "REPLICATION_ACCESS_DENIED, "
	    "REPLICATION_PRIMARY_BYO_DKIM_NOT_SUPPORTED, "
	    "REPLICATION_PRIMARY_INVALID_REGION, "
	    "REPLICATION_PRIMARY_NOT_FOUND, "
	    "REPLICATION_REPLICA_AS_PRIMARY_NOT_SUPPORTED, SERVICE_ERROR, "
	    "TYPE_NOT_FOUND"},
	{"LastCheckedTimestamp", SHAPE_TIME},
	{"LastSuccessTimestamp", SHAPE_TIME},
	{"SOARecord", SHAPE_OBJECT, .of = &of_SOARecord});
OF(GetEmailIdentityResponse,
	{"ConfigurationSetName", SHAPE_TEXT},
	{"DkimAttributes", SHAPE_OBJECT, .of = &of_DkimAttributes},
	{"FeedbackForwardingStatus", SHAPE_TRUTH},
	{"IdentityType", SHAPE_TEXT, .words =
	    "DOMAIN, EMAIL_ADDRESS, MANAGED_DOMAIN"},
	{"MailFromAttributes", SHAPE_OBJECT, .of = &of_MailFromAttributes},
	{"Policies", SHAPE_MAP, .of = &of_PolicyMap},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList},
	{"VerificationInfo", SHAPE_OBJECT, .of = &of_VerificationInfo},
	{"VerificationStatus", SHAPE_TEXT, .words =
	    "FAILED, NOT_STARTED, PENDING, SUCCESS, TEMPORARY_FAILURE"},
	{"VerifiedForSendingStatus", SHAPE_TRUTH});
OF(GetEmailIdentityPoliciesRequest,
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
OF(GetEmailIdentityPoliciesResponse,
	{"Policies", SHAPE_MAP, .of = &of_PolicyMap});
OF(GetEmailTemplateRequest,
	{"TemplateName", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
OF(GetEmailTemplateResponse,
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList},
	{"TemplateContent", SHAPE_OBJECT, .of = &of_EmailTemplateContent, .required = true},
	{"TemplateName", SHAPE_TEXT, .min = 1, .required = true});
OF(GetExportJobRequest,
	{"JobId", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
OF(FailureInfo,
	{"ErrorMessage", SHAPE_TEXT},
	{"FailedRecordsS3Url", SHAPE_TEXT});
OF(ExportStatistics,
	{"ExportedRecordsCount", SHAPE_NUMBER},
	{"ProcessedRecordsCount", SHAPE_NUMBER});
OF(GetExportJobResponse,
	{"CompletedTimestamp", SHAPE_TIME},
	{"CreatedTimestamp", SHAPE_TIME},
	{"ExportDataSource", SHAPE_OBJECT, .of = &of_ExportDataSource},
	{"ExportDestination", SHAPE_OBJECT, .of = &of_ExportDestination},
	{"ExportSourceType", SHAPE_TEXT, .words =
	    "MESSAGE_INSIGHTS, METRICS_DATA"},
	{"FailureInfo", SHAPE_OBJECT, .of = &of_FailureInfo},
	{"JobId", SHAPE_TEXT, .min = 1},
	{"JobStatus", SHAPE_TEXT, .words =
	    "CANCELLED, COMPLETED, CREATED, FAILED, PROCESSING"},
	{"Statistics", SHAPE_OBJECT, .of = &of_ExportStatistics});
OF(GetImportJobRequest,
	{"JobId", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
OF(GetImportJobResponse,
	{"CompletedTimestamp", SHAPE_TIME},
	{"CreatedTimestamp", SHAPE_TIME},
	{"FailedRecordsCount", SHAPE_NUMBER},
	{"FailureInfo", SHAPE_OBJECT, .of = &of_FailureInfo},
	{"ImportDataSource", SHAPE_OBJECT, .of = &of_ImportDataSource},
	{"ImportDestination", SHAPE_OBJECT, .of = &of_ImportDestination},
	{"JobId", SHAPE_TEXT, .min = 1},
	{"JobStatus", SHAPE_TEXT, .words =
	    "CANCELLED, COMPLETED, CREATED, FAILED, PROCESSING"},
	{"ProcessedRecordsCount", SHAPE_NUMBER});
OF(GetMessageInsightsRequest,
	{"MessageId", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
OF(MessageTag,
	{"Name", SHAPE_TEXT, .required = true},
	{"Value", SHAPE_TEXT, .required = true});
OF(MessageTagList,
	{NULL, SHAPE_OBJECT, .of = &of_MessageTag});
OF(Bounce,
	{"BounceSubType", SHAPE_TEXT},
	{"BounceType", SHAPE_TEXT, .words =
	    "PERMANENT, TRANSIENT, UNDETERMINED"},
	{"DiagnosticCode", SHAPE_TEXT});
OF(Complaint,
	{"ComplaintFeedbackType", SHAPE_TEXT},
	{"ComplaintSubType", SHAPE_TEXT});
OF(EventDetails,
	{"Bounce", SHAPE_OBJECT, .of = &of_Bounce},
	{"Complaint", SHAPE_OBJECT, .of = &of_Complaint});
OF(InsightsEvent,
	{"Details", SHAPE_OBJECT, .of = &of_EventDetails},
	{"Timestamp", SHAPE_TIME},
	{"Type", SHAPE_TEXT, .words =
	    "BOUNCE, CLICK, COMPLAINT, DELIVERY, DELIVERY_DELAY, OPEN, REJECT, "
	    "RENDERING_FAILURE, SEND, SUBSCRIPTION"});
OF(InsightsEvents,
	{NULL, SHAPE_OBJECT, .of = &of_InsightsEvent});
OF(EmailInsights,
	{"Destination", SHAPE_TEXT, .min = 1, .max = 320},
	{"Events", SHAPE_LIST, .of = &of_InsightsEvents},
	{"Isp", SHAPE_TEXT});
OF(EmailInsightsList,
	{NULL, SHAPE_OBJECT, .of = &of_EmailInsights});
OF(GetMessageInsightsResponse,
	{"EmailTags", SHAPE_LIST, .max = 50, .of = &of_MessageTagList},
	{"FromEmailAddress", SHAPE_TEXT, .min = 1, .max = 320},
	{"Insights", SHAPE_LIST, .of = &of_EmailInsightsList},
	{"MessageId", SHAPE_TEXT},
	{"Subject", SHAPE_TEXT, .min = 1, .max = 998});
OF(GetMultiRegionEndpointRequest,
	{"EndpointName", SHAPE_TEXT, .min = 1, .max = 64,
	    .match = model_match_endpoint,
	    .pattern = "^[\\w\\-_]+$", .required = true, .where = SHAPE_PATH});
OF(Route,
	{"Region", SHAPE_TEXT, .required = true});
OF(Routes,
	{NULL, SHAPE_OBJECT, .of = &of_Route});
OF(GetMultiRegionEndpointResponse,
	{"CreatedTimestamp", SHAPE_TIME},
	{"EndpointId", SHAPE_TEXT},
	{"EndpointName", SHAPE_TEXT, .min = 1, .max = 64,
	    .match = model_match_endpoint,
	    .pattern = "^[\\w\\-_]+$"},
	{"LastUpdatedTimestamp", SHAPE_TIME},
	{"Routes", SHAPE_LIST, .of = &of_Routes},
	{"Status", SHAPE_TEXT, .words =
	    "CREATING, DELETING, FAILED, READY"});
OF(GetReputationEntityRequest,
	{"ReputationEntityReference", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH},
	{"ReputationEntityType", SHAPE_TEXT, .words =
	    "RESOURCE", .required = true, .where = SHAPE_PATH});
OF(StatusRecord,
	{"Cause", SHAPE_TEXT, .min = 1, .max = 512},
	{"LastUpdatedTimestamp", SHAPE_TIME},
	{"Status", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED, REINSTATED"});
OF(ReputationEntity,
	{"AwsSesManagedStatus", SHAPE_OBJECT, .of = &of_StatusRecord},
	{"CustomerManagedStatus", SHAPE_OBJECT, .of = &of_StatusRecord},
	{"ReputationEntityReference", SHAPE_TEXT, .min = 1},
	{"ReputationEntityType", SHAPE_TEXT, .words =
	    "RESOURCE"},
	{"ReputationImpact", SHAPE_TEXT, .words =
	    "HIGH, LOW"},
	{"ReputationManagementPolicy", SHAPE_TEXT, .min = 1, .max = 2048},
	{"SendingStatusAggregate", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED, REINSTATED"});
OF(GetReputationEntityResponse,
	{"ReputationEntity", SHAPE_OBJECT, .of = &of_ReputationEntity});
OF(GetSuppressedDestinationRequest,
	{"EmailAddress", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"TenantName", SHAPE_TEXT, .min = 1, .where = SHAPE_QUERY});
OF(SuppressedDestinationAttributes,
	{"FeedbackId", SHAPE_TEXT},
	{"MessageId", SHAPE_TEXT});
OF(SuppressedDestination,
	{"Attributes", SHAPE_OBJECT, .of = &of_SuppressedDestinationAttributes},
	{"EmailAddress", SHAPE_TEXT, .required = true},
	{"LastUpdateTime", SHAPE_TIME, .required = true},
	{"Reason", SHAPE_TEXT, .words =
	    "BOUNCE, COMPLAINT", .required = true},
	{"TenantName", SHAPE_TEXT, .min = 1});
OF(GetSuppressedDestinationResponse,
	{"SuppressedDestination", SHAPE_OBJECT, .of = &of_SuppressedDestination, .required = true});
OF(GetTenantRequest,
	{"TenantName", SHAPE_TEXT, .min = 1, .required = true});
OF(Tenant,
	{"CreatedTimestamp", SHAPE_TIME},
	{"SendingStatus", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED, REINSTATED"},
	{"SuppressionAttributes", SHAPE_OBJECT, .of = &of_TenantSuppressionAttributes},
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList},
	{"TenantArn", SHAPE_TEXT, .min = 1, .max = 2048},
	{"TenantId", SHAPE_TEXT},
	{"TenantName", SHAPE_TEXT, .min = 1});
OF(GetTenantResponse,
	{"Tenant", SHAPE_OBJECT, .of = &of_Tenant});
OF(ListConfigurationSetsFilter,
	{NULL, SHAPE_TEXT},
	{NULL, SHAPE_TEXT});
OF(ListConfigurationSetsRequest,
	{"Filter", SHAPE_MAP, .of = &of_ListConfigurationSetsFilter},
	{"NextToken", SHAPE_TEXT},
	{"PageSize", SHAPE_NUMBER});
OF(ConfigurationSetNameList,
	{NULL, SHAPE_TEXT});
OF(ListConfigurationSetsResponse,
	{"ConfigurationSets", SHAPE_LIST, .of = &of_ConfigurationSetNameList},
	{"NextToken", SHAPE_TEXT});
OF(ListContactListsRequest,
	{"NextToken", SHAPE_TEXT, .where = SHAPE_QUERY},
	{"PageSize", SHAPE_NUMBER, .where = SHAPE_QUERY});
OF(ContactList,
	{"ContactListName", SHAPE_TEXT},
	{"LastUpdatedTimestamp", SHAPE_TIME});
OF(ListOfContactLists,
	{NULL, SHAPE_OBJECT, .of = &of_ContactList});
OF(ListContactListsResponse,
	{"ContactLists", SHAPE_LIST, .of = &of_ListOfContactLists},
	{"NextToken", SHAPE_TEXT});
OF(TopicFilter,
	{"TopicName", SHAPE_TEXT},
	{"UseDefaultIfPreferenceUnavailable", SHAPE_TRUTH});
OF(ListContactsFilter,
	{"FilteredStatus", SHAPE_TEXT, .words =
	    "OPT_IN, OPT_OUT"},
	{"TopicFilter", SHAPE_OBJECT, .of = &of_TopicFilter});
OF(ListContactsRequest,
	{"ContactListName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"Filter", SHAPE_OBJECT, .of = &of_ListContactsFilter},
	{"NextToken", SHAPE_TEXT},
	{"PageSize", SHAPE_NUMBER});
OF(Contact,
	{"EmailAddress", SHAPE_TEXT},
	{"LastUpdatedTimestamp", SHAPE_TIME},
	{"TopicDefaultPreferences", SHAPE_LIST, .of = &of_TopicPreferenceList},
	{"TopicPreferences", SHAPE_LIST, .of = &of_TopicPreferenceList},
	{"UnsubscribeAll", SHAPE_TRUTH});
OF(ListOfContacts,
	{NULL, SHAPE_OBJECT, .of = &of_Contact});
OF(ListContactsResponse,
	{"Contacts", SHAPE_LIST, .of = &of_ListOfContacts},
	{"NextToken", SHAPE_TEXT});
OF(ListCustomVerificationEmailTemplatesRequest,
	{"NextToken", SHAPE_TEXT, .where = SHAPE_QUERY},
	{"PageSize", SHAPE_NUMBER, .where = SHAPE_QUERY});
OF(CustomVerificationEmailTemplateMetadata,
	{"FailureRedirectionURL", SHAPE_TEXT},
	{"FromEmailAddress", SHAPE_TEXT},
	{"SuccessRedirectionURL", SHAPE_TEXT},
	{"TemplateName", SHAPE_TEXT, .min = 1},
	{"TemplateSubject", SHAPE_TEXT});
OF(CustomVerificationEmailTemplatesList,
	{NULL, SHAPE_OBJECT, .of = &of_CustomVerificationEmailTemplateMetadata});
OF(ListCustomVerificationEmailTemplatesResponse,
	{"CustomVerificationEmailTemplates", SHAPE_LIST, .of = &of_CustomVerificationEmailTemplatesList},
	{"NextToken", SHAPE_TEXT});
OF(ListDedicatedIpPoolsRequest,
	{"NextToken", SHAPE_TEXT, .where = SHAPE_QUERY},
	{"PageSize", SHAPE_NUMBER, .where = SHAPE_QUERY});
OF(ListOfDedicatedIpPools,
	{NULL, SHAPE_TEXT});
OF(ListDedicatedIpPoolsResponse,
	{"DedicatedIpPools", SHAPE_LIST, .of = &of_ListOfDedicatedIpPools},
	{"NextToken", SHAPE_TEXT});
OF(ListDeliverabilityTestReportsRequest,
	{"NextToken", SHAPE_TEXT, .where = SHAPE_QUERY},
	{"PageSize", SHAPE_NUMBER, .where = SHAPE_QUERY});
OF(DeliverabilityTestReports,
	{NULL, SHAPE_OBJECT, .of = &of_DeliverabilityTestReport});
OF(ListDeliverabilityTestReportsResponse,
	{"DeliverabilityTestReports", SHAPE_LIST, .of = &of_DeliverabilityTestReports, .required = true},
	{"NextToken", SHAPE_TEXT});
OF(ListDomainDeliverabilityCampaignsRequest,
	{"EndDate", SHAPE_TIME, .required = true, .where = SHAPE_QUERY},
	{"NextToken", SHAPE_TEXT, .where = SHAPE_QUERY},
	{"PageSize", SHAPE_NUMBER, .where = SHAPE_QUERY},
	{"StartDate", SHAPE_TIME, .required = true, .where = SHAPE_QUERY},
	{"SubscribedDomain", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
OF(DomainDeliverabilityCampaignList,
	{NULL, SHAPE_OBJECT, .of = &of_DomainDeliverabilityCampaign});
OF(ListDomainDeliverabilityCampaignsResponse,
	{"DomainDeliverabilityCampaigns", SHAPE_LIST, .of = &of_DomainDeliverabilityCampaignList, .required = true},
	{"NextToken", SHAPE_TEXT});
OF(ListEmailIdentitiesFilter,
	{NULL, SHAPE_TEXT, .words =
	    "IDENTITY_NAME_CONTAINS, VERIFICATION_STATUS, IDENTITY_TYPE"},
	{NULL, SHAPE_TEXT, .min = 1});
OF(ListEmailIdentitiesRequest,
	{"Filter", SHAPE_MAP, .of = &of_ListEmailIdentitiesFilter},
	{"NextToken", SHAPE_TEXT},
	{"PageSize", SHAPE_NUMBER});
OF(IdentityInfo,
	{"IdentityName", SHAPE_TEXT, .min = 1},
	{"IdentityType", SHAPE_TEXT, .words =
	    "DOMAIN, EMAIL_ADDRESS, MANAGED_DOMAIN"},
	{"SendingEnabled", SHAPE_TRUTH},
	{"VerificationStatus", SHAPE_TEXT, .words =
	    "FAILED, NOT_STARTED, PENDING, SUCCESS, TEMPORARY_FAILURE"});
OF(IdentityInfoList,
	{NULL, SHAPE_OBJECT, .of = &of_IdentityInfo});
OF(ListEmailIdentitiesResponse,
	{"EmailIdentities", SHAPE_LIST, .of = &of_IdentityInfoList},
	{"NextToken", SHAPE_TEXT});
OF(ListEmailIdentityCertificatesRequest,
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true},
	{"NextToken", SHAPE_TEXT},
	{"PageSize", SHAPE_NUMBER});
OF(IdentityCertificate,
	{"CertificateArn", SHAPE_TEXT, .min = 1, .max = 2048},
	{"CertificateExpiryTime", SHAPE_TIME},
	{"FromAddress", SHAPE_TEXT},
	{"Status", SHAPE_TEXT, .words =
	    "ACTIVE, DEPROVISIONING, FAILED, INACTIVE, PROVISIONING"});
OF(IdentityCertificateList,
	{NULL, SHAPE_OBJECT, .of = &of_IdentityCertificate});
OF(ListEmailIdentityCertificatesResponse,
	{"Certificates", SHAPE_LIST, .of = &of_IdentityCertificateList},
	{"NextToken", SHAPE_TEXT});
OF(ListEmailTemplatesRequest,
	{"NextToken", SHAPE_TEXT, .where = SHAPE_QUERY},
	{"PageSize", SHAPE_NUMBER, .where = SHAPE_QUERY});
OF(EmailTemplateMetadata,
	{"CreatedTimestamp", SHAPE_TIME},
	{"TemplateName", SHAPE_TEXT, .min = 1});
OF(EmailTemplateMetadataList,
	{NULL, SHAPE_OBJECT, .of = &of_EmailTemplateMetadata});
OF(ListEmailTemplatesResponse,
	{"NextToken", SHAPE_TEXT},
	{"TemplatesMetadata", SHAPE_LIST, .of = &of_EmailTemplateMetadataList});
OF(ListExportJobsRequest,
	{"ExportSourceType", SHAPE_TEXT, .words =
	    "MESSAGE_INSIGHTS, METRICS_DATA"},
	{"JobStatus", SHAPE_TEXT, .words =
	    "CANCELLED, COMPLETED, CREATED, FAILED, PROCESSING"},
	{"NextToken", SHAPE_TEXT},
	{"PageSize", SHAPE_NUMBER});
OF(ExportJobSummary,
	{"CompletedTimestamp", SHAPE_TIME},
	{"CreatedTimestamp", SHAPE_TIME},
	{"ExportSourceType", SHAPE_TEXT, .words =
	    "MESSAGE_INSIGHTS, METRICS_DATA"},
	{"JobId", SHAPE_TEXT, .min = 1},
	{"JobStatus", SHAPE_TEXT, .words =
	    "CANCELLED, COMPLETED, CREATED, FAILED, PROCESSING"});
OF(ExportJobSummaryList,
	{NULL, SHAPE_OBJECT, .of = &of_ExportJobSummary});
OF(ListExportJobsResponse,
	{"ExportJobs", SHAPE_LIST, .of = &of_ExportJobSummaryList},
	{"NextToken", SHAPE_TEXT});
OF(ListImportJobsRequest,
	{"ImportDestinationType", SHAPE_TEXT, .words =
	    "CONTACT_LIST, SUPPRESSION_LIST"},
	{"NextToken", SHAPE_TEXT},
	{"PageSize", SHAPE_NUMBER});
OF(ImportJobSummary,
	{"CreatedTimestamp", SHAPE_TIME},
	{"FailedRecordsCount", SHAPE_NUMBER},
	{"ImportDestination", SHAPE_OBJECT, .of = &of_ImportDestination},
	{"JobId", SHAPE_TEXT, .min = 1},
	{"JobStatus", SHAPE_TEXT, .words =
	    "CANCELLED, COMPLETED, CREATED, FAILED, PROCESSING"},
	{"ProcessedRecordsCount", SHAPE_NUMBER});
OF(ImportJobSummaryList,
	{NULL, SHAPE_OBJECT, .of = &of_ImportJobSummary});
OF(ListImportJobsResponse,
	{"ImportJobs", SHAPE_LIST, .of = &of_ImportJobSummaryList},
	{"NextToken", SHAPE_TEXT});
OF(ListMultiRegionEndpointsRequest,
	{"NextToken", SHAPE_TEXT, .min = 1, .max = 5000,
	    .match = model_match_base64,
	    .pattern = "^^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", .where = SHAPE_QUERY},
	{"PageSize", SHAPE_NUMBER, .min = 1, .max = 1000, .where = SHAPE_QUERY});
OF(Regions,
	{NULL, SHAPE_TEXT});
OF(MultiRegionEndpoint,
	{"CreatedTimestamp", SHAPE_TIME},
	{"EndpointId", SHAPE_TEXT},
	{"EndpointName", SHAPE_TEXT, .min = 1, .max = 64,
	    .match = model_match_endpoint,
	    .pattern = "^[\\w\\-_]+$"},
	{"LastUpdatedTimestamp", SHAPE_TIME},
	{"Regions", SHAPE_LIST, .of = &of_Regions},
	{"Status", SHAPE_TEXT, .words =
	    "CREATING, DELETING, FAILED, READY"});
OF(MultiRegionEndpoints,
	{NULL, SHAPE_OBJECT, .of = &of_MultiRegionEndpoint});
OF(ListMultiRegionEndpointsResponse,
	{"MultiRegionEndpoints", SHAPE_LIST, .of = &of_MultiRegionEndpoints},
	{"NextToken", SHAPE_TEXT, .min = 1, .max = 5000,
	    .match = model_match_base64,
	    .pattern = "^^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"});
OF(ListRecommendationsFilter,
	{NULL, SHAPE_TEXT, .words =
	    "IMPACT, RESOURCE_ARN, STATUS, TYPE"},
	{NULL, SHAPE_TEXT, .min = 1, .max = 512});
OF(ListRecommendationsRequest,
	{"Filter", SHAPE_MAP, .min = 1, .max = 2, .of = &of_ListRecommendationsFilter},
	{"NextToken", SHAPE_TEXT},
	{"PageSize", SHAPE_NUMBER});
OF(Recommendation,
	{"CreatedTimestamp", SHAPE_TIME},
	{"Description", SHAPE_TEXT},
	{"Impact", SHAPE_TEXT, .words =
	    "HIGH, LOW"},
	{"LastUpdatedTimestamp", SHAPE_TIME},
	{"ResourceArn", SHAPE_TEXT, .min = 1, .max = 2048},
	{"Status", SHAPE_TEXT, .words =
	    "FIXED, OPEN"},
	{"Type", SHAPE_TEXT, .words =
	    "BIMI, BOUNCE, COMPLAINT, DKIM, DMARC, FEEDBACK_3P, IP_LISTING, "
	    "SPF"});
OF(RecommendationsList,
	{NULL, SHAPE_OBJECT, .of = &of_Recommendation});
OF(ListRecommendationsResponse,
	{"NextToken", SHAPE_TEXT},
	{"Recommendations", SHAPE_LIST, .of = &of_RecommendationsList});
OF(ReputationEntityFilter,
	{NULL, SHAPE_TEXT, .words =
	    "ENTITY_REFERENCE_PREFIX, ENTITY_TYPE, REPUTATION_IMPACT, "
	    "SENDING_STATUS"},
	{NULL, SHAPE_TEXT, .min = 1, .max = 512});
OF(ListReputationEntitiesRequest,
	{"Filter", SHAPE_MAP, .of = &of_ReputationEntityFilter},
	{"NextToken", SHAPE_TEXT},
	{"PageSize", SHAPE_NUMBER});
OF(ReputationEntitiesList,
	{NULL, SHAPE_OBJECT, .of = &of_ReputationEntity});
OF(ListReputationEntitiesResponse,
	{"NextToken", SHAPE_TEXT},
	{"ReputationEntities", SHAPE_LIST, .of = &of_ReputationEntitiesList});
OF(ListResourceTenantsRequest,
	{"NextToken", SHAPE_TEXT},
	{"PageSize", SHAPE_NUMBER},
	{"ResourceArn", SHAPE_TEXT, .min = 1, .max = 2048, .required = true});
OF(ResourceTenantMetadata,
	{"AssociatedTimestamp", SHAPE_TIME},
	{"ResourceArn", SHAPE_TEXT, .min = 1, .max = 2048},
	{"TenantId", SHAPE_TEXT},
	{"TenantName", SHAPE_TEXT, .min = 1});
OF(ResourceTenantMetadataList,
	{NULL, SHAPE_OBJECT, .of = &of_ResourceTenantMetadata});
OF(ListResourceTenantsResponse,
	{"NextToken", SHAPE_TEXT},
	{"ResourceTenants", SHAPE_LIST, .of = &of_ResourceTenantMetadataList});
OF(ListSuppressedDestinationsRequest,
	{"EndDate", SHAPE_TIME, .where = SHAPE_QUERY},
	{"NextToken", SHAPE_TEXT, .where = SHAPE_QUERY},
	{"PageSize", SHAPE_NUMBER, .where = SHAPE_QUERY},
	{"Reasons", SHAPE_LIST, .max = 2, .of = &of_SuppressionListReasons, .where = SHAPE_QUERY, .wire = "Reason"},
	{"StartDate", SHAPE_TIME, .where = SHAPE_QUERY},
	{"TenantName", SHAPE_TEXT, .min = 1, .where = SHAPE_QUERY});
OF(SuppressedDestinationSummary,
	{"EmailAddress", SHAPE_TEXT, .required = true},
	{"LastUpdateTime", SHAPE_TIME, .required = true},
	{"Reason", SHAPE_TEXT, .words =
	    "BOUNCE, COMPLAINT", .required = true});
OF(SuppressedDestinationSummaries,
	{NULL, SHAPE_OBJECT, .of = &of_SuppressedDestinationSummary});
OF(ListSuppressedDestinationsResponse,
	{"NextToken", SHAPE_TEXT},
	{"SuppressedDestinationSummaries", SHAPE_LIST, .of = &of_SuppressedDestinationSummaries});
OF(ListTagsForResourceRequest,
	{"ResourceArn", SHAPE_TEXT, .min = 1, .max = 2048, .required = true, .where = SHAPE_QUERY});
OF(ListTagsForResourceResponse,
	{"Tags", SHAPE_LIST, .max = 50, .of = &of_TagList, .required = true});
OF(ListTenantResourcesFilter,
	{NULL, SHAPE_TEXT, .words =
	    "RESOURCE_TYPE"},
	{NULL, SHAPE_TEXT, .min = 1, .max = 512});
OF(ListTenantResourcesRequest,
	{"Filter", SHAPE_MAP, .of = &of_ListTenantResourcesFilter},
	{"NextToken", SHAPE_TEXT},
	{"PageSize", SHAPE_NUMBER},
	{"TenantName", SHAPE_TEXT, .min = 1, .required = true});
OF(TenantResource,
	{"ResourceArn", SHAPE_TEXT, .min = 1, .max = 2048},
	{"ResourceType", SHAPE_TEXT, .words =
	    "CONFIGURATION_SET, EMAIL_IDENTITY, EMAIL_TEMPLATE"});
OF(TenantResourceList,
	{NULL, SHAPE_OBJECT, .of = &of_TenantResource});
OF(ListTenantResourcesResponse,
	{"NextToken", SHAPE_TEXT},
	{"TenantResources", SHAPE_LIST, .of = &of_TenantResourceList});
OF(ListTenantsFilter,
	{NULL, SHAPE_TEXT, .words =
	    "SENDING_STATUS, TENANT_NAME_CONTAINS"},
	{NULL, SHAPE_TEXT, .min = 1});
OF(ListTenantsRequest,
	{"Filter", SHAPE_MAP, .of = &of_ListTenantsFilter},
	{"NextToken", SHAPE_TEXT},
	{"PageSize", SHAPE_NUMBER});
OF(TenantInfo,
	{"CreatedTimestamp", SHAPE_TIME},
	{"SendingStatus", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED, REINSTATED"},
	{"TenantArn", SHAPE_TEXT, .min = 1, .max = 2048},
	{"TenantId", SHAPE_TEXT},
	{"TenantName", SHAPE_TEXT, .min = 1});
OF(TenantInfoList,
	{NULL, SHAPE_OBJECT, .of = &of_TenantInfo});
OF(ListTenantsResponse,
	{"NextToken", SHAPE_TEXT},
	{"Tenants", SHAPE_LIST, .of = &of_TenantInfoList});
OF(PutAccountDedicatedIpWarmupAttributesRequest,
	{"AutoWarmupEnabled", SHAPE_TRUTH});
static const struct shape of_PutAccountDedicatedIpWarmupAttributesResponse = {NULL, 0};
OF(PutAccountDetailsRequest,
	{"AdditionalContactEmailAddresses", SHAPE_LIST, .min = 1, .max = 4, .of = &of_AdditionalContactEmailAddresses},
	{"ContactLanguage", SHAPE_TEXT, .words =
	    "EN, JA"},
	{"MailType", SHAPE_TEXT, .words =
	    "MARKETING, TRANSACTIONAL", .required = true},
	{"ProductionAccessEnabled", SHAPE_TRUTH},
	{"UseCaseDescription", SHAPE_TEXT, .max = 5000},
	{"WebsiteURL", SHAPE_TEXT, .min = 1, .max = 1000,
	    .match = model_match_url,
	    .pattern = "^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\\?([^#]*))?(#(.*))?", .required = true});
static const struct shape of_PutAccountDetailsResponse = {NULL, 0};
OF(PutAccountPricingAttributesRequest,
	{"Plan", SHAPE_TEXT, .words =
	    "ENTERPRISE, ESSENTIALS, NONE, PRO", .required = true});
static const struct shape of_PutAccountPricingAttributesResponse = {NULL, 0};
OF(PutAccountSendingAttributesRequest,
	{"SendingEnabled", SHAPE_TRUTH});
static const struct shape of_PutAccountSendingAttributesResponse = {NULL, 0};
OF(PutAccountSuppressionAttributesRequest,
	{"SuppressedReasons", SHAPE_LIST, .max = 2, .of = &of_SuppressionListReasons},
	{"ValidationAttributes", SHAPE_OBJECT, .of = &of_SuppressionValidationAttributes});
static const struct shape of_PutAccountSuppressionAttributesResponse = {NULL, 0};
OF(PutAccountVdmAttributesRequest,
	{"VdmAttributes", SHAPE_OBJECT, .of = &of_VdmAttributes, .required = true});
static const struct shape of_PutAccountVdmAttributesResponse = {NULL, 0};
OF(PutConfigurationSetArchivingOptionsRequest,
	{"ArchiveArn", SHAPE_TEXT, .min = 20, .max = 1011,
	    .match = model_match_archive_arn,
	    .pattern = "arn:(aws|aws-[a-z-]+):ses:[a-z]{2,4}-[a-z-]+-[0-9]:[0-9]{1,20}:mailmanager-archive/a-[a-z0-9]{24,62}"},
	{"ConfigurationSetName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
static const struct shape of_PutConfigurationSetArchivingOptionsResponse = {NULL, 0};
OF(PutConfigurationSetDeliveryOptionsRequest,
	{"ConfigurationSetName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"MaxDeliverySeconds", SHAPE_NUMBER, .min = 300, .max = 50400},
	{"SendingPoolName", SHAPE_TEXT},
	{"TlsPolicy", SHAPE_TEXT, .words =
	    "OPTIONAL, REQUIRE"});
static const struct shape of_PutConfigurationSetDeliveryOptionsResponse = {NULL, 0};
OF(PutConfigurationSetReputationOptionsRequest,
	{"ConfigurationSetName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"ReputationMetricsEnabled", SHAPE_TRUTH});
static const struct shape of_PutConfigurationSetReputationOptionsResponse = {NULL, 0};
OF(PutConfigurationSetSendingOptionsRequest,
	{"ConfigurationSetName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"SendingEnabled", SHAPE_TRUTH});
static const struct shape of_PutConfigurationSetSendingOptionsResponse = {NULL, 0};
OF(PutConfigurationSetSuppressionOptionsRequest,
	{"ConfigurationSetName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"SuppressedReasons", SHAPE_LIST, .max = 2, .of = &of_SuppressionListReasons},
	{"SuppressionScope", SHAPE_TEXT, .words =
	    "ACCOUNT, TENANT"},
	{"ValidationOptions", SHAPE_OBJECT, .of = &of_SuppressionValidationOptions});
static const struct shape of_PutConfigurationSetSuppressionOptionsResponse = {NULL, 0};
OF(PutConfigurationSetTrackingOptionsRequest,
	{"ConfigurationSetName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"CustomRedirectDomain", SHAPE_TEXT},
	{"HttpsPolicy", SHAPE_TEXT, .words =
	    "OPTIONAL, REQUIRE, REQUIRE_OPEN_ONLY"});
static const struct shape of_PutConfigurationSetTrackingOptionsResponse = {NULL, 0};
OF(PutConfigurationSetVdmOptionsRequest,
	{"ConfigurationSetName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"VdmOptions", SHAPE_OBJECT, .of = &of_VdmOptions});
static const struct shape of_PutConfigurationSetVdmOptionsResponse = {NULL, 0};
OF(PutDedicatedIpInPoolRequest,
	{"DestinationPoolName", SHAPE_TEXT, .required = true},
	{"Ip", SHAPE_TEXT, .required = true, .where = SHAPE_PATH, .wire = "IP"});
static const struct shape of_PutDedicatedIpInPoolResponse = {NULL, 0};
OF(PutDedicatedIpPoolScalingAttributesRequest,
	{"PoolName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"ScalingMode", SHAPE_TEXT, .words =
	    "MANAGED, STANDARD", .required = true});
static const struct shape of_PutDedicatedIpPoolScalingAttributesResponse = {NULL, 0};
OF(PutDedicatedIpWarmupAttributesRequest,
	{"Ip", SHAPE_TEXT, .required = true, .where = SHAPE_PATH, .wire = "IP"},
	{"WarmupPercentage", SHAPE_NUMBER, .required = true});
static const struct shape of_PutDedicatedIpWarmupAttributesResponse = {NULL, 0};
OF(PutDeliverabilityDashboardOptionRequest,
	{"DashboardEnabled", SHAPE_TRUTH, .required = true},
	{"SubscribedDomains", SHAPE_LIST, .of = &of_DomainDeliverabilityTrackingOptions});
static const struct shape of_PutDeliverabilityDashboardOptionResponse = {NULL, 0};
OF(PutEmailIdentityConfigurationSetAttributesRequest,
	{"ConfigurationSetName", SHAPE_TEXT},
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
static const struct shape of_PutEmailIdentityConfigurationSetAttributesResponse = {NULL, 0};
OF(PutEmailIdentityDkimAttributesRequest,
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH},
	{"SigningEnabled", SHAPE_TRUTH});
static const struct shape of_PutEmailIdentityDkimAttributesResponse = {NULL, 0};
OF(PutEmailIdentityDkimSigningAttributesRequest,
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH},
	{"SigningAttributes", SHAPE_OBJECT, .of = &of_DkimSigningAttributes},
	{"SigningAttributesOrigin", SHAPE_TEXT, .words =
	    "AWS_SES, AWS_SES_AF_SOUTH_1, AWS_SES_AP_NORTHEAST_1, "
	    "AWS_SES_AP_NORTHEAST_2, AWS_SES_AP_NORTHEAST_3, "
	    "AWS_SES_AP_SOUTHEAST_1, AWS_SES_AP_SOUTHEAST_2, "
	    "AWS_SES_AP_SOUTHEAST_3, AWS_SES_AP_SOUTHEAST_5, "
	    "AWS_SES_AP_SOUTH_1, AWS_SES_AP_SOUTH_2, AWS_SES_CA_CENTRAL_1, "
	    "AWS_SES_CA_WEST_1, AWS_SES_EU_CENTRAL_1, AWS_SES_EU_CENTRAL_2, "
	    "AWS_SES_EU_NORTH_1, AWS_SES_EU_SOUTH_1, AWS_SES_EU_WEST_1, "
	    "AWS_SES_EU_WEST_2, AWS_SES_EU_WEST_3, AWS_SES_IL_CENTRAL_1, "
	    "AWS_SES_ME_CENTRAL_1, AWS_SES_ME_SOUTH_1, AWS_SES_SA_EAST_1, "
	    "AWS_SES_US_EAST_1, AWS_SES_US_EAST_2, AWS_SES_US_GOV_EAST_1, "
	    "AWS_SES_US_GOV_WEST_1, AWS_SES_US_WEST_1, AWS_SES_US_WEST_2, "
	    "EXTERNAL", .required = true});
OF(PutEmailIdentityDkimSigningAttributesResponse,
	{"DkimStatus", SHAPE_TEXT, .words =
	    "FAILED, NOT_STARTED, PENDING, SUCCESS, TEMPORARY_FAILURE"},
	{"DkimTokens", SHAPE_LIST, .of = &of_DnsTokenList},
	{"SigningHostedZone", SHAPE_TEXT});
OF(PutEmailIdentityFeedbackAttributesRequest,
	{"EmailForwardingEnabled", SHAPE_TRUTH},
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
static const struct shape of_PutEmailIdentityFeedbackAttributesResponse = {NULL, 0};
OF(PutEmailIdentityMailFromAttributesRequest,
	{"BehaviorOnMxFailure", SHAPE_TEXT, .words =
	    "REJECT_MESSAGE, USE_DEFAULT_VALUE"},
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH},
	{"MailFromDomain", SHAPE_TEXT});
static const struct shape of_PutEmailIdentityMailFromAttributesResponse = {NULL, 0};
OF(PutSuppressedDestinationRequest,
	{"EmailAddress", SHAPE_TEXT, .required = true},
	{"Reason", SHAPE_TEXT, .words =
	    "BOUNCE, COMPLAINT", .required = true},
	{"TenantName", SHAPE_TEXT, .min = 1});
static const struct shape of_PutSuppressedDestinationResponse = {NULL, 0};
OF(PutTenantSuppressionAttributesRequest,
	{"SuppressedReasons", SHAPE_LIST, .max = 2, .of = &of_SuppressionListReasons},
	{"SuppressionScope", SHAPE_TEXT, .words =
	    "ACCOUNT, TENANT"},
	{"TenantName", SHAPE_TEXT, .min = 1, .required = true});
static const struct shape of_PutTenantSuppressionAttributesResponse = {NULL, 0};
OF(EmailAddressList,
	{NULL, SHAPE_TEXT});
OF(Destination,
	{"BccAddresses", SHAPE_LIST, .of = &of_EmailAddressList},
	{"CcAddresses", SHAPE_LIST, .of = &of_EmailAddressList},
	{"ToAddresses", SHAPE_LIST, .of = &of_EmailAddressList});
OF(ReplacementTemplate,
	{"ReplacementTemplateData", SHAPE_TEXT, .max = 262144});
OF(ReplacementEmailContent,
	{"ReplacementTemplate", SHAPE_OBJECT, .of = &of_ReplacementTemplate});
OF(BulkEmailEntry,
	{"Destination", SHAPE_OBJECT, .of = &of_Destination, .required = true},
	{"ReplacementEmailContent", SHAPE_OBJECT, .of = &of_ReplacementEmailContent},
	{"ReplacementHeaders", SHAPE_LIST, .max = 15, .of = &of_MessageHeaderList},
	{"ReplacementTags", SHAPE_LIST, .max = 50, .of = &of_MessageTagList});
OF(BulkEmailEntryList,
	{NULL, SHAPE_OBJECT, .of = &of_BulkEmailEntry});
OF(TrackingConfigurationOverrides,
	{"ClickTrackingEnabled", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED"},
	{"OpenTrackingEnabled", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED"});
OF(ConfigurationOverrides,
	{"Tracking", SHAPE_OBJECT, .of = &of_TrackingConfigurationOverrides});
OF(BulkEmailContent,
	{"Template", SHAPE_OBJECT, .of = &of_Template});
OF(SendBulkEmailRequest,
	{"BulkEmailEntries", SHAPE_LIST, .of = &of_BulkEmailEntryList, .required = true},
	{"ConfigurationOverrides", SHAPE_OBJECT, .of = &of_ConfigurationOverrides},
	{"ConfigurationSetName", SHAPE_TEXT},
	{"DefaultContent", SHAPE_OBJECT, .of = &of_BulkEmailContent, .required = true},
	{"DefaultEmailTags", SHAPE_LIST, .max = 50, .of = &of_MessageTagList},
	{"EndpointId", SHAPE_TEXT},
	{"FeedbackForwardingEmailAddress", SHAPE_TEXT},
	{"FeedbackForwardingEmailAddressIdentityArn", SHAPE_TEXT, .min = 1, .max = 2048},
	{"FromEmailAddress", SHAPE_TEXT},
	{"FromEmailAddressIdentityArn", SHAPE_TEXT, .min = 1, .max = 2048},
	{"ReplyToAddresses", SHAPE_LIST, .of = &of_EmailAddressList},
	{"TenantName", SHAPE_TEXT, .min = 1});
OF(BulkEmailEntryResult,
	{"Error", SHAPE_TEXT},
	{"MessageId", SHAPE_TEXT},
	{"Status", SHAPE_TEXT, .words =
	    "ACCOUNT_DAILY_QUOTA_EXCEEDED, ACCOUNT_SENDING_PAUSED, "
	    "ACCOUNT_SUSPENDED, ACCOUNT_THROTTLED, "
	    "CONFIGURATION_SET_NOT_FOUND, CONFIGURATION_SET_SENDING_PAUSED, "
	    "FAILED, INVALID_PARAMETER, INVALID_SENDING_POOL_NAME, "
	    "MAIL_FROM_DOMAIN_NOT_VERIFIED, MESSAGE_REJECTED, SUCCESS, "
	    "TEMPLATE_NOT_FOUND, TRANSIENT_FAILURE"});
OF(BulkEmailEntryResultList,
	{NULL, SHAPE_OBJECT, .of = &of_BulkEmailEntryResult});
OF(SendBulkEmailResponse,
	{"BulkEmailEntryResults", SHAPE_LIST, .of = &of_BulkEmailEntryResultList, .required = true});
OF(SendCustomVerificationEmailRequest,
	{"ConfigurationSetName", SHAPE_TEXT},
	{"EmailAddress", SHAPE_TEXT, .required = true},
	{"TemplateName", SHAPE_TEXT, .min = 1, .required = true});
OF(SendCustomVerificationEmailResponse,
	{"MessageId", SHAPE_TEXT});
OF(ListManagementOptions,
	{"ContactListName", SHAPE_TEXT, .required = true},
	{"TopicName", SHAPE_TEXT});
OF(SendEmailRequest,
	{"ConfigurationOverrides", SHAPE_OBJECT, .of = &of_ConfigurationOverrides},
	{"ConfigurationSetName", SHAPE_TEXT},
	{"Content", SHAPE_OBJECT, .of = &of_EmailContent, .required = true},
	{"Destination", SHAPE_OBJECT, .of = &of_Destination},
	{"EmailTags", SHAPE_LIST, .max = 50, .of = &of_MessageTagList},
	{"EndpointId", SHAPE_TEXT},
	{"FeedbackForwardingEmailAddress", SHAPE_TEXT},
	{"FeedbackForwardingEmailAddressIdentityArn", SHAPE_TEXT, .min = 1, .max = 2048},
	{"FromEmailAddress", SHAPE_TEXT},
	{"FromEmailAddressIdentityArn", SHAPE_TEXT, .min = 1, .max = 2048},
	{"ListManagementOptions", SHAPE_OBJECT, .of = &of_ListManagementOptions},
	{"ReplyToAddresses", SHAPE_LIST, .of = &of_EmailAddressList},
	{"TenantName", SHAPE_TEXT, .min = 1});
OF(SendEmailResponse,
	{"MessageId", SHAPE_TEXT});
OF(TagResourceRequest,
	{"ResourceArn", SHAPE_TEXT, .min = 1, .max = 2048, .required = true},
	{"Tags", SHAPE_LIST, .min = 1, .max = 50, .of = &of_TagList, .required = true});
static const struct shape of_TagResourceResponse = {NULL, 0};
OF(TestRenderEmailTemplateRequest,
	{"TemplateData", SHAPE_TEXT, .max = 262144, .required = true},
	{"TemplateName", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
OF(TestRenderEmailTemplateResponse,
	{"RenderedTemplate", SHAPE_TEXT, .required = true});
OF(TagKeyList,
	{NULL, SHAPE_TEXT, .min = 1, .max = 128});
OF(UntagResourceRequest,
	{"ResourceArn", SHAPE_TEXT, .min = 1, .max = 2048, .required = true, .where = SHAPE_QUERY},
	{"TagKeys", SHAPE_LIST, .of = &of_TagKeyList, .required = true, .where = SHAPE_QUERY});
static const struct shape of_UntagResourceResponse = {NULL, 0};
OF(UpdateConfigurationSetRequest,
	{"ConfigurationSetName", SHAPE_TEXT, .required = true},
	{"MessageSecurityOptions", SHAPE_OBJECT, .of = &of_MessageSecurityOptions});
static const struct shape of_UpdateConfigurationSetResponse = {NULL, 0};
OF(UpdateConfigurationSetEventDestinationRequest,
	{"ConfigurationSetName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"EventDestination", SHAPE_OBJECT, .of = &of_EventDestinationDefinition, .required = true},
	{"EventDestinationName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH});
static const struct shape of_UpdateConfigurationSetEventDestinationResponse = {NULL, 0};
OF(UpdateContactRequest,
	{"AttributesData", SHAPE_TEXT},
	{"ContactListName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"EmailAddress", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"TopicPreferences", SHAPE_LIST, .of = &of_TopicPreferenceList},
	{"UnsubscribeAll", SHAPE_TRUTH});
static const struct shape of_UpdateContactResponse = {NULL, 0};
OF(UpdateContactListRequest,
	{"ContactListName", SHAPE_TEXT, .required = true, .where = SHAPE_PATH},
	{"Description", SHAPE_TEXT},
	{"Topics", SHAPE_LIST, .of = &of_Topics});
static const struct shape of_UpdateContactListResponse = {NULL, 0};
OF(UpdateCustomVerificationEmailTemplateRequest,
	{"FailureRedirectionURL", SHAPE_TEXT, .required = true},
	{"FromEmailAddress", SHAPE_TEXT, .required = true},
	{"SuccessRedirectionURL", SHAPE_TEXT, .required = true},
	{"TemplateContent", SHAPE_TEXT, .required = true},
	{"TemplateName", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH},
	{"TemplateSubject", SHAPE_TEXT, .required = true});
static const struct shape of_UpdateCustomVerificationEmailTemplateResponse = {NULL, 0};
OF(UpdateEmailIdentityPolicyRequest,
	{"EmailIdentity", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH},
	{"Policy", SHAPE_TEXT, .min = 1, .required = true},
	{"PolicyName", SHAPE_TEXT, .min = 1, .max = 64, .required = true, .where = SHAPE_PATH});
static const struct shape of_UpdateEmailIdentityPolicyResponse = {NULL, 0};
OF(UpdateEmailTemplateRequest,
	{"TemplateContent", SHAPE_OBJECT, .of = &of_EmailTemplateContent, .required = true},
	{"TemplateName", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH});
static const struct shape of_UpdateEmailTemplateResponse = {NULL, 0};
OF(UpdateReputationEntityCustomerManagedStatusRequest,
	{"ReputationEntityReference", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH},
	{"ReputationEntityType", SHAPE_TEXT, .words =
	    "RESOURCE", .required = true, .where = SHAPE_PATH},
	{"SendingStatus", SHAPE_TEXT, .words =
	    "DISABLED, ENABLED, REINSTATED", .required = true});
static const struct shape of_UpdateReputationEntityCustomerManagedStatusResponse = {NULL, 0};
OF(UpdateReputationEntityPolicyRequest,
	{"ReputationEntityPolicy", SHAPE_TEXT, .min = 1, .max = 2048, .required = true},
	{"ReputationEntityReference", SHAPE_TEXT, .min = 1, .required = true, .where = SHAPE_PATH},
	{"ReputationEntityType", SHAPE_TEXT, .words =
	    "RESOURCE", .required = true, .where = SHAPE_PATH});
static const struct shape of_UpdateReputationEntityPolicyResponse = {NULL, 0};

static const struct ses_operation operations[] = {
	{"AssociateEmailIdentityCertificate",
	 {{"POST", "/v2/email/identity/certificates"}},
	 &of_AssociateEmailIdentityCertificateRequest,
	 &of_AssociateEmailIdentityCertificateResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"BatchGetMetricData",
	 {{"POST", "/v2/email/metrics/batch"}},
	 &of_BatchGetMetricDataRequest,
	 &of_BatchGetMetricDataResponse,
	 E(BAD_REQUEST)|E(INTERNAL)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"CancelExportJob",
	 {{"PUT", "/v2/email/export-jobs/{JobId}/cancel"}},
	 &of_CancelExportJobRequest,
	 &of_CancelExportJobResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"CreateConfigurationSet",
	 {{"POST", "/v2/email/configuration-sets"}},
	 &of_CreateConfigurationSetRequest,
	 &of_CreateConfigurationSetResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(CONCURRENT)|E(LIMIT_EXCEEDED)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"CreateConfigurationSetEventDestination",
	 {{"POST", "/v2/email/configuration-sets/{ConfigurationSetName}/event-destinations"}},
	 &of_CreateConfigurationSetEventDestinationRequest,
	 &of_CreateConfigurationSetEventDestinationResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"CreateContact",
	 {{"POST", "/v2/email/contact-lists/{ContactListName}/contacts"}},
	 &of_CreateContactRequest,
	 &of_CreateContactResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"CreateContactList",
	 {{"POST", "/v2/email/contact-lists"}},
	 &of_CreateContactListRequest,
	 &of_CreateContactListResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(TOO_MANY_REQUESTS)},
	{"CreateCustomVerificationEmailTemplate",
	 {{"POST", "/v2/email/custom-verification-email-templates"}},
	 &of_CreateCustomVerificationEmailTemplateRequest,
	 &of_CreateCustomVerificationEmailTemplateResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"CreateDedicatedIpPool",
	 {{"POST", "/v2/email/dedicated-ip-pools"}},
	 &of_CreateDedicatedIpPoolRequest,
	 &of_CreateDedicatedIpPoolResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(CONCURRENT)|E(LIMIT_EXCEEDED)|E(TOO_MANY_REQUESTS)},
	{"CreateDeliverabilityTestReport",
	 {{"POST", "/v2/email/deliverability-dashboard/test"}},
	 &of_CreateDeliverabilityTestReportRequest,
	 &of_CreateDeliverabilityTestReportResponse,
	 E(ACCOUNT_SUSPENDED)|E(BAD_REQUEST)|E(CONCURRENT)|E(LIMIT_EXCEEDED)|E(MAIL_FROM)|E(MESSAGE_REJECTED)|E(NOT_FOUND)|E(SENDING_PAUSED)|E(TOO_MANY_REQUESTS)},
	{"CreateEmailIdentity",
	 {{"POST", "/v2/email/identities"}},
	 &of_CreateEmailIdentityRequest,
	 &of_CreateEmailIdentityResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(CONCURRENT)|E(LIMIT_EXCEEDED)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"CreateEmailIdentityPolicy",
	 {{"POST", "/v2/email/identities/{EmailIdentity}/policies/{PolicyName}"}},
	 &of_CreateEmailIdentityPolicyRequest,
	 &of_CreateEmailIdentityPolicyResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"CreateEmailTemplate",
	 {{"POST", "/v2/email/templates"}},
	 &of_CreateEmailTemplateRequest,
	 &of_CreateEmailTemplateResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(TOO_MANY_REQUESTS)},
	{"CreateExportJob",
	 {{"POST", "/v2/email/export-jobs"}},
	 &of_CreateExportJobRequest,
	 &of_CreateExportJobResponse,
	 E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"CreateImportJob",
	 {{"POST", "/v2/email/import-jobs"}},
	 &of_CreateImportJobRequest,
	 &of_CreateImportJobResponse,
	 E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(TOO_MANY_REQUESTS)},
	{"CreateMultiRegionEndpoint",
	 {{"POST", "/v2/email/multi-region-endpoints"}},
	 &of_CreateMultiRegionEndpointRequest,
	 &of_CreateMultiRegionEndpointResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(TOO_MANY_REQUESTS)},
	{"CreateTenant",
	 {{"POST", "/v2/email/tenants"}},
	 &of_CreateTenantRequest,
	 &of_CreateTenantResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(TOO_MANY_REQUESTS)},
	{"CreateTenantResourceAssociation",
	 {{"POST", "/v2/email/tenants/resources"}},
	 &of_CreateTenantResourceAssociationRequest,
	 &of_CreateTenantResourceAssociationResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DeleteConfigurationSet",
	 {{"DELETE", "/v2/email/configuration-sets/{ConfigurationSetName}"}},
	 &of_DeleteConfigurationSetRequest,
	 &of_DeleteConfigurationSetResponse,
	 E(BAD_REQUEST)|E(CONCURRENT)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DeleteConfigurationSetEventDestination",
	 {{"DELETE", "/v2/email/configuration-sets/{ConfigurationSetName}/event-destinations/{EventDestinationName}"}},
	 &of_DeleteConfigurationSetEventDestinationRequest,
	 &of_DeleteConfigurationSetEventDestinationResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DeleteContact",
	 {{"DELETE", "/v2/email/contact-lists/{ContactListName}/contacts/{EmailAddress}"}},
	 &of_DeleteContactRequest,
	 &of_DeleteContactResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DeleteContactList",
	 {{"DELETE", "/v2/email/contact-lists/{ContactListName}"}},
	 &of_DeleteContactListRequest,
	 &of_DeleteContactListResponse,
	 E(BAD_REQUEST)|E(CONCURRENT)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DeleteCustomVerificationEmailTemplate",
	 {{"DELETE", "/v2/email/custom-verification-email-templates/{TemplateName}"}},
	 &of_DeleteCustomVerificationEmailTemplateRequest,
	 &of_DeleteCustomVerificationEmailTemplateResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DeleteDedicatedIpPool",
	 {{"DELETE", "/v2/email/dedicated-ip-pools/{PoolName}"}},
	 &of_DeleteDedicatedIpPoolRequest,
	 &of_DeleteDedicatedIpPoolResponse,
	 E(BAD_REQUEST)|E(CONCURRENT)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DeleteEmailIdentity",
	 {{"DELETE", "/v2/email/identities/{EmailIdentity}"}},
	 &of_DeleteEmailIdentityRequest,
	 &of_DeleteEmailIdentityResponse,
	 E(BAD_REQUEST)|E(CONCURRENT)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DeleteEmailIdentityPolicy",
	 {{"DELETE", "/v2/email/identities/{EmailIdentity}/policies/{PolicyName}"}},
	 &of_DeleteEmailIdentityPolicyRequest,
	 &of_DeleteEmailIdentityPolicyResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DeleteEmailTemplate",
	 {{"DELETE", "/v2/email/templates/{TemplateName}"}},
	 &of_DeleteEmailTemplateRequest,
	 &of_DeleteEmailTemplateResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DeleteMultiRegionEndpoint",
	 {{"DELETE", "/v2/email/multi-region-endpoints/{EndpointName}"}},
	 &of_DeleteMultiRegionEndpointRequest,
	 &of_DeleteMultiRegionEndpointResponse,
	 E(BAD_REQUEST)|E(CONCURRENT)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DeleteSuppressedDestination",
	 {{"DELETE", "/v2/email/suppression/addresses/{EmailAddress}"}},
	 &of_DeleteSuppressedDestinationRequest,
	 &of_DeleteSuppressedDestinationResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DeleteTenant",
	 {{"POST", "/v2/email/tenants/delete"}},
	 &of_DeleteTenantRequest,
	 &of_DeleteTenantResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DeleteTenantResourceAssociation",
	 {{"POST", "/v2/email/tenants/resources/delete"}},
	 &of_DeleteTenantResourceAssociationRequest,
	 &of_DeleteTenantResourceAssociationResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"DisassociateEmailIdentityCertificate",
	 {{"POST", "/v2/email/identity/certificates/delete"}},
	 &of_DisassociateEmailIdentityCertificateRequest,
	 &of_DisassociateEmailIdentityCertificateResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetAccount",
	 {{"GET", "/v2/email/account"}},
	 &of_GetAccountRequest,
	 &of_GetAccountResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"GetBlacklistReports",
	 {{"GET", "/v2/email/deliverability-dashboard/blacklist-report"}},
	 &of_GetBlacklistReportsRequest,
	 &of_GetBlacklistReportsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetConfigurationSet",
	 {{"GET", "/v2/email/configuration-sets/{ConfigurationSetName}"}},
	 &of_GetConfigurationSetRequest,
	 &of_GetConfigurationSetResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetConfigurationSetEventDestinations",
	 {{"GET", "/v2/email/configuration-sets/{ConfigurationSetName}/event-destinations"}},
	 &of_GetConfigurationSetEventDestinationsRequest,
	 &of_GetConfigurationSetEventDestinationsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetContact",
	 {{"GET", "/v2/email/contact-lists/{ContactListName}/contacts/{EmailAddress}"}},
	 &of_GetContactRequest,
	 &of_GetContactResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetContactList",
	 {{"GET", "/v2/email/contact-lists/{ContactListName}"}},
	 &of_GetContactListRequest,
	 &of_GetContactListResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetCustomVerificationEmailTemplate",
	 {{"GET", "/v2/email/custom-verification-email-templates/{TemplateName}"}},
	 &of_GetCustomVerificationEmailTemplateRequest,
	 &of_GetCustomVerificationEmailTemplateResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetDedicatedIp",
	 {{"GET", "/v2/email/dedicated-ips/{IP}"}},
	 &of_GetDedicatedIpRequest,
	 &of_GetDedicatedIpResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetDedicatedIpPool",
	 {{"GET", "/v2/email/dedicated-ip-pools/{PoolName}"}},
	 &of_GetDedicatedIpPoolRequest,
	 &of_GetDedicatedIpPoolResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetDedicatedIps",
	 {{"GET", "/v2/email/dedicated-ips"}},
	 &of_GetDedicatedIpsRequest,
	 &of_GetDedicatedIpsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetDeliverabilityDashboardOptions",
	 {{"GET", "/v2/email/deliverability-dashboard"}},
	 &of_GetDeliverabilityDashboardOptionsRequest,
	 &of_GetDeliverabilityDashboardOptionsResponse,
	 E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(TOO_MANY_REQUESTS)},
	{"GetDeliverabilityTestReport",
	 {{"GET", "/v2/email/deliverability-dashboard/test-reports/{ReportId}"}},
	 &of_GetDeliverabilityTestReportRequest,
	 &of_GetDeliverabilityTestReportResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetDomainDeliverabilityCampaign",
	 {{"GET", "/v2/email/deliverability-dashboard/campaigns/{CampaignId}"}},
	 &of_GetDomainDeliverabilityCampaignRequest,
	 &of_GetDomainDeliverabilityCampaignResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetDomainStatisticsReport",
	 {{"GET", "/v2/email/deliverability-dashboard/statistics-report/{Domain}"}},
	 &of_GetDomainStatisticsReportRequest,
	 &of_GetDomainStatisticsReportResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetEmailAddressInsights",
	 {{"POST", "/v2/email/email-address-insights/"}},
	 &of_GetEmailAddressInsightsRequest,
	 &of_GetEmailAddressInsightsResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"GetEmailIdentity",
	 {{"GET", "/v2/email/identities/{EmailIdentity}"}},
	 &of_GetEmailIdentityRequest,
	 &of_GetEmailIdentityResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetEmailIdentityPolicies",
	 {{"GET", "/v2/email/identities/{EmailIdentity}/policies"}},
	 &of_GetEmailIdentityPoliciesRequest,
	 &of_GetEmailIdentityPoliciesResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetEmailTemplate",
	 {{"GET", "/v2/email/templates/{TemplateName}"}},
	 &of_GetEmailTemplateRequest,
	 &of_GetEmailTemplateResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetExportJob",
	 {{"GET", "/v2/email/export-jobs/{JobId}"}},
	 &of_GetExportJobRequest,
	 &of_GetExportJobResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetImportJob",
	 {{"GET", "/v2/email/import-jobs/{JobId}"}},
	 &of_GetImportJobRequest,
	 &of_GetImportJobResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetMessageInsights",
	 {{"GET", "/v2/email/insights/{MessageId}/"}},
	 &of_GetMessageInsightsRequest,
	 &of_GetMessageInsightsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetMultiRegionEndpoint",
	 {{"GET", "/v2/email/multi-region-endpoints/{EndpointName}"}},
	 &of_GetMultiRegionEndpointRequest,
	 &of_GetMultiRegionEndpointResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetReputationEntity",
	 {{"GET", "/v2/email/reputation/entities/{ReputationEntityType}/{ReputationEntityReference}"}},
	 &of_GetReputationEntityRequest,
	 &of_GetReputationEntityResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetSuppressedDestination",
	 {{"GET", "/v2/email/suppression/addresses/{EmailAddress}"}},
	 &of_GetSuppressedDestinationRequest,
	 &of_GetSuppressedDestinationResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"GetTenant",
	 {{"POST", "/v2/email/tenants/get"}},
	 &of_GetTenantRequest,
	 &of_GetTenantResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"ListConfigurationSets",
	 {{"POST", "/v2/email/list-configuration-sets"},
	  {"GET", "/v2/email/configuration-sets"}},
	 &of_ListConfigurationSetsRequest,
	 &of_ListConfigurationSetsResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"ListContactLists",
	 {{"GET", "/v2/email/contact-lists"}},
	 &of_ListContactListsRequest,
	 &of_ListContactListsResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"ListContacts",
	 {{"POST", "/v2/email/contact-lists/{ContactListName}/contacts/list"}},
	 &of_ListContactsRequest,
	 &of_ListContactsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"ListCustomVerificationEmailTemplates",
	 {{"GET", "/v2/email/custom-verification-email-templates"}},
	 &of_ListCustomVerificationEmailTemplatesRequest,
	 &of_ListCustomVerificationEmailTemplatesResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"ListDedicatedIpPools",
	 {{"GET", "/v2/email/dedicated-ip-pools"}},
	 &of_ListDedicatedIpPoolsRequest,
	 &of_ListDedicatedIpPoolsResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"ListDeliverabilityTestReports",
	 {{"GET", "/v2/email/deliverability-dashboard/test-reports"}},
	 &of_ListDeliverabilityTestReportsRequest,
	 &of_ListDeliverabilityTestReportsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"ListDomainDeliverabilityCampaigns",
	 {{"GET", "/v2/email/deliverability-dashboard/domains/{SubscribedDomain}/campaigns"}},
	 &of_ListDomainDeliverabilityCampaignsRequest,
	 &of_ListDomainDeliverabilityCampaignsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"ListEmailIdentities",
	 {{"POST", "/v2/email/list-identities"},
	  {"GET", "/v2/email/identities"}},
	 &of_ListEmailIdentitiesRequest,
	 &of_ListEmailIdentitiesResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"ListEmailIdentityCertificates",
	 {{"POST", "/v2/email/identity/certificates/list"}},
	 &of_ListEmailIdentityCertificatesRequest,
	 &of_ListEmailIdentityCertificatesResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"ListEmailTemplates",
	 {{"GET", "/v2/email/templates"}},
	 &of_ListEmailTemplatesRequest,
	 &of_ListEmailTemplatesResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"ListExportJobs",
	 {{"POST", "/v2/email/list-export-jobs"}},
	 &of_ListExportJobsRequest,
	 &of_ListExportJobsResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"ListImportJobs",
	 {{"POST", "/v2/email/import-jobs/list"}},
	 &of_ListImportJobsRequest,
	 &of_ListImportJobsResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"ListMultiRegionEndpoints",
	 {{"GET", "/v2/email/multi-region-endpoints"}},
	 &of_ListMultiRegionEndpointsRequest,
	 &of_ListMultiRegionEndpointsResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"ListRecommendations",
	 {{"POST", "/v2/email/vdm/recommendations"}},
	 &of_ListRecommendationsRequest,
	 &of_ListRecommendationsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"ListReputationEntities",
	 {{"POST", "/v2/email/reputation/entities"}},
	 &of_ListReputationEntitiesRequest,
	 &of_ListReputationEntitiesResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"ListResourceTenants",
	 {{"POST", "/v2/email/resources/tenants/list"}},
	 &of_ListResourceTenantsRequest,
	 &of_ListResourceTenantsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"ListSuppressedDestinations",
	 {{"GET", "/v2/email/suppression/addresses"}},
	 &of_ListSuppressedDestinationsRequest,
	 &of_ListSuppressedDestinationsResponse,
	 E(BAD_REQUEST)|E(BAD_NEXT_TOKEN)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"ListTagsForResource",
	 {{"GET", "/v2/email/tags"}},
	 &of_ListTagsForResourceRequest,
	 &of_ListTagsForResourceResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"ListTenantResources",
	 {{"POST", "/v2/email/tenants/resources/list"}},
	 &of_ListTenantResourcesRequest,
	 &of_ListTenantResourcesResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"ListTenants",
	 {{"POST", "/v2/email/tenants/list"}},
	 &of_ListTenantsRequest,
	 &of_ListTenantsResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"PutAccountDedicatedIpWarmupAttributes",
	 {{"PUT", "/v2/email/account/dedicated-ips/warmup"}},
	 &of_PutAccountDedicatedIpWarmupAttributesRequest,
	 &of_PutAccountDedicatedIpWarmupAttributesResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"PutAccountDetails",
	 {{"POST", "/v2/email/account/details"}},
	 &of_PutAccountDetailsRequest,
	 &of_PutAccountDetailsResponse,
	 E(BAD_REQUEST)|E(CONFLICT)|E(TOO_MANY_REQUESTS)},
	{"PutAccountPricingAttributes",
	 {{"PUT", "/v2/email/account/pricing-attributes"}},
	 &of_PutAccountPricingAttributesRequest,
	 &of_PutAccountPricingAttributesResponse,
	 E(BAD_REQUEST)|E(CONFLICT)|E(TOO_MANY_REQUESTS)},
	{"PutAccountSendingAttributes",
	 {{"PUT", "/v2/email/account/sending"}},
	 &of_PutAccountSendingAttributesRequest,
	 &of_PutAccountSendingAttributesResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"PutAccountSuppressionAttributes",
	 {{"PUT", "/v2/email/account/suppression"}},
	 &of_PutAccountSuppressionAttributesRequest,
	 &of_PutAccountSuppressionAttributesResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"PutAccountVdmAttributes",
	 {{"PUT", "/v2/email/account/vdm"}},
	 &of_PutAccountVdmAttributesRequest,
	 &of_PutAccountVdmAttributesResponse,
	 E(BAD_REQUEST)|E(TOO_MANY_REQUESTS)},
	{"PutConfigurationSetArchivingOptions",
	 {{"PUT", "/v2/email/configuration-sets/{ConfigurationSetName}/archiving-options"}},
	 &of_PutConfigurationSetArchivingOptionsRequest,
	 &of_PutConfigurationSetArchivingOptionsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutConfigurationSetDeliveryOptions",
	 {{"PUT", "/v2/email/configuration-sets/{ConfigurationSetName}/delivery-options"}},
	 &of_PutConfigurationSetDeliveryOptionsRequest,
	 &of_PutConfigurationSetDeliveryOptionsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutConfigurationSetReputationOptions",
	 {{"PUT", "/v2/email/configuration-sets/{ConfigurationSetName}/reputation-options"}},
	 &of_PutConfigurationSetReputationOptionsRequest,
	 &of_PutConfigurationSetReputationOptionsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutConfigurationSetSendingOptions",
	 {{"PUT", "/v2/email/configuration-sets/{ConfigurationSetName}/sending"}},
	 &of_PutConfigurationSetSendingOptionsRequest,
	 &of_PutConfigurationSetSendingOptionsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutConfigurationSetSuppressionOptions",
	 {{"PUT", "/v2/email/configuration-sets/{ConfigurationSetName}/suppression-options"}},
	 &of_PutConfigurationSetSuppressionOptionsRequest,
	 &of_PutConfigurationSetSuppressionOptionsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutConfigurationSetTrackingOptions",
	 {{"PUT", "/v2/email/configuration-sets/{ConfigurationSetName}/tracking-options"}},
	 &of_PutConfigurationSetTrackingOptionsRequest,
	 &of_PutConfigurationSetTrackingOptionsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutConfigurationSetVdmOptions",
	 {{"PUT", "/v2/email/configuration-sets/{ConfigurationSetName}/vdm-options"}},
	 &of_PutConfigurationSetVdmOptionsRequest,
	 &of_PutConfigurationSetVdmOptionsResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutDedicatedIpInPool",
	 {{"PUT", "/v2/email/dedicated-ips/{IP}/pool"}},
	 &of_PutDedicatedIpInPoolRequest,
	 &of_PutDedicatedIpInPoolResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutDedicatedIpPoolScalingAttributes",
	 {{"PUT", "/v2/email/dedicated-ip-pools/{PoolName}/scaling"}},
	 &of_PutDedicatedIpPoolScalingAttributesRequest,
	 &of_PutDedicatedIpPoolScalingAttributesResponse,
	 E(BAD_REQUEST)|E(CONCURRENT)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutDedicatedIpWarmupAttributes",
	 {{"PUT", "/v2/email/dedicated-ips/{IP}/warmup"}},
	 &of_PutDedicatedIpWarmupAttributesRequest,
	 &of_PutDedicatedIpWarmupAttributesResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutDeliverabilityDashboardOption",
	 {{"PUT", "/v2/email/deliverability-dashboard"}},
	 &of_PutDeliverabilityDashboardOptionRequest,
	 &of_PutDeliverabilityDashboardOptionResponse,
	 E(ALREADY_EXISTS)|E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutEmailIdentityConfigurationSetAttributes",
	 {{"PUT", "/v2/email/identities/{EmailIdentity}/configuration-set"}},
	 &of_PutEmailIdentityConfigurationSetAttributesRequest,
	 &of_PutEmailIdentityConfigurationSetAttributesResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutEmailIdentityDkimAttributes",
	 {{"PUT", "/v2/email/identities/{EmailIdentity}/dkim"}},
	 &of_PutEmailIdentityDkimAttributesRequest,
	 &of_PutEmailIdentityDkimAttributesResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutEmailIdentityDkimSigningAttributes",
	 {{"PUT", "/v2/email/identities/{EmailIdentity}/dkim/signing"},
	  {"PUT", "/v1/email/identities/{EmailIdentity}/dkim/signing"}},
	 &of_PutEmailIdentityDkimSigningAttributesRequest,
	 &of_PutEmailIdentityDkimSigningAttributesResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutEmailIdentityFeedbackAttributes",
	 {{"PUT", "/v2/email/identities/{EmailIdentity}/feedback"}},
	 &of_PutEmailIdentityFeedbackAttributesRequest,
	 &of_PutEmailIdentityFeedbackAttributesResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutEmailIdentityMailFromAttributes",
	 {{"PUT", "/v2/email/identities/{EmailIdentity}/mail-from"}},
	 &of_PutEmailIdentityMailFromAttributesRequest,
	 &of_PutEmailIdentityMailFromAttributesResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutSuppressedDestination",
	 {{"PUT", "/v2/email/suppression/addresses"}},
	 &of_PutSuppressedDestinationRequest,
	 &of_PutSuppressedDestinationResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"PutTenantSuppressionAttributes",
	 {{"POST", "/v2/email/tenant/suppression"}},
	 &of_PutTenantSuppressionAttributesRequest,
	 &of_PutTenantSuppressionAttributesResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"SendBulkEmail",
	 {{"POST", "/v2/email/outbound-bulk-emails"}},
	 &of_SendBulkEmailRequest,
	 &of_SendBulkEmailResponse,
	 E(ACCOUNT_SUSPENDED)|E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(MAIL_FROM)|E(MESSAGE_REJECTED)|E(NOT_FOUND)|E(SENDING_PAUSED)|E(TOO_MANY_REQUESTS)},
	{"SendCustomVerificationEmail",
	 {{"POST", "/v2/email/outbound-custom-verification-emails"}},
	 &of_SendCustomVerificationEmailRequest,
	 &of_SendCustomVerificationEmailResponse,
	 E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(MAIL_FROM)|E(MESSAGE_REJECTED)|E(NOT_FOUND)|E(SENDING_PAUSED)|E(TOO_MANY_REQUESTS)},
	{"SendEmail",
	 {{"POST", "/v2/email/outbound-emails"}},
	 &of_SendEmailRequest,
	 &of_SendEmailResponse,
	 E(ACCOUNT_SUSPENDED)|E(BAD_REQUEST)|E(LIMIT_EXCEEDED)|E(MAIL_FROM)|E(MESSAGE_REJECTED)|E(NOT_FOUND)|E(SENDING_PAUSED)|E(TOO_MANY_REQUESTS)},
	{"TagResource",
	 {{"POST", "/v2/email/tags"}},
	 &of_TagResourceRequest,
	 &of_TagResourceResponse,
	 E(BAD_REQUEST)|E(CONCURRENT)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"TestRenderEmailTemplate",
	 {{"POST", "/v2/email/templates/{TemplateName}/render"}},
	 &of_TestRenderEmailTemplateRequest,
	 &of_TestRenderEmailTemplateResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"UntagResource",
	 {{"DELETE", "/v2/email/tags"}},
	 &of_UntagResourceRequest,
	 &of_UntagResourceResponse,
	 E(BAD_REQUEST)|E(CONCURRENT)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"UpdateConfigurationSet",
	 {{"POST", "/v2/email/update-configuration-sets"}},
	 &of_UpdateConfigurationSetRequest,
	 &of_UpdateConfigurationSetResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"UpdateConfigurationSetEventDestination",
	 {{"PUT", "/v2/email/configuration-sets/{ConfigurationSetName}/event-destinations/{EventDestinationName}"}},
	 &of_UpdateConfigurationSetEventDestinationRequest,
	 &of_UpdateConfigurationSetEventDestinationResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"UpdateContact",
	 {{"PUT", "/v2/email/contact-lists/{ContactListName}/contacts/{EmailAddress}"}},
	 &of_UpdateContactRequest,
	 &of_UpdateContactResponse,
	 E(BAD_REQUEST)|E(CONCURRENT)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"UpdateContactList",
	 {{"PUT", "/v2/email/contact-lists/{ContactListName}"}},
	 &of_UpdateContactListRequest,
	 &of_UpdateContactListResponse,
	 E(BAD_REQUEST)|E(CONCURRENT)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"UpdateCustomVerificationEmailTemplate",
	 {{"PUT", "/v2/email/custom-verification-email-templates/{TemplateName}"}},
	 &of_UpdateCustomVerificationEmailTemplateRequest,
	 &of_UpdateCustomVerificationEmailTemplateResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"UpdateEmailIdentityPolicy",
	 {{"PUT", "/v2/email/identities/{EmailIdentity}/policies/{PolicyName}"}},
	 &of_UpdateEmailIdentityPolicyRequest,
	 &of_UpdateEmailIdentityPolicyResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"UpdateEmailTemplate",
	 {{"PUT", "/v2/email/templates/{TemplateName}"}},
	 &of_UpdateEmailTemplateRequest,
	 &of_UpdateEmailTemplateResponse,
	 E(BAD_REQUEST)|E(NOT_FOUND)|E(TOO_MANY_REQUESTS)},
	{"UpdateReputationEntityCustomerManagedStatus",
	 {{"PUT", "/v2/email/reputation/entities/{ReputationEntityType}/{ReputationEntityReference}/customer-managed-status"}},
	 &of_UpdateReputationEntityCustomerManagedStatusRequest,
	 &of_UpdateReputationEntityCustomerManagedStatusResponse,
	 E(BAD_REQUEST)|E(CONFLICT)|E(TOO_MANY_REQUESTS)},
	{"UpdateReputationEntityPolicy",
	 {{"PUT", "/v2/email/reputation/entities/{ReputationEntityType}/{ReputationEntityReference}/policy"}},
	 &of_UpdateReputationEntityPolicyRequest,
	 &of_UpdateReputationEntityPolicyResponse,
	 E(BAD_REQUEST)|E(CONFLICT)|E(TOO_MANY_REQUESTS)}
};
/* clang-format on */

const struct ses_operation *
ses_model_at(size_t i)
{
	return i < COUNT(operations) ? &operations[i] : NULL;
}
