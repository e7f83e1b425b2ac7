/** Which credentials are wanted: the common shape of a request for a role, from the command line to STS. */
export interface RoleQuestion {
  readonly role: string;
  /** Roles to pass through, first to last; the first is assumed with the ID token. */
  readonly via: readonly string[];
  readonly region: string;
  /** Base URL of the Vouch server, as setup wrote it. */
  readonly server: string;
  /** Undefined: not given. */
  readonly account: string | undefined;
}

/** A request for a token: for a role, at a cluster. */
export interface VouchQuestion extends RoleQuestion {
  readonly cluster: string;
  /** ID of a local cluster on an Outpost: its tokens are signed for that, not for the name. */
  readonly clusterId?: string | undefined;
}

/** A request for a token by an AWS profile, or by the AWS credentials in the caller's environment. */
export interface AwsQuestion extends Pick<VouchQuestion, "clusterId"> {
  readonly cluster: string;
  readonly region: string;
  /** Undefined: `--ambient`. */
  readonly profile: string | undefined;
  /** Assumed by that identity, through `via`; undefined: the identity itself. */
  readonly role: string | undefined;
  /** Roles to pass through, first to last. */
  readonly via: readonly string[];
  /** Name of the sessions of `role` and `via`; undefined: the name of the user who owns the credentials. */
  readonly sessionName?: string | undefined;
}

export type Question = VouchQuestion | AwsQuestion;

/** Whether it is answered by an AWS profile or the environment; otherwise by a session at a Vouch server. */
export function isAwsQuestion(question: Question): question is AwsQuestion {
  return "profile" in question;
}

/** A flag without a value. */
const AMBIENT = "--ambient";

/**
 * What is asked for, with the role that an AI agent gets in place of the user's; unchanged for a user, and for an agent whose
 * context has no such role.
 */
export function askedBy<T extends { readonly role: string | undefined }>(
  agent: string | undefined,
  asked: T,
  agentRole: string | undefined,
): T {
  return agent === undefined || agentRole === undefined ? asked : { ...asked, role: agentRole };
}

const SINGLE = {
  "--cluster-name": "cluster",
  "--cluster-id": "clusterId",
  "--region": "region",
  "--role": "role",
  "--server": "server",
  "--account": "account",
  "--profile": "profile",
  "--session-name": "sessionName",
  "--agent-role": "agentRole",
} as const;

type Given = Partial<Record<(typeof SINGLE)[keyof typeof SINGLE], string>>;

function isSingle(flag: string): flag is keyof typeof SINGLE {
  return Object.hasOwn(SINGLE, flag);
}

/**
 * Reads `credential eks --cluster-name N --region R`, in any order, as `--flag value` or `--flag=value`, together with one of:
 * `--role ARN --server URL [--via ARN]… [--account A]`; `--profile P [--via ARN]… [--role ARN [--session-name S]]`; `--ambient`
 * with the same options; each also with `--agent-role ARN`, for when an AI agent asks. Undefined for anything else, such as
 * `--protected`: the full program then reads it, and says what is wrong.
 */
export function readQuestion(args: readonly string[], agent: string | undefined): Question | undefined {
  if (args[0] !== "credential" || args[1] !== "eks") return undefined;

  const given: Given = {};
  const via: string[] = [];
  let isAmbient = false;
  for (let index = 2; index < args.length; ) {
    const word = args[index] ?? "";
    if (word === AMBIENT) {
      if (isAmbient) return undefined;
      isAmbient = true;
      index += 1;
      continue;
    }
    const equals = word.indexOf("=");
    const flag = equals < 0 ? word : word.slice(0, equals);
    const value = equals < 0 ? args[index + 1] : word.slice(equals + 1);
    index += equals < 0 ? 2 : 1;

    if (value === undefined || value === "" || value.startsWith("-")) return undefined;
    const name = isSingle(flag) ? SINGLE[flag] : undefined;
    if (flag === "--via") via.push(value);
    else if (name === undefined || given[name] !== undefined) return undefined;
    else given[name] = value;
  }
  const question = questionOf(given, via, isAmbient);
  return question && askedBy(agent, question, given["agentRole"]);
}

/** One of the three kinds, without flags of another. */
function questionOf(given: Given, via: readonly string[], isAmbient: boolean): Question | undefined {
  const { cluster, clusterId, region, role, server, account, profile, sessionName } = given;
  if (cluster === undefined || region === undefined) return undefined;
  if (server !== undefined)
    return role === undefined || profile !== undefined || sessionName !== undefined || isAmbient
      ? undefined
      : { cluster, clusterId, region, role, via, server, account };
  const isWhole =
    (profile !== undefined) !== isAmbient &&
    account === undefined &&
    (role !== undefined || (via.length === 0 && sessionName === undefined));
  return isWhole ? { cluster, clusterId, region, profile, role, via, sessionName } : undefined;
}
