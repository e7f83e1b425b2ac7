import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { awsDate } from "../../derive/aws-date.ts";
import { commandTarget } from "../../derive/target/eks-call.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/**
 * How long a new entry may take to be in force, in milliseconds; AWS says "several seconds".
 * Source: doctor/EKS-ACCESS.md, "Access entries".
 */
const SETTLING_MS = 90 * 1000;

export const eksAccessEntryFresh = defineLegacyRule({
  code: "eks-access-entry-fresh",
  stage: "mapping",
  causes: ["E10"],
  expects: "the access entry has been there for more than a minute",
  needs: ["mapping", "symptom", "now"],
  judge(facts) {
    const { mapping, symptom, now } = facts;
    const { entry, by, entryIsStale } = mapping;
    const made = awsDate(entry?.createdAt);
    if (by !== "entry" || entry === undefined || symptom.kind !== "unauthorized" || made === undefined)
      return [];
    if (Math.abs(now - made) > SETTLING_MS || entryIsStale === true) return [];
    const target = commandTarget(facts);
    return [
      {
        cause: "E10",
        stage: "mapping",
        severity: "error",
        confidence: "likely",
        summary: `The access entry of ${entry.principalArn} in ${target.cluster} is ${Math.max(0, Math.round((now - made) / 1000))} s old and not in force everywhere yet.`,
        evidence: [
          `createdAt is ${new Date(made).toISOString()}, and the call was refused at ${new Date(now).toISOString()}.`,
        ],
        falsifiedBy: "Two minutes later the API server still answers 401.",
        fixes: [
          {
            audience: "you",
            description: "Wait a minute, and try again.",
            actions: [kubectl("auth whoami")],
          },
        ],
      },
    ];
  },
});
