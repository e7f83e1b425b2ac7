import { parseAttempt } from "../../../doctor/derive/authorization/access-request.ts";
import { type DoctorEvidence, knownValue, type Question } from "../../../doctor/evidence/evidence.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";
import { forbidden, pathForbidden } from "../../lab/kube/api/api-error.ts";
import { type Attributes, isPath } from "../../lab/kube/authorization/attributes.ts";
import { authorize } from "../../lab/kube/authorization/authorizer.ts";
import { forbiddenText } from "../../lab/kube/authorization/forbidden.ts";
import type { Cluster } from "../../lab/model.ts";
import { GATHERED_AT } from "./bundle.ts";
import { type Subject, userIn } from "./evidence-cluster.ts";

/** One and the same request, as kubectl is told it, as `--for` is, and as the API server gets it. */
export interface Tried {
  readonly command: string;
  readonly for: string;
  readonly request: Attributes;
}

/** Requests of people and pipelines in a namespace, from the smallest to what no access policy allows. */
export function triedIn(namespace: string): readonly Tried[] {
  const tried = (
    command: string,
    asked: string,
    [verb, group, resource]: readonly [verb: string, group: string, full: string],
    { isWide = false, name = "" } = {},
  ): Tried => {
    const [main = "", subresource = ""] = resource.split("/");
    const place = isWide ? "" : ` -n ${namespace}`;
    const request = { verb, group, version: "v1", resource: main, subresource, name };
    return {
      command: `kubectl ${command}${place}`,
      for: `${asked}${place}`,
      request: { ...request, namespace: main === "namespaces" ? name : isWide ? "" : namespace },
    };
  };
  const apps = ["patch", "apps", "deployments"] as const;
  const rbac = "rbac.authorization.k8s.io";
  return [
    tried("get pods", "list pods", ["list", "", "pods"]),
    tried("logs api-0", "get pods/api-0/log", ["get", "", "pods/log"], { name: "api-0" }),
    tried("exec api-0 -- ls", "create pods/api-0/exec", ["create", "", "pods/exec"], { name: "api-0" }),
    tried("delete pod api-0", "delete pods/api-0", ["delete", "", "pods"], { name: "api-0" }),
    tried("get secrets", "list secrets", ["list", "", "secrets"]),
    tried("rollout restart deployment/api", "patch deployments/api", apps, { name: "api" }),
    tried(
      "scale deployment api --replicas=3",
      "patch deployments/api/scale",
      ["patch", "apps", "deployments/scale"],
      {
        name: "api",
      },
    ),
    tried("create rolebinding bob --clusterrole=view --user=bob", "create rolebindings", [
      "create",
      rbac,
      "rolebindings",
    ]),
    tried("get servicemonitors.monitoring.coreos.com", "list servicemonitors.monitoring.coreos.com", [
      "list",
      "monitoring.coreos.com",
      "servicemonitors",
    ]),
    tried("get nodes", "list nodes", ["list", "", "nodes"], { isWide: true }),
    tried("cordon ip-10-0-1-7", "patch nodes/ip-10-0-1-7", ["patch", "", "nodes"], {
      isWide: true,
      name: "ip-10-0-1-7",
    }),
    tried("delete namespace shop", "delete namespaces/shop", ["delete", "", "namespaces"], {
      isWide: true,
      name: "shop",
    }),
  ];
}

export type Way = "run behind --" | "pasted" | "--for";

/** The evidence of somebody who asks about this request in each way; undefined where the cluster allows it already. */
export function askedInEachWay(
  bundle: DoctorEvidence,
  { cluster, subject }: { readonly cluster: Cluster; readonly subject: Subject },
  tried: Tried,
): readonly (readonly [way: Way, bundle: DoctorEvidence])[] | undefined {
  const user = userIn(cluster, subject);
  const decision = user && authorize(cluster, user, tried.request);
  if (decision?.allowed === true) return undefined;
  const text = user && forbiddenText(user, tried.request, decision?.reason ?? "");
  const message =
    text && (isPath(tried.request) ? pathForbidden(text) : forbidden(tried.request, text)).message;
  const stderr =
    message === undefined
      ? "error: You must be logged in to the server (Unauthorized)\n"
      : `Error from server (Forbidden): ${message}\n`;
  const { context, principal } = bundle.question ?? {};
  const named = { ...(context && { context }), ...(principal && { principal }) };
  const answered: DoctorEvidence = {
    ...bundle,
    ...(message === undefined ? {} : { apiServer: { status: 403, message, isKubernetes: true } }),
    ...(knownValue(bundle.accessReviews) !== undefined && { accessReviews: [deniedReview(tried.request)] }),
  };
  const { question: pasted = {} } = readPasted(
    [{ text: `$ ${tried.command}\n${stderr}` }],
    Date.parse(GATHERED_AT),
  ).evidence;
  const attempt = parseAttempt(
    tried.for,
    isPath(tried.request) ? undefined : tried.request.namespace || undefined,
  );
  const ways: readonly (readonly [Way, Question])[] = [
    ["run behind --", { command: tried.command, exitCode: 1, stderr }],
    ["pasted", pasted],
    ["--for", attempt === undefined ? {} : { attempt }],
  ];
  return ways.map(([way, question]) => [way, { ...answered, question: { ...question, ...named } }]);
}

function deniedReview(asked: Attributes) {
  const { verb } = asked;
  if (isPath(asked))
    return { spec: { nonResourceAttributes: { verb, path: asked.path } }, status: { allowed: false } };
  const { group, resource, subresource, namespace, name } = asked;
  return {
    spec: { resourceAttributes: { verb, group, resource, subresource, namespace, name } },
    status: { allowed: false },
  };
}
