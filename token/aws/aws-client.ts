import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { rfc3986 } from "../eks/sigv4-query.ts";
import { sdkHost } from "../endpoints/aws-endpoint.ts";
import type { AwsService, Endpoints } from "../endpoints/endpoints.ts";
import type { Env } from "../env.ts";
import { answerInvalid, type IncomingAnswer, sendRequest } from "../net/http-client.ts";
import { httpsAgent } from "../net/https-agent.ts";
import {
  AWS_LIMITS,
  type AwsLimits,
  type ExchangeLimits,
  timeoutBehind,
  timeoutError,
} from "../net/limits.ts";
import type { AwsCredentials } from "./aws-credentials.ts";

/** The address and the identity for calls to AWS. */
export interface AwsPlace {
  readonly region: string;
  /** For the proxy, FIPS and dual-stack. */
  readonly env: Env;
  /** The hosts of the services, and the CAs trusted in addition to the built-in ones. */
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

/** The request that the SDK hands to its handler: the members that our calls fill. */
interface SdkHttpRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface SdkHttpAnswer {
  readonly response: {
    readonly statusCode: number;
    readonly headers: Record<string, string>;
    readonly body: Uint8Array;
  };
}

/** The interface of a request handler of the SDK. */
interface AwsHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: SdkHttpRequest): Promise<SdkHttpAnswer>;
  destroy(): void;
}

interface AwsHandlerOptions {
  readonly env: Env;
  /** The URL for which the proxy is chosen. */
  readonly target: URL;
  /** PEM file of the CAs trusted in addition to the built-in ones. */
  readonly caBundle: string | undefined;
  readonly limits: ExchangeLimits;
}

/**
 * Sends the SDK's requests within our limits, and through the proxy of the environment. If an answer is too late, the SDK gets
 * its `TimeoutError` and tries again; if it is too large, that is a final error.
 */
function awsHandler({ env, target, caBundle, limits }: AwsHandlerOptions): AwsHandler {
  const agent = (signal: AbortSignal) => httpsAgent({ env, caBundle, target, signal });
  return {
    metadata: { handlerProtocol: "http/1.1" },
    async handle(request) {
      const { method, headers, body } = request;
      if (!(body === undefined || typeof body === "string" || body instanceof Uint8Array)) {
        throw new TypeError("The body of a request to AWS is neither text nor bytes.");
      }
      const url = urlOf(request);
      const path = request.path + queryOf(request);
      const sent = { method, url, path, headers, body, agent };
      const answer = await sendRequest(sent, { limits, clock: Date.now }).catch((error: unknown) => {
        throw timeoutBehind(error) ?? error;
      });
      if (isWebPage(answer)) throw answerInvalid(url, "returned a web page instead of an AWS response");
      return {
        response: { statusCode: answer.status, headers: flat(answer.headers), body: answer.body },
      };
    },
    destroy: () => undefined,
  };
}

/** A captive portal or a proxy answers with a page. Error statuses are left to the SDK, which tries again. */
function isWebPage({ status, headers }: IncomingAnswer): boolean {
  return status >= 200 && status < 300 && headers["content-type"]?.startsWith("text/html") === true;
}

function urlOf({ protocol, hostname, port }: SdkHttpRequest): URL {
  return new URL(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}/`);
}

/** As SigV4 signs it: all characters are escaped but the unreserved ones. */
function queryOf({ query }: SdkHttpRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one) => (one === null ? rfc3986(name) : `${rfc3986(name)}=${rfc3986(one)}`)),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]),
  );
}
