import { defineRule } from "../../check/rule.ts";
import { found, passed } from "../../check/verdict.ts";
import { isMapped } from "../../derive/mapping/mapping.ts";
import { createAdminEntry } from "../../fixes/access-entry-actions.ts";
import { forClusterAdmin } from "../../fixes/fix.ts";
import { sayCaller } from "../shared/say-caller.ts";

export const awsRootCaller = defineRule({
  causes: ["L16"],
  expects: "the caller is not the account's root user",
  needs: ["preAuthSeverity", "principal"],
  reads: ["mapping", "symptom", "authenticationMode"],
  check({ preAuthSeverity: severity, principal }, seen) {
    if (principal.kind !== "root" || isMapped(seen.mapping)) return passed;
    const { partition, account, arn } = principal;
    const isUnmapped = seen.mapping?.by === "nobody";
    /** With aws-auth alone, whoever created the cluster is let in without a line that anybody could see. */
    const isRefused = seen.symptom?.kind === "unauthorized" || seen.authenticationMode !== "CONFIG_MAP";
    return found({
      severity,
      confidence: isUnmapped && isRefused ? "certain" : "likely",
      explains: ["E1", "A1", "M5"],
      describe: (facts) => ({
        summary: `The caller is the root user of account ${account}, whom the cluster does not let in.`,
        evidence: [sayCaller(facts, arn), isUnmapped && "Neither an access entry nor aws-auth names it."],
        falsifiedBy:
          "aws-auth maps this very ARN, or root created the cluster while its mode was CONFIG_MAP.",
        fixes: [
          forClusterAdmin(
            "Let an IAM role in; root may do this, since it may call the EKS API.",
            ...createAdminEntry(facts.target, `arn:${partition}:iam::${account}:role/ROLE`),
          ),
        ],
      }),
    });
  },
});
