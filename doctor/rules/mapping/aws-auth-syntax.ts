import { defineRule } from "../../check/rule.ts";
import { type Conclusion, found } from "../../check/verdict.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import type { SectionKey } from "../../derive/mapping/aws-auth-edit.ts";
import type { AwsAuthView } from "../../derive/mapping/aws-auth-view.ts";
import { accessEntryFix } from "../../fixes/access-entry-fix.ts";
import { editAwsAuth } from "../../fixes/aws-auth-fixes.ts";
import { errorOrWarning } from "../shared/aws-auth-line-rule.ts";

/**
 * A section that does not parse is dropped as a whole; the others are read.
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthSyntax = defineRule({
  causes: ["A4"],
  expects: "each section of aws-auth is a list in YAML that parses",
  needs: ["awsAuthView"],
  reads: ["principal"],
  check({ awsAuthView: view }, seen) {
    const { roles, users } = view.awsAuth;
    const errors = [
      ["mapRoles", roles.syntaxError],
      ["mapUsers", users.syntaxError],
    ] as const;
    return found(
      ...errors.flatMap(([section, error]) =>
        error === undefined ? [] : [conclude(view, { section, error }, seen.principal)],
      ),
    );
  },
});

interface BrokenSection {
  readonly section: SectionKey;
  readonly error: string;
}

function conclude(
  view: AwsAuthView,
  { section, error }: BrokenSection,
  principal: Principal | undefined,
): Conclusion {
  const isOwn = principal !== undefined && (principal.kind === "role") === (section === "mapRoles");
  const mentions = principal !== undefined && isMentioned(view.texts[section] ?? "", principal.canonicalArn);
  const unmapped = isOwn || mentions ? view.unmapped : undefined;
  const confidence = unmapped && minConfidence(unmapped, mentions ? "certain" : "likely");
  const whom = section === "mapRoles" ? "every role in it, including the nodes'," : "every user in it";
  return {
    ...errorOrWarning(confidence, { explains: ["A1", "E1", "M1", "A10"] }),
    describe: (facts) => ({
      summary: `${section} in aws-auth cannot be read, so ${whom} is dropped: ${error}.`,
      evidence: [
        `${section} cannot be read: ${error}.`,
        mentions && `The text of ${section} names ${principal?.canonicalArn}.`,
      ],
      falsifiedBy: `Somebody whom only ${section} names gets in.`,
      fixes: [
        editAwsAuth(`Correct the YAML of ${section}; somebody who gets in another way can do it.`),
        ...(confidence === undefined ? [] : [accessEntryFix(facts)]),
      ],
    }),
  };
}

/** The ARN as a whole: another role's may begin with it. */
function isMentioned(text: string, arn: string): boolean {
  const at = text.toLowerCase().indexOf(arn.toLowerCase());
  return at >= 0 && !/[\w+=,.@/-]/.test(text.charAt(at + arn.length));
}
