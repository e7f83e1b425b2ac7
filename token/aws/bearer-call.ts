import { bearerEndpoint } from "../endpoints/bearer-endpoint.ts";
import type { BearerService, Endpoints } from "../endpoints/endpoints.ts";
import type { Env } from "../env.ts";
import { type ErrorCode, VouchError } from "../errors/errors.ts";
import { pause } from "../interruption.ts";
import type { HttpAnswer } from "../net/http-client.ts";
import { systemTimers } from "../timers.ts";
import { jsonRecord, textMember } from "../vouch/json-record.ts";
import { withRetries } from "../vouch/retry.ts";
import { serverText } from "../vouch/server-text.ts";
import { awsNetworkError } from "./aws-network-error.ts";
import type { TokenFileAccess } from "./token-files/token-file.ts";

/** What asking services needs that know people by a token, and keeping what they give. */
export interface BearerAccess extends TokenFileAccess {
  readonly homeDir: string;
  /** For the proxy, FIPS and dual-stack. */
  readonly env: Env;
  readonly endpoints: Endpoints;
  /** False: nothing is written. So no token is refreshed either: AWS knows the one before no more. */
  readonly keep: boolean;
  /** Tells the person, in whole sentences, what went wrong although the command goes on. */
  readonly warn: (text: string) => void;
}

/** One call of a service that knows people by what they show, not by a signature. */
export interface ServiceCall {
  readonly service: BearerService;
  readonly region: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Secret. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Secret; sent as JSON by POST. Undefined: a GET. */
  readonly body?: object;
  /** What a failure that may pass is tried again; once when false. */
  readonly repeats?: boolean;
}

/** A refusal: AWS's name for it, and its words, fit for a terminal. */
export interface ServiceRefusal {
  /** `UnauthorizedException` */
  readonly name: string;
  readonly words: string;
}

/**
 * Sends the call, and again what AWS could not answer now. Throws `aws-unreachable`, `aws-untrusted`, `region-invalid`,
 * `interrupted`.
 */
export async function callService(call: ServiceCall, access: BearerAccess): Promise<HttpAnswer> {
  const { clock, endpoints, env, signal } = access;
  const url = serviceUrl(call, access);
  // Most often nobody is asked: the token at hand is good.
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

/** The address of a call, query and all. */
export function serviceUrl(
  { service, region, path, query = {} }: Pick<ServiceCall, "service" | "region" | "path" | "query">,
  access: Pick<BearerAccess, "env" | "endpoints">,
): URL {
  const base = bearerEndpoint(service, { ...access, region });
  const url = new URL(`${base.pathname.replace(/\/$/, "")}${path}`, base);
  // Not every reader of a query takes a plus for a blank.
  url.search = new URLSearchParams(query).toString().replaceAll("+", "%20");
  return url;
}

/** What AWS calls its refusal: in a header, or in the body where a proxy took the header away. */
export function refusalOf({ headers, status, body }: HttpAnswer): ServiceRefusal {
  const members = jsonRecord(body);
  const header = headers["x-amzn-errortype"];
  const named = typeof header === "string" ? header : (textMember(members, "__type") ?? "");
  // `Name:http://…` in a header, `namespace#Name` in a body.
  const [word = ""] = named.split(":", 1);
  const name = serverText(word.slice(word.lastIndexOf("#") + 1)) ?? `HTTP ${status}`;
  const said = textMember(members, "error_description") ?? textMember(members, "message");
  return { name, words: serverText(said) ?? "no reason given" };
}

/** A refusal that says nothing of the session: what it means, and AWS's words. `action` is `sso:GetRoleCredentials`. */
export function serviceError(answer: HttpAnswer, action: string): VouchError {
  const { name, words } = refusalOf(answer);
  return new VouchError(codeOfStatus(answer.status), `AWS refused ${action}: ${name}: ${words}.`);
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 429) return "aws-throttled";
  return status === 403 ? "aws-denied" : "aws-failed";
}

/** AWS answered, and not as its service model has it. */
export function strangeAnswer(action: string, what: string): VouchError {
  return new VouchError("aws-failed", `AWS answered ${action} ${what}.`);
}
