import { bearerEndpoint } from "../endpoints/aws-endpoint.ts";
import type { BearerService, Endpoints } from "../endpoints/endpoints.ts";
import type { Env } from "../env.ts";
import { type ErrorCode, VouchError } from "../errors/errors.ts";
import type { HttpAnswer } from "../net/http-client.ts";
import { withRetries } from "../net/retry.ts";
import { serverText } from "../net/server-text.ts";
import { jsonRecord, textMember } from "../record.ts";
import { type Clock, pause, systemTimers } from "../timers.ts";
import { awsNetworkError } from "./aws-error.ts";

/** What is needed to call services that identify users by a token, and to keep what they give. */
export interface BearerAccess {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly homeDir: string;
  /** For the proxy, FIPS and dual-stack. */
  readonly env: Env;
  readonly endpoints: Endpoints;
  /** False: nothing is written. Then no token is refreshed either, since AWS would no longer know the previous one. */
  readonly keep: boolean;
  /** Tells the user, in whole sentences, about a problem that does not stop the command. */
  readonly warn: (text: string) => void;
}

/** One call of a service that identifies users by a token or code in the request, not by a signature. */
interface ServiceCall {
  readonly service: BearerService;
  readonly region: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Secret. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Secret; sent as JSON by POST. Undefined: a GET. */
  readonly body?: object;
  /** False: the call is sent only once, even after a failure that may pass. */
  readonly repeats?: boolean;
}

/** A refusal: AWS's name for it and its message, safe to print on a terminal. */
interface ServiceRefusal {
  /** `UnauthorizedException` */
  readonly name: string;
  readonly words: string;
}

/**
 * Sends the call, and repeats it if AWS could not answer for the moment. Throws `aws-unreachable`, `aws-untrusted`,
 * `region-invalid`, `interrupted`.
 */
export async function callService(call: ServiceCall, access: BearerAccess): Promise<HttpAnswer> {
  const { clock, endpoints, env, signal } = access;
  const url = serviceUrl(call, access);
  // Loaded only now: usually there is no call, because the token at hand is good.
  const { httpClient } = await import("../net/http-client.ts");
  const http = httpClient({ env, caBundle: endpoints.awsCaBundle, clock, signal });
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const send = () =>
    http({
      method: body === undefined ? "GET" : "POST",
      url,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...call.headers,
      },
      body,
    });
  const retry = { sleep: (ms: number) => pause(ms, systemTimers, signal), random: Math.random };
  try {
    return await (call.repeats === false ? send() : withRetries(send, retry));
  } catch (error) {
    throw awsNetworkError(error);
  }
}

/** The URL of a call, with its query. */
export function serviceUrl(
  { service, region, path, query = {} }: Pick<ServiceCall, "service" | "region" | "path" | "query">,
  access: Pick<BearerAccess, "env" | "endpoints">,
): URL {
  const base = bearerEndpoint(service, { ...access, region });
  const url = new URL(`${base.pathname.replace(/\/$/, "")}${path}`, base);
  // Not every server reads a plus in a query as a blank.
  url.search = new URLSearchParams(query).toString().replaceAll("+", "%20");
  return url;
}

/** Reads AWS's name for its refusal from a header, or from the body if a proxy removed the header. */
export function refusalOf({ headers, status, body }: HttpAnswer): ServiceRefusal {
  const members = jsonRecord(body);
  const header = headers["x-amzn-errortype"];
  const named = typeof header === "string" ? header : (textMember(members, "__type") ?? "");
  // `Name:http://…` in a header, `namespace#Name` in a body.
  const [word = ""] = named.split(":", 1);
  const name = serverText(word.slice(word.lastIndexOf("#") + 1)) ?? `HTTP ${status}`;
  const said = textMember(members, "error_description") ?? textMember(members, "message");
  return { name, words: (serverText(said) ?? "no reason stated").replace(/\.$/, "") };
}

/**
 * The error for a refusal that says nothing about the session, with AWS's message. `action` is `sso:GetRoleCredentials`; `hints` are
 * for refusals of some names.
 */
export function serviceError(
  answer: HttpAnswer,
  action: string,
  hints: Readonly<Record<string, string>> = {},
): VouchError {
  const { name, words } = refusalOf(answer);
  const hint = new Map(Object.entries(hints)).get(name);
  const message = `AWS rejected ${action}: ${name}: ${words}.`;
  return new VouchError(codeOfStatus(answer.status), message, hint === undefined ? {} : { hint });
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 429) return "aws-throttled";
  return status === 403 ? "aws-denied" : "aws-failed";
}

/** AWS answered, but not as its service model says. */
export function strangeAnswer(action: string, what: string): VouchError {
  return new VouchError("aws-failed", `AWS responded to ${action} ${what}.`);
}
