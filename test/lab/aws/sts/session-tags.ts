import { AwsFailure } from "../failure.ts";

/** Session tags and their source identity; both may follow a session through role chaining. */
export interface SessionMarks {
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
}

/**
 * Room for a session's tags, in bytes. STS packs them by a rule it does not tell.
 *
 * Source: aws-actions/configure-aws-credentials#1898, where nine tags of 252 bytes are 498 %, and
 * aws/containers-roadmap#2413, where the six tags of EKS Pod Identity are 74 %, which agrees.
 */
const TAG_ROOM_BYTES = 455;
/** Source: STS service model, sessionPolicyDocumentType. */
const POLICY_ROOM_BYTES = 2048;

/** PackedPolicySize: undefined when there is nothing to pack. */
export function packedSize(marks: SessionMarks, inlinePolicy: string | undefined): number | undefined {
  const tags = Object.entries(marks.tags).flat().join("").length;
  const tagPercent = Math.ceil((tags * 100) / TAG_ROOM_BYTES);
  const policyPercent = Math.ceil(((inlinePolicy?.length ?? 0) * 100) / POLICY_ROOM_BYTES);
  if (tagPercent > 100) {
    throw new AwsFailure(
      "PackedPolicyTooLarge",
      400,
      `Packed size of session tags consumes ${tagPercent}% of allotted space.`,
    );
  }
  return tags === 0 && inlinePolicy === undefined ? undefined : Math.max(tagPercent, policyPercent);
}

/** The condition keys that tags and source identity give to a trust policy. */
export function markContext({ tags, transitiveTagKeys, sourceIdentity }: SessionMarks): [string, string[]][] {
  const keys = Object.keys(tags);
  const context: [string, string[]][] = Object.entries(tags).map(([key, value]) => [
    `aws:requesttag/${key.toLowerCase()}`,
    [value],
  ]);
  if (keys.length > 0) context.push(["aws:tagkeys", keys]);
  if (transitiveTagKeys.length > 0) context.push(["sts:transitivetagkeys", [...transitiveTagKeys]]);
  if (sourceIdentity !== undefined) context.push(["sts:sourceidentity", [sourceIdentity]]);
  return context;
}

/** The actions that a trust policy must allow besides the assumption itself. */
export function markActions({ tags, sourceIdentity }: SessionMarks): string[] {
  const actions: string[] = [];
  if (Object.keys(tags).length > 0) actions.push("sts:TagSession");
  if (sourceIdentity !== undefined) actions.push("sts:SetSourceIdentity");
  return actions;
}
