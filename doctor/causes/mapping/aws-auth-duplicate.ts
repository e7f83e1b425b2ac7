import { kubectl, SHOW_AWS_AUTH } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Conclusion, defineRule, found } from "../../check/rule.ts";
import { minConfidence } from "../../derive/confidence.ts";
import type { AwsAuthView, PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { removeEntry } from "../../eks/aws-auth/aws-auth-edit.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import { editAwsAuth, patchAwsAuth } from "../../fixes/aws-auth-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { errorOrWarning, formatLine, isCallers } from "../shared/aws-auth-line-rule.ts";
import { reviewedGroups } from "../shared/refuted.ts";
import { suspectedDenial } from "../shared/suspected.ts";

/**
 * If several entries have the same ARN, in any case, EKS uses the last one, with its groups only. Source: doctor/EKS-ACCESS.md,
 * "aws-auth".
 */
export const awsAuthDuplicate = defineRule({
  cause: {
    id: "A8",
    what: "The ARN appears twice in aws-auth, and the last mapping wins.",
    seen: "unexpected permissions",
    remedy: "Cluster admin: remove the duplicate mapping; the last one counts.",
  },
  expects: "each ARN appears only once in aws-auth",
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
        summary:
          "The caller's aws-auth mapping is overridden by a duplicate, has merged groups, or replaced the creator's admin access.",
        confirmedBy: sentence`${SHOW_AWS_AUTH} shows how the caller is mapped.`,
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
    if (last === undefined || new Set(all.map(describeUser)).size < 2) return [];
    const lost = all.flatMap(({ groups }) => groups).filter((group) => !last.groups.includes(group));
    return [{ all, last, lost }];
  });
}

function describeUser({ username, groups }: PlacedEntry): string {
  return `username ${username}, groups ${groups.join(", ") || "none"}`;
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
      summary: `aws-auth lists ${last.arn} ${all.length === 2 ? "twice" : `${all.length} times`}; EKS uses the last mapping: ${describeUser(last)}.`,
      evidence: all.map((entry) => `${formatLine(entry)} has ${describeUser(entry)}.`),
      falsifiedBy: sentence`${kubectl("auth whoami")} shows the username and groups of an earlier mapping.`,
      fixes: [fixFor(view, last, confidence !== undefined)],
    }),
  };
}

/** Only their owner knows which one is right, unless the last one removes permissions that the caller lacks. */
function fixFor({ texts, resourceVersion }: AwsAuthView, last: PlacedEntry, isError: boolean): Fix {
  const text = isError ? removeEntry(texts[last.section] ?? "", last.index, last.section) : undefined;
  if (text === undefined) return editAwsAuth("Keep only one of these mappings.");
  const description = `Remove the last of these mappings, ${formatLine(last)}.`;
  return patchAwsAuth(description, { [last.section]: text }, { resourceVersion });
}
