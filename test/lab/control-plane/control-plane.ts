/**
 * The real control plane of one cluster of the lab: kube-apiserver on etcd, aws-iam-authenticator, the controller that
 * aggregates ClusterRoles. The lab's model stays what tests change: it is brought over before a connection is let in.
 */
import fs from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { goProgram } from "../../peers/go/programs.ts";
import { type KubeFaults, noFaults } from "../kube/faults.ts";
import { openFrontDoor } from "../kube/front-door.ts";
import type { KubeServer, RecordedRequest } from "../kube/kube-server.ts";
import type { Cluster, LabWorld } from "../model.ts";
import type { LabCa } from "../tls.ts";
import { startAccessPolicies } from "./access-policy-webhook.ts";
import type { ApiClient } from "./api-client.ts";
import { requestsIn } from "./audit-log.ts";
import { prepareAuthenticator } from "./authenticator.ts";
import { startInBackground } from "./background-program.ts";
import { inTurn } from "./in-turn.ts";
import { kubeconfig, startKubeApiserver } from "./kube-apiserver.ts";
import { mirrorOf } from "./mirror.ts";

interface ControlPlaneOptions {
  readonly ca: LabCa;
  readonly world: Pick<LabWorld, "partition">;
  readonly cluster: Cluster;
  /** The AWS stand-in: where the authenticator's requests to STS go, whatever host they name. */
  readonly sts: { readonly url: string; readonly ca: string };
}

const AUTHENTICATOR = "eks:aws-iam-authenticator";

/** Starts all of it, and writes its address and CA into the cluster. Takes some seconds, and about 500 MB. */
export async function startControlPlane({
  ca,
  world,
  cluster,
  sts,
}: ControlPlaneOptions): Promise<KubeServer> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-control-plane-"));
  const faults = noFaults();
  const policies = await startAccessPolicies(cluster, ca);
  const authenticator = await prepareAuthenticator({
    ...{ ca, cluster, folder, awsCa: sts.ca, sts: sts.url },
    partition: world.partition,
  });
  const policyFile = path.join(folder, "access-policies.kubeconfig");
  fs.writeFileSync(policyFile, JSON.stringify(kubeconfig(policies.url, ca.cert)), { mode: 0o600 });
  const apiserver = await startKubeApiserver({
    ...{ ca, folder, accessPolicies: policyFile },
    authenticator: authenticator.webhookKubeconfig,
  });
  const { admin } = apiserver;
  const aggregator = startInBackground(
    [goProgram("aggregate-cluster-roles"), await apiserver.kubeconfigOf("aggregator", "system:masters")],
    { logFile: path.join(folder, "aggregator.log"), cwd: folder },
  );
  await letAuthenticatorRead(admin);
  await aggregator.until(() => areAggregated(admin), "aggregating ClusterRoles");
  const forAuthenticator = await apiserver.kubeconfigOf(AUTHENTICATOR);
  const mirror = await mirrorOf(cluster, admin);
  await mirror.push();

  let began: unknown;
  let mustRestore = false;
  const catchUp = inTurn(async () => {
    if (mustRestore || mirror.isBehind()) {
      const bring = mustRestore ? () => mirror.restore() : () => mirror.push();
      mustRestore = false;
      await bring();
    }
    await policies.setDown(faults.policiesDown);
    const { authenticationMode, accessEntries, awsAuth } = cluster;
    const state = structuredClone([authenticationMode, accessEntries, awsAuth, faults.authenticatorDown]);
    if (isDeepStrictEqual(state, began)) return;
    began = state;
    if (faults.authenticatorDown) await authenticator.stop();
    else await authenticator.begin(forAuthenticator);
  });

  const behind = async () => {
    if (needsReading(faults)) return undefined;
    await catchUp();
    return apiserver.port;
  };
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    if (faults.takeover?.(incoming, response)) return;
    await catchUp();
    if (faults.slowMs > 0) await delay(faults.slowMs);
    passOn(incoming, response, { port: apiserver.port, ca: ca.cert });
  };
  const door = await openFrontDoor({
    ...{ ca, faults, port: 0 },
    behind: () => behind().catch(told),
    serve: (incoming, response) => void serve(incoming, response).catch(told),
  });
  cluster.endpoint = `https://127.0.0.1:${door.port}`;
  cluster.certificateAuthority = ca.cert;

  let firstRequest = 0;
  let firstRefusal = authenticator.refusals.length;
  const requests = () => requestsIn(fs.readFileSync(apiserver.auditLog, "utf8"));
  return {
    url: cluster.endpoint,
    faults,
    get requests(): readonly RecordedRequest[] {
      return requests().slice(firstRequest);
    },
    get authenticatorLog() {
      return authenticator.refusals.slice(firstRefusal);
    },
    clearRequests() {
      firstRequest = requests().length;
      firstRefusal = authenticator.refusals.length;
    },
    restore() {
      mustRestore = true;
    },
    async close() {
      await door.close();
      await Promise.all([aggregator.stop(), authenticator.close(), apiserver.close(), policies.close()]);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** These faults are made by reading and writing HTTP. */
function needsReading({ takeover, slowMs }: KubeFaults): boolean {
  return takeover !== undefined || slowMs > 0;
}

/** What the authenticator of EKS may do in the cluster. Source: doctor/EKS-ACCESS.md, "Caller to Kubernetes user". */
async function letAuthenticatorRead(admin: ApiClient): Promise<void> {
  const api = { apiVersion: "rbac.authorization.k8s.io/v1" };
  const apiGroup = "rbac.authorization.k8s.io";
  const metadata = { name: "eks:authenticator", namespace: "kube-system" };
  const path = "/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system";
  const rule = { apiGroups: [""], resources: ["configmaps"], resourceNames: ["aws-auth"] };
  const rules = [{ ...rule, verbs: ["get", "list", "watch"] }];
  await admin.ask("POST", `${path}/roles`, { body: { ...api, kind: "Role", metadata, rules } });
  const roleRef = { apiGroup, kind: "Role", name: metadata.name };
  const subjects = [{ apiGroup, kind: "User", name: AUTHENTICATOR }];
  await admin.ask("POST", `${path}/rolebindings`, {
    body: { ...api, kind: "RoleBinding", metadata, roleRef, subjects },
  });
}

/** `admin` is the last to be filled: it takes from edit, and edit from view. */
async function areAggregated(admin: ApiClient): Promise<boolean> {
  const { body } = await admin.ask("GET", "/apis/rbac.authorization.k8s.io/v1/clusterroles/admin");
  const rules =
    (body as { readonly rules?: readonly { readonly resources?: readonly string[] }[] }).rules ?? [];
  return ["pods/log", "pods/exec", "rolebindings"].every((needed) =>
    rules.some(({ resources }) => resources?.includes(needed)),
  );
}

function passOn(incoming: IncomingMessage, response: ServerResponse, to: { port: number; ca: string }): void {
  const { method, url: target, headers } = incoming;
  const request = https.request({ host: "127.0.0.1", ...to, method, path: target, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  request.on("error", () => response.destroy());
  incoming.pipe(request);
}

/** Whoever runs the lab must hear that it is broken; the client sees a connection that is cut. */
function told(error: unknown): never {
  process.stderr.write(
    `the lab's control plane broke: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  throw error;
}
