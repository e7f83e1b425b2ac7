import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { awsAuthView, type PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { type FaultyLine, lineFindings, sayLine } from "../shared/aws-auth-finding.ts";

export const awsAuthPlaceholder = defineLegacyRule({
  code: "aws-auth-placeholder",
  stage: "mapping",
  causes: ["A15"],
  expects: "no placeholder of the documentation is left in aws-auth",
  needs: ["mapping"],
  judge(facts) {
    const view = awsAuthView(facts);
    if (view === undefined) return [];
    const lines = view.entries.flatMap((entry) => faulty(entry, facts));
    const refused = view.unmapped ?? view.mapped;
    return lineFindings(view, lines, {
      cause: "A15",
      confidence: refused === "certain" ? "likely" : refused,
      warningConfidence: "likely",
      wrong: "has a placeholder of the documentation in it",
      falsifiedBy: "The group, name or ARN really has the signs < and > in it.",
      description: "Take the brackets off, and write the real value where the text in them is none.",
      explains: ["A1", "E1", "R1"],
    });
  },
});

function faulty({ arn, username, groups, section, index }: PlacedEntry, { principal }: Facts): FaultyLine[] {
  const texts = [arn, username, ...groups].filter((text) => /[<>]/.test(text));
  if (texts.length === 0) return [];
  const right = { arn: bare(arn), username: bare(username), groups: groups.map(bare) };
  const isClear = texts.every((text) => !/\s/.test(text));
  return [
    {
      section,
      index,
      written: `${sayLine(section, index, arn)} (${texts.join(", ")})`,
      isCallers: right.arn.toLowerCase() === principal?.canonicalArn.toLowerCase(),
      right: isClear ? right : undefined,
    },
  ];
}

function bare(text: string): string {
  return text.replaceAll(/[<>]/g, "");
}
