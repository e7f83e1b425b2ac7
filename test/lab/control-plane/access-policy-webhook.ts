import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { Attributes } from "../kube/authorization/attributes.ts";
import { askPolicies } from "../kube/authorization/policies.ts";
import { type Loopback, listenOnLoopback } from "../loopback.ts";
import type { Cluster } from "../model.ts";
import type { LabCa } from "../tls.ts";

/** What kube-apiserver asks its authorization webhook. Source: kubernetes.io/docs, "Webhook Mode". */
interface SubjectAccessReview {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: {
    readonly user?: string;
    /** Extra fields of the caller whom the authenticator accepted; absent if somebody is impersonated. */
    readonly extra?: Readonly<Record<string, readonly string[]>>;
    readonly resourceAttributes?: Readonly<
      Partial<
        Record<"verb" | "group" | "version" | "resource" | "subresource" | "namespace" | "name", string>
      >
    >;
    readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  };
}

export interface AccessPolicyWebhook {
  readonly url: string;
  /** Whether anybody answers; a webhook that is down has no opinion. */
  setDown(down: boolean): Promise<void>;
  close(): Promise<void>;
}

const PRINCIPAL = "sigs.k8s.io/aws-iam-authenticator/principalId";

/**
 * EKS's access policies are not public: this stands for them, behind the real API server, with the same table as our own.
 */
export async function startAccessPolicies(cluster: Cluster, ca: LabCa): Promise<AccessPolicyWebhook> {
  const certificate = await ca.issue(["127.0.0.1"]);
  const listen = (port?: number) => listenOnLoopback(webhook(cluster, certificate), port);
  let up: Loopback | undefined = await listen();
  const { port } = up;
  return {
    url: `https://127.0.0.1:${port}/authorize`,
    async setDown(down) {
      if (down === (up === undefined)) return;
      if (up === undefined) up = await listen(port);
      else {
        await up.close();
        up = undefined;
      }
    },
    close: async () => up?.close(),
  };
}

function webhook(cluster: Cluster, certificate: { readonly cert: string; readonly key: string }): Server {
  return createServer({ ...certificate }, (request, response) => {
    void readJson(request).then((review) => {
      const status = askPolicies(entryOf(cluster, review), attributesOf(review));
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ apiVersion: review.apiVersion, kind: review.kind, status }));
    });
  });
}

/** An entry's policies apply to callers that the entry accepted: not in a mode without entries. */
function entryOf({ accessEntries, authenticationMode }: Cluster, { spec }: SubjectAccessReview) {
  const [principal] = spec.extra?.[PRINCIPAL] ?? [];
  if (authenticationMode === "CONFIG_MAP" || principal === undefined) return undefined;
  return [...accessEntries.values()].find(({ principalId }) => principalId === principal);
}

function attributesOf({
  spec: { resourceAttributes, nonResourceAttributes },
}: SubjectAccessReview): Attributes {
  if (nonResourceAttributes !== undefined) return { path: "", verb: "", ...nonResourceAttributes };
  const empty = { verb: "", group: "", version: "", resource: "", subresource: "", namespace: "", name: "" };
  return { ...empty, ...resourceAttributes };
}

async function readJson(request: IncomingMessage): Promise<SubjectAccessReview> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as SubjectAccessReview;
}
