import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import type { SectionKey } from "../../derive/mapping/aws-auth-edit.ts";
import { type AwsAuthView, awsAuthView } from "../../derive/mapping/aws-auth-view.ts";
import { accessEntryFix } from "../../fixes/access-entry-fix.ts";
import { editAwsAuth } from "../../fixes/aws-auth-fixes.ts";

/**
 * A section that does not parse is dropped as a whole; the others live on.
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthSyntax = defineLegacyRule({
  code: "aws-auth-syntax",
  stage: "mapping",
  causes: ["A4"],
  expects: "each section of aws-auth is a list in YAML that parses",
  needs: ["mapping"],
  judge(facts) {
    const view = awsAuthView(facts);
    if (view === undefined) return [];
    const { roles, users } = view.awsAuth;
    return [
      ...(roles.syntaxError === undefined ? [] : [finding(facts, view, ["mapRoles", roles.syntaxError])]),
      ...(users.syntaxError === undefined ? [] : [finding(facts, view, ["mapUsers", users.syntaxError])]),
    ];
  },
});

function finding(
  facts: Facts,
  view: AwsAuthView,
  [section, error]: readonly [SectionKey, string],
): LegacyFinding {
  const { principal } = facts;
  const isOwn = principal !== undefined && (principal.kind === "role") === (section === "mapRoles");
  const mentions = principal !== undefined && isMentioned(view.texts[section] ?? "", principal.canonicalArn);
  const isError = view.unmapped !== undefined && (isOwn || mentions);
  const whom = section === "mapRoles" ? "every role in it, the nodes' among them," : "every user in it";
  return {
    cause: "A4",
    stage: "mapping",
    severity: isError ? "error" : "warning",
    confidence: isError
      ? minConfidence(view.unmapped ?? "likely", mentions ? "certain" : "likely")
      : "certain",
    summary: `${section} in aws-auth cannot be read, so ${whom} is dropped: ${error}.`,
    evidence: [
      `${section} cannot be read: ${error}.`,
      ...(mentions ? [`The text of ${section} names ${principal?.canonicalArn}.`] : []),
    ],
    falsifiedBy: `Somebody whom only ${section} names gets in.`,
    fixes: [
      editAwsAuth(`Correct the YAML of ${section}; somebody whom something else lets in can do it.`),
      ...(isError ? [accessEntryFix(facts)] : []),
    ],
    explains: ["A1", "E1", "M1", "A10"],
  };
}

/** The ARN as a whole: another role's may begin with it. */
function isMentioned(text: string, arn: string): boolean {
  const at = text.toLowerCase().indexOf(arn.toLowerCase());
  return at >= 0 && !/[\w+=,.@/-]/.test(text.charAt(at + arn.length));
}
