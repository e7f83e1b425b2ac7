import { VouchError } from "../../errors/errors.ts";
import type { HttpAnswer } from "../../net/http-client.ts";
import { httpDate, retryAfter } from "../../net/retry.ts";
import { serverText } from "../../net/server-text.ts";
import { jsonRecord, textMember } from "../../record.ts";
import { CALLS, type Meaning, meaningOf, type VouchCall } from "./refusal-table.ts";

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

/**
 * How far our clock may be off before the server refuses what we sign, in seconds: ahead, and behind.
 * Source: VOUCH-PROTOCOL.md, "Times": an assertion is valid for 60 s with 10 s tolerance; a proof or signature 300 s, 60 s
 * ahead.
 */
const TOLERANCE = {
  assertion: { ahead: 10, behind: 70 },
  proof: { ahead: 60, behind: 300 },
} as const;

type Signed = keyof typeof TOLERANCE;

/** "13 s ahead of" or "400 s behind", if our clock explains why the server refused what we signed. */
export function refusedSkew(answer: HttpAnswer, signed: Signed): string | undefined {
  const date = httpDate(answer.headers.date);
  if (date === undefined) return undefined;

  // The server read its clock between our two readings, and truncated it to a whole second: these are lower bounds.
  const ahead = (answer.sentAt - date - 999) / 1000;
  const behind = (date - answer.receivedAt) / 1000;
  const { [signed]: tolerance } = TOLERANCE;
  if (ahead > tolerance.ahead) return `${Math.round(ahead)} s ahead of`;
  if (behind > tolerance.behind) return `${Math.round(behind)} s behind`;
  return undefined;
}

/** The contents of a refusal's body. */
interface ServerRefusal {
  /** `error` of an OAuth error, or `code` of an API error. Only this part has a defined meaning. */
  readonly name?: string;
  /** The server's own message, made safe to print. Not contractual. */
  readonly description?: string;
}

/** Reads both error shapes, and the signature layer's plain text. Source: VOUCH-PROTOCOL.md, "Errors". */
export function serverRefusal(answer: HttpAnswer): ServerRefusal {
  const body = jsonRecord(answer.body);
  const name = textMember(body, "error") ?? textMember(body, "code") ?? challengeError(answer);
  const words = textMember(body, "error_description") ?? textMember(body, "message");
  const description = serverText(words ?? plainText(answer));

  return {
    ...(name !== undefined && /^[a-z0-9_]{1,64}$/.test(name) ? { name } : {}),
    ...(description === undefined ? {} : { description }),
  };
}

/** Whether this is the signature layer's refusal of a signature. */
export function isSignatureRefusal(answer: HttpAnswer): boolean {
  return answer.status === 401 && /^\s*signature verification failed\s*$/.test(answer.body);
}

/** Whether the server wants a fresher or stronger login. Source: RFC 9470, 3; VOUCH-PROTOCOL.md, "Resource tokens". */
export function isStepUp(answer: HttpAnswer): boolean {
  return answer.status === 401 && challengeError(answer) === "insufficient_user_authentication";
}

function challengeError(answer: HttpAnswer): string | undefined {
  return /\berror="?([a-z0-9_]+)/.exec(answer.headers["www-authenticate"] ?? "")?.[1];
}

function plainText({ headers, body }: HttpAnswer): string | undefined {
  return headers["content-type"]?.startsWith("text/plain") === true ? body : undefined;
}
