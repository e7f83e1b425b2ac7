import { type Options, ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";

/** Which flags of a command can be combined. A pair that no rule names can: both flags take effect. */
interface FlagRules {
  readonly command: string;
  readonly excludes: readonly {
    readonly flag: string;
    readonly others: readonly string[];
    /** The end of a sentence that begins with the two flags. */
    readonly why: string;
  }[];
  /** A flag that works only with another; with `when`, only if that flag is also set. */
  readonly needs: readonly { readonly flag: string; readonly needed: string; readonly when?: string }[];
}

/** What several profiles cannot be given together: each is used as it is. */
const OF_ONE_PROFILE = [
  ...["ambient", "describe-profile", "role", "via", "session-name", "server", "account", "agent-role"],
];

const UNDO = "--undo only undoes what setup wrote";

/** What chooses from all clusters. */
const OF_SEVERAL = ["match", "tag", "regions", "all-profiles"];

/** Flags that have no effect on a single cluster. */
export const FLAGS_OF_SEVERAL: ReadonlySet<string> = new Set([...OF_SEVERAL, "all", "list", "prune"]);

export const EKS_FLAG_RULES: FlagRules = {
  command: "setup eks",
  excludes: [
    {
      flag: "undo",
      others: [
        ...["list", "all", "match", "tag", "regions", "prune", "migrate", "in-place"],
        ...["cluster-id", "role", "via", "session-name", "profile", "ambient", "server", "account"],
        ...["context-name", "namespace", "proxy-url", "all-profiles", "describe-profile"],
        ...["approve-process", "absolute", "interactive", "use", "agent-role", "protected"],
      ],
      why: UNDO,
    },
    {
      flag: "list",
      others: [
        ...["cluster", "all", "prune", "migrate", "in-place", "context-name", "namespace", "use"],
        ...["describe-profile", "absolute", "interactive", "dry-run", "diff", "cluster-id"],
        ...["proxy-url", "agent-role", "protected"],
      ],
      why: "--list does not write anything",
    },
    { flag: "all", others: ["cluster", "cluster-id"], why: "--all means every cluster" },
    { flag: "cluster", others: OF_SEVERAL, why: "--cluster specifies a single cluster" },
    { flag: "all", others: ["use"], why: "only one context can be current" },
    {
      flag: "in-place",
      others: ["context-name", "namespace", "proxy-url"],
      why: "--in-place leaves contexts and clusters unchanged",
    },
    { flag: "regions", others: ["region"], why: "both specify where to search" },
    { flag: "ambient", others: ["profile"], why: "--ambient is used instead of a profile" },
    { flag: "ambient", others: ["server", "account"], why: "those are for Vouch" },
    { flag: "approve-process", others: ["server", "account"], why: "Vouch roles do not run a program" },
    {
      flag: "all-profiles",
      others: ["profile", ...OF_ONE_PROFILE],
      why: "--all-profiles uses each profile as it is",
    },
  ],
  needs: [
    { flag: "prune", needed: "all" },
    { flag: "in-place", needed: "migrate" },
    { flag: "region", needed: "cluster", when: "undo" },
    { flag: "session-name", needed: "role" },
  ],
};

/** Those of a `--profile` that matches several. */
export const EKS_PATTERN_RULES: FlagRules = {
  command: "setup eks",
  excludes: [{ flag: "profile", others: OF_ONE_PROFILE, why: "each profile that matches is used as it is" }],
  needs: [],
};

export const AWS_FLAG_RULES: FlagRules = {
  command: "setup aws",
  excludes: [
    {
      flag: "undo",
      others: [
        ...["role", "via", "region", "server", "account"],
        ...["sso-start-url", "sso-region", "match", "device-code", "callback-port", "force"],
      ],
      why: UNDO,
    },
    {
      flag: "sso-start-url",
      others: ["role", "via", "server", "account"],
      why: "those are for Vouch",
    },
  ],
  needs: ["sso-region", "match", "device-code", "callback-port", "force"].map((flag) => ({
    flag,
    needed: "sso-start-url",
  })),
};

/** Refuses flags that mean nothing together, or nothing alone. Throws `usage`. */
export function validateFlags(options: object, { command, excludes, needs }: FlagRules): void {
  const given = new Set(Object.keys(givenOptions(options)));
  const hint = withCommands`${ours(`${command} --help`)} shows which flags can be combined.`;
  for (const { flag, others, why } of excludes) {
    const other = given.has(flag) ? others.find((name) => given.has(name)) : undefined;
    if (other !== undefined)
      throw new VouchError("usage", `--${flag} and --${other} cannot be combined: ${why}.`, { hint });
  }
  for (const { flag, needed, when } of needs) {
    if (!given.has(flag) || given.has(needed) || (when !== undefined && !given.has(when))) continue;
    const condition = when === undefined ? "" : `With --${when}, `;
    throw new VouchError("usage", `${condition}--${flag} works only with --${needed}.`, { hint });
  }
}

/**
 * By their names on the command line. A switch that is off and an empty list were not given. The parser writes an option of two
 * words under both spellings; only the one that code can change counts.
 */
export function givenOptions(options: object): Options {
  const given = Object.entries(options).filter(
    ([name, value]) =>
      !name.includes("-") &&
      value !== undefined &&
      value !== false &&
      !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(
    given.map(([name, value]) => [name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), value]),
  );
}
