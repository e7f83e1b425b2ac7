import type { Env } from "../env.ts";
import { awsAgents } from "./aws-agents.ts";
import type { AwsCredentials } from "./aws-credentials.ts";

/** How long and how often one call to AWS may try. */
export interface SdkLimits {
  /** Tries of one call, the first included. */
  readonly attempts: number;
  /** How long a connection may take, in milliseconds. */
  readonly connectMs: number;
  /** How long an answer may take, in milliseconds. */
  readonly answerMs: number;
}

const LIMITS: SdkLimits = { attempts: 3, connectMs: 5000, answerMs: 15_000 };

export interface SdkRequest {
  readonly region: string;
  /** For the proxy. */
  readonly env: Env;
  /** Where the calls go. */
  readonly target: URL;
  /** PEM file of the authorities that are trusted besides those built in. */
  readonly caBundle: string | undefined;
  readonly credentials?: AwsCredentials | undefined;
  readonly limits?: SdkLimits | undefined;
}

/**
 * What every client of the AWS SDK is made with. All it may know is given here: left to itself the SDK reads `~/.aws` for
 * retries, FIPS, endpoints and much else, and refuses an endpoint together with FIPS.
 */
export function sdkOptions({ region, env, target, caBundle, credentials, limits = LIMITS }: SdkRequest) {
  return {
    region,
    ignoreConfiguredEndpointUrls: true,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    authSchemePreference: [],
    disableClockSkewCorrection: false,
    userAgentAppId: "kubectl-vouch",
    maxAttempts: limits.attempts,
    retryMode: "standard",
    defaultsMode: "standard" as const,
    requestHandler: {
      ...awsAgents({ env, target, caBundle }),
      connectionTimeout: limits.connectMs,
      requestTimeout: limits.answerMs,
      throwOnRequestTimeout: true,
    },
    ...(credentials === undefined ? {} : { credentials: sdkIdentity(credentials) }),
  };
}

/** Our credentials in the SDK's shape. */
function sdkIdentity({ accessKeyId, secretAccessKey, sessionToken, expires }: AwsCredentials) {
  return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expires) };
}
