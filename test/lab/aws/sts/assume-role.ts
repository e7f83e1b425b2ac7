import type { IamRole } from "../../model.ts";
import { parseArn } from "../arn.ts";
import { type Caller, findRole } from "../caller.ts";
import { AwsFailure } from "../failure.ts";
import type { CallContext } from "../operation.ts";
import type { ConditionContext } from "../policy/conditions.ts";
import { identityAllows, sessionDenial } from "../policy/permission.ts";
import { judgeTrust } from "../policy/trust.ts";
import type { QueryForm } from "../query/form.ts";
import type { QueryResult } from "../query/result.ts";
import type { QueryOperation } from "../query/service.ts";
import { issueSession, requireDuration } from "./issue-session.ts";
import { mfaConstraints, mfaContext } from "./mfa.ts";
import { isRoleArn, type RoleParameters, roleParameters } from "./parameters.ts";
import { markActions, markContext, type SessionMarks } from "./session-tags.ts";

/**
 * Longest session of a role that was assumed by another role's session, in seconds. Source: STS API, AssumeRole,
 * "role chaining".
 */
const CHAINED_SECONDS = 3600;

export const assumeRole: QueryOperation = (form) => ({
  name: "AssumeRole",
  signed: true,
  parameters: {
    RoleArn: form.get("RoleArn"),
    RoleSessionName: form.get("RoleSessionName"),
    DurationSeconds: form.get("DurationSeconds"),
    PolicyArns: form.objects("PolicyArns").map(({ arn }) => arn),
  },
  run: (context, caller) => run(form, context, caller),
});

function run(form: QueryForm, { world, now }: CallContext, caller: Caller): QueryResult {
  const externalId = form.get("ExternalId");
  const requestedIdentity = form.get("SourceIdentity");
  const parameters = roleParameters(form, {
    externalId: { value: externalId, min: 2, max: 1224, pattern: "[\\w+=,.@:\\/-]*" },
    sourceIdentity: { value: requestedIdentity, min: 2, max: 64, pattern: "[\\w+=,.@-]*" },
    ...mfaConstraints(form),
  });
  if (!isRoleArn(parameters.roleArn)) {
    throw new AwsFailure("ValidationError", 400, `${parameters.roleArn} is invalid`);
  }
  const marks = marksOf(form, caller, requestedIdentity);
  const role = requireMay({
    role: findRole(world, parameters.roleArn),
    parameters,
    marks,
    caller,
    externalId,
    mfa: mfaContext(form, caller),
  });
  requireDuration(role, parameters.durationSeconds);
  if (caller.session && (parameters.durationSeconds ?? 0) > CHAINED_SECONDS) {
    throw new AwsFailure(
      "ValidationError",
      400,
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  }
  return issueSession({ world, role, parameters, marks, now });
}

/** Transitive tags and the source identity follow the chain; the call may add tags, but may not change what is set. */
function marksOf(form: QueryForm, { session }: Caller, requested: string | undefined): SessionMarks {
  const inherited = session?.sourceIdentity;
  if (inherited !== undefined && requested !== undefined && requested !== inherited) {
    throw new AwsFailure(
      "ValidationError",
      400,
      "The source identity is already set for this assume role session",
    );
  }
  const kept = session?.transitiveTagKeys ?? [];
  const tags = Object.fromEntries(kept.map((key) => [key, session?.tags[key] ?? ""]));
  for (const { Key: key = "", Value: value = "" } of form.objects("Tags")) {
    if (kept.some((other) => other.toLowerCase() === key.toLowerCase())) {
      throw new AwsFailure(
        "InvalidParameterValue",
        400,
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
      );
    }
    tags[key] = value;
  }
  const transitiveTagKeys = [...new Set([...kept, ...form.list("TransitiveTagKeys")])];
  return { tags, transitiveTagKeys, sourceIdentity: requested ?? inherited };
}

interface Assumption {
  readonly role: IamRole | undefined;
  readonly parameters: RoleParameters;
  readonly marks: SessionMarks;
  readonly caller: Caller;
  readonly externalId: string | undefined;
  readonly mfa: ConditionContext;
}

/**
 * Both sides must agree: the role's trust policy, and, for a role of another account or a trust in the whole account,
 * the caller's own policy. A role that does not exist is refused with the same words.
 */
function requireMay({ role, parameters, marks, caller, externalId, mfa }: Assumption): IamRole {
  const context = new Map<string, readonly string[]>([
    ["sts:rolesessionname", [parameters.sessionName]],
    ["aws:principalarn", [caller.principal.arn]],
    ["aws:principalaccount", [caller.accountId]],
    ["aws:userid", [caller.userId]],
    ...markContext(marks),
    ...mfa,
  ]);
  if (externalId !== undefined) context.set("sts:externalid", [externalId]);
  const sameAccount = parseArn(parameters.roleArn)?.account === caller.accountId;
  for (const action of ["sts:AssumeRole", ...markActions(marks)]) {
    const verdict = role ? judgeTrust({ role, subject: { caller }, action, context }) : "denied";
    const own = verdict === "delegated" || !sameAccount;
    const granted =
      verdict !== "denied" && (!own || identityAllows(caller.principal, action, parameters.roleArn));
    if (!granted) throw denied(caller, action, parameters.roleArn);
    const narrowed = sessionDenial(caller, action, parameters.roleArn);
    if (narrowed) throw denied(caller, action, `${parameters.roleArn} ${narrowed}`);
  }
  if (!role) throw denied(caller, "sts:AssumeRole", parameters.roleArn);
  return role;
}

function denied(caller: Caller, action: string, resource: string): AwsFailure {
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  return new AwsFailure("AccessDenied", 403, message);
}
