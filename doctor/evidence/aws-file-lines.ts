import { isSecretName } from "../../token/masking/secret-words.ts";

/**
 * The settings of AWS's tools. Source: docs.aws.amazon.com, AWS SDKs and Tools Reference Guide, "Settings reference"; AWS CLI User
 * Guide, "Configuration and credential file settings"; botocore, configprovider.py.
 */
const SETTINGS = new Set(
  `account_id_endpoint_mode addressing_style api_versions auth_scheme_preference aws_access_key_id aws_account_id
  aws_credential_expiration aws_expiration aws_secret_access_key aws_security_token aws_session_token ca_bundle cli_auto_prompt
  cli_binary_format cli_error_format cli_follow_urlparam cli_help_output cli_history cli_pager cli_timestamp_format connect_timeout
  credential_process credential_source csm_client_id csm_enabled csm_host csm_port defaults_mode disable_request_compression
  duration_seconds ec2_metadata_service_endpoint ec2_metadata_service_endpoint_mode ec2_metadata_v1_disabled endpoint_discovery_enabled
  endpoint_url expiration external_id ignore_configured_endpoint_urls inherit_env keyring login_session max_attempts
  max_bandwidth max_concurrent_requests max_queue_size metadata_service_num_attempts metadata_service_timeout mfa_serial
  multipart_chunksize multipart_threshold output parameter_validation payload_signing_enabled read_timeout region
  request_checksum_calculation request_min_compression_size_bytes response_checksum_validation retry_mode role_arn
  role_session_name s3 s3_disable_express_session_auth s3_disable_multiregion_access_points s3_us_east_1_regional_endpoint
  s3_use_arn_region sdk_ua_app_id services sigv4a_signing_region_set source_profile sso_account_id sso_region
  sso_registration_scopes sso_role_name sso_session sso_start_url sts_regional_endpoints tcp_keepalive toolkit_artifact_guid
  use_accelerate_endpoint use_dualstack_endpoint use_fips_endpoint user_agent_appid web_identity_token_file
  x_principal_arn x_security_token_expires`.split(/\s+/),
);

/** Of these sections no other tool's files have any. */
const OF_AWS = /^\s*\[\s*(?:(?:default|plugins|preview)\s*\]|(?:profile|sso-session|services)\s)/;

const LEFT_OUT = "#";
/** Neither a section nor a setting, as what stood there. */
const BROKEN = "***";

/**
 * Lines of a file that should be an AWS config: sections and settings that AWS's tools know, and nothing of what a kubeconfig that
 * names a diary or a history as one would have us collect. Line for line, so that what is broken stays so.
 */
export function awsFileLines(text: string): string {
  const lines = text.split("\n");
  return lines.map((line, index) => kept(line, lines, index)).join("\n");
}

function kept(line: string, lines: readonly string[], index: number): string {
  const content = line.trim();
  if (content === "") return line;
  if (/^[#;]/.test(content)) return LEFT_OUT;
  if (content.startsWith("[")) return OF_AWS.test(line) || hasSetting(lines, index + 1) ? line : LEFT_OUT;
  const name = nameOf(line);
  if (name === undefined) return BROKEN;
  return isOfAws(name) ? line : LEFT_OUT;
}

/** Whether a section that begins above has a setting of AWS. */
function hasSetting(lines: readonly string[], start: number): boolean {
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (line.trimStart().startsWith("[")) return false;
    const name = nameOf(line);
    if (name !== undefined && isOfAws(name)) return true;
  }
  return false;
}

/** A secret is masked later, and its name is worth knowing where it is misspelled. */
function isOfAws(name: string): boolean {
  return SETTINGS.has(name) || (name.startsWith("aws_") && isSecretName(name));
}

function nameOf(line: string): string | undefined {
  const [, name] = /^\s*([\w.-]+)\s*[=:]/.exec(line) ?? [];
  return name?.toLowerCase();
}
