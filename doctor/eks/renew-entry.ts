import type { AccessEntryJson, DoctorEvidence } from "../evidence.ts";
import { associatedWith } from "../facts/authorization.ts";
import type { Target } from "../facts/eks-call.ts";
import { associatePolicy, createEntry, deleteEntry, describeEntry } from "./entry-commands.ts";

type Command = readonly string[];

export interface Renewal {
  readonly evidence: DoctorEvidence;
  readonly target: Target;
  /** The entry whose rights are to be kept. */
  readonly entry: AccessEntryJson;
  /** Whom they are for now. */
  readonly principalArn: string;
}

/**
 * Commands that make an entry anew with the rights it had, for the same principal or another. What is not known of it is
 * asked for first, before anything is deleted.
 */
export function renewEntry({ evidence, target, entry, principalArn }: Renewal): readonly Command[] {
  const policies = associatedWith(evidence, entry);
  const isOwnUsername = entry.username !== undefined && !entry.username.startsWith("arn:");
  const list: Command = [
    ...["aws", "eks", "list-associated-access-policies", "--cluster-name", target.cluster],
    ...["--region", target.region, "--principal-arn", entry.principalArn],
  ];
  return [
    ...(entry.kubernetesGroups === undefined ? [describeEntry(target, entry.principalArn)] : []),
    ...(policies === undefined ? [list] : []),
    deleteEntry(target, entry.principalArn),
    createEntry(target, principalArn, {
      ...(entry.kubernetesGroups === undefined ? {} : { kubernetesGroups: entry.kubernetesGroups }),
      ...(isOwnUsername && entry.username !== undefined ? { username: entry.username } : {}),
    }),
    ...(policies ?? [UNKNOWN_POLICY]).map((policy) => associatePolicy(target, principalArn, policy)),
  ];
}

/** Stands for what the listing shows. */
const UNKNOWN_POLICY = { policyArn: "POLICY_ARN", accessScope: { type: "SCOPE" } };
