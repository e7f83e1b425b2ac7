import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { isSamePrincipal, principalOfArn } from "../../derive/identity/principal.ts";
import { awsAuthView, type PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { type FaultyLine, lineFindings, sayLine } from "../shared/aws-auth-finding.ts";

/** Lines are held against the role, never against a session of it. Source: doctor/EKS-ACCESS.md, "aws-auth". */
export const awsAuthSessionArn = defineLegacyRule({
  code: "aws-auth-session-arn",
  stage: "mapping",
  causes: ["A3"],
  expects: "aws-auth names roles, not sessions of roles",
  needs: ["mapping"],
  judge(facts) {
    const view = awsAuthView(facts);
    if (view === undefined) return [];
    const lines = view.entries.flatMap((entry) => faulty(entry, facts));
    return lineFindings(view, lines, {
      cause: "A3",
      confidence: view.unmapped,
      wrong: "names a session of a role and not the role, so that nobody matches",
      falsifiedBy: "Somebody who has this role gets in, without an access entry.",
      description: "Write the ARN of the role.",
      explains: ["A1", "E1", "M1"],
    });
  },
});

function faulty({ arn, section, index }: PlacedEntry, { principal }: Facts): FaultyLine[] {
  if (!/^arn:[a-z-]+:sts::\d*:assumed-role\//.test(arn)) return [];
  const role = principalOfArn(arn) ?? principalOfArn(`${arn}/session`);
  const isCallers =
    principal !== undefined &&
    role !== undefined &&
    isSamePrincipal(role.canonicalArn, principal.canonicalArn);
  return [
    {
      section,
      index,
      written: sayLine(section, index, arn),
      isCallers,
      right: role === undefined ? undefined : { arn: role.canonicalArn },
    },
  ];
}
