import { SHOW_AWS_AUTH } from "../../../token/command/kubectl.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { isSamePrincipal, principalOfArn } from "../../derive/identity/principal.ts";
import { defineAwsAuthLineRule } from "../shared/aws-auth-line-rule.ts";
import { callerName, readsAwsAuth } from "../shared/refused-caller.ts";

/** STS never returns the path of a role, so a line with a path matches nobody. Source: doctor/EKS-ACCESS.md, "aws-auth". */
export const awsAuthRolePath = defineAwsAuthLineRule({
  causes: [
    { id: "A2", what: "The line for the role includes its path, which the mapper never sees.", seen: "401" },
  ],
  expects: "aws-auth names roles without their path",
  wrong: "has a path, which STS never returns, so that nobody matches",
  falsifiedBy: "Somebody who has this role gets in, without an access entry.",
  description: "Strip the path from the role's ARN.",
  explains: ["A1", "E1", "M1"],
  faultOf({ arn }, { principal }) {
    const role = /^arn:[a-z-]+:iam::\d{12}:role\/.+\/[^/]+$/.test(arn) ? principalOfArn(arn) : undefined;
    if (role === undefined) return undefined;
    const isCallers = principal?.kind === "role" && isSamePrincipal(arn, principal.canonicalArn);
    return { isCallers, right: { arn: role.canonicalArn } };
  },
  suspected: {
    unauthorized: {
      causes: ["A2", "A3", "A16", "A7", "A4", "A9", "A15", "A5", "A12", "A13"],
      suspicion: (facts) => {
        const who = callerName(facts);
        if (who === undefined || !readsAwsAuth(facts)) return undefined;
        const slips =
          facts.principal?.kind === "user"
            ? "the path is missing, a key is misspelt, the YAML is broken"
            : "it names a session or a path, a key is misspelt, the YAML is broken";
        return {
          hinted: false,
          summary: `aws-auth has a line meant for ${who} that does not match: ${slips}.`,
          hints: [],
          audience: "cluster-admin",
          confirmedBy: sentence`${SHOW_AWS_AUTH} shows the line.`,
        };
      },
    },
  },
});
