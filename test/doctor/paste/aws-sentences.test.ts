import assert from "node:assert/strict";
import { judge } from "../corpus/corpus.ts";

/**
 * What AWS's tools print where credentials, profiles, regions or the way to AWS are the trouble, each line alone as somebody pastes
 * it, with the causes that answer it. Sources: botocore 2.9 and 1.45, exceptions.py, credentials.py, tokens.py; aws-sdk-go-v2,
 * config and credentials; aws-sdk-go, aws/credentials; aws-sdk-js-v3, credential-providers; aws-sdk-java-v2, auth and regions.
 */
const SENTENCES: readonly (readonly [string, string])[] = [
  // Programs.
  ["K1", "bash: aws: command not found"],
  ["K1", "sh: 1: aws-iam-authenticator: not found"],
  ["K1", "zsh: command not found: aws"],
  ["K1", "fish: Unknown command: aws"],
  ["K1", "'aws' is not recognized as an internal or external command,"],
  [
    "K1",
    "aws : The term 'aws' is not recognized as the name of a cmdlet, function, script file, or operable program.",
  ],
  // Clocks.
  [
    "S8",
    "Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2019-01-01T00:00:00Z is before 2025-01-01T00:00:00Z",
  ],
  // Regions.
  ["K17", 'You must specify a region. You can also configure your region by running "aws configure".'],
  ["K17", "botocore.exceptions.NoRegionError: You must specify a region."],
  ["K17", "Provided region_name 'eu west 1' doesn't match a supported format."],
  ["K17", "Invalid endpoint: https://sts..amazonaws.com"],
  ["K17", "Invalid endpoint: https://eks.{{ region }}.amazonaws.com"],
  ["K17", "operation error EKS: DescribeCluster, failed to resolve service endpoint, Missing Region"],
  ["K17", "MissingRegion: could not find region configuration"],
  ["K17", "ConfigError: Missing region in config"],
  ["K17", "Error: Region is missing"],
  [
    "K17",
    "software.amazon.awssdk.core.exception.SdkClientException: Unable to load region from any of the providers in the chain",
  ],
  // No answer from AWS.
  ["N13", 'Could not connect to the endpoint URL: "https://sts.eu-central-1.amazonaws.com/"'],
  ["N13", 'Could not connect to the endpoint URL: "https://eks.eu-west-1.amazonaws.com/clusters/lab"'],
  ["N13", 'Connect timeout on endpoint URL: "https://sts.amazonaws.com/"'],
  ["N13", 'Read timeout on endpoint URL: "https://eks.eu-west-1.amazonaws.com/clusters/lab"'],
  [
    "N13",
    'Connection was closed before we received a valid response from endpoint URL: "https://sts.eu-west-1.amazonaws.com/".',
  ],
  [
    "N7",
    "SSL validation failed for https://sts.eu-west-1.amazonaws.com/ [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self signed certificate in certificate chain (_ssl.c:1007)",
  ],
  ["N8", 'Failed to connect to proxy URL: "http://proxy.example.com:3128"'],
  ["L17", "Could not find a suitable TLS CA certificate bundle, invalid path: /etc/ssl/company.pem"],
  // Profiles.
  ["L3", "The config profile (dev) could not be found"],
  ["L3", "failed to get shared config profile, dev"],
  [
    "L3",
    "CredentialsProviderError: Could not resolve credentials using profile: [dev] in configuration/credentials file(s).",
  ],
  ["L17", "Unable to parse config file: /home/ada/.aws/config"],
  ["L17", 'The source_profile "n" referenced in the profile "dev" does not exist'],
  ["L17", 'The source profile "b" must have credentials.'],
  [
    "L17",
    "Infinite loop in credential configuration detected. Attempting to load from profile a which has already been visited. Visited profiles: ['a', 'b']",
  ],
  ["L17", "Missing the following required SSO configuration values: sso_region, sso_start_url."],
  [
    "L17",
    'The profile "dev" is configured to use the SSO token provider but the "corp" sso_session configuration does not exist.',
  ],
  [
    "L21",
    "Profile dev is configured to use SSO but is missing required configuration: sso_start_url, sso_region",
  ],
  ["L13", "Error when retrieving credentials from custom-process: /bin/sh: 1: aws-vault: not found"],
  // No credentials.
  ["L1", 'Unable to locate credentials. You can configure credentials by running "aws configure".'],
  ["L1", "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY"],
  ["L1", "NoCredentialProviders: no valid providers in chain. Deprecated."],
  ["L1", "CredentialsProviderError: Could not load credentials from any providers"],
  [
    "L1",
    "operation error STS: GetCallerIdentity, get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, request canceled, context deadline exceeded",
  ],
  [
    "L1",
    "software.amazon.awssdk.core.exception.SdkClientException: Unable to load credentials from any of the providers in the chain AwsCredentialsProviderChain",
  ],
  [
    "L20",
    "Error when retrieving credentials from Ec2InstanceMetadata: No credentials found in credential_source",
  ],
  [
    "L20",
    "Error when retrieving credentials from container-role: Error retrieving metadata: Received non 200 response 404 from ECS metadata: ",
  ],
  // Sessions.
  ["L2", "Error when retrieving token from sso: Token has expired and refresh failed"],
  ["L2", "Error loading SSO Token: Token for dev does not exist"],
  ["L2", "Token for https://example.awsapps.com/start does not exist"],
  [
    "L2",
    "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.",
  ],
  [
    "L2",
    "get credentials: failed to refresh cached credentials, refresh cached SSO token failed, unable to refresh SSO token, operation error SSO OIDC: CreateToken, https response error StatusCode: 400, InvalidGrantException",
  ],
  ["L11", "Your session has expired. Please reauthenticate using 'aws login'."],
  [
    "L5",
    "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token included in the request is expired",
  ],
  // Refusals of AWS.
  [
    "L6",
    "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.",
  ],
  [
    "S8",
    "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: Signature expired: 20260101T000000Z is now earlier than 20260101T010000Z (20260101T011500Z - 15 min.)",
  ],
  [
    "S1",
    "An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/Dev",
  ],
  [
    "S4",
    "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: No OpenIDConnect provider found in your account for https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF",
  ],
  [
    "L10",
    "An error occurred (ValidationError) when calling the AssumeRole operation: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
  ],
  ["L18", "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access"],
  [
    "N11",
    "An error occurred (ResourceNotFoundException) when calling the DescribeCluster operation: No cluster found for name: lab.",
  ],
  ["L19", "[Errno 2] No such file or directory: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token'"],
  ["K17", "aws: error: the following arguments are required: --cluster-name"],
];

describe("a sentence of AWS's tools, pasted alone", () => {
  for (const [row, text] of SENTENCES)
    it(`leads to ${row}: ${text.slice(0, 100)}`, () => {
      const { verdict, said } = judge({
        name: row,
        source: "",
        answer: [row],
        text: `${text}\n`,
        isSetAside: false,
      });
      assert.equal(verdict, "right", said);
    });
});
