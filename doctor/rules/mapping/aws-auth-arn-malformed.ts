import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { awsAuthView, type PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { malformedArn } from "../../derive/mapping/malformed-arn.ts";
import { aws } from "../../fixes/aws.ts";
import { type FaultyLine, lineFindings, sayLine } from "../shared/aws-auth-finding.ts";

export const awsAuthArnMalformed = defineLegacyRule({
  code: "aws-auth-arn-malformed",
  stage: "mapping",
  causes: ["A16"],
  expects:
    "the ARNs in aws-auth are well formed: no region, no second account, no blanks, the cluster's partition",
  needs: ["mapping"],
  judge(facts) {
    const view = awsAuthView(facts);
    if (view === undefined) return [];
    const lines = view.entries.flatMap((entry) => faulty(entry, facts));
    return lineFindings(view, lines, {
      cause: "A16",
      confidence: view.unmapped,
      wrong: "has an ARN that is malformed, so that nobody matches",
      falsifiedBy: sentence`${aws("iam get-role")} or ${aws("iam get-user")} shows this very ARN.`,
      description: "Write the ARN as IAM shows it.",
      explains: ["A1", "E1", "M1"],
    });
  },
});

function faulty({ arn, section, index }: PlacedEntry, { principal }: Facts): FaultyLine[] {
  const malformed = malformedArn(arn, principal?.partition);
  if (malformed === undefined) return [];
  const canonical = principal?.canonicalArn.toLowerCase() ?? "";
  const resource = canonical.split(":").at(-1) ?? "";
  const mentions = canonical !== "" && arn.replaceAll(/\s+/g, "").toLowerCase().endsWith(`:${resource}`);
  const hasAccount = arn.includes(principal?.account ?? "?");
  const isCallers = malformed.right?.toLowerCase() === canonical || (mentions && hasAccount);
  const right = isCallers ? principal?.canonicalArn : malformed.right;
  return [
    {
      section,
      index,
      written: `${sayLine(section, index, JSON.stringify(arn))} (${malformed.flaws.join(", ")})`,
      isCallers,
      right: right === undefined ? undefined : { arn: right },
    },
  ];
}
