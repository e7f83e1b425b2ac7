import type { BindingStep, EntryStep, PolicyStep } from "./mend-steps.ts";

/** Resources for entries, policies and bindings. Source: Terraform providers hashicorp/aws and hashicorp/kubernetes. */
export function terraformResources(steps: readonly (EntryStep | PolicyStep | BindingStep)[]): string {
  const created = new Set(steps.flatMap((step) => (step.kind === "create-entry" ? [step.principalArn] : [])));
  return steps.map((step) => resourceOf(step, created)).join("\n");
}

function resourceOf(step: EntryStep | PolicyStep | BindingStep, created: ReadonlySet<string>): string {
  switch (step.kind) {
    case "create-entry":
      return block(`resource "aws_eks_access_entry" "${nameOf(step.principalArn)}"`, [
        `cluster_name = ${text(step.cluster)}`,
        `principal_arn = ${text(step.principalArn)}`,
        ...(step.groups.length === 0 ? [] : [`kubernetes_groups = ${list(step.groups)}`]),
        ...(step.username === undefined ? [] : [`user_name = ${text(step.username)}`]),
        ...(step.type === undefined ? [] : [`type = ${text(step.type)}`]),
      ]);
    case "associate":
      return policyResource(step, created.has(step.principalArn));
    case "bind":
      return bindingResource(step);
  }
}

/** Refers to the entry where that is made too, so that Terraform makes it first. */
function policyResource({ cluster, principalArn, policyArn, scope }: PolicyStep, isNew: boolean): string {
  const entry = nameOf(principalArn);
  const policy = policyArn.split("/").at(-1) ?? policyArn;
  return block(`resource "aws_eks_access_policy_association" "${entry}_${nameOf(policy)}"`, [
    `cluster_name = ${text(cluster)}`,
    `principal_arn = ${isNew ? `aws_eks_access_entry.${entry}.principal_arn` : text(principalArn)}`,
    `policy_arn = ${text(policyArn)}`,
    "access_scope {",
    `  type = ${text(scope.type)}`,
    ...(scope.namespaces === undefined ? [] : [`  namespaces = ${list(scope.namespaces)}`]),
    "}",
  ]);
}

function bindingResource({ name, namespace, role, subject }: BindingStep): string {
  const type = namespace === undefined ? "kubernetes_cluster_role_binding_v1" : "kubernetes_role_binding_v1";
  const api = `api_group = "rbac.authorization.k8s.io"`;
  return block(`resource "${type}" "${nameOf(name)}"`, [
    "metadata {",
    `  name = ${text(name)}`,
    ...(namespace === undefined ? [] : [`  namespace = ${text(namespace)}`]),
    "}",
    "role_ref {",
    `  ${api}`,
    `  kind = ${text(role.kind)}`,
    `  name = ${text(role.name)}`,
    "}",
    "subject {",
    `  ${api}`,
    `  kind = ${text(subject.kind)}`,
    `  name = ${text(subject.name)}`,
    "}",
  ]);
}

function block(head: string, lines: readonly string[]): string {
  return `${head} {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
}

/** A string of HCL; `${` and `%{` would begin a template. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
}

function list(values: readonly string[]): string {
  return `[${values.map(text).join(", ")}]`;
}

/** A resource's name: letters, digits and underscores. */
function nameOf(value: string): string {
  const last = value.split("/").at(-1) ?? value;
  return last
    .replaceAll(/\W/g, "_")
    .replace(/^(?=\d)/, "_")
    .toLowerCase();
}
