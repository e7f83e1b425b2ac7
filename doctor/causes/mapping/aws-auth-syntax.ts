import { type Conclusion, defineRule, found } from "../../check/rule.ts";
import { minConfidence } from "../../derive/confidence.ts";
import type { AwsAuthView } from "../../derive/mapping/aws-auth-view.ts";
import type { SectionKey } from "../../eks/aws-auth/aws-auth-edit.ts";
import type { AwsAuthSection } from "../../eks/aws-auth/aws-auth-section.ts";
import type { Principal } from "../../eks/principal/principal.ts";
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
  cause: {
    id: "A4",
    what: "A section of aws-auth is not valid YAML, so EKS ignores all of it, or everything from the error on.",
    seen: "all roles, including those of nodes, get 401 at once",
    remedy: "Cluster admin: correct the YAML in aws-auth, or create an access entry.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
  },
  expects: "each section of aws-auth is a valid YAML list",
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
    const lost = section === "mapRoles" ? "all its roles, including those of nodes" : "all its users";
    return {
      section,
      text: texts[section] ?? "",
      isWhole: true,
      summary: `${section} in aws-auth cannot be parsed, so EKS ignores ${lost}: ${syntaxError}.`,
      evidence: `${section} cannot be parsed: ${syntaxError}.`,
    };
  }
  if (unread === "") return undefined;
  const [first = ""] = unread.split("\n");
  return {
    section,
    text: unread,
    isWhole: false,
    summary: `The ${section} list in aws-auth ends before ${JSON.stringify(first)}; EKS ignores everything from there on.`,
    evidence: `EKS reads ${section} only up to ${JSON.stringify(first)}.`,
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
      evidence: [evidence, mentions && `The ignored part contains ${principal?.canonicalArn}.`],
      falsifiedBy: `A user mapped only ${isWhole ? `under ${section}` : `in that part of ${section}`} can authenticate.`,
      fixes: [
        editAwsAuth(
          `Correct the YAML of ${section}, with an identity that still has access in some other way.`,
        ),
        ...(confidence === undefined ? [] : [accessEntryFix(facts)]),
      ],
    }),
  };
}

/** Whether the complete ARN is in the text: a different role's ARN can begin with it. */
function isMentioned(text: string, arn: string): boolean {
  const at = text.toLowerCase().indexOf(arn.toLowerCase());
  return at >= 0 && !/[\w+=,.@/-]/.test(text.charAt(at + arn.length));
}
