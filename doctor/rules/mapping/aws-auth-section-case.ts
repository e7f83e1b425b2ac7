import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Principal } from "../../derive/identity/principal.ts";
import { matchAwsAuth, parseAwsAuth } from "../../derive/mapping/aws-auth.ts";
import { type AwsAuthView, awsAuthView } from "../../derive/mapping/aws-auth-view.ts";
import { patchAwsAuth } from "../../fixes/aws-auth-fixes.ts";

const SECTIONS = ["mapRoles", "mapUsers", "mapAccounts"];

/**
 * Keys of the ConfigMap are read in their exact case; others are ignored without a word.
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export const awsAuthSectionCase = defineLegacyRule({
  code: "aws-auth-section-case",
  stage: "mapping",
  causes: ["A5"],
  expects: "the sections of aws-auth are called mapRoles, mapUsers and mapAccounts, in that case",
  needs: ["mapping"],
  judge(facts) {
    const view = awsAuthView(facts);
    return view?.awsAuth.ignoredKeys.map((key) => finding(view, key, facts.principal)) ?? [];
  },
});

function finding(view: AwsAuthView, key: string, principal: Principal | undefined): LegacyFinding {
  const right = SECTIONS.find((section) => section.toLowerCase() === key.toLowerCase()) ?? key;
  const text = view.texts[key] ?? "";
  const wouldBe = parseAwsAuth({ data: { [right]: text } });
  const isCallers = Boolean(principal && wouldBe && matchAwsAuth(wouldBe, principal));
  const isError = isCallers && view.unmapped !== undefined;
  const before = view.texts[right]?.trim() ?? "";
  return {
    cause: "A5",
    stage: "mapping",
    severity: isError ? "error" : "warning",
    confidence: isError ? (view.unmapped ?? "likely") : "certain",
    summary: `aws-auth has the key ${key}, which EKS ignores; the section is called ${right}.`,
    evidence: [
      `The ConfigMap's keys are ${Object.keys(view.texts).join(", ")}.`,
      ...(isCallers ? [`Under ${key} stands the caller, ${principal?.canonicalArn}.`] : []),
    ],
    falsifiedBy: `Somebody whom only ${key} names gets in.`,
    fixes: [
      patchAwsAuth(`Move what stands under ${key} to ${right}.`, {
        [key]: null,
        [right]: before === "" ? text : `${before}\n${text}`,
      }),
    ],
    ...(isError ? { explains: ["A1", "E1", "M1"] } : {}),
  };
}
