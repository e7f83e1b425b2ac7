import type { IncomingHttpHeaders } from "node:http";
import type { HttpAnswer } from "../../../token/net/http-client.ts";

/** Noon on a quiet day, by our clock and by the server's. */
export const NOON = Date.parse("2026-01-15T12:00:00Z");

export interface AnswerParts {
  readonly status?: number;
  readonly headers?: IncomingHttpHeaders;
  readonly body?: string | object;
  readonly at?: number;
}

/** An answer for tests of judgement; JSON unless the body is a text. */
export function httpAnswer({ status = 400, headers = {}, body = {}, at = NOON }: AnswerParts): HttpAnswer {
  const json = typeof body === "object";
  return {
    status,
    headers: { "content-type": json ? "application/json" : "text/plain; charset=utf-8", ...headers },
    body: json ? JSON.stringify(body) : body,
    sentAt: at,
    receivedAt: at,
  };
}
