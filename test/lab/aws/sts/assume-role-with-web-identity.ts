import type { IamRole } from "../../model.ts";
import { findRole } from "../caller.ts";
import { AwsFailure } from "../failure.ts";
import type { CallContext } from "../operation.ts";
import { judgeTrust } from "../policy/trust.ts";
import type { QueryForm } from "../query/form.ts";
import type { QueryResult } from "../query/result.ts";
import type { QueryOperation } from "../query/service.ts";
import { issueSession, requireDuration } from "./issue-session.ts";
import { isRoleArn, type RoleParameters, roleParameters } from "./parameters.ts";
import { markActions, markContext } from "./session-tags.ts";
import { verifyWebIdentity, type WebIdentity } from "./web-identity.ts";

export const assumeRoleWithWebIdentity: QueryOperation = (form) => ({
  name: "AssumeRoleWithWebIdentity",
  signed: false,
  parameters: {
    RoleArn: form.get("RoleArn"),
    RoleSessionName: form.get("RoleSessionName"),
    DurationSeconds: form.get("DurationSeconds"),
    PolicyArns: form.objects("PolicyArns").map(({ arn }) => arn),
  },
  run: (context) => run(form, context),
});

async function run(form: QueryForm, { world, now }: CallContext): Promise<QueryResult> {
  const token = form.get("WebIdentityToken");
  const parameters = roleParameters(form, {
    webIdentityToken: { value: token, required: true, min: 4, max: 20_000, secret: true },
  });
  if (!isRoleArn(parameters.roleArn)) throw new AwsFailure("ValidationError", 400, "Request ARN is invalid");
  const identity = await verifyWebIdentity(world, { token: token ?? "", roleArn: parameters.roleArn }, now);
  requireNoOtherTags(form, identity);
  const role = requireTrust(findRole(world, parameters.roleArn), parameters, identity);
  requireDuration(role, parameters.durationSeconds);

  return {
    SubjectFromWebIdentityToken: identity.subject,
    Audience: identity.audience,
    ...issueSession({ world, role, parameters, marks: identity.marks, now }),
    Provider: identity.provider.arn,
  };
}

/** The call has no parameter for tags; a client that sends some, as for AssumeRole, is told. Not AWS's own words. */
function requireNoOtherTags(form: QueryForm, { marks }: WebIdentity): void {
  const inCall = form.names.some((name) => /^(Tags|TransitiveTagKeys)\./.test(name));
  if (!inCall || Object.keys(marks.tags).length === 0) return;
  throw new AwsFailure(
    "ValidationError",
    400,
    "Session tags can't be passed both in the web identity token and in the request.",
  );
}

/** A role that does not exist is refused with the same words as one that does not trust the identity. */
function requireTrust(
  role: IamRole | undefined,
  { sessionName }: RoleParameters,
  { provider, subject, audience, methods, marks, roleAuthorized }: WebIdentity,
): IamRole {
  const issuer = provider.url.toLowerCase();
  const context = new Map<string, readonly string[]>([
    [`${issuer}:aud`, [audience]],
    [`${issuer}:sub`, [subject]],
    ["sts:rolesessionname", [sessionName]],
    ["sts:roleauthorizedbyidp", [String(roleAuthorized)]],
    ["aws:federatedprovider", [provider.arn]],
    ...markContext(marks),
  ]);
  if (methods.length > 0) context.set(`${issuer}:amr`, methods);
  const actions = ["sts:AssumeRoleWithWebIdentity", ...markActions(marks)];
  const subjectOfTrust = { provider: provider.arn };
  const refused = actions.find(
    (action) => !role || judgeTrust({ role, subject: subjectOfTrust, action, context }) === "denied",
  );
  if (!role || refused !== undefined) {
    throw new AwsFailure("AccessDenied", 403, `Not authorized to perform ${refused ?? actions[0]}`);
  }
  return role;
}
