import { setTimeout as sleep } from "node:timers/promises";
import type { Env } from "../env.ts";
import { timeoutError } from "../net/deadline.ts";
import { AWS_LIMITS, type AwsLimits } from "../net/limits.ts";
import type { AwsCredentials } from "./aws-credentials.ts";
import { awsHandler } from "./aws-handler.ts";

export interface SdkRequest {
  readonly region: string;
  /** For the proxy. */
  readonly env: Env;
  /** Where the calls go. */
  readonly target: URL;
  /** PEM file of the authorities that are trusted besides those built in. */
  readonly caBundle: string | undefined;
  readonly credentials?: AwsCredentials | undefined;
  readonly limits?: AwsLimits | undefined;
}

/**
 * What every client of the AWS SDK is made with. All it may know is given here: left to itself the SDK reads `~/.aws` for
 * retries, FIPS, endpoints and much else, and refuses an endpoint together with FIPS.
 */
export function sdkOptions({ region, env, target, caBundle, credentials, limits = AWS_LIMITS }: SdkRequest) {
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
    requestHandler: awsHandler({ env, target, caBundle, limits }),
    ...(credentials === undefined ? {} : { credentials: sdkIdentity(credentials) }),
  };
}

/** The part of an SDK client that `withDeadline` needs. */
interface DeadlinedClient {
  readonly middlewareStack: {
    add(
      middleware: <T>(next: (call: T) => Promise<unknown>) => (call: T) => Promise<unknown>,
      options: { readonly step: "initialize"; readonly priority: "high"; readonly name: string },
    ): void;
  };
}

/** The client, with a limit on each whole call: retries and the pauses before them, for which a server may ask, included. */
export function withDeadline<C>(client: C, { callMs }: AwsLimits = AWS_LIMITS): C {
  const { middlewareStack } = client as C & DeadlinedClient;
  middlewareStack.add((next) => (call) => inTime(next(call), callMs), {
    step: "initialize",
    priority: "high",
    name: "kubectlVouchDeadline",
  });
  return client;
}

async function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
  const control = new AbortController();
  const late = sleep(limitMs, undefined, { signal: control.signal }).then(() => {
    throw timeoutError(`no answer within ${limitMs / 1000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    control.abort();
    late.catch(() => undefined);
  }
}

/** Our credentials in the SDK's shape. */
function sdkIdentity({ accessKeyId, secretAccessKey, sessionToken, expires }: AwsCredentials) {
  return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expires) };
}
