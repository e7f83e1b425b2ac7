import { parseArn } from "../arn.ts";
import { AwsFailure } from "../failure.ts";
import { parseSessionPolicy } from "../policy/session-policy.ts";
import { requireNumber, requireValid } from "../query/constraints.ts";
import type { QueryForm } from "../query/form.ts";

/** What both ways to assume a role take. */
export interface RoleParameters {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number | undefined;
  readonly policyArns: readonly string[];
  readonly inlinePolicy: string | undefined;
}

/** The API's own limits, whatever a role allows. Source: STS service model, roleDurationSecondsType. */
const DURATION_SECONDS = { min: 900, max: 43_200 };
/** Source: STS service model, roleSessionNameType. */
const NAME_PATTERN = "[\\w+=,.@-]*";

/** `more` are the constraints of the operation's other parameters, so that all complaints come in one sentence. */
export function roleParameters(
  form: QueryForm,
  more: Parameters<typeof requireValid>[0] = {},
): RoleParameters {
  const roleArn = form.get("RoleArn");
  const sessionName = form.get("RoleSessionName");
  const inlinePolicy = form.get("Policy");
  requireValid({
    roleArn: { value: roleArn, required: true, min: 20, max: 2048 },
    roleSessionName: { value: sessionName, required: true, min: 2, max: 64, pattern: NAME_PATTERN },
    policy: { value: inlinePolicy, min: 1, max: 2048 },
    ...more,
  });
  const durationSeconds = requireNumber("durationSeconds", form.get("DurationSeconds"), DURATION_SECONDS);
  if (inlinePolicy !== undefined) parseSessionPolicy(inlinePolicy);

  return {
    roleArn: roleArn ?? "",
    sessionName: sessionName ?? "",
    durationSeconds,
    policyArns: form.objects("PolicyArns").map((member) => requirePolicyArn(member["arn"] ?? "")),
    inlinePolicy,
  };
}

export function isRoleArn(text: string): boolean {
  const arn = parseArn(text);
  return (
    arn?.service === "iam" &&
    arn.region === "" &&
    /^\d{12}$/.test(arn.account) &&
    /^role\/./.test(arn.resource)
  );
}

function requirePolicyArn(text: string): string {
  const arn = parseArn(text);
  if (arn?.service === "iam" && arn.resource.startsWith("policy/")) return text;
  throw new AwsFailure("ValidationError", 400, `${text} is invalid`);
}
