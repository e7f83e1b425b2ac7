import { execStanza, readFlags, vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { isRecord } from "../../token/record.ts";
import type { EksEntry } from "./eks-entry.ts";
import { clusterArn, INSTALL_HINT, userBody } from "./eks-entry.ts";
import type { KubeconfigDraft } from "./kubeconfig-draft.ts";
import { sameEndpoint } from "./same-endpoint.ts";

/** A user entry that gets its EKS tokens from another program. */
export interface ForeignEksUser {
  readonly by: "aws" | "aws-iam-authenticator" | "vouch";
  readonly clusterName: string;
  readonly region: string | undefined;
  /** The role it takes on, where it names one. */
  readonly role: string | undefined;
  /** The AWS profile it starts from, where it names one. */
  readonly profile: string | undefined;
}

/** Both spellings of each tool, and the abbreviation that `update-kubeconfig` writes. Source: eks-auth, A5 and A6. */
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

/** Reads a user entry of `aws eks get-token`, aws-iam-authenticator (or its old name), or upstream's `vouch`. */
export function foreignEksUser(user: KubeRecord): ForeignEksUser | undefined {
  const vouch = vouchStanza(user);
  if (vouch?.by === "vouch") return { ...vouch, by: "vouch", profile: undefined };
  const stanza = execStanza(user);
  if (stanza === undefined) return undefined;
  const { program, args, env } = stanza;
  const isAws = program === "aws";
  const { words, flags } = readFlags(args, isAws ? AWS_FLAGS : AUTHENTICATOR_FLAGS);
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
  };
}

/** What `--migrate` did with one user entry. */
export interface Migration {
  readonly user: string;
  readonly contexts: readonly string[];
  readonly was: ForeignEksUser;
  /** False: left as it is, because it takes on another role than the one set up. */
  readonly migrated: boolean;
}

/**
 * Lets the user entries of a cluster that use another program use us instead: same names, same contexts, other `exec`.
 * One that names another role is left alone and reported, for it would become somebody else.
 */
export function migrateUsers(draft: KubeconfigDraft, entry: EksEntry): Migration[] {
  return draft.names("users").flatMap((user) => {
    const body = draft.entry("users", user)?.body ?? {};
    const was = foreignEksUser(body);
    if (was === undefined || !isOfCluster(draft, user, { was, entry })) return [];
    const migrated = was.role === undefined || was.role === entry.role;
    if (migrated) draft.put("users", user, migratedBody(entry, body));
    return [{ user, contexts: contextsOf(draft, user), was, migrated }];
  });
}

/** By the endpoint or ARN it is used with; by name and region where that is not known. */
function isOfCluster(
  draft: KubeconfigDraft,
  user: string,
  { was, entry }: { readonly was: ForeignEksUser; readonly entry: EksEntry },
): boolean {
  if (was.clusterName !== entry.clusterName) return false;
  const servers = contextsOf(draft, user).flatMap((context) => {
    const cluster = String(draft.entry("contexts", context)?.body["cluster"] ?? "");
    if (cluster === clusterArn(entry)) return [entry.endpoint];
    const server = draft.entry("clusters", cluster)?.body["server"];
    return server === undefined ? [] : [server];
  });
  if (servers.length > 0) return servers.every((server) => sameEndpoint(server, entry.endpoint));
  return was.region === entry.region;
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
