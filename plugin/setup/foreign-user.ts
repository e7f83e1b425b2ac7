import type { ApprovedProcess } from "../../token/aws/sources/process-approval.ts";
import type { ProfileName } from "../../token/aws/sources/profile-record.ts";
import type { AwsMachine } from "../../token/aws/sources/read-plan.ts";
import { USUAL_SESSION_NAME } from "../../token/aws/sources/source-plan.ts";
import { execStanza, readFlags, VOUCH_FLAGS, vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { isRecord } from "../../token/record.ts";

/** A user entry that gets its EKS tokens from another program, as it may be shown. */
export interface ShownEksUser {
  readonly by: "aws" | "aws-iam-authenticator" | "vouch";
  readonly clusterName: string;
  readonly region: string | undefined;
  /** The role it assumes, if it names one. */
  readonly role: string | undefined;
  /** Roles that upstream assumes before it. */
  readonly via?: readonly string[];
  /** The AWS profile it starts from, if an argument or a variable of its own names one. */
  readonly profile: string | undefined;
  /** The Vouch server and account that upstream's arguments name. */
  readonly server: string | undefined;
  readonly account: string | undefined;
}

/** A user entry of another program, with what determines its identity, which may be secret. */
export interface ForeignEksUser extends ShownEksUser {
  /** Whether an argument names the profile, which overrides all variables. */
  readonly isProfileFlag: boolean;
  /** Whether `clusterName` is the ID of a local cluster on an Outpost. */
  readonly isOfId: boolean;
  /** Name of the role's session, a part of the Kubernetes username; undefined if it differs with each token or caller. */
  readonly sessionName: string | undefined;
  /** `exec.env` */
  readonly env: Readonly<Record<string, string>>;
  /** An argument that we do not know: it may mean anything. */
  readonly unknownFlag: string | undefined;
  /** An argument that no context of ours can express. */
  readonly unsayable: string | undefined;
}

/** Where an entry of another program gets its credentials if it does not specify an identity. */
export interface ShellAws extends AwsMachine {
  /** Whether a person agreed to what a profile runs for its credentials. */
  readonly isApproved: (name: ProfileName, process: Pick<ApprovedProcess, "line" | "configFile">) => boolean;
}

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

/** A user entry whose identity cannot be determined: what it gets its credentials from, and why it is left alone. */
interface UnknownUser {
  /** `aws-vault`, `bash`, `token`; never a value. */
  readonly by: string;
  /** The end of a sentence that begins with the user. */
  readonly reason: string;
}

const SHELLS = ["sh", "bash", "zsh", "dash", "ksh", "fish", "cmd", "powershell", "pwsh"];

/** Programs that get credentials of their own and pass them to the program they start. */
const CREDENTIAL_WRAPPERS = [
  ...["aws-vault", "aws-okta", "aws-sso", "saml2aws", "granted", "assume", "awsume", "chamber", "op"],
  ...["gimme-aws-creds", "leapp", "teller", "doppler", "vault"],
];

/** Programs that start another. */
const WRAPPERS = [
  "env",
  "sudo",
  "nice",
  "timeout",
  "docker",
  "podman",
  "nix",
  "nix-shell",
  "mise",
  "asdf",
  "direnv",
];

const INTERPRETERS = ["python", "python3", "node", "ruby", "perl", "go", "uv", "npx"];

const SCRIPT = /\.(?:sh|bash|zsh|py|rb|pl|js|ps1)$/i;

/** The fields of a user entry without `exec` that are credentials. Source: plugin/KUBECTL.md, "Exec block". */
const STATIC_FIELDS: Readonly<Record<string, string>> = {
  token: "a token",
  tokenFile: "a token file",
  "client-certificate": "a client certificate",
  "client-certificate-data": "a client certificate",
  username: "a user name and password",
  "auth-provider": "an auth-provider",
};

/** Describes a user entry that gets its tokens neither from us nor from a program we know. Its arguments are not repeated. */
export function unknownUser(user: KubeRecord): UnknownUser {
  const stanza = execStanza(user);
  if (stanza === undefined) return withoutExec(user);
  const { program: by, args } = stanza;
  const command = isRecord(user["exec"]) ? String(user["exec"]["command"]) : by;
  if (CREDENTIAL_WRAPPERS.includes(by))
    return { by, reason: `it runs ${by}, which itself decides whose credentials sign the token` };
  if (SHELLS.includes(by)) {
    const isInline = args.some((word) => /^(?:-[a-z]*c|-command|-encodedcommand|\/c)$/i.test(word));
    const what = isInline ? `a shell command line (${by} -c)` : `a script with ${by}`;
    return { by, reason: `it runs ${what}, so its identity is unknown` };
  }
  if (WRAPPERS.includes(by) || INTERPRETERS.includes(by))
    return { by, reason: `it runs another program through ${by}, so its identity is unknown` };
  if (["aws", "aws-iam-authenticator", "vouch"].includes(by))
    return { by, reason: `it runs ${by}, but not in a way known to request an EKS token` };
  if (SCRIPT.test(command) || /[\\/]/.test(command))
    return {
      by,
      reason: `it runs ${command}, a program unknown to kubectl-vouch, so its identity is unknown`,
    };
  return {
    by,
    reason: `it runs ${by}, but only entries that run aws, aws-iam-authenticator or vouch can be switched`,
  };
}

function withoutExec(user: KubeRecord): UnknownUser {
  const [field] = Object.keys(STATIC_FIELDS).filter((name) => name in user);
  return field === undefined
    ? { by: "nothing", reason: "it does not have credentials" }
    : { by: field, reason: `it has ${STATIC_FIELDS[field]} and does not run a program` };
}
