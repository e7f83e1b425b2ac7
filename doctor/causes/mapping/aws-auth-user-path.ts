import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { type Principal, principalOfArn } from "../../eks/principal/principal.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { isCallers, lineConclusions } from "../shared/aws-auth-line-rule.ts";

/** STS returns the path of an IAM user, unlike that of a role. Source: doctor/EKS-ACCESS.md, "aws-auth". */
export const awsAuthUserPath = defineRule({
  cause: {
    id: "A13",
    what: "The aws-auth mapping for an IAM user does not include the user's path.",
    seen: "401",
    remedy: "Cluster admin: use the user's ARN with its full path.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html",
  },
  expects: "aws-auth maps IAM users by ARNs with the full path",
  needs: ["principal"],
  check({ principal }, seen) {
    if (principal.kind !== "user") return doesNotApply("the caller is not an IAM user");
    const view = seen.awsAuthView;
    if (view === undefined) return doesNotApply("the cluster does not read aws-auth");
    const lines = view.entries.filter(({ arn }) => isNamesake(arn, principal));
    if (lines.length === 0) return passed;
    const { unmapped } = view;
    if (unmapped === undefined) return doesNotApply("the caller is mapped");
    const right = { arn: principal.canonicalArn };
    const faulty = lines.map(({ section, index, arn }) => ({ section, index, arn, isCallers: true, right }));
    return found(
      ...lineConclusions(view, faulty, {
        confidence: () => unmapped,
        wrong: `cannot match the caller, ${principal.canonicalArn}, since the path is different`,
        falsifiedBy: sentence`${aws("iam get-user", { "user-name": principal.name })} returns the ARN in the mapping.`,
        description: "Use the user's ARN with its full path.",
        explains: ["A1", "E1", "M1"],
      }),
    );
  },
  refuted({ evidence, awsAuthView, principal }) {
    const arn = knownValue(evidence.user)?.User.Arn;
    return arn !== principal?.canonicalArn && awsAuthView?.entries.some((line) => line.arn === arn) === true;
  },
});

/** A user with the same name but another path. */
function isNamesake(arn: string, caller: Principal): boolean {
  const user = principalOfArn(arn);
  const isSameName = user?.kind === "user" && user.name.toLowerCase() === caller.name.toLowerCase();
  return isSameName && user.account === caller.account && !isCallers(arn, caller);
}
