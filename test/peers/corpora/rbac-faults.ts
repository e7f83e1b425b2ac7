/** A fault for each rule by which we judge what RBAC allows. */
import type { SourceFault } from "../../support/mutated-module.ts";

const inFile =
  (file: string) =>
  (text: string, by: string): SourceFault => ({ file, text, by });

const doctor = (name: string) => inFile(`doctor/derive/authorization/${name}.ts`);
const rule = doctor("rbac-rule");
const subjects = doctor("rbac");
const labels = doctor("label-selector");
const aggregation = doctor("role-aggregation");
const lab = (name: string) => inFile(`test/lab/kube/authorization/${name}.ts`);
const labRule = lab("rule-match");
const labRbac = lab("rbac");

export const RBAC_FAULTS: Readonly<Record<string, SourceFault>> = {
  "the doctor: a star is a name": rule(
    'granted.includes("*") || granted.includes(asked)',
    "granted.includes(asked)",
  ),
  "the doctor: every verb passes": rule("if (!includes(rule.verbs, attempt.verb)) return false;", ""),
  "the doctor: names are not looked at": rule(
    '(names.length === 0 || names.includes(attempt.name ?? ""))',
    "true",
  ),
  "the doctor: a resource has its subresources": rule(
    "includes(granted, `",
    "includes(granted, resource) || includes(granted, `",
  ),
  "the doctor: a subresource of every resource is none": rule(
    "granted.includes(`*/",
    "granted.includes(`**/",
  ),
  "the doctor: one star ends a path": rule(
    'while (pattern[end - 1] === "*")',
    'if (pattern[end - 1] === "*")',
  ),
  "the doctor: a path is whole": rule(
    "path.startsWith(pattern.slice(0, end))",
    "pattern.slice(0, end) === path",
  ),
  "the doctor: users count in any case": subjects(
    "return name === username;",
    "return name.toLowerCase() === username.toLowerCase();",
  ),
  "the doctor: a service account has its namespace": subjects(
    "namespace || namespaceOf(binding)",
    "namespace",
  ),
  "the doctor: any kind is a service account": subjects('kind !== "ServiceAccount" || ', ""),
  "the doctor: a binding counts in every namespace": subjects(
    "(attempt.path === undefined && attempt.namespace === namespace)",
    "true",
  ),
  "the doctor: a label is enough": labels(
    "value !== undefined && values.includes(value)",
    "value !== undefined",
  ),
  "the doctor: a label that is not there is another": labels(
    "value === undefined || !values",
    "!!value && !values",
  ),
  "the doctor: aggregated rules stay": aggregation(
    "(!isAggregated(role) || !this.#collectsRules(role))",
    "true",
  ),
  "the stand-in: a star is a name": labRule(
    'granted.includes("*") || granted.includes(asked)',
    "granted.includes(asked)",
  ),
  "the stand-in: names are not looked at": labRule(
    "(!rule.resourceNames?.length || rule.resourceNames.includes(asked.name))",
    "true",
  ),
  "the stand-in: one star ends a path": labRule("/\\*+$/", "/\\*$/"),
  "the stand-in: a subresource of every resource is none": labRule(
    "granted.includes(`*/",
    "granted.includes(`**/",
  ),
  "the stand-in: a binding counts in every namespace": labRbac(
    'namespace !== "" && binding.namespace === namespace',
    "binding.namespace !== undefined",
  ),
  "the stand-in: a Role of any namespace will do": labRbac(
    "role.namespace !== undefined && role.namespace === namespace",
    "role.namespace !== undefined",
  ),
  "the stand-in: a service account has its namespace": labRbac(
    "subject.namespace || namespace;",
    "subject.namespace;",
  ),
  "the stand-in: a role that is missing goes without a word": labRbac(
    "errors.push(roleMissing(binding.roleRef));",
    ";",
  ),
  "the stand-in: bindings of the namespace come first": labRbac(
    "for (const binding of inOrder) {",
    "for (const binding of inOrder.reverse()) {",
  ),
  "the stand-in: nothing is aggregated": lab("role-aggregation")(
    "if (collected.length === 0 ||",
    "if (true ||",
  ),
};
