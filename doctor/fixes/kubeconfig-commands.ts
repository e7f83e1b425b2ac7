import { stringify } from "yaml";
import {
  aws,
  kubectl,
  type Run,
  run,
  type SetVariable,
  setVariable,
  unsetVariables,
} from "../../token/command/command.ts";
import { type Sentence, sentence } from "../../token/command/sentence.ts";
import { isProviderAlone } from "../derive/client/client-kind.ts";
import type { Facts } from "../derive/facts.ts";
import { awsProfiles, isMissingProfile } from "../derive/identity/aws-profile-chain.ts";
import type { SourceKind } from "../derive/identity/aws-source.ts";
import { cliSource, isOwnSourceBlock } from "../derive/identity/credential-source.ts";
import { isMissingRole } from "../derive/identity/principal-arn.ts";
import { contextAsked, type EffectiveContext } from "../derive/kubeconfig/effective-context.ts";
import type { Written } from "../derive/kubeconfig/own-context.ts";
import { likelyTarget } from "../derive/target/target-cluster.ts";
import { type DoctorEvidence, knownValue } from "../evidence/evidence.ts";
import {
  type Action,
  documentOf,
  type ExecFields,
  type Fix,
  forYou,
  type SetExec,
  type SetupEks,
} from "./fix.ts";

/** Placeholders for values that are not known. */
const UNKNOWN = { cluster: "CLUSTER", region: "REGION", user: "USER", profile: "PROFILE" } as const;

/** The arguments with which the AWS CLI gets a token. */
export function tokenArgs(cluster: string, region: string): string[] {
  return ["--region", region, "eks", "get-token", "--cluster-name", cluster, "--output", "json"];
}

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
    profile:
      profile !== undefined && isMissingProfile(facts.evidence, profile)
        ? undefined
        : (profile ?? profileNeeded(facts)),
  });
}

/** The profile without which the AWS CLI finds no credentials here; undefined if it may find some. */
export function profileNeeded(facts: Entry): string | undefined {
  const { evidence, exec } = facts;
  const { byName, isComplete } = awsProfiles(evidence);
  const isFound = knownValue(evidence.callerIdentity) !== undefined || !WITHOUT.has(cliSource(facts).kind);
  if (exec !== undefined || isFound || !isComplete || knownValue(evidence.environment) === undefined)
    return undefined;
  const [only, ...others] = byName.keys();
  return others.length > 0 ? UNKNOWN.profile : only;
}

/** Where there is nothing else, the AWS CLI asks the machine, which is seldom one of EC2. */
const WITHOUT: ReadonlySet<SourceKind> = new Set(["nothing", "instance-metadata"]);

/** Sets up a context of ours again, with its own options: setup shows the identity, and asks before it uses a program. */
export function setUpAgain(
  facts: Entry,
  { role, via, sessionName, server, profile, isAmbient }: Written,
): SetupEks {
  const { name: cluster, region } = likelyTarget(facts);
  const session = sessionName === undefined || role === undefined ? {} : { sessionName };
  return { kind: "setup-eks", cluster, region, role, via, ...session, server, profile, isAmbient };
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
      setUpAgain(facts, { ...exec, role: exec.userRole, profile: name, isAmbient: false }),
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

/**
 * Replaces the program of the exec block. kubectl drops the arguments if only the command is set (measured, 1.27 and 1.36), so
 * they are passed again.
 */
export function useProgram(facts: Facts, program: string, description: string): Fix {
  const { exec } = facts;
  if (exec === undefined) {
    return forYou(
      `${description} (users[].user.exec.command in the kubeconfig)`,
      documentOf(stringify({ command: program }, { lineWidth: 0 }).trimEnd()),
    );
  }
  return forYou(description, setExec(facts, { command: program, args: exec.args }));
}

/** Plugins that a reader of the fix can be expected to have under these names. */
const KNOWN_PLUGINS: readonly string[] = ["aws", "aws-iam-authenticator", "kubectl-vouch", "vouch"];

/**
 * How to query a program's version, as the beginning of a sentence. Other programs in a kubeconfig can be anyone's, so no
 * command to run them is printed.
 */
export function askVersion(program: string): Sentence {
  return KNOWN_PLUGINS.includes(program)
    ? sentence`${run(program, "--version")}`
    : `The version command of ${program}`;
}

/** A sentence of evidence about the program's version: `aws-cli/2.36.7 (/usr/local/bin/aws)`. */
export function programSeen({ execCommand }: DoctorEvidence): string[] {
  const found = knownValue(execCommand);
  if (found?.version === undefined) return [];
  return [
    `${found.command} --version prints ${found.version}${found.resolved === null ? "" : ` (${found.resolved})`}.`,
  ];
}

/**
 * Removes variables from the plugin's environment, where the first of them that exists is set: in the exec block, otherwise in the
 * shell.
 */
export function removeVariables(
  facts: Pick<Facts, "context" | "pluginEnvironment">,
  names: readonly string[],
): Action {
  const first = facts.pluginEnvironment.variables.find(({ name }) => names.includes(name));
  return first?.origin === "exec.env"
    ? setExecEnv(facts, Object.fromEntries(names.map((name) => [name, undefined])))
    : unsetVariables(...names);
}

/** Fields of a user by which it impersonates another. */
export const IMPERSONATION_FIELDS = ["as", "as-uid", "as-groups", "as-user-extra"];

/** Fields of a user that show a certificate. */
export const CERTIFICATE_FIELDS = [
  "client-certificate",
  "client-certificate-data",
  "client-key",
  "client-key-data",
];

/** Removes those of the fields that the user of the context has. `kubectl config unset` splits names at dots. */
export function withoutFields({ user, userName }: EffectiveContext, fields: readonly string[]): Action[] {
  const body = user?.body ?? {};
  const isSet = (field: string) => body[field] !== undefined || body[nameForUnset(field)] !== undefined;
  const written = fields.filter(isSet);
  if (userName.includes(".")) return written.map((field) => documentOf(`- ${field}: …`));
  return written.map((field) => kubectl("config unset", {}, `users.${userName}.${nameForUnset(field)}`));
}

/** Source: client-go, tools/clientcmd, types.go: what the file calls `as`, `kubectl config unset` calls `act-as`. */
function nameForUnset(field: string): string {
  return IMPERSONATION_FIELDS.includes(field) ? `act-${field}` : field;
}
