import path from "node:path";
import { goProgram } from "../../peers/go/programs.ts";
import type { Cluster, LabWorld } from "../model.ts";
import type { LabCa } from "../tls.ts";
import { type AccessPolicyWebhook, startAccessPolicies } from "./access-policy-webhook.ts";
import type { ApiClient } from "./api-client.ts";
import { prepareAuthenticator, type RealAuthenticator } from "./authenticator.ts";
import { startInBackground } from "./background-program.ts";
import { type KubeApiserver, kubeconfig, startKubeApiserver } from "./kube-apiserver.ts";
import { privateFiles } from "./private-files.ts";

export interface ControlPlaneOptions {
  readonly ca: LabCa;
  readonly world: Pick<LabWorld, "partition">;
  readonly cluster: Cluster;
  /** The AWS stand-in: where the authenticator's requests to STS go, whatever host they name. */
  readonly sts: { readonly url: string; readonly ca: string };
}

/** All that a control plane consists of. The authenticator has not begun yet: it needs the access entries. */
export interface ControlPlanePrograms {
  readonly apiserver: KubeApiserver;
  readonly authenticator: RealAuthenticator;
  readonly policies: AccessPolicyWebhook;
  /** The authenticator's own kubeconfig. */
  readonly forAuthenticator: string;
}

const AUTHENTICATOR = "eks:aws-iam-authenticator";

/** Adds to `stops` how to stop each program as soon as it runs. */
export async function startPrograms(
  { ca, world, cluster, sts }: ControlPlaneOptions,
  folder: string,
  stops: (() => void | Promise<void>)[],
): Promise<ControlPlanePrograms> {
  const policies = await startAccessPolicies(cluster, ca);
  stops.push(() => policies.close());
  const authenticator = await prepareAuthenticator({
    ...{ ca, cluster, folder, awsCa: sts.ca, sts: sts.url },
    partition: world.partition,
  });
  stops.push(() => authenticator.close());
  const accessPolicies = privateFiles(folder)(
    "access-policies.kubeconfig",
    kubeconfig(policies.url, ca.cert),
  );
  const webhooks = { accessPolicies, authenticator: authenticator.webhookKubeconfig };
  const apiserver = await startKubeApiserver({ ca, folder, ...webhooks }, stops);

  const aggregator = startInBackground(
    [goProgram("aggregate-cluster-roles"), await apiserver.kubeconfigOf("aggregator", "system:masters")],
    { logFile: path.join(folder, "aggregator.log"), cwd: folder },
  );
  stops.push(() => aggregator.stop());
  await letAuthenticatorRead(apiserver.admin);
  await aggregator.until(() => areAggregated(apiserver.admin), "aggregating ClusterRoles");
  return {
    apiserver,
    authenticator,
    policies,
    forAuthenticator: await apiserver.kubeconfigOf(AUTHENTICATOR),
  };
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
