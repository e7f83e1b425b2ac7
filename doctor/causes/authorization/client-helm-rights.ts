import { kubectl } from "../../../token/command/command.ts";
import { attemptOfCommand, namespaceOfCommand } from "../../derive/authorization/attempt-of-command.ts";
import { describeRequest } from "../../derive/authorization/denial.ts";
import type { Facts } from "../../derive/facts.ts";
import type { AccessRequest } from "../../evidence/evidence.ts";
import { type Fix, forClusterAdmin, forYou } from "../../fixes/fix.ts";
import { grantFixes, policyFix, roleFixes } from "../../fixes/grant-fixes.ts";
import { defineDenialRule, describeGranted } from "../shared/denial-rule.ts";
import { policyLacks } from "../shared/suspected.ts";

/**
 * Helm stores each release in a Secret in its namespace, and tries to create the namespace even if it exists.
 *
 * Source: doctor/EKS-ACCESS.md, "Helm".
 */
export const clientHelmRights = defineDenialRule({
  cause: {
    id: "T2",
    what: "Helm needs to read secrets and create the namespace, but the caller is not allowed to.",
    seen: "secrets is forbidden",
    remedy:
      "Cluster admin: grant access to secrets in Helm's namespace, and create the namespace beforehand.",
    sameAs: ["P4"],
  },
  expects: "the release's namespace exists, and the user who runs helm can write secrets in it",
  explains: ["P3", "P4", "R7"],
  describe: (denial, facts) => {
    const { attempt } = denial;
    const request = describeRequest(attempt);
    return attempt.resource === "secrets"
      ? {
          summary: `The caller cannot ${request}, where Helm stores releases.`,
          evidence: [describeGranted(denial)],
          fixes: secretFixes(facts, attempt),
        }
      : {
          summary: `Helm cannot create the namespace: the caller is not allowed to ${request}.`,
          evidence: [describeGranted(denial), "Only AmazonEKSClusterAdminPolicy allows creating namespaces."],
          fixes: namespaceFixes(facts, attempt),
        };
  },
  suspected: {
    forbidden: policyLacks(
      "T2",
      "helm",
      "Helm stores releases in secrets, which AmazonEKSViewPolicy does not include.",
    ),
  },
});

/** Reading needs no more; Edit can write secrets and most objects of charts; roles in a chart need more. */
function secretFixes(facts: Facts, attempt: AccessRequest): Fix[] {
  if (!isWriting(facts)) return grantFixes(facts, attempt);
  return facts.mapping?.by === "entry"
    ? [policyFix(facts, attempt, "AmazonEKSEditPolicy")]
    : roleFixes(facts, attempt, { ...attempt, verb: "create" });
}

/** Whether helm installs or changes a release, by the command or by its error. */
function isWriting(facts: Facts): boolean {
  const { stderr = "" } = facts.question ?? {};
  return attemptOfCommand(facts)?.verb === "create" || /(?:UPGRADE|INSTALLATION) FAILED/.test(stderr);
}

function namespaceFixes(facts: Facts, attempt: AccessRequest): Fix[] {
  const name = namespaceOfCommand(facts) ?? "NAMESPACE";
  return [
    forClusterAdmin("Create the namespace first.", kubectl("create namespace", {}, name)),
    forYou(`Then run helm with -n ${name} and without --create-namespace.`),
    ...roleFixes(facts, attempt),
  ];
}
