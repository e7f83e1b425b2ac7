import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Conclusion, defineRule, found } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { AwsAuthView } from "../../derive/mapping/aws-auth-view.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import { type FaultyLine, isCallers, lineConclusions } from "../shared/aws-auth-line-rule.ts";
import { getsInUnmapped } from "../shared/refuted.ts";

type Problem = AwsAuthView["problems"][number];

/**
 * Keys without effect (`role_arn`, `group`, `userarn` in mapRoles), values that count as empty (`groups` as a string), and `sso`
 * next to an ARN. Keys in a different case are read today, but reports of 2018 to 2020 claim that EKS rejected them: never more
 * than *likely*.
 *
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthEntryKeys = defineRule({
  cause: {
    id: "A7",
    what: "A field of the aws-auth mapping is misspelled or has the wrong type.",
    seen: "401 or 403",
    remedy: "Cluster admin: use the keys that EKS reads: rolearn, userarn, username, groups.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
  },
  expects: "aws-auth mappings have rolearn or userarn, username, and groups as a list",
  needs: ["awsAuthView"],
  refuted: getsInUnmapped,
  check({ awsAuthView: view }, seen) {
    const problems = view.problems.filter(matters);
    const dropped = problems.filter((problem) => !hasSameLine(view.entries, problem));
    const kept = problems.filter((problem) => !dropped.includes(problem));
    const partly = kept.filter(({ kind }) => kind !== "key-case");
    const cased = kept.filter((problem) => problem.kind === "key-case" && !hasSameLine(dropped, problem));
    const faulty = (some: readonly Problem[]) => some.map((problem) => faultOf(problem, seen.principal));
    return found(
      ...lineConclusions(view, faulty(dropped), {
        ...SILENT_LOSS,
        confidence: () => view.unmapped,
        wrong: "cannot work, since EKS ignores the whole entry",
      }),
      ...lineConclusions(view, faulty(partly), {
        ...SILENT_LOSS,
        confidence: () => view.mapped,
        wrong: "cannot fully work, since EKS ignores part of the entry",
      }),
      ...casedConclusions(view, faulty(cased), seen),
    );
  },
});

const SILENT_LOSS = {
  falsifiedBy: sentence`${kubectl("auth whoami")}, run by a user with that mapping, shows the username and groups specified in it.`,
  description: "Rewrite the mapping with the keys that EKS reads.",
  explains: ["A1", "E1", "M1", "R1", "R7"],
} as const;

/** Keys that cannot be meant for one of ours are notes. */
function matters({ kind, key, arn }: Problem): boolean {
  if (kind === "no-arn") return arn === undefined;
  return kind !== "unknown-key" || /arn|user|group|role|name/i.test(key);
}

type Place = Pick<Problem, "section" | "index">;

function hasSameLine(lines: readonly Place[], { section, index }: Place): boolean {
  return lines.some((line) => line.section === section && line.index === index);
}

/** Only if the caller is rejected: on current platform versions such a mapping works. */
function casedConclusions(view: AwsAuthView, lines: readonly FaultyLine[], seen: Facts): Conclusion[] {
  const own = lines.filter((line) => line.isCallers);
  if (own.length === 0 || seen.symptom?.kind !== "unauthorized" || seen.mapping?.by === "entry") return [];
  return lineConclusions(view, own, {
    confidence: () => "likely",
    wrong: "cannot work on old platform versions, which reject keys in a different case",
    falsifiedBy: "The platform version was released in 2021 or later.",
    description: "Write the keys in lowercase.",
  });
}

function faultOf(problem: Problem, principal: Principal | undefined): FaultyLine {
  const { section, index, arn } = problem;
  return {
    section,
    index,
    arn,
    detail: problem.problem,
    isCallers: isCallers(arn, principal),
    right: right(problem),
  };
}

function right({ kind, key, values, arn }: Problem): FaultyLine["right"] {
  const [first] = values;
  const drop = kind === "unknown-key" || kind === "sso" ? { drop: key } : {};
  if (kind === "sso" || /arn/i.test(key)) return arn === undefined ? undefined : { ...drop, arn };
  if (first === undefined) return undefined;
  if (/group/i.test(key)) return { ...drop, groups: values };
  return /user|name/i.test(key) ? { ...drop, username: first } : undefined;
}
