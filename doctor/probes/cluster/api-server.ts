import { reasonOf, VouchError } from "../../../token/errors/errors.ts";
import { httpDate } from "../../../token/net/retry.ts";
import { jsonRecord } from "../../../token/record.ts";
import type { ApiServerAnswer } from "../../evidence/evidence.ts";
import { type GetAnswer, getOverTls } from "../network/get-over-tls.ts";
import type { Probes } from "../probe.ts";
import { contextCall } from "./context-call.ts";

/** The longest message that is kept, in characters. */
const MESSAGE_LIMIT = 500;

export const API_SERVER_PROBE = {
  /** The API server's answer to a call as the context makes it: `GET /api`, which everyone who is authenticated may call. */
  apiServer: {
    needs: ["pluginRun"],
    doing: "calling the API server",
    ask: async ({ signal, ...asking }) => {
      const asked = contextCall(asking);
      if (asked === undefined) return undefined;
      const { address, headers, impersonation } = asked;
      const { url, ca, tlsName, proxy, client } = address;
      const answer = await getOverTls({
        url: new URL(`${url.pathname.replace(/\/$/, "")}/api`, url),
        headers: { ...headers, ...impersonation, Accept: "application/json" },
        ca,
        tlsName,
        proxy,
        client,
        clock: asking.host.clock,
        signal,
      }).catch((error: unknown) => {
        throw new Error(networkReason(error, url));
      });
      return readAnswer(answer);
    },
  },
} satisfies Probes;

/** Our own message, or Node's code and message with the address. */
function networkReason(error: unknown, url: URL): string {
  if (error instanceof VouchError) return error.message.replace(/\.$/, "");
  const code = error instanceof Error && "code" in error ? `${String(error.code)}: ` : "";
  return `${url.host}: ${code}${reasonOf(error)}`;
}

/** How far our clock is ahead of theirs, in seconds, by the Date of an answer; undefined without one. */
export function secondsAhead({
  headers,
  sentAt,
  receivedAt,
}: Pick<GetAnswer, "headers" | "sentAt" | "receivedAt">) {
  const theirs = httpDate(headers.date);
  if (theirs === undefined) return undefined;
  // Their clock shows whole seconds, which cuts off half a second on average.
  return Math.round(((sentAt + receivedAt) / 2 - theirs - 500) / 1000);
}

function readAnswer({ status, body }: GetAnswer): ApiServerAnswer {
  const object = jsonRecord(body);
  const isKubernetes = typeof object?.["kind"] === "string";
  if (status >= 200 && status < 300) return { status, isKubernetes };
  const said = isKubernetes ? object?.["message"] : body.trim();
  const message = typeof said === "string" ? said.slice(0, MESSAGE_LIMIT) : "";
  return { status, isKubernetes, ...(message === "" ? {} : { message }) };
}
