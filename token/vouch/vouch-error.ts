import { VouchError } from "../errors/errors.ts";
import type { HttpAnswer } from "../net/http-client.ts";
import { refusedSkew } from "./clock-skew.ts";
import { CALLS, type Meaning, meaningOf, type VouchCall } from "./refusal-table.ts";
import { retryAfter } from "./retry.ts";
import { isSignatureRefusal, isStepUp, serverRefusal } from "./server-refusal.ts";
import { serverText } from "./server-text.ts";

/** The call that was refused, and the server. */
export interface Asked {
  readonly call: VouchCall;
  /** Host and port of the server, as in its key. */
  readonly server: string;
}

/**
 * An unexpected answer, as an error to show: by the name of the refusal, else by its status. A wrong clock is reported first if
 * it explains the refusal. The server's own message is quoted last.
 */
export function vouchError(answer: HttpAnswer, asked: Asked): VouchError {
  const refusal = serverRefusal(answer);
  const known = refusal.name === undefined ? undefined : meaningOf(asked.call, refusal.name);
  const meaning = byTransport(answer) ?? known ?? byStatus(answer, asked);
  const skew = meaning.signed === undefined ? undefined : refusedSkew(answer, meaning.signed);
  if (skew !== undefined) return clockError(skew, asked);

  const label = [`HTTP ${answer.status}`, refusal.name].filter((part) => part !== undefined).join(" ");
  const quote = refusal.description === undefined ? "" : ` Server message: "${refusal.description}".`;
  const did = answer.status < 300 ? "responded to" : "rejected";
  return new VouchError(
    meaning.code,
    `${asked.server} ${did} ${CALLS[asked.call]} (${label}): ${meaning.reason}.${quote}`,
    meaning.hint === undefined ? {} : { hint: meaning.hint },
  );
}

/** The error for an answer with the right status and the wrong content. */
export function answerError(asked: Asked, what: string): VouchError {
  return new VouchError(
    "server-answer-invalid",
    `${asked.server} responded to ${CALLS[asked.call]} ${what}.`,
  );
}

/** Refusals that apply to every call, whatever the body says. */
function byTransport(answer: HttpAnswer): Meaning | undefined {
  if (answer.status >= 300 && answer.status < 400) return redirected(answer);
  if (answer.status === 429) return rateLimited(answer);
  if (isStepUp(answer)) return meaningOf("status", "insufficient_user_authentication");
  if (!isSignatureRefusal(answer)) return undefined;
  return {
    code: "client-refused",
    reason: "it does not accept this machine's signature",
    signed: "proof",
    hint: "Run `kubectl vouch login` again. If that does not help, look for a proxy that modifies requests.",
  };
}

function byStatus({ status }: HttpAnswer, { call }: Asked): Meaning {
  if (status >= 500 || status === 408) return { code: "server-failed", reason: "the server failed" };
  if (status === 404 && call === "keyRemoval") return meaningOf(call, "not_found") ?? UNEXPECTED;
  if (status === 403) return { code: "permission-denied", reason: "this is not allowed" };
  if (status === 401) {
    return meaningOf(call, RESOURCES.has(call) ? "invalid_token" : "invalid_client") ?? UNEXPECTED;
  }
  // Policies of organisations refuse with names of their own. Source: VOUCH-PROTOCOL.md, "Login grant".
  if (status === 400 && POLICED.has(call))
    return { code: "permission-denied", reason: "this is not allowed" };
  return UNEXPECTED;
}

const RESOURCES: ReadonlySet<VouchCall> = new Set([
  "awsToken",
  "status",
  "keyRegistration",
  "keyList",
  "keyRemoval",
]);
const POLICED: ReadonlySet<VouchCall> = new Set(["login", "exchange", "enrolment"]);

const UNEXPECTED: Meaning = {
  code: "server-answer-invalid",
  reason: "this is not a Vouch server's response",
};

function redirected(answer: HttpAnswer): Meaning {
  const location = answer.headers.location ?? "";
  const host = URL.canParse(location) ? serverText(new URL(location).host) : undefined;
  const elsewhere = host === undefined ? "" : ` to ${host}`;
  return {
    code: "server-answer-invalid",
    reason: `it redirects${elsewhere}, but kubectl-vouch does not follow redirects`,
  };
}

function rateLimited(answer: HttpAnswer): Meaning {
  const waitMs = retryAfter(answer);
  const reason = "too many requests came from this machine";
  if (waitMs === undefined) return { code: "rate-limited", reason };
  return {
    code: "rate-limited",
    reason,
    hint: `Wait ${Math.ceil(waitMs / 1000)} s and try again.`,
  };
}

function clockError(skew: string, { call, server }: Asked): VouchError {
  return new VouchError(
    "clock-skewed",
    `This machine's clock is about ${skew} that of ${server}, so the server rejected ${CALLS[call]}.`,
  );
}
