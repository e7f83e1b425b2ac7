import assert from "node:assert/strict";
import { parseAllDocuments, stringify } from "yaml";
import type { Action, CreateBinding, Fix } from "../../../doctor/fixes/fix.ts";
import type { Run } from "../../../token/command/command.ts";
import { accessPolicy, addEntry } from "../../lab/aws/world.ts";
import { bindingShelf, roleShelf } from "../../lab/kube/api/rbac-objects.ts";
import { withoutRolePath } from "../../lab/kube/authentication/canonical-arn.ts";
import { bindingOf } from "../../lab/kube/authorization/rbac-model.ts";
import type { AccessEntry, Cluster, KubeObject, RbacBinding } from "../../lab/model.ts";

/** Does to a cluster of the lab what the actions of a fix do. What nobody can carry out without a hand fails. */
export function carryOut(fix: Fix, cluster: Cluster): void {
  const actions = fix.actions ?? [];
  assert.notEqual(actions.length, 0, `nothing can be carried out: ${String(fix.description)}`);
  const manifest = actions
    .flatMap((action) => (action.kind === "document" ? [action.text] : []))
    .join("---\n");
  for (const action of actions) act(action, cluster, manifest);
}

function act(action: Action, cluster: Cluster, manifest: string): void {
  switch (action.kind) {
    case "document":
      return;
    case "create-binding":
      cluster.bindings.push(madeBinding(action));
      return;
    case "associate-access-policy": {
      const entry = entryOf(cluster, action.principalArn);
      const { type, namespaces = [] } = action.scope;
      const policy = accessPolicy(
        action.policyArn.split("/").at(-1) ?? "",
        type === "cluster" ? [] : namespaces,
      );
      entry.policies = [...entry.policies.filter(({ policyArn }) => policyArn !== policy.policyArn), policy];
      return;
    }
    case "set-authentication-mode":
      cluster.authenticationMode = action.authenticationMode as Cluster["authenticationMode"];
      return;
    case "create-access-entry":
      assert.ok(!cluster.accessEntries.has(action.principalArn), `${action.principalArn} has an entry`);
      addEntry(
        cluster,
        { ...NOBODY, arn: action.principalArn, uniqueId: principalIdOf(action.principalArn) },
        {
          ...(action.groups.length > 0 && { kubernetesGroups: [...action.groups] }),
          ...(action.username !== undefined && { username: action.username }),
          ...(action.type !== undefined && { type: action.type as AccessEntry["type"] }),
        },
      );
      return;
    case "delete-access-entry":
      assert.ok(
        cluster.accessEntries.delete(action.principalArn),
        `there is no entry ${action.principalArn}`,
      );
      return;
    case "run":
      run(action, cluster, manifest);
      return;
    case "write-file":
      return;
    default:
      assert.fail(`no hand for ${action.kind}`);
  }
}

/** The id that IAM gives a principal, in whichever of its forms the ARN is written. */
export function principalIdOf(arn: string): string {
  return `id of ${withoutRolePath(arn).toLowerCase()}`;
}

const NOBODY = { createDate: new Date(0), maxSessionDuration: 3600, trust: [], allows: [] };

function entryOf({ accessEntries }: Cluster, arn: string): AccessEntry {
  return accessEntries.get(arn) ?? assert.fail(`there is no entry ${arn}`);
}

function madeBinding({ name, namespace, role, subject }: CreateBinding): RbacBinding {
  const { kind, name: roleName } = role;
  assert.ok(kind === "Role" || kind === "ClusterRole", kind);
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    roleRef: { kind, name: roleName },
    subjects: [{ ...subject }],
  };
}

function run({ program, verb, options, operands }: Run, cluster: Cluster, manifest: string): void {
  const [name = ""] = operands.map(String);
  const namespace = typeof options["n"] === "string" ? options["n"] : undefined;
  switch ([program, ...verb].join(" ")) {
    case "kubectl apply":
      apply(cluster, manifest);
      return;
    case "kubectl create namespace":
      cluster.namespaces.add(name);
      return;
    case "kubectl create role":
    case "kubectl create clusterrole":
      cluster.roles.push(madeRole(name, namespace, options));
      return;
    case "kubectl delete rolebinding":
    case "kubectl delete clusterrolebinding":
      bindingShelf(cluster, namespace === undefined ? "ClusterRoleBinding" : "RoleBinding").remove(
        namespace,
        name,
      );
      return;
    case "kubectl patch configmap":
      if (options["dry-run"] !== undefined) return;
      cluster.awsAuth = { ...cluster.awsAuth, ...JSON.parse(String(options["patch"])).data };
      return;
    case "aws eks update-access-entry": {
      const groups = options["kubernetes-groups"];
      entryOf(cluster, String(options["principal-arn"])).kubernetesGroups = Array.isArray(groups)
        ? [...groups]
        : [];
      return;
    }
    case "eksctl create iamidentitymapping": {
      const { arn, username, group } = options;
      const mapping = { rolearn: String(arn), username: String(username), groups: [String(group)] };
      const { mapRoles = "" } = cluster.awsAuth ?? {};
      cluster.awsAuth = { ...cluster.awsAuth, mapRoles: `${mapRoles.trimEnd()}\n${stringify([mapping])}` };
      return;
    }
    case "aws eks describe-access-entry":
    case "aws eks list-associated-access-policies":
    case "aws eks list-access-policies":
    case "aws iam list-users":
      return;
    default:
      assert.fail(`no hand for ${[program, ...verb].join(" ")}`);
  }
}

function madeRole(name: string, namespace: string | undefined, options: Run["options"]) {
  const list = (option: string) =>
    String(options[option] ?? "")
      .split(",")
      .filter(Boolean);
  const verbs = list("verb");
  const rules = [
    ...list("resource").map((written) => {
      const [full = "", subresource] = written.split("/");
      const [resource = "", ...group] = full.split(".");
      return {
        verbs,
        apiGroups: [group.join(".")],
        resources: [subresource === undefined ? resource : `${resource}/${subresource}`],
      };
    }),
    ...list("non-resource-url").map((url) => ({ verbs, nonResourceURLs: [url] })),
  ];
  return { name, ...(namespace !== undefined && { namespace }), rules };
}

function apply(cluster: Cluster, manifest: string): void {
  for (const document of parseAllDocuments(manifest)) {
    const object = document.toJS() as KubeObject;
    switch (object.kind) {
      case "Role":
      case "ClusterRole":
        roleShelf(cluster, object.kind).put(object);
        break;
      case "RoleBinding":
      case "ClusterRoleBinding":
        cluster.bindings.push(bindingOf(object));
        break;
      case "ConfigMap":
        cluster.awsAuth = object["data"] as Record<string, string>;
        break;
      default:
        assert.fail(`no hand for ${object.kind}`);
    }
  }
}
