import { cannotTell, type Description, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { isTerraform } from "../../derive/client/client-kind.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/error-sources.ts";
import { isMapped } from "../../eks/mapping/mapping.ts";
import { createAdminEntry } from "../../fixes/access-entry-actions.ts";
import { byEntryOrLine, openToEntries } from "../../fixes/access-entry-fix.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";
import { NOT_REFUSED } from "../shared/not-applicable.ts";

/** The module writes aws-auth with the identity that runs it. */
const AWS_AUTH = /aws[-_]auth/;

/**
 * Terraform writes aws-auth with an identity that does not have access to the cluster. An entry that nearly matches is a separate cause.
 */
export const clientTerraformRunner = defineRule({
  cause: {
    id: "T7",
    what: "The identity that runs Terraform is not mapped.",
    seen: "aws-auth: Unauthorized on apply",
    remedy: "Cluster admin: grant the runner access first.",
    sameAs: ["E1"],
  },
  expects: "the identity that runs Terraform can change aws-auth",
  needs: ["client", "symptom"],
  check({ client, symptom }, seen) {
    if (!isTerraform(client)) return doesNotApply("the client is not Terraform");
    if (symptom.kind !== "unauthorized" || !seen.canCause401) return NOT_REFUSED;
    if (![seen.pastedError, client.configuration].some((text) => matchInError(text, AWS_AUTH) !== undefined))
      return client.configuration === undefined ? cannotTell("client") : passed;
    const { mapping } = seen;
    if (isMapped(mapping)) return passed;
    const isStranger =
      mapping?.by === "nobody" && mapping.entry === undefined && mapping.nearMisses.length === 0;
    return found({
      confidence: isStranger ? "certain" : "possible",
      ...(isStranger ? { explains: ["E1", "A1", "M5"] } : { inferred: true }),
      describe: (facts) => describe(facts, isStranger),
    });
  },
});

function describe(facts: Facts, isStranger: boolean): Description {
  const { client, principal, pastedError } = facts;
  const runner = principal?.canonicalArn ?? "RUNNER_ARN";
  const words = matchInError(pastedError, AWS_AUTH);
  return {
    summary: `${client?.name} writes aws-auth as ${runner}, which does not have access to the cluster.`,
    evidence: [
      words === undefined ? "The configuration manages aws-auth." : `The call failed with: “${words.line}”`,
      isStranger && "Neither an access entry nor an aws-auth mapping matches this identity.",
    ],
    falsifiedBy: `${runner} has an access entry or an aws-auth mapping, or created the cluster.`,
    fixes: byEntryOrLine(
      facts,
      runner,
      forClusterAdmin(
        "First create an access entry for the runner; it can then manage the rest.",
        ...openToEntries(facts),
        ...createAdminEntry(facts.target, runner),
      ),
      "system:masters",
    ),
  };
}
