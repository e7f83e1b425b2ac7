import type { SsoAccount } from "../../../token/aws/identity-center/portal-calls.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { filledTemplate } from "../filled-template.ts";

/** A role that is assigned to the user in an account. */
export interface CenterRole {
  readonly account: SsoAccount;
  readonly role: string;
}

export interface NamedRole extends CenterRole {
  /** Name of its profile. */
  readonly name: string;
  /** The name that was wanted, if a different profile has it. */
  readonly insteadOf: string | undefined;
}

interface NameWish {
  /** The template of a role's name; undefined: the default. */
  readonly templateOf: (role: CenterRole) => string | undefined;
  readonly session: string;
  /** Whether a profile that is not ours has the name. */
  readonly isTaken: (name: string) => boolean;
}

export const DEFAULT_TEMPLATE = "{account_name}-{role}";
const PLACEHOLDERS = ["account_name", "account_id", "role", "session"] as const;

/**
 * A name for each role, different from all others, in the order of accounts and roles. Roles that would have the same name all get
 * their account's ID, or their own name too, so that the names do not depend on the order in which AWS lists them. Throws `usage`
 * for a template that cannot be filled in.
 */
export function profileNames(
  roles: readonly CenterRole[],
  { templateOf, session, isTaken }: NameWish,
): NamedRole[] {
  const named = roles
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
    .map((role) => ({ ...role, names: namesFor(role, templateOf(role) ?? DEFAULT_TEMPLATE, session) }));
  const levels = distinctLevels(named.map(({ names }) => names));
  const used = new Set<string>();
  return named.map(({ names, ...role }, index) => {
    const own = names.slice(levels[index]);
    const name = firstFree(own, (candidate) => isTaken(candidate) || used.has(candidate));
    used.add(name);
    const [wanted = name] = own;
    return { ...role, name, insteadOf: isTaken(wanted) ? wanted : undefined };
  });
}

function keyOf({ account, role }: CenterRole): string {
  return `${account.id} ${role}`;
}

/** From the shortest to the longest. */
function namesFor({ account, role }: CenterRole, template: string, session: string): string[] {
  const values = {
    account_name: usableName(account.name) || account.id,
    account_id: account.id,
    role,
    session,
  };
  const filled = filledTemplate({ option: "--profile", template }, PLACEHOLDERS, (word) => values[word]);
  const base = usableName(filled);
  if (base === "")
    throw new VouchError("usage", `--profile ${JSON.stringify(template)} does not produce a usable name.`, {
      hint: "For example: --profile '{account_name}-{role}'",
    });
  const names = [base, `${base}-${account.id}`, usableName(`${base}-${account.id}-${role}`)];
  // Every AWS tool uses this profile where none is specified.
  return names.filter((name) => name !== "default");
}

/** Index in its list of each name's first candidate that no other name has. */
function distinctLevels(lists: readonly (readonly string[])[]): readonly number[] {
  let levels = lists.map(() => 0);
  for (;;) {
    const names = lists.map((list, index) => list[levels[index] ?? 0]);
    const counts = Map.groupBy(names, (name) => name);
    const next = levels.map((level, index) =>
      (counts.get(names[index])?.length ?? 0) > 1
        ? Math.min(level + 1, (lists[index]?.length ?? 1) - 1)
        : level,
    );
    if (next.every((level, index) => level === levels[index])) return levels;
    levels = next;
  }
}

function firstFree(names: readonly string[], isUsed: (name: string) => boolean): string {
  const free = names.find((name) => !isUsed(name));
  if (free !== undefined) return free;
  for (let count = 2; ; count += 1) {
    const name = `${names.at(-1)}-${count}`;
    if (!isUsed(name)) return name;
  }
}

/** Names that every SDK reads without quotes. Source: aws-sdk-js-v3, shared-ini-file-loader, `getProfileName`. */
export const PROFILE_NAME = /^[\w@+.%:/-]+$/;

/**
 * A text as the name of a profile: with a dash in place of characters that not every SDK reads, and not at the beginning, where
 * programs would read an option. Empty if nothing is left.
 */
function usableName(text: string): string {
  return joined(text.split(/[^\w@+.%:/-]+/));
}

/** The same for a template, whose placeholders stay: `{role} (EU)` is `{role}-EU`. */
export function usableTemplate(text: string): string {
  return joined(text.split(/[^\w@+.%:/{}-]+/));
}

function joined(words: readonly string[]): string {
  return words
    .filter((word) => word !== "")
    .join("-")
    .replace(/^-+/, "");
}

/**
 * The setting that marks the profiles which `setup aws --sso-start-url` updates and removes. It holds the template of their names
 * unless that is the default: `managed_by = kubectl-vouch {role}`. AWS's tools ignore it. Source: doctor/AWS-CREDENTIALS.md,
 * "Shared files".
 */
export const MARK = "managed_by";

const TOOL = "kubectl-vouch";

/** The value for a profile that is named by a template. */
export function markFor(template: string): string {
  return template === DEFAULT_TEMPLATE ? TOOL : `${TOOL} ${template}`;
}

/** The template in the value; undefined for a profile that is not marked, or by another program. */
export function templateIn(mark: string | undefined): string | undefined {
  const [tool, template = DEFAULT_TEMPLATE, ...more] = mark?.split(" ") ?? [];
  return tool === TOOL && more.length === 0 ? template : undefined;
}
