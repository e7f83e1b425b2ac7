import type { RecordedRequest } from "../kube/kube-server.ts";

/** One line of the audit log. Source: kubernetes.io/docs, "kube-apiserver Audit Configuration (v1)", Event. */
interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly requestReceivedTimestamp: string;
  readonly user?: { readonly username?: string };
  readonly responseStatus?: { readonly code?: number };
}

/** The control plane's own: the API server to itself, the authenticator, the aggregator, and whoever fills the cluster. */
const OWN = new Set(["system:apiserver", "eks:aws-iam-authenticator", "aggregator", "lab-admin"]);

/** Everybody else's requests. A refused caller has no name. */
export function requestsIn(auditLog: string): RecordedRequest[] {
  return auditLog
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ stage, user }) => stage === "ResponseComplete" && !OWN.has(user?.username ?? ""))
    .map(({ verb, requestURI, responseStatus, user, requestReceivedTimestamp }) => ({
      method: METHODS[verb] ?? verb.toUpperCase(),
      path: requestURI,
      status: responseStatus?.code ?? 0,
      user: user?.username === "" ? undefined : user?.username,
      reason: undefined,
      time: Date.parse(requestReceivedTimestamp),
    }));
}

/** Source: kubernetes.io/docs, "Determine the request verb". */
const METHODS: Readonly<Record<string, string>> = {
  list: "GET",
  watch: "GET",
  create: "POST",
  update: "PUT",
  deletecollection: "DELETE",
};
