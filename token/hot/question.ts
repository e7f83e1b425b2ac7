/** Whose credentials are wanted: the one shape of a request for a role, from the command line to STS. */
export interface RoleRequest {
  readonly role: string;
  /** Roles to pass through, first to last; the first is assumed with the ID token. */
  readonly via: readonly string[];
  readonly region: string;
  /** Base URL of the Vouch server, as setup wrote it. */
  readonly server: string;
  /** Null: not given. */
  readonly account: string | null;
}

/** A request for a token: for a role, at a cluster. */
export interface TokenQuestion extends RoleRequest {
  readonly cluster: string;
}

const SINGLE: Readonly<Record<string, "cluster" | "region" | "role" | "server" | "account">> = {
  "--cluster-name": "cluster",
  "--region": "region",
  "--role": "role",
  "--server": "server",
  "--account": "account",
};

/**
 * Reads `credential eks --cluster-name N --region R --role ARN --server URL [--via ARN]… [--account A]`, in any
 * order, as `--flag value` or `--flag=value`. Undefined for anything else: then the full program reads it, and says
 * what is wrong.
 */
export function readQuestion(args: readonly string[]): TokenQuestion | undefined {
  if (args[0] !== "credential" || args[1] !== "eks") return undefined;

  const given: Partial<Record<string, string>> = {};
  const via: string[] = [];
  for (let index = 2; index < args.length; ) {
    const word = args[index] ?? "";
    const equals = word.indexOf("=");
    const flag = equals < 0 ? word : word.slice(0, equals);
    const value = equals < 0 ? args[index + 1] : word.slice(equals + 1);
    index += equals < 0 ? 2 : 1;

    if (value === undefined || value === "" || value.startsWith("-")) return undefined;
    const name = Object.hasOwn(SINGLE, flag) ? SINGLE[flag] : undefined;
    if (flag === "--via") via.push(value);
    else if (name === undefined || given[name] !== undefined) return undefined;
    else given[name] = value;
  }

  const { cluster, region, role, server, account = null } = given;
  if (cluster === undefined || region === undefined || role === undefined || server === undefined)
    return undefined;
  return { cluster, region, role, via, server, account };
}
