import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { awsAuthView, type PlacedEntry } from "../../derive/mapping/aws-auth-view.ts";
import { tellsOfNodes } from "../../derive/mapping/node-trouble.ts";
import { type FaultyLine, lineFindings, sayLine } from "../shared/aws-auth-finding.ts";

const GLUE = /\s-\s+/;

/**
 * A list item that stands too deep is no error to YAML: it continues the item before.
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthGluedGroups = defineLegacyRule({
  code: "aws-auth-glued-groups",
  stage: "mapping",
  causes: ["A6"],
  expects: "each group in aws-auth is an item of its own",
  needs: ["mapping"],
  judge(facts) {
    const view = awsAuthView(facts);
    if (view === undefined) return [];
    const lines = view.entries.flatMap((entry) => faulty(entry, facts));
    return lineFindings(view, lines, {
      cause: "A6",
      confidence: view.mapped ?? (tellsOfNodes(facts) ? "certain" : undefined),
      wrong: "has two groups glued into one, because one stands too deep",
      falsifiedBy: "There is a binding to the group with the dash in its name.",
      description: "Make each group an item of its own.",
      explains: ["R1", "R7", "A17"],
    });
  },
});

function faulty({ arn, groups, section, index }: PlacedEntry, facts: Facts): FaultyLine[] {
  const glued = groups.filter((group) => GLUE.test(group));
  if (glued.length === 0) return [];
  const isNode = tellsOfNodes(facts) && groups.some((group) => group.includes("system:nodes"));
  return [
    {
      section,
      index,
      written: `${sayLine(section, index, arn)} (${glued.map((group) => JSON.stringify(group)).join(", ")})`,
      isCallers: isNode || arn.toLowerCase() === facts.principal?.canonicalArn.toLowerCase(),
      right: { groups: groups.flatMap((group) => group.split(GLUE)) },
    },
  ];
}
