import { aws, kubectl } from "../../token/command/command.ts";
import { credentialArgs, type Identity } from "../../token/kubeconfig/identity.ts";
import { isProviderAlone } from "../derive/client/client-kind.ts";
import type { Facts } from "../derive/facts.ts";
import { isMissingProfile } from "../derive/identity/aws-profile-chain.ts";
import type { SourceKind } from "../derive/identity/aws-source.ts";
import { cliSource } from "../derive/identity/credential-source.ts";
import { isMissingRole } from "../derive/identity/principal-arn.ts";
import { EXEC_API, type ExecBlock } from "../derive/kubeconfig/exec-block.ts";
import { ownerOf, writtenWith } from "../derive/kubeconfig/own-context.ts";
import { likelyTarget } from "../derive/target/target-cluster.ts";
import { failureOf, knownValue } from "../evidence/evidence.ts";
import { type Action, type ExecFields, type Fix, forYou } from "./fix.ts";
import { allowEksActions } from "./iam-grant.ts";
import { profileNeeded, setExec, setUpAgain, tokenArgs, updateKubeconfig } from "./kubeconfig-commands.ts";
import { terraformExec } from "./terraform.ts";

/** What to rewrite of a context. */
interface Regeneration {
  /** The cluster, if it is not the one in the entry. */
  readonly cluster?: string | undefined;
  /** True: also server and CA, which only EKS knows. */
  readonly isWhole?: boolean;
  /** Name of a context that does not exist yet: whoever names it needs it by this name. */
  readonly contextName?: string;
}

/**
 * Regenerates the context with its own tool, which corrects version, mode and arguments. If AWS does not allow the caller to describe
 * the cluster, kubectl writes the user entry, which needs no permissions; if EKS's answer is needed, the call is allowed first.
 */
export function regenerateEntry(facts: Facts, description: string, how: Regeneration = {}): Fix[] {
  if (isProviderAlone(facts)) return [terraformExec(facts, "Write the provider's exec block like this.")];
  const target = clusterMeant(facts, how.cluster);
  const explained = `${description}${target.note}`;
  if (target.isNone) return [forYou(explained)];
  const fields = how.isWhole === true ? undefined : userEntry(facts, target.name);
  if (isDenied(failureOf(facts.evidence.cluster)) && fields !== undefined) {
    return [
      forYou(
        `${explained} You are not allowed to call eks:DescribeCluster, so use kubectl instead.`,
        setExec(facts, fields),
      ),
    ];
  }
  return [...allowDescribe(facts), forYou(explained, ...regenerateContext(facts, target.name, how))];
}

/** Allows the caller to describe the cluster, if AWS denies exactly that; otherwise nothing. */
export function allowDescribe(facts: Facts): Fix[] {
  const denial = failureOf(facts.evidence.cluster);
  if (!isDenied(denial)) return [];
  return [
    allowEksActions(facts, {
      actions: ["eks:DescribeCluster"],
      denial,
      description: "AWS denies eks:DescribeCluster, which is required to write the context: allow it first.",
    }),
  ];
}

/**
 * Rewrites users with an identity other than the exec block's: with the AWS CLI, for which the caller must be allowed to describe
 * the cluster; if AWS denies that, with kubectl, for which no permissions need to change.
 */
export function rewriteUsers(facts: Facts, description: string, users: readonly RewrittenUser[]): Fix[] {
  const { name, note } = clusterMeant(facts);
  const byKubectl = users.flatMap(({ user, context, ...identity }) => {
    const isOld = user === facts.context?.userName && facts.exec?.env["AWS_PROFILE"] !== undefined;
    const fields = awsEntry(facts, name, { ...identity, isProfileLeft: isOld });
    const use = context === undefined ? [] : [kubectl("config set-context", { user }, context)];
    return fields === undefined ? [] : [{ kind: "set-exec", user, fields } as const, ...use];
  });
  if (isDenied(failureOf(facts.evidence.cluster)) && byKubectl.length > 0)
    return [
      forYou(
        `${description} You are not allowed to call eks:DescribeCluster, so use kubectl instead.${note}`,
        ...byKubectl,
      ),
    ];
  const { region } = facts.target;
  const byAws = users.map(({ context, role, profile }) =>
    aws("eks update-kubeconfig", {
      name: name ?? "CLUSTER",
      region,
      alias: context,
      "user-alias": context,
      "role-arn": role,
      profile,
    }),
  );
  return [...allowDescribe(facts), forYou(`${description}${note}`, ...byAws)];
}

/** A user entry as it should be. */
export interface RewrittenUser {
  readonly user: string;
  /** Path of the AWS CLI, or its name for a search on PATH. */
  readonly command: string;
  /** The context that gets the user; undefined: it has the user already. */
  readonly context?: string;
  readonly role?: string | undefined;
  readonly profile?: string | undefined;
}

/** Lists the clusters if their names are needed and not known, unless the caller is not allowed to. */
export function listClusters(facts: Facts): readonly Action[] {
  const { cluster, region } = facts.target;
  const isKnown = cluster !== "CLUSTER" || knownValue(facts.evidence.clusters) !== undefined;
  return isKnown || isDenied(failureOf(facts.evidence.clusters))
    ? []
    : [aws("eks list-clusters", { region, profile: profileNeeded(facts) })];
}

