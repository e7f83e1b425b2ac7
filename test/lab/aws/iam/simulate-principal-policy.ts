import type { IamRole, IamUser, LabWorld } from "../../model.ts";
import { parseArn } from "../arn.ts";
import { findRole } from "../caller.ts";
import { AwsFailure } from "../failure.ts";
import { identityAllows } from "../policy/permission.ts";
import { requireValid } from "../query/constraints.ts";
import type { QueryOperation } from "../query/service.ts";
import { noSuchEntity, requirePermission } from "./principals.ts";

/**
 * What a principal's own policies say of actions on resources: `allowed` or `implicitDeny`.
 *
 * As in AWS, trust policies, session policies and service control policies are not asked.
 */
export const simulatePrincipalPolicy: QueryOperation = (form) => ({
  name: "SimulatePrincipalPolicy",
  signed: true,
  parameters: {
    PolicySourceArn: form.get("PolicySourceArn"),
    ActionNames: form.list("ActionNames"),
    ResourceArns: form.list("ResourceArns"),
  },
  run({ world }, caller) {
    const source = form.get("PolicySourceArn");
    const actions = form.list("ActionNames");
    requireValid({
      policySourceArn: { value: source, required: true, min: 20, max: 2048 },
      actionNames: { value: actions[0], required: true },
    });
    requirePermission(caller, "iam:SimulatePrincipalPolicy", { arn: source ?? "", said: source ?? "" });
    const principal = requirePrincipal(world, source ?? "");
    const resources = form.list("ResourceArns");
    const results = actions.flatMap((action) =>
      (resources.length > 0 ? resources : ["*"]).map((resource) => {
        const allowed = identityAllows(principal, action, resource);
        return {
          EvalActionName: action,
          EvalResourceName: resource,
          EvalDecision: allowed ? "allowed" : "implicitDeny",
          MatchedStatements: allowed ? [{ SourcePolicyId: "lab", SourcePolicyType: "IAM Policy" }] : [],
          MissingContextValues: [],
        };
      }),
    );
    return { EvaluationResults: results, IsTruncated: false };
  },
});

function requirePrincipal(world: LabWorld, arn: string): IamRole | IamUser {
  const resource = parseArn(arn)?.resource ?? "";
  const [kind] = resource.split("/");
  const name = resource.slice(resource.lastIndexOf("/") + 1);
  if (kind !== "role" && kind !== "user") {
    throw new AwsFailure(
      "InvalidInput",
      400,
      `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`,
    );
  }
  const found = findRole(world, arn) ?? [...world.users.values()].find((user) => user.arn === arn);
  if (!found) throw noSuchEntity(`The ${kind} with name ${name} cannot be found.`);
  return found;
}
