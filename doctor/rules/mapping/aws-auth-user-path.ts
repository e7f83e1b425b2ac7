import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { type Principal, principalOfArn } from "../../derive/identity/principal.ts";
import { awsAuthView, type PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { aws } from "../../fixes/aws.ts";
import { type FaultyLine, lineFindings, sayLine } from "../shared/aws-auth-finding.ts";

/** Unlike a role's, the path of an IAM user is part of what STS returns. Source: doctor/EKS-ACCESS.md, "aws-auth". */
export const awsAuthUserPath = defineLegacyRule({
  code: "aws-auth-user-path",
  stage: "mapping",
  causes: ["A13"],
  expects: "IAM users stand in aws-auth with their full path",
  needs: ["mapping", "principal"],
  judge(facts) {
    const { principal } = facts;
    const view = awsAuthView(facts);
    if (view === undefined || principal.kind !== "user" || view.unmapped === undefined) return [];
    const lines = view.entries.flatMap((entry) => faulty(entry, principal));
    return lineFindings(view, lines, {
      cause: "A13",
      confidence: view.unmapped,
      wrong: `has another path than the caller, who is ${principal.canonicalArn}`,
      falsifiedBy: sentence`There is a second IAM user of that name, and the caller was never meant: ${aws("iam get-user", { "user-name": principal.name })}.`,
      description: "Write the user's ARN with its full path.",
      explains: ["A1", "E1", "M1"],
    });
  },
});

function faulty({ arn, section, index }: PlacedEntry, caller: Principal): FaultyLine[] {
  const user = principalOfArn(arn);
  const isNamesake =
    user?.kind === "user" &&
    user.name.toLowerCase() === caller.name.toLowerCase() &&
    user.account === caller.account &&
    arn.toLowerCase() !== caller.canonicalArn.toLowerCase();
  if (!isNamesake) return [];
  return [
    {
      section,
      index,
      written: sayLine(section, index, arn),
      isCallers: true,
      right: { arn: caller.canonicalArn },
    },
  ];
}
