import { defineRule } from "../../check/rule.ts";
import { type Conclusion, found } from "../../check/verdict.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import type { SectionKey } from "../../derive/mapping/aws-auth-edit.ts";
import type { AwsAuthSection } from "../../derive/mapping/aws-auth-section.ts";
import type { AwsAuthView } from "../../derive/mapping/aws-auth-view.ts";
import { accessEntryFix } from "../../fixes/access-entry-fix.ts";
import { editAwsAuth } from "../../fixes/aws-auth-fixes.ts";
import { errorOrWarning } from "../shared/aws-auth-line-rule.ts";
import { getsInUnmapped } from "../shared/refuted.ts";

/**
 * A section that does not parse is dropped completely; the others are read. If a section continues after its list, after a dedent
 * or as another document, the rest is silently dropped.
 *
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthSyntax = defineRule({
  causes: [
    {
      id: "A4",
      what: "A section of aws-auth is not valid YAML, and is dropped, as a whole or from the error on.",
      seen: "all roles, nodes too, get 401 at once",
    },
  ],
  expects: "each section of aws-auth is a list in YAML that parses",
  needs: ["awsAuthView"],
  refuted: getsInUnmapped,
  check({ awsAuthView: view }, seen) {
    const { roles, users } = view.awsAuth;
    const losses = [lossOf(view, "mapRoles", roles), lossOf(view, "mapUsers", users)];
    return found(
      ...losses.flatMap((loss) => (loss === undefined ? [] : [conclude(view, loss, seen.principal)])),
    );
  },
});

/** What is lost from a section. */
interface Loss {
  readonly section: SectionKey;
  readonly text: string;
  readonly isWhole: boolean;
  readonly summary: string;
  readonly evidence: string;
}

function lossOf(
  { texts }: AwsAuthView,
  section: SectionKey,
  { syntaxError, unread }: AwsAuthSection,
): Loss | undefined {
  if (syntaxError !== undefined) {
    const whom = section === "mapRoles" ? "every role in it, including the nodes'," : "every user in it";
    return {
      section,
      text: texts[section] ?? "",
      isWhole: true,
      summary: `${section} in aws-auth cannot be read, so ${whom} is dropped: ${syntaxError}.`,
      evidence: `${section} cannot be read: ${syntaxError}.`,
    };
  }
  if (unread === "") return undefined;
  const [first = ""] = unread.split("\n");
  return {
    section,
    text: unread,
    isWhole: false,
    summary: `The list of ${section} in aws-auth ends before ${JSON.stringify(first)}, so everything from there on is dropped.`,
    evidence: `EKS reads ${section} up to ${JSON.stringify(first)} only.`,
  };
}

function conclude(view: AwsAuthView, loss: Loss, principal: Principal | undefined): Conclusion {
  const { section, text, isWhole, summary, evidence } = loss;
  const isOwn =
    isWhole && principal !== undefined && (principal.kind === "role") === (section === "mapRoles");
  const mentions = principal !== undefined && isMentioned(text, principal.canonicalArn);
  const unmapped = isOwn || mentions ? view.unmapped : undefined;
  const confidence = unmapped && minConfidence(unmapped, mentions ? "certain" : "likely");
  return {
    ...errorOrWarning(confidence, { explains: ["A1", "E1", "M1", "A10"] }),
    describe: (facts) => ({
      summary,
      evidence: [evidence, mentions && `The dropped text names ${principal?.canonicalArn}.`],
      falsifiedBy: `Somebody whom only ${isWhole ? section : `that part of ${section}`} names gets in.`,
      fixes: [
        editAwsAuth(`Correct the YAML of ${section}; somebody who gets in another way can do it.`),
        ...(confidence === undefined ? [] : [accessEntryFix(facts)]),
      ],
    }),
  };
}

/** Whether the complete ARN is in the text: another role's ARN may begin with it. */
function isMentioned(text: string, arn: string): boolean {
  const at = text.toLowerCase().indexOf(arn.toLowerCase());
  return at >= 0 && !/[\w+=,.@/-]/.test(text.charAt(at + arn.length));
}
