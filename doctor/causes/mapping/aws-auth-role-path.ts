import { SHOW_AWS_AUTH } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { isSamePrincipal, principalOfArn } from "../../eks/principal/principal.ts";
import { defineAwsAuthLineRule, FAULTY_LINE } from "../shared/aws-auth-line-rule.ts";
import { callerName, readsAwsAuth } from "../shared/caller-words.ts";

/** STS never returns the path of a role, so a mapping with a path matches no one. Source: doctor/EKS-ACCESS.md, "aws-auth". */
export const awsAuthRolePath = defineAwsAuthLineRule({
  cause: {
    id: "A2",
    what: "The aws-auth mapping includes the role's path, which the authenticator never sees.",
    seen: "401",
    remedy: "Cluster admin: remove the path from the role's ARN in aws-auth.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/security-iam-troubleshoot.html#security-iam-troubleshoot-configmap",
  },
  expects: "aws-auth maps roles by ARNs without the path",
  wrong: "cannot match any caller, since STS never returns a role's path",
  falsifiedBy: "A user with this role can authenticate without an access entry.",
  description: "Remove the path from the role's ARN.",
  explains: ["A1", "E1", "M1"],
  faultOf({ arn }, { principal }) {
    const role = /^arn:[a-z-]+:iam::\d{12}:role\/.+\/[^/]+$/.test(arn) ? principalOfArn(arn) : undefined;
    if (role === undefined) return undefined;
    const isCallers = principal?.kind === "role" && isSamePrincipal(arn, principal.canonicalArn);
    return { isCallers, right: { arn: role.canonicalArn } };
  },
  suspected: {
    unauthorized: {
      causes: FAULTY_LINE,
      suspicion: (facts) => {
        const who = callerName(facts);
        if (who === undefined || !readsAwsAuth(facts)) return undefined;
        const slips =
          facts.principal?.kind === "user"
            ? "the path is missing, a key is misspelled, or the YAML is invalid"
            : "it has a session ARN or a path, a key is misspelled, or the YAML is invalid";
        return {
          summary: `The aws-auth mapping meant for ${who} does not match: ${slips}.`,
          audience: "cluster-admin",
          confirmedBy: sentence`${SHOW_AWS_AUTH} shows the mapping.`,
        };
      },
    },
  },
});
