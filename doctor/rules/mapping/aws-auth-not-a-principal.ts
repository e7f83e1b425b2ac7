import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { type AwsAuthView, awsAuthView, type PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { type FaultyLine, lineFindings, sayLine } from "../shared/aws-auth-finding.ts";

const KINDS: Readonly<Record<string, string>> = {
  "instance-profile": "an instance profile",
  group: "an IAM group",
  fargateprofile: "a Fargate profile",
};

/**
 * STS never says that somebody is an instance profile, a group or a Fargate profile.
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthNotAPrincipal = defineLegacyRule({
  code: "aws-auth-not-a-principal",
  stage: "mapping",
  causes: ["A9"],
  expects: "aws-auth names roles and users, which alone can call",
  needs: ["mapping"],
  judge(facts) {
    const view = awsAuthView(facts);
    if (view === undefined) return [];
    const lines = view.entries.flatMap((entry) => faulty(entry, facts));
    return lineFindings(view, lines, {
      cause: "A9",
      confidence: sureness(view, lines),
      wrong: "names something that is neither a role nor a user, so that nobody matches",
      falsifiedBy: "Somebody gets in through that line alone.",
      description: "Name the role, or each user singly.",
      explains: ["A1", "E1", "M1"],
    });
  },
});

/** That the caller belongs to a group is not in the evidence. */
function sureness(view: AwsAuthView, lines: readonly FaultyLine[]): AwsAuthView["unmapped"] {
  const isNamed = lines.some(({ isCallers, written }) => isCallers && written.includes(":instance-profile/"));
  return view.unmapped && minConfidence(view.unmapped, isNamed ? "certain" : "possible");
}

function faulty({ arn, section, index }: PlacedEntry, { principal }: Facts): FaultyLine[] {
  const [, kind = "", name = ""] =
    /^arn:[^:]+:(?:iam|eks):[^:]*:\d*:([a-z-]+)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  const what = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (what === undefined) return [];
  const isCallersRole = kind === "instance-profile" && principal?.kind === "role" && principal.name === name;
  const isCallersGroup =
    kind === "group" && principal?.kind === "user" && arn.includes(`::${principal.account}:`);
  return [
    {
      section,
      index,
      written: `${sayLine(section, index, arn)} (${what})`,
      isCallers: isCallersRole || isCallersGroup,
      right: isCallersRole ? { arn: principal.canonicalArn } : undefined,
    },
  ];
}
