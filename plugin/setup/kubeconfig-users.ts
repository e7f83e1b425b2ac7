import { execStanza, readFlags, VOUCH_FLAGS, vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { isRecord } from "../../token/record.ts";
import type { EksEntry } from "./eks-entry.ts";
import { clusterArn, INSTALL_HINT, userBody } from "./eks-entry.ts";
import type { KubeconfigDraft } from "./kubeconfig-draft.ts";
import { compareIdentity, type ForeignEksUser, type ShellAws } from "./migration-identity.ts";
import { sameEndpoint } from "./same-endpoint.ts";

/**
 * Both spellings of each tool, and the abbreviation that `update-kubeconfig` writes. Source: doctor/AWS-CREDENTIALS.md,
 * "AWS CLI".
 */
const AWS_FLAGS = {
  "--cluster-name": "cluster",
  "--cluster-id": "cluster",
  "--region": "region",
  "--role-arn": "role",
  "--role": "role",
  "--profile": "profile",
  "--output": "output",
  "--endpoint-url": "other",
  "--ca-bundle": "other",
  "--query": "other",
  "--color": "other",
  "--cli-read-timeout": "other",
  "--cli-connect-timeout": "other",
} as const;
const AUTHENTICATOR_FLAGS = {
  "-i": "cluster",
  "--cluster-id": "cluster",
  "-r": "role",
  "--role": "role",
  "--region": "region",
  "-s": "other",
  "--session-name": "other",
  "-e": "other",
  "--external-id": "other",
} as const;

/** Flags without a value that change nobody's identity. */
const HARMLESS_FLAGS = [
  "--debug",
  "--no-cli-auto-prompt",
  "--no-cli-pager",
  "--no-paginate",
  "--no-verify-ssl",
  "--cache",
  "--forward-session-name",
  "--token-only",
];

/** Reads a user entry of `aws eks get-token`, aws-iam-authenticator (or its old name), or upstream's `vouch`. */
export function foreignEksUser(user: KubeRecord): ForeignEksUser | undefined {
  const stanza = execStanza(user);
  if (stanza === undefined) return undefined;
  const { program, args, env } = stanza;
  const vouch = vouchStanza(user);
  if (vouch?.by === "vouch") {
    const unknownFlag = unknownFlagOf(args, VOUCH_FLAGS);
    return { ...vouch, by: "vouch", profile: undefined, env, unknownFlag };
  }
  const isAws = program === "aws";
  const spelling = isAws ? AWS_FLAGS : AUTHENTICATOR_FLAGS;
  const { words, flags } = readFlags(args, spelling);
  const clusterName = flags["cluster"]?.at(-1);
  const isOfAws = isAws && words[0] === "eks" && words[1] === "get-token";
  const isOfAuthenticator =
    ["aws-iam-authenticator", "heptio-authenticator-aws"].includes(program) && words[0] === "token";
  if (clusterName === undefined || !(isOfAws || isOfAuthenticator)) return undefined;
  return {
    by: isOfAws ? "aws" : "aws-iam-authenticator",
    clusterName,
    region: flags["region"]?.at(-1) ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"],
    role: flags["role"]?.at(-1),
    profile: flags["profile"]?.at(-1) ?? env["AWS_PROFILE"] ?? env["AWS_DEFAULT_PROFILE"],
    server: undefined,
    account: undefined,
    env,
    unknownFlag: unknownFlagOf(args, spelling),
  };
}

/** The AWS CLI takes `--rol` for `--role-arn`: what is not spelled as we know it may name a role all the same. */
function unknownFlagOf(
  args: readonly string[],
  spelling: Readonly<Record<string, string>>,
): string | undefined {
  return args
    .filter((word) => word.startsWith("-"))
    .map((word) => word.split("=", 1)[0] ?? "")
    .find((flag) => !Object.hasOwn(spelling, flag) && !HARMLESS_FLAGS.includes(flag));
}

/** What `--migrate` did with one user entry. */
export interface Migration {
  readonly user: string;
  readonly contexts: readonly string[];
  /** Without the values of its variables, which may be secret. */
  readonly was: Omit<ForeignEksUser, "env" | "unknownFlag">;
  readonly migrated: boolean;
  /** Why it was left as it is, or why it may become us; the end of a sentence that begins with the user. */
  readonly reason: string;
}

/**
 * Lets the user entries of a cluster that use another program use us instead: same names, same contexts, other `exec`.
 * One that is another role, or may be, is left alone and reported with the reason: nobody becomes somebody else.
 */
export function migrateUsers(draft: KubeconfigDraft, entry: EksEntry, aws: ShellAws): Migration[] {
  return draft.names("users").flatMap((user) => {
    const body = draft.entry("users", user)?.body ?? {};
    const foreign = foreignEksUser(body);
    if (foreign === undefined || !isOfCluster(draft, user, { was: foreign, entry })) return [];
    const { isSame: migrated, reason } = compareIdentity(foreign, entry, aws);
    if (migrated) draft.put("users", user, migratedBody(entry, body));
    const { env: _env, unknownFlag: _flag, ...was } = foreign;
    return [{ user, contexts: contextsOf(draft, user), was, migrated, reason }];
  });
}

/**
 * By the endpoint or ARN it is used with, whatever it calls the cluster; by name and region where that is not known.
 */
function isOfCluster(
  draft: KubeconfigDraft,
  user: string,
  { was, entry }: { readonly was: ForeignEksUser; readonly entry: EksEntry },
): boolean {
  const servers = contextsOf(draft, user).flatMap((context) => {
    const cluster = String(draft.entry("contexts", context)?.body["cluster"] ?? "");
    if (cluster === clusterArn(entry)) return [entry.endpoint];
    const server = draft.entry("clusters", cluster)?.body["server"];
    return server === undefined ? [] : [server];
  });
  if (servers.length > 0) return servers.every((server) => sameEndpoint(server, entry.endpoint));
  return was.clusterName === entry.clusterName && was.region === entry.region;
}

function contextsOf(draft: KubeconfigDraft, user: string): string[] {
  return draft.names("contexts").filter((name) => draft.entry("contexts", name)?.body["user"] === user);
}

/** What the other program needs and would mislead us or a reader: its profile, and how to install it. */
const THEIR_VARIABLES = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_STS_REGIONAL_ENDPOINTS"];

function migratedBody(entry: EksEntry, body: KubeRecord): KubeRecord {
  const { installHint: _theirs, env, ...exec } = isRecord(body["exec"]) ? body["exec"] : {};
  const kept = (Array.isArray(env) ? env : []).filter(
    (item) => !(isRecord(item) && THEIR_VARIABLES.includes(String(item["name"]))),
  );
  const cleaned = { ...exec, ...(kept.length === 0 ? {} : { env: kept }), installHint: INSTALL_HINT };
  return userBody(entry, { ...body, exec: cleaned });
}