function regenerateContext(
  facts: Facts,
  name: string | undefined,
  { isWhole = false, contextName: missing }: Regeneration,
): readonly Action[] {
  const { exec } = facts;
  if (!isOurs(facts)) {
    const { profile, role } = identityOf(exec);
    return [...listClusters(facts), updateKubeconfig(facts, { name: name ?? "CLUSTER", profile, role })];
  }
  const written = writtenWith(facts);
  const isGone = written.role !== undefined && isMissingRole(facts.evidence, written.role);
  const setup = setUpAgain(facts, isGone ? { ...written, role: undefined } : written);
  const contextName = missing ?? (isWhole && !isGone ? nameOfForeign(facts, name) : undefined);
  return [...listClusters(facts), { ...setup, cluster: name, contextName }];
}

/**
 * Name of a context for this cluster that runs our program, but was not written by setup, which recognizes it only by its server.
 */
function nameOfForeign({ exec, context }: Facts, cluster: string | undefined): string | undefined {
  const isForeign = exec?.clusterName === cluster && ownerOf(context) === undefined;
  return isForeign ? context?.name : undefined;
}

/**
 * Whether setup wrote the context: by its exec block, or if that is gone, by the owner recorded in it. If there is no context,
 * setup is used if Vouch is the only source of credentials.
 */
function isOurs(facts: Facts): boolean {
  const { exec, context } = facts;
  if (exec !== undefined) return exec.tool === "kubectl-vouch";
  return context === undefined ? hasVouchAlone(facts) : ownerOf(context) !== undefined;
}

/** Whether a user is logged in to Vouch, and the AWS CLI finds no credentials in variables and profiles. */
export function hasVouchAlone(facts: Facts): boolean {
  return facts.vouch?.loggedIn === true && WITHOUT_KEYS.includes(cliSource(facts).kind);
}

/** The CLI's last source, and the one that remains if nothing is known about a machine's role. */
const WITHOUT_KEYS: readonly SourceKind[] = ["instance-metadata", "nothing"];

interface ClusterMeant {
  readonly name: string | undefined;
  /** A remark about the name: empty, or a sentence after a blank. */
  readonly note: string;
  /** True: no cluster could be the right one. */
  readonly isNone: boolean;
}

/**
 * The cluster's name, unless EKS does not know it: then the only cluster there is, or a list of all for a user to choose from.
 */
export function clusterMeant(facts: Facts, meant?: string): ClusterMeant {
  const name = meant ?? likelyTarget(facts).name;
  const list = knownValue(facts.evidence.clusters)?.clusters;
  const isThere =
    list === undefined || name === undefined || list.includes(name) || facts.cluster?.name === name;
  if (isThere) return { name, note: "", isNone: false };
  const { region } = facts.target;
  const note = ` EKS does not list cluster ${name} in ${region}, ${list.length === 0 ? "or any other cluster" : `only ${list.join(", ")}`}.`;
  return { name: list.length === 1 ? list[0] : undefined, note, isNone: list.length === 0 };
}

/** The fields of a user entry as its tool writes them; undefined if one of them is not known. */
function userEntry(facts: Facts, name: string | undefined): ExecFields | undefined {
  const { exec, evidence } = facts;
  const { region } = likelyTarget(facts);
  if (isOurs(facts)) {
    const isKnown = exec !== undefined && name !== undefined && region !== undefined;
    return isKnown && facts.context?.cluster !== undefined ? vouchEntry(exec, { name, region }) : undefined;
  }
  const { profile, role } = identityOf(exec);
  return awsEntry(facts, name, {
    command: exec?.tool === "aws" ? exec.command : "aws",
    profile: profile !== undefined && isMissingProfile(evidence, profile) ? undefined : profile,
    role,
  });
}

/** The fields that `aws eks update-kubeconfig` writes; undefined if one of them is not known. */
function awsEntry(
  facts: Facts,
  name: string | undefined,
  { command, profile, role, isProfileLeft = false }: AwsCaller,
): ExecFields | undefined {
  const { region } = likelyTarget(facts);
  if (name === undefined || region === undefined || facts.context?.cluster === undefined) return undefined;
  const args = tokenArgs(name, region);
  return {
    apiVersion: EXEC_API.v1beta1,
    command,
    args: role === undefined ? args : [...args, "--role", role],
    ...(profile !== undefined || isProfileLeft ? { env: { AWS_PROFILE: profile } } : {}),
  };
}

interface AwsCaller extends Pick<RewrittenUser, "command" | "role" | "profile"> {
  /** True: the entry names a profile, which is removed unless another one is given. */
  readonly isProfileLeft?: boolean;
}

function vouchEntry(
  exec: ExecBlock,
  { name, region }: { readonly name: string; readonly region: string },
): ExecFields | undefined {
  const source = sourceOf(exec);
  if (source === undefined) return undefined;
  return {
    apiVersion: EXEC_API.v1,
    command: exec.command,
    args: credentialArgs({ name, id: exec.clusterId, region }, source, exec.safeguards),
    interactiveMode: "Never",
    provideClusterInfo: true,
  };
}

/** The source as setup would write it; undefined if a part of it is not known. */
function sourceOf(exec: ExecBlock): Identity | undefined {
  const { userRole: role, via, server, profile, isAmbient, sessionName } = exec;
  if (isAmbient || profile !== undefined)
    return { kind: "aws", profile: isAmbient ? undefined : profile, role, via, env: {}, sessionName };
  if (role === undefined || server === undefined) return undefined;
  return { kind: "vouch", role, via, server, account: undefined };
}

function identityOf(exec: ExecBlock | undefined) {
  return { profile: exec?.profile ?? exec?.env["AWS_PROFILE"], role: exec?.role };
}

/** Whether AWS refused the call because the caller lacks a permission. */
export function isDenied(failure: string | undefined): failure is string {
  return failure !== undefined && /AccessDenied|not authorized to perform/.test(failure);
}
