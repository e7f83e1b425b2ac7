import { isProviderAlone } from "../derive/client/client-kind.ts";
import type { Facts } from "../derive/facts.ts";
import { EXEC_API } from "../derive/kubeconfig/exec-block.ts";
import {
  type Action,
  type AssociateAccessPolicy,
  type CreateAccessEntry,
  type CreateBinding,
  documentOf,
  type Fix,
  forYou,
} from "./fix.ts";
import { tokenArgs } from "./kubeconfig-commands.ts";

/** Actions for which Terraform has a resource. */
export type Resource = CreateAccessEntry | AssociateAccessPolicy | CreateBinding;

/** Resources for entries, policies and bindings. Source: Terraform providers hashicorp/aws and hashicorp/kubernetes. */
export function terraformResources(actions: readonly Resource[]): string {
  const created = new Set(
    actions.flatMap((action) => (action.kind === "create-access-entry" ? [action.principalArn] : [])),
  );
  return actions.map((action) => resourceOf(action, created)).join("\n");
}

function resourceOf(action: Resource, created: ReadonlySet<string>): string {
  switch (action.kind) {
    case "create-access-entry":
      return block(`resource "aws_eks_access_entry" "${nameOf(action.principalArn)}"`, [
        `cluster_name = ${hclString(action.target.cluster)}`,
        `principal_arn = ${hclString(action.principalArn)}`,
        ...(action.groups.length === 0 ? [] : [`kubernetes_groups = ${hclList(action.groups)}`]),
        ...(action.username === undefined ? [] : [`user_name = ${hclString(action.username)}`]),
        ...(action.type === undefined ? [] : [`type = ${hclString(action.type)}`]),
      ]);
    case "associate-access-policy":
      return policyResource(action, created.has(action.principalArn));
    case "create-binding":
      return bindingResource(action);
  }
}

/** Refers to the entry if that is created as well, so that Terraform creates it first. */
function policyResource(
  { target, principalArn, policyArn, scope }: AssociateAccessPolicy,
  isNew: boolean,
): string {
  const entry = nameOf(principalArn);
  const policy = policyArn.split("/").at(-1) ?? policyArn;
  return block(`resource "aws_eks_access_policy_association" "${entry}_${nameOf(policy)}"`, [
    `cluster_name = ${hclString(target.cluster)}`,
    `principal_arn = ${isNew ? `aws_eks_access_entry.${entry}.principal_arn` : hclString(principalArn)}`,
    `policy_arn = ${hclString(policyArn)}`,
    "access_scope {",
    `  type = ${hclString(scope.type)}`,
    ...(scope.namespaces === undefined ? [] : [`  namespaces = ${hclList(scope.namespaces)}`]),
    "}",
  ]);
}

function bindingResource({ name, namespace, role, subject }: CreateBinding): string {
  const type = namespace === undefined ? "kubernetes_cluster_role_binding_v1" : "kubernetes_role_binding_v1";
  const api = `api_group = "rbac.authorization.k8s.io"`;
  return block(`resource "${type}" "${nameOf(name)}"`, [
    "metadata {",
    `  name = ${hclString(name)}`,
    ...(namespace === undefined ? [] : [`  namespace = ${hclString(namespace)}`]),
    "}",
    "role_ref {",
    `  ${api}`,
    `  kind = ${hclString(role.kind)}`,
    `  name = ${hclString(role.name)}`,
    "}",
    "subject {",
    ...(subject.kind === "ServiceAccount" ? [`  namespace = ${hclString(subject.namespace)}`] : [`  ${api}`]),
    `  kind = ${hclString(subject.kind)}`,
    `  name = ${hclString(subject.name)}`,
    "}",
  ]);
}

function block(head: string, lines: readonly string[]): string {
  return `${head} {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
}

/** A string of HCL, in which `${` and `%{` would begin a template, and which has fewer escapes than JSON. */
export function hclString(value: string): string {
  return JSON.stringify(value)
    .replaceAll(/[$%](?=\{)/g, (sign) => sign + sign)
    .replaceAll(/\\./g, (written) => HCL_ESCAPES[written] ?? written);
}

const HCL_ESCAPES: Readonly<Record<string, string>> = { "\\b": "\\u0008", "\\f": "\\u000c" };

function hclList(values: readonly string[]): string {
  return `[${values.map(hclString).join(", ")}]`;
}

/** A resource's name: letters, digits and underscores. */
function nameOf(value: string): string {
  const last = value.split("/").at(-1) ?? value;
  return last
    .replaceAll(/\W/g, "_")
    .replace(/^(?=\d)/, "_")
    .toLowerCase();
}

/** An exec block for a Terraform provider that fetches a token whenever one is needed. */
export function terraformExec(facts: Facts, description: string, more: readonly string[] = []): Fix {
  return forYou(description, documentOf(execBlock(facts, more)));
}

/** A provider block that gets the cluster's address from AWS. */
export function terraformProvider(facts: Facts): Fix {
  const { cluster } = facts.target;
  return forYou(
    "Connect the provider to the cluster.",
    documentOf(`data "aws_eks_cluster" "this" {
  name = ${hclString(cluster)}
}

provider "kubernetes" {
  host                   = data.aws_eks_cluster.this.endpoint
  cluster_ca_certificate = base64decode(data.aws_eks_cluster.this.certificate_authority[0].data)

  ${execBlock(facts).replaceAll("\n", "\n  ")}
}`),
  );
}

function execBlock({ target: { cluster, region } }: Facts, more: readonly string[] = []): string {
  const args = [...tokenArgs(cluster, region), ...more];
  return `exec {
  api_version = "${EXEC_API.v1beta1}"
  command     = "aws"
  args        = ${hclList(args)}
}`;
}

/**
 * The fixes without those that change a kubeconfig, if the client reads none: a provider block of Terraform has the cluster and an
 * exec block of its own.
 */
export function fitsClient(fixes: readonly Fix[], facts: Facts): readonly Fix[] {
  if (!isProviderAlone(facts)) return fixes;
  const fitting = fixes.filter(({ actions = [] }) => !actions.some(needsKubeconfig));
  return fitting.length === 0 && fixes.length > 0
    ? [terraformExec(facts, "Use this exec block in the provider block.")]
    : fitting;
}

function needsKubeconfig(action: Action): boolean {
  if (action.kind === "setup-eks" || action.kind === "set-exec") return true;
  if (action.kind !== "run") return false;
  const command = [action.program, ...action.verb].join(" ");
  return /^(?:kubectl config |aws eks update-kubeconfig|kubectl vouch setup eks)/.test(`${command} `);
}
