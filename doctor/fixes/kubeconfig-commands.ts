import { aws, type Run, type SetVariable, setVariable } from "../../token/command/command.ts";
import { isProviderAlone } from "../derive/client/client-kind.ts";
import type { Facts } from "../derive/facts.ts";
import { isMissingProfile } from "../derive/identity/aws-profile-chain.ts";
import { isOwnSourceBlock } from "../derive/identity/credential-source.ts";
import { isMissingRole } from "../derive/identity/principal-arn.ts";
import { contextAsked } from "../derive/kubeconfig/effective-context.ts";
import type { Written } from "../derive/kubeconfig/own-context.ts";
import { likelyTarget } from "../derive/target/target-cluster.ts";
import type { ExecFields, SetExec, SetupEks } from "./fix.ts";

/** Placeholders for values that are not known. */
const UNKNOWN = { cluster: "CLUSTER", region: "REGION", user: "USER", profile: "PROFILE" } as const;

/** Sets variables in the exec block, and removes those whose value is undefined. */
export function setExecEnv(
  facts: Pick<Facts, "context">,
  env: Readonly<Record<string, string | undefined>>,
): SetExec {
  return setExec(facts, { env });
}

/** Replaces the arguments of the exec block, and keeps the rest of it. */
export function setExecArgs(facts: Pick<Facts, "context">, args: readonly string[]): SetExec {
  return setExec(facts, { args });
}

/** Sets fields of the exec block of the context's user, and keeps the rest. */
export function setExec({ context }: Pick<Facts, "context">, fields: ExecFields): SetExec {
  return { kind: "set-exec", user: context?.userName ?? UNKNOWN.user, fields };
}

type Entry = Pick<Facts, "evidence" | "context" | "exec">;

interface Named {
  /** The cluster, if it is not the one in the entry. */
  readonly name?: string | undefined;
  readonly profile?: string | undefined;
  readonly role?: string | undefined;
}

/**
 * Regenerates the context with the AWS CLI, under its current name or the one that was asked for. A profile or role that does not
 * exist is left out.
 */
export function updateKubeconfig(facts: Entry, { name, profile, role }: Named = {}): Run {
  const target = likelyTarget(facts);
  const { context } = facts;
  return aws("eks update-kubeconfig", {
    name: name ?? target.name ?? UNKNOWN.cluster,
    region: target.region ?? UNKNOWN.region,
    alias: context?.name ?? contextAsked(facts.evidence),
    "user-alias": context?.userName,
    "role-arn": role !== undefined && isMissingRole(facts.evidence, role) ? undefined : role,
    profile: profile !== undefined && isMissingProfile(facts.evidence, profile) ? undefined : profile,
  });
}

/** Sets up a context of ours again, with its own options: setup shows the identity, and asks before it uses a program. */
export function setUpAgain(facts: Entry, { role, via, server, profile, isAmbient }: Written): SetupEks {
  const { name: cluster, region } = likelyTarget(facts);
  return { kind: "setup-eks", cluster, region, role, via, server, profile, isAmbient };
}

/**
 * Makes the plugin use the credentials of a profile, without changing anything else in the entry. For a context of ours setup is
 * run afterwards: it reuses a context whose identity is the one to set up, and adds another one otherwise. A Terraform provider
 * without a kubeconfig, and the plugin that it runs, have the variable of their shell.
 */
export function useProfile(
  facts: Entry,
  profile: string | undefined,
): readonly (SetExec | SetupEks | SetVariable)[] {
  const name = profile ?? UNKNOWN.profile;
  if (isProviderAlone(facts)) return [setVariable("AWS_PROFILE", name)];
  const { exec } = facts;
  if (exec !== undefined && isOwnSourceBlock(exec)) {
    const args = exec.args.filter((word) => word !== "--ambient");
    return [
      setExecArgs(facts, withFlag(args, "--profile", name)),
      setUpAgain(facts, { ...exec, profile: name, isAmbient: false }),
    ];
  }
  const hasFlag = exec?.args.some((word) => word === "--profile" || word.startsWith("--profile=")) === true;
  const args = hasFlag ? withFlag(exec?.args ?? [], "--profile", name) : undefined;
  return [args === undefined ? setExecEnv(facts, { AWS_PROFILE: name }) : setExecArgs(facts, args)];
}

/** The arguments with a flag set to a value, in its old place or at the end. */
export function withFlag(args: readonly string[], flag: string, value: string): string[] {
  const place = args.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  const rest = (words: readonly string[]) => withoutFlags(words, [flag]);
  if (place < 0) return [...args, flag, value];
  return [...rest(args.slice(0, place)), flag, value, ...rest(args.slice(place))];
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
