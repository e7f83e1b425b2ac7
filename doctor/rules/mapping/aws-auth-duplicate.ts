import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { removeEntry } from "../../derive/mapping/aws-auth-edit.ts";
import { type AwsAuthView, awsAuthView, type PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { editAwsAuth, patchAwsAuth } from "../../fixes/aws-auth-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";
import { sayLine } from "../shared/aws-auth-finding.ts";

/**
 * Of entries with one ARN, in whatever case, the last one counts, and its groups alone.
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthDuplicate = defineLegacyRule({
  code: "aws-auth-duplicate",
  stage: "mapping",
  causes: ["A8"],
  expects: "aws-auth names each ARN once",
  needs: ["mapping"],
  judge(facts) {
    const view = awsAuthView(facts);
    if (view === undefined) return [];
    return duplicates(view).map((entries) => finding(view, entries, facts.principal));
  },
});

/** Entries of one section with one ARN, where their order makes a difference. */
function duplicates({ entries }: AwsAuthView): PlacedEntry[][] {
  const byArn = new Map<string, PlacedEntry[]>();
  for (const entry of entries) {
    const key = `${entry.section} ${entry.arn.toLowerCase()}`;
    byArn.set(key, [...(byArn.get(key) ?? []), entry]);
  }
  return [...byArn.values()].filter((same) => new Set(same.map(saysWhat)).size > 1);
}

function saysWhat({ username, groups }: PlacedEntry): string {
  return `${username} in ${groups.join(", ") || "no group"}`;
}

function finding(
  view: AwsAuthView,
  same: readonly PlacedEntry[],
  principal: Principal | undefined,
): LegacyFinding {
  const last = same.at(-1);
  const earlier = same.slice(0, -1);
  const lost = earlier.flatMap(({ groups }) => groups).filter((group) => !last?.groups.includes(group));
  const isOwn = last?.arn.toLowerCase() === principal?.canonicalArn.toLowerCase();
  const isError = isOwn && lost.length > 0 && view.mapped !== undefined;
  const sureness = lost.includes("system:masters") ? "certain" : "likely";
  return {
    cause: "A8",
    stage: "mapping",
    severity: isError ? "error" : "warning",
    confidence: isError ? minConfidence(view.mapped ?? "likely", sureness) : "certain",
    summary: `aws-auth names ${last?.arn} ${same.length} times, and only the last counts: ${last === undefined ? "" : saysWhat(last)}.`,
    evidence: same.map(
      (entry) => `${sayLine(entry.section, entry.index, entry.arn)} makes it ${saysWhat(entry)}.`,
    ),
    falsifiedBy: sentence`${kubectl("auth whoami")} shows the name and groups of an earlier line.`,
    fixes: [fixFor(view, last, isError)],
    ...(isError ? { explains: ["R1", "R7"] } : {}),
  };
}

/** Which of them is meant only their owner knows, unless the last takes rights that the caller misses. */
function fixFor({ texts }: AwsAuthView, last: PlacedEntry | undefined, isError: boolean): Fix {
  const text = last && removeEntry(texts[last.section] ?? "", last.index);
  if (!isError || last === undefined || text === undefined) return editAwsAuth("Keep one of these lines.");
  return patchAwsAuth(`Remove the last of these lines, ${sayLine(last.section, last.index, last.arn)}.`, {
    [last.section]: text,
  });
}
