import { isRecord } from "../record.ts";
import {
  CONFIRMATION,
  identityVariables,
  PROTECTED,
  type Safeguards,
  type StatedIdentity,
} from "./identity.ts";
import type { KubeRecord } from "./kubeconfig-document.ts";

/** `user.exec`, as far as it can be read. */
interface ExecStanza {
  /** Base name of the command, in lower case and without `.exe`. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How a user entry starts its credential plugin; undefined if it has none. */
export function execStanza(user: KubeRecord): ExecStanza | undefined {
  const { exec } = user;
  if (!isRecord(exec) || typeof exec["command"] !== "string") return undefined;
  const { args, env } = exec;
  return {
    program: programName(exec["command"]),
    args: Array.isArray(args) ? args.map(String) : [],
    env: Object.fromEntries(
      (Array.isArray(env) ? env : [])
        .filter(isRecord)
        .map(({ name, value }) => [String(name), String(value ?? "")]),
    ),
  };
}

/** `C:\Tools\AWS.exe` and `/usr/bin/aws` are both `aws`. */
function programName(command: string): string {
  const base = command.split(/[\\/]/).at(-1) ?? "";
  return base.toLowerCase().replace(/\.(?:exe|cmd|bat)$/, "");
}

/**
 * The values of flags, in order, from `--flag value` and `--flag=value`; `words` are the arguments that belong to no flag.
 * `spelling` maps each known flag to its name; an unknown flag is skipped, with a value joined by `=`.
 */
export function readFlags(
  args: readonly string[],
  spelling: Readonly<Record<string, string>>,
): { readonly words: readonly string[]; readonly flags: Readonly<Record<string, readonly string[]>> } {
  const words: string[] = [];
  const flags: Record<string, string[]> = {};
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    const equals = word.startsWith("-") ? word.indexOf("=") : -1;
    const name = spelling[equals < 0 ? word : word.slice(0, equals)];
    if (name !== undefined) {
      if (equals < 0) index += 1;
      const value = equals < 0 ? args[index] : word.slice(equals + 1);
      if (value !== undefined) flags[name] = [...(flags[name] ?? []), value];
    } else if (!word.startsWith("-")) {
      words.push(word);
    }
  }
  return { words, flags };
}

/** The arguments of our own entry as our program reads them: what follows `--` is not for it. */
export function ownArguments(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end < 0 ? args : args.slice(0, end);
}

/** Whether a flag without a value is on, as our program reads it: the last one counts, and only `true` is a yes. */
export function isSwitchedOn(args: readonly string[], flag: string): boolean {
  const last = args.findLast((word) => word.split("=", 1)[0] === flag);
  return last === flag || last === `${flag}=true`;
}

/** The request in our own entry, or in one of upstream's `vouch`. */
export interface VouchStanza {
  readonly by: "kubectl-vouch" | "vouch";
  readonly clusterName: string;
  /** ID of a local cluster on an Outpost. */
  readonly clusterId?: string | undefined;
  readonly region: string | undefined;
  readonly source: StatedIdentity;
  readonly safeguards: Safeguards;
}

/** The flags of `credential eks` that take a value, as in upstream. */
export const VOUCH_FLAGS = {
  "--cluster-name": "cluster",
  "--region": "region",
  "--role": "role",
  "--via": "via",
  "--server": "server",
  "--account": "account",
} as const;

/** Ours, which upstream does not have. */
export const OUR_FLAGS = {
  ...VOUCH_FLAGS,
  "--profile": "profile",
  "--cluster-id": "id",
  "--session-name": "session",
  "--agent-role": "agentRole",
} as const;

/** Reads `kubectl-vouch credential eks …` or upstream's `vouch credential eks …` from a user entry. */
export function vouchStanza(user: KubeRecord): VouchStanza | undefined {
  const given = execStanza(user);
  if (given === undefined) return undefined;
  const stanza = { ...given, args: ownArguments(given.args) };
  const { program, args } = stanza;
  if (program !== "kubectl-vouch" && program !== "vouch") return undefined;
  const { words, flags } = readFlags(args, OUR_FLAGS);
  const clusterName = flags["cluster"]?.at(-1);
  if (words[0] !== "credential" || words[1] !== "eks" || clusterName === undefined) return undefined;
  return {
    by: program,
    clusterName,
    ...optional("clusterId", flags["id"]?.at(-1)),
    region: flags["region"]?.at(-1),
    source: statedIdentity(stanza, flags),
    safeguards: {
      agentRole: flags["agentRole"]?.at(-1),
      // An entry that confirms every change itself does not prompt.
      isProtected: isSwitchedOn(args, PROTECTED) && stanza.env[CONFIRMATION] !== clusterName,
    },
  };
}

/** With a server or an account, a profile only names the role to get from Vouch. */
function statedIdentity(
  stanza: ExecStanza,
  flags: Readonly<Record<string, readonly string[]>>,
): StatedIdentity {
  const last = (name: string) => flags[name]?.at(-1);
  const roles = { role: last("role"), via: flags["via"] ?? [] };
  const [server, account, profile] = [last("server"), last("account"), last("profile")];
  const isOurs = stanza.program === "kubectl-vouch" && server === undefined && account === undefined;
  if (isOurs && (profile !== undefined || isSwitchedOn(stanza.args, "--ambient")))
    return {
      ...{ kind: "aws", profile, ...roles, env: identityVariables(stanza.env, profile) },
      ...optional("sessionName", last("session")),
    };
  return { kind: "vouch", ...roles, server, account };
}

function optional<N extends string>(name: N, value: string | undefined): { readonly [K in N]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [K in N]: string });
}
