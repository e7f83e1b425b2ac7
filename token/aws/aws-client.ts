import { setTimeout as sleep } from "node:timers/promises";
import { sdkHost } from "../endpoints/aws-endpoint.ts";
import type { AwsService, Endpoints } from "../endpoints/endpoints.ts";
import type { Env } from "../env.ts";
import { AWS_LIMITS, type AwsLimits, timeoutError } from "../net/limits.ts";
import type { AwsCredentials } from "./aws-credentials.ts";
import { awsHandler } from "./aws-handler.ts";

/** The address and the identity for calls to AWS. */
export interface AwsPlace {
  readonly region: string;
  /** For the proxy, FIPS and dual-stack. */
  readonly env: Env;
  /** The hosts of the services, and the authorities trusted besides those built in. */
  readonly endpoints: Endpoints;
  readonly credentials?: AwsCredentials | undefined;
  readonly limits?: AwsLimits | undefined;
}

/** A client of one AWS service. All clients are made here. */
export function awsClient<C extends DeadlinedClient>(
  Client: new (options: SdkOptions) => C,
  service: AwsService,
  place: AwsPlace,
): C {
  return withDeadline(new Client(sdkOptions(service, place)), place.limits);
}

type SdkOptions = ReturnType<typeof sdkOptions>;

/**
 * The complete configuration of a client. Whatever is missing, the SDK reads from `~/.aws` (retries, FIPS, endpoints and much
 * else), and it refuses an endpoint together with FIPS.
 */
function sdkOptions(service: AwsService, place: AwsPlace) {
  const { region, env, endpoints, credentials, limits = AWS_LIMITS } = place;
  const { target, options } = sdkHost(service, place);
  return {
    region,
    ignoreConfiguredEndpointUrls: true,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    ...options,
    authSchemePreference: [],
    disableClockSkewCorrection: false,
    userAgentAppId: "kubectl-vouch",
    maxAttempts: limits.attempts,
    retryMode: "standard",
    defaultsMode: "standard" as const,
    requestHandler: awsHandler({ env, target, caBundle: endpoints.awsCaBundle, limits }),
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

/** The client, with a time limit for each whole call, including retries and the pauses that a server may ask for. */
function withDeadline<C extends DeadlinedClient>(client: C, { callMs }: AwsLimits = AWS_LIMITS): C {
  client.middlewareStack.add((next) => (call) => inTime(next(call), callMs), {
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
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(expires === undefined ? {} : { expiration: new Date(expires) }),
  };
}
