import { kubectl } from "../../../token/command/command.ts";
import { cannotTell, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { awsDate } from "../../eks/mapping/aws-date.ts";
import type { Mapping } from "../../eks/mapping/mapping.ts";
import { forYou } from "../../fixes/fix.ts";
import { NO_ENTRY } from "../shared/not-applicable.ts";

/**
 * How long EKS can need to apply a new entry, in milliseconds; AWS documents "several seconds".
 * Source: doctor/EKS-ACCESS.md, "Access entries".
 */
const SETTLING_MS = 90 * 1000;

/** Whether the access entry is so new that it might not have taken effect. */
export function isSettling({ entry }: Mapping, now: number): boolean {
  const created = awsDate(entry?.createdAt);
  return created !== undefined && Math.abs(now - created) <= SETTLING_MS;
}

export const eksAccessEntryFresh = defineRule({
  cause: {
    id: "E10",
    what: "The access entry is so new that it has not taken effect everywhere in EKS.",
    seen: "401 for a few seconds",
    remedy: "Wait a minute and try again.",
  },
  expects: "the access entry was created more than a minute ago",
  needs: ["symptom", "now", "mapping"],
  check({ symptom, now, mapping }) {
    if (symptom.kind !== "unauthorized") return doesNotApply("the API server did not return 401");
    const { entry } = mapping;
    if (entry === undefined) return NO_ENTRY;
    const created = awsDate(entry.createdAt);
    if (created === undefined) return cannotTell("accessEntryDetails");
    if (!isSettling(mapping, now)) return passed;
    if (mapping.by !== "entry") return doesNotApply("the access entry does not match the caller");
    const seconds = Math.max(0, Math.round((now - created) / 1000));
    return found({
      confidence: "likely",
      inferred: true,
      describe: ({ target }) => ({
        summary: `The access entry for ${entry.principalArn} in ${target.cluster} is only ${seconds} s old and might not have taken effect yet.`,
        evidence: [
          `createdAt is ${new Date(created).toISOString()}; the call was rejected at ${new Date(now).toISOString()}.`,
        ],
        falsifiedBy: "The API server still returns 401 two minutes later.",
        fixes: [forYou("Wait a minute, then try again.", kubectl("auth whoami"))],
      }),
    });
  },
});
