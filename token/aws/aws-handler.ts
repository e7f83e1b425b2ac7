import type { IncomingHttpHeaders } from "node:http";
import type { Env } from "../env.ts";
import { answerInvalid, type IncomingAnswer, sendRequest } from "../net/http-client.ts";
import { httpsAgent } from "../net/https-agent.ts";
import { type ExchangeLimits, timeoutBehind } from "../net/limits.ts";

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
export interface AwsHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: SdkHttpRequest): Promise<SdkHttpAnswer>;
  destroy(): void;
}

export interface AwsHandlerOptions {
  readonly env: Env;
  /** The URL for which the proxy is chosen. */
  readonly target: URL;
  /** PEM file of the authorities trusted besides those built in. */
  readonly caBundle: string | undefined;
  readonly limits: ExchangeLimits;
}

/**
 * Sends the SDK's requests within our limits, and through the proxy of the environment. If an answer is too late, the SDK gets
 * its `TimeoutError` and tries again; if it is too large, that is a final error.
 */
export function awsHandler({ env, target, caBundle, limits }: AwsHandlerOptions): AwsHandler {
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
    [value].flat().map((one) => (one === null ? escaped(name) : `${escaped(name)}=${escaped(one)}`)),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

function escaped(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]),
  );
}
