import { USUAL_SESSION_NAME } from "../../token/aws/sources/source-plan.ts";
import { execStanza, readFlags, VOUCH_FLAGS, vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import type { ForeignEksUser } from "./foreign-user.ts";

/**
 * Both spellings of each tool, and the abbreviation that `update-kubeconfig` writes. Source: doctor/AWS-CREDENTIALS.md,
 * "AWS CLI".
 */
const AWS_FLAGS = {
  "--cluster-name": "cluster",
  "--cluster-id": "id",
  "--region": "region",
  "--role-arn": "role",
  "--role": "role",
  "--profile": "profile",
  "--output": "output",
  "--endpoint-url": "unsayable",
  "--ca-bundle": "unsayable",
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
  "-s": "session",
  "--session-name": "session",
  "-e": "unsayable",
  "--external-id": "unsayable",
} as const;

/** Flags without a value that do not change the identity. */
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

/** Flags without a value that a context of ours cannot express. */
const UNSAYABLE_FLAGS = ["--no-verify-ssl"];

/** Reads a user entry of `aws eks get-token`, aws-iam-authenticator (or its old name), or upstream's `vouch`. */
export function foreignEksUser(user: KubeRecord): ForeignEksUser | undefined {
  const stanza = execStanza(user);
  if (stanza === undefined) return undefined;
  const { program, args, env } = stanza;
  const vouch = vouchStanza(user);
  if (vouch?.by === "vouch" && vouch.source.kind === "vouch") {
    const { clusterName, region, source } = vouch;
    const { role, via, server, account } = source;
    const unknownFlag = unknownFlagOf(args, VOUCH_FLAGS);
    return { ...NO_DETAILS, by: "vouch", clusterName, region, role, via, server, account, env, unknownFlag };
  }
  const isAws = program === "aws";
  const spelling = isAws ? AWS_FLAGS : AUTHENTICATOR_FLAGS;
  const { words, flags } = readFlags(args, spelling);
  const clusterId = flags["id"]?.at(-1);
  const clusterName = flags["cluster"]?.at(-1) ?? clusterId;
  const role = flags["role"]?.at(-1);
  const isOfAws = isAws && words[0] === "eks" && words[1] === "get-token";
  const isOfAuthenticator =
    ["aws-iam-authenticator", "heptio-authenticator-aws"].includes(program) && words[0] === "token";
  if (clusterName === undefined || !(isOfAws || isOfAuthenticator)) return undefined;
  return {
    ...NO_DETAILS,
    by: isOfAws ? "aws" : "aws-iam-authenticator",
    clusterName,
    isOfId: flags["cluster"] === undefined,
    region: flags["region"]?.at(-1) ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"],
    role,
    sessionName: role === undefined ? undefined : isOfAws ? USUAL_SESSION_NAME : flags["session"]?.at(-1),
    profile: flags["profile"]?.at(-1) ?? env["AWS_PROFILE"] ?? env["AWS_DEFAULT_PROFILE"],
    isProfileFlag: flags["profile"] !== undefined,
    env,
    unknownFlag: unknownFlagOf(args, spelling),
    unsayable: unsayableIn(args, spelling),
  };
}

const NO_DETAILS = {
  profile: undefined,
  server: undefined,
  account: undefined,
  isProfileFlag: false,
  isOfId: false,
  sessionName: undefined,
  unsayable: undefined,
} as const;

/** The AWS CLI accepts `--rol` for `--role-arn`, so a flag that we do not know may still name a role. */
function unknownFlagOf(
  args: readonly string[],
  spelling: Readonly<Record<string, string>>,
): string | undefined {
  return args
    .filter((word) => word.startsWith("-"))
    .map((word) => word.split("=", 1)[0] ?? "")
    .find((flag) => !Object.hasOwn(spelling, flag) && !HARMLESS_FLAGS.includes(flag));
}

/** The first argument that says more about an identity, or where it is asked for, than a context of ours can. */
function unsayableIn(
  args: readonly string[],
  spelling: Readonly<Record<string, string>>,
): string | undefined {
  return args
    .map((word) => word.split("=", 1)[0] ?? "")
    .find((flag) => spelling[flag] === "unsayable" || UNSAYABLE_FLAGS.includes(flag));
}
