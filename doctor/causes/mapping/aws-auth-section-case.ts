import { type Conclusion, defineRule, found } from "../../check/rule.ts";
import type { AwsAuthView } from "../../derive/mapping/aws-auth-view.ts";
import { matchAwsAuth, parseAwsAuth } from "../../eks/aws-auth/aws-auth.ts";
import type { Principal } from "../../eks/principal/principal.ts";
import { patchAwsAuth } from "../../fixes/aws-auth-fixes.ts";
import { errorOrWarning } from "../shared/aws-auth-line-rule.ts";
import { getsInUnmapped } from "../shared/refuted.ts";

const SECTIONS = ["mapRoles", "mapUsers", "mapAccounts"];

/** Keys of the ConfigMap must be in their exact case; others are silently ignored. Source: doctor/EKS-ACCESS.md, "aws-auth". */
export const awsAuthSectionCase = defineRule({
  cause: {
    id: "A5",
    what: "A section name in aws-auth has the wrong case, so EKS ignores the section.",
    seen: "401",
    remedy: "Cluster admin: move the mappings to the key mapRoles (or mapUsers), exactly as spelled.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
  },
  expects: "the sections of aws-auth are spelled exactly mapRoles, mapUsers and mapAccounts",
  needs: ["awsAuthView"],
  refuted: getsInUnmapped,
  check({ awsAuthView: view }, seen) {
    return found(...view.awsAuth.ignoredKeys.map((key) => conclude(view, key, seen.principal)));
  },
});

function conclude(view: AwsAuthView, key: string, principal: Principal | undefined): Conclusion {
  const right = SECTIONS.find((section) => section.toLowerCase() === key.toLowerCase()) ?? key;
  const text = view.texts[key] ?? "";
  const wouldBe = parseAwsAuth({ data: { [right]: text } });
  const isCallers = Boolean(principal && wouldBe && matchAwsAuth(wouldBe, principal));
  const confidence = isCallers ? view.unmapped : undefined;
  const before = view.texts[right]?.trim() ?? "";
  return {
    ...errorOrWarning(confidence, { explains: ["A1", "E1", "M1"] }),
    describe: () => ({
      summary: `EKS ignores section ${key} in aws-auth: it must be spelled ${right}.`,
      evidence: [
        `The ConfigMap has the keys ${Object.keys(view.texts).join(", ")}.`,
        isCallers && `${key} lists the caller, ${principal?.canonicalArn}.`,
      ],
      falsifiedBy: `A user mapped only under ${key} can authenticate.`,
      fixes: [
        patchAwsAuth(
          `Move the mappings under ${key} to ${right}.`,
          { [key]: null, [right]: before === "" ? text : `${before}\n${text}` },
          view,
        ),
      ],
    }),
  };
}
