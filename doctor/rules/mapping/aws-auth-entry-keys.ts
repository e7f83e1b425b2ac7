import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { type AwsAuthView, awsAuthView } from "../../derive/mapping/aws-auth-view.ts";
import { kubectl } from "../../fixes/kubectl.ts";
import { type FaultyLine, lineFindings, sayLine } from "../shared/aws-auth-finding.ts";

type Problem = AwsAuthView["problems"][number];

/**
 * Keys that do nothing (`role_arn`, `group`, `userarn` in mapRoles) and values that count as empty (`groups` as a text). Keys in
 * another case are read today, and were reported to be refused by the EKS of 2018 to 2020: never more than likely.
 *
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthEntryKeys = defineLegacyRule({
  code: "aws-auth-entry-keys",
  stage: "mapping",
  causes: ["A7"],
  expects: "entries of aws-auth have rolearn or userarn, username, and groups as a list",
  needs: ["mapping"],
  judge(facts) {
    const view = awsAuthView(facts);
    if (view === undefined) return [];
    const problems = view.problems.filter(matters);
    const lost = problems.filter((problem) => isDropped(view, problem));
    const partly = problems.filter((problem) => !lost.includes(problem) && problem.kind !== "key-case");
    const cased = problems.filter(
      ({ kind, section, index }) =>
        kind === "key-case" && !lost.some((other) => other.section === section && other.index === index),
    );
    return [
      ...findings(facts, view, {
        problems: lost,
        confidence: view.unmapped,
        wrong: "has no ARN in force, so that it is dropped",
      }),
      ...findings(facts, view, {
        problems: partly,
        confidence: view.mapped,
        wrong: "has a part that EKS does not read",
      }),
      ...casedFindings(facts, view, cased),
    ];
  },
});

/** Keys nobody could mean for one of ours are notes. */
function matters({ kind, key, arn }: Problem): boolean {
  if (kind === "no-arn") return arn === undefined;
  return kind !== "unknown-key" || /arn|user|group|role|name/i.test(key);
}

function isDropped({ entries }: AwsAuthView, { section, index }: Problem): boolean {
  return !entries.some((entry) => entry.section === section && entry.index === index);
}

interface Group {
  readonly problems: readonly Problem[];
  readonly confidence: AwsAuthView["mapped"];
  readonly wrong: string;
}

function findings(facts: Facts, view: AwsAuthView, { problems, confidence, wrong }: Group): LegacyFinding[] {
  const lines = problems.map((problem) => faulty(problem, facts));
  return lineFindings(view, lines, {
    cause: "A7",
    confidence,
    wrong,
    falsifiedBy: sentence`${kubectl("auth whoami")} of somebody in that line shows the name and groups that are written there.`,
    description: "Write the entry with the keys that EKS reads.",
    explains: ["A1", "E1", "M1", "R1", "R7"],
  });
}

/** Only where the caller is refused: on today's platform versions such a line works. */
function casedFindings(facts: Facts, view: AwsAuthView, problems: readonly Problem[]): LegacyFinding[] {
  const own = problems.map((problem) => faulty(problem, facts)).filter(({ isCallers }) => isCallers);
  if (facts.symptom?.kind !== "unauthorized" || facts.mapping?.by === "entry") return [];
  return lineFindings(view, own, {
    cause: "A7",
    confidence: minConfidence("likely", view.mapped ?? "likely"),
    wrong: "has keys in another case, which old platform versions refuse",
    falsifiedBy: "The platform version is of 2021 or later.",
    description: "Write the keys in small letters.",
  });
}

function faulty(problem: Problem, { principal }: Facts): FaultyLine {
  const { section, index, arn } = problem;
  return {
    section,
    index,
    written: `${sayLine(section, index, arn)} (${problem.problem})`,
    isCallers: arn !== undefined && arn.toLowerCase() === principal?.canonicalArn.toLowerCase(),
    right: right(problem),
  };
}

function right({ kind, key, values, arn }: Problem): FaultyLine["right"] {
  const [first] = values;
  const drop = kind === "unknown-key" ? { drop: key } : {};
  if (/arn/i.test(key)) return arn === undefined ? undefined : { ...drop, arn };
  if (first === undefined) return undefined;
  if (/group/i.test(key)) return { ...drop, groups: values };
  return /user|name/i.test(key) ? { ...drop, username: first } : undefined;
}
