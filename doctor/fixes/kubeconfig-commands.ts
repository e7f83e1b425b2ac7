import type { Options, Run } from "../../token/command/command.ts";
import type { Facts } from "../derive/facts.ts";
import { isMissingProfile } from "../derive/identity/aws-profile-chain.ts";
import { isMissingRole } from "../derive/identity/known-roles.ts";
import { likelyTarget } from "../derive/target/likely-target.ts";
import { aws } from "./aws.ts";
import { commaSeparated, kubectl } from "./kubectl.ts";

/** What stands for a value that is not known. */
const UNKNOWN = { cluster: "CLUSTER", region: "REGION", user: "USER", profile: "PROFILE" } as const;

/**
 * Sets variables in the exec block, and removes those whose value is undefined. kubectl keeps all the rest of the block
 * (tried with 1.28, 1.32 and 1.36).
 */
export function setExecEnv(
  { context }: Pick<Facts, "context">,
  env: Readonly<Record<string, string | undefined>>,
): Run {
  const variables = Object.entries(env).map(([name, value]) =>
    value === undefined ? `${name}-` : `${name}=${value}`,
  );
  return setCredentials({ context }, { "exec-env": variables });
}

/** Replaces the arguments of the exec block, and keeps the rest of it. */
export function setExecArgs({ context }: Pick<Facts, "context">, args: readonly string[]): Run {
  return setCredentials({ context }, execArgs(args));
}

/** The arguments of an exec block as kubectl takes them. */
export function execArgs(args: readonly string[]): Options {
  return { "exec-arg": args.map((arg) => commaSeparated(arg)) };
}

/** Sets fields of the user entry; kubectl keeps the rest. */
export function setCredentials({ context }: Pick<Facts, "context">, options: Options): Run {
  return kubectl("config set-credentials", options, context?.userName ?? UNKNOWN.user);
}

interface Named {
  /** The cluster, where that is another than the entry names. */
  readonly name?: string | undefined;
  readonly profile?: string | undefined;
  readonly role?: string | undefined;
}

/** Regenerates the context with the AWS CLI, under the names it has. A profile or role that does not exist is left out. */
export function updateKubeconfig(
  facts: Pick<Facts, "evidence" | "context" | "exec">,
  { name, profile, role }: Named = {},
): Run {
  const target = likelyTarget(facts);
  const { context } = facts;
  return aws("eks update-kubeconfig", {
    name: name ?? target.name ?? UNKNOWN.cluster,
    region: target.region ?? UNKNOWN.region,
    alias: context?.name,
    "user-alias": context?.userName,
    "role-arn": role !== undefined && isMissingRole(facts.evidence, role) ? undefined : role,
    profile: profile !== undefined && isMissingProfile(facts.evidence, profile) ? undefined : profile,
  });
}

/** Makes a profile the one whose credentials the plugin uses, without touching anything else in the entry. */
export function useProfile(facts: Pick<Facts, "context" | "exec">, profile: string | undefined): Run {
  const name = profile ?? UNKNOWN.profile;
  const { exec } = facts;
  const hasFlag = exec?.args.some((word) => word === "--profile" || word.startsWith("--profile=")) === true;
  const args = hasFlag ? withFlag(exec?.args ?? [], "--profile", name) : undefined;
  return args === undefined ? setExecEnv(facts, { AWS_PROFILE: name }) : setExecArgs(facts, args);
}

/** The arguments with a flag set to a value, where it stood or at the end. */
export function withFlag(args: readonly string[], flag: string, value: string): string[] {
  return [...withoutFlags(args, [flag]), flag, value];
}

/** The arguments without flags and their values. */
export function withoutFlags(args: readonly string[], flags: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    if (flags.includes(word)) index += 1;
    else if (!flags.some((flag) => word.startsWith(`${flag}=`))) kept.push(word);
  }
  return kept;
}
