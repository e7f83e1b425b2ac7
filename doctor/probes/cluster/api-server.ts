import { reasonOf, VouchError } from "../../../token/errors/errors.ts";
import { httpDate } from "../../../token/net/http-date.ts";
import { jsonRecord } from "../../../token/vouch/json-record.ts";
import { type ApiServerAnswer, type DoctorEvidence, failureOf } from "../../evidence/evidence.ts";
import { type CalledContext, readCalledContext } from "../called-context.ts";
import { type ClusterAddress, clusterAddress } from "../network/cluster-address.ts";
import { type GetAnswer, getOverTls } from "../network/get-over-tls.ts";
import { defineProbe } from "../probe.ts";
import type { ProbeSecrets } from "../probe-secrets.ts";

/** The longest message that is kept, in characters. */
const MESSAGE_LIMIT = 500;

/** The API server's answer to the token: `GET /api`, which everybody who is authenticated may call. */
export const apiServerProbe = defineProbe({
  gathers: "apiServer",
  needs: ["pluginRun"],
  doing: "asking the API server",
  ask: async ({ evidence, host, signal, secrets }) => {
    const call = readCalledContext(evidence, host);
    const address = call && clusterAddress(call, host);
    if (call === undefined || address === undefined) return undefined;
    const token = bearer(evidence, call, secrets);
    requireVerification(address);
    const { url, ca, tlsName, proxy } = address;
    const answer = await getOverTls({
      url: new URL(`${url.pathname.replace(/\/$/, "")}/api`, url),
      headers: { Authorization: `Bearer ${token}`, Accept: "application/json" },
      ca,
      tlsName,
      proxy,
      clock: host.clock,
      signal,
    }).catch((error: unknown) => {
      throw new Error(networkReason(error, url));
    });
    return readAnswer(answer);
  },
});

/** The token that kubectl would send: one in the kubeconfig takes precedence over the plugin's. */
export function bearer(
  evidence: DoctorEvidence,
  { staticToken, exec }: CalledContext,
  secrets: ProbeSecrets,
): string {
  const token = staticToken ?? secrets.token;
  if (token !== undefined) return token;
  const refusal = failureOf(evidence.pluginRun);
  if (refusal !== undefined) throw new Error(`the plugin was not run: ${refusal}`);
  throw new Error(exec === undefined ? "the context has no token and no plugin" : "the plugin gave no token");
}

/** A token is not sent to a server whose certificate is not verified, nor without TLS. */
export function requireVerification({ skipsVerification, url }: ClusterAddress): void {
  if (url.protocol !== "https:")
    throw new Error(
      `not asked: the server of the kubeconfig is ${url.origin}, and no token is sent without TLS`,
    );
  if (skipsVerification)
    throw new Error(
      "not asked: the kubeconfig turns off certificate verification, and then no token is sent",
    );
}

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
