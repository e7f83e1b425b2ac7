import { kubectl, SHOW_AWS_AUTH } from "../../../token/command/kubectl.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { type Conclusion, found } from "../../check/verdict.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { removeEntry } from "../../derive/mapping/aws-auth-edit.ts";
import type { AwsAuthView, PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { editAwsAuth, patchAwsAuth } from "../../fixes/aws-auth-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { errorOrWarning, isCallers, sayLine } from "../shared/aws-auth-line-rule.ts";
import { reviewedGroups } from "../shared/refuted.ts";
import { suspectedDenial } from "../shared/suspected-denial.ts";

/**
 * If several entries have the same ARN, in any case, EKS uses the last one, with its groups only. Source: doctor/EKS-ACCESS.md,
 * "aws-auth".
 */
export const awsAuthDuplicate = defineRule({
  causes: [{ id: "A8", what: "The ARN is there twice, and the last line wins.", seen: "unexpected rights" }],
  expects: "aws-auth names each ARN once",
  needs: ["awsAuthView"],
  check({ awsAuthView: view }, seen) {
    return found(...duplicates(view).map((same) => conclude(view, same, seen.principal)));
  },
  refuted(seen) {
    const groups = reviewedGroups(seen);
    const all = seen.awsAuthView === undefined ? [] : duplicates(seen.awsAuthView);
    return all.some(
      ({ last, lost }) => isCallers(last.arn, seen.principal) && lost.some((group) => groups.includes(group)),
    );
  },
  suspected: {
    forbidden: suspectedDenial(["A8", "A14", "A6"], ({ isEntryName }) => {
      if (isEntryName) return undefined;
      return {
        hinted: false,
        summary:
          "The caller's line of aws-auth gives less than it seems: the role is there twice, and the last line wins, its groups are glued into one, or it takes the rights of the cluster's creator away.",
        hints: [],
        confirmedBy: sentence`${SHOW_AWS_AUTH} shows the lines.`,
      };
    }),
  },
});

interface Duplicates {
  readonly all: readonly PlacedEntry[];
  readonly last: PlacedEntry;
  /** Groups that only the earlier ones have. */
  readonly lost: readonly string[];
}

/** Entries of one section with the same ARN, if their order makes a difference. */
function duplicates({ entries }: AwsAuthView): Duplicates[] {
  const byArn = Map.groupBy(entries, ({ section, arn }) => `${section} ${arn.toLowerCase()}`);
  return [...byArn.values()].flatMap((all) => {
    const last = all.at(-1);
    if (last === undefined || new Set(all.map(sayUser)).size < 2) return [];
    const lost = all.flatMap(({ groups }) => groups).filter((group) => !last.groups.includes(group));
    return [{ all, last, lost }];
  });
}

function sayUser({ username, groups }: PlacedEntry): string {
  return `${username} in ${groups.join(", ") || "no group"}`;
}

function conclude(
  view: AwsAuthView,
  { all, last, lost }: Duplicates,
  principal: Principal | undefined,
): Conclusion {
  const mapped = lost.length > 0 && isCallers(last.arn, principal) ? view.mapped : undefined;
  const confidence = mapped && minConfidence(mapped, lost.includes("system:masters") ? "certain" : "likely");
  return {
    ...errorOrWarning(confidence, { explains: ["R1", "R7"] }),
    describe: () => ({
      summary: `aws-auth names ${last.arn} ${all.length} times, and EKS uses the last: ${sayUser(last)}.`,
      evidence: all.map((entry) => `${sayLine(entry)} makes it ${sayUser(entry)}.`),
      falsifiedBy: sentence`${kubectl("auth whoami")} shows the name and groups of an earlier line.`,
      fixes: [fixFor(view, last, confidence !== undefined)],
    }),
  };
}

/** Only their owner knows which one is right, unless the last takes away rights that the caller lacks. */
function fixFor({ texts }: AwsAuthView, last: PlacedEntry, isError: boolean): Fix {
  const text = isError ? removeEntry(texts[last.section] ?? "", last.index, last.section) : undefined;
  if (text === undefined) return editAwsAuth("Keep one of these lines.");
  return patchAwsAuth(`Remove the last of these lines, ${sayLine(last)}.`, { [last.section]: text });
}
