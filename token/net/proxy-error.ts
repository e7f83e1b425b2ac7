import { unsetVariables } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { reasonOf, VouchError } from "../errors/errors.ts";
import type { ProxyChoice } from "./chosen-proxy.ts";
import { timeoutError } from "./deadline.ts";
import { CERTIFICATE_CODES, codeOf } from "./network-error.ts";

/** Messages for common codes, to follow `does not answer: `. */
const REASONS: Readonly<Record<string, string>> = {
  EAI_AGAIN: "its host cannot be looked up: the DNS server did not answer",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "it closed the connection",
  EHOSTUNREACH: "it cannot be reached from this network",
  ENETUNREACH: "it cannot be reached from this network",
  ENOTFOUND: "no such host",
  EPIPE: "it closed the connection",
  ETIMEDOUT: "the connection attempt timed out",
};

/** `The proxy http://127.0.0.1:3128 of HTTPS_PROXY`, without its credentials. */
export function proxyName({ url, origin }: ProxyChoice): string {
  return `The proxy ${url.protocol}//${url.host} of ${origin}`;
}

/** An error on the way to a proxy, in a form to show; the host behind the proxy is not involved. */
export function proxyError(proxy: ProxyChoice, error: unknown): VouchError {
  if (error instanceof VouchError) return error;
  const code = codeOf(error);
  const hint = proxyHint(proxy);
  if (CERTIFICATE_CODES.test(code)) {
    const message = `The certificate of the proxy ${proxy.url.host} of ${proxy.origin} was not accepted: ${reasonOf(error)}.`;
    return new VouchError("server-untrusted", message, { cause: error });
  }
  if (code.startsWith("HPE_")) {
    const message = `${proxyName(proxy)} answered with a response that is not HTTP (${code}).`;
    return new VouchError("server-unreachable", message, { hint });
  }
  const why = REASONS[code] ?? (reasonOf(error) || code || "no reason stated");
  return new VouchError("server-unreachable", doesNotAnswer(proxy, why), { cause: error, hint });
}

/** The error for a proxy that did not answer in time. */
export function silentProxyError(proxy: ProxyChoice, waitedMs: number): VouchError {
  const message = doesNotAnswer(proxy, `timed out after ${waitedMs / 1000} s`);
  return new VouchError("server-unreachable", message, {
    cause: timeoutError(message),
    hint: proxyHint(proxy),
  });
}

function doesNotAnswer(proxy: ProxyChoice, why: string): string {
  return `${proxyName(proxy)} does not answer: ${why}.`;
}

function proxyHint({ origin }: ProxyChoice): string {
  if (!/^\w+$/.test(origin)) return `Start it or correct ${origin}.`;
  return withCommands`Start it or connect without it: ${unsetVariables(origin)}. To bypass it only for some hosts, list them in NO_PROXY.`;
}
