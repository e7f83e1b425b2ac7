import { VouchError } from "../../token/errors/errors.ts";
import type { EksEntry } from "./eks-entry.ts";

/** What a context that already has a name is known to be for. Undefined parts: not known, or nobody's we know. */
export interface NameHolder {
  readonly region?: string | undefined;
  readonly accountId?: string | undefined;
  readonly role?: string | undefined;
  readonly account?: string | undefined;
}

interface NameChoice {
  /** `{cluster}`, `{region}`, `{account}` and `{role}` are filled in. Absent: `{cluster}-vouch`. */
  readonly template?: string | undefined;
  /** Who has a name; undefined when it is free. */
  readonly holderOf: (name: string) => NameHolder | undefined;
}

const PLACEHOLDERS = ["cluster", "region", "account", "role"] as const;

/**
 * The context's name: the one of the template when it is free; else with what tells it apart from the context that has
 * it (region, account, role, person, in this order). Always the same for the same kubeconfig.
 * Throws `usage` for a template that names nothing we know.
 */
export function contextName(entry: EksEntry, { template, holderOf }: NameChoice): string {
  const wanted = wantedName(entry, template);
  const holder = holderOf(wanted);
  if (holder === undefined) return wanted;

  const differing = parts(entry).filter(({ of, value }) => holder[of] !== value);
  const all = parts(entry).map(({ word }) => word);
  const suffixes = [
    ...differing.map(({ word }) => word),
    differing.map(({ word }) => word).join("-"),
    all.join("-"),
  ];
  for (let count = 1; ; count += 1) {
    for (const suffix of suffixes.filter((text) => text !== "")) {
      const name = withSuffix(entry, template, count === 1 ? suffix : `${suffix}-${count}`);
      if (holderOf(name) === undefined) return name;
    }
  }
}

/** The name when nothing is in its way. */
export function wantedName(entry: EksEntry, template = "{cluster}-vouch"): string {
  const values = {
    cluster: entry.clusterName,
    region: entry.region,
    account: entry.accountId,
    role: roleName(entry.role),
  };
  const name = template.replace(/\{([^{}]*)\}/g, (_, word: string) => {
    const known = PLACEHOLDERS.find((placeholder) => placeholder === word);
    if (known !== undefined) return values[known];
    throw new VouchError("usage", `--context-name ${template} holds {${word}}, which we do not know.`, {
      hint: `Known are ${PLACEHOLDERS.map((placeholder) => `{${placeholder}}`).join(", ")}.`,
    });
  });
  if (name.trim() !== "" && !/\p{Cc}/u.test(name)) return name;
  throw new VouchError("usage", `--context-name ${JSON.stringify(template)} gives no usable name.`, {
    hint: "Give for instance --context-name '{cluster}-{role}'.",
  });
}

/** The last part of a role's ARN. */
export function roleName(role: string): string {
  return role.split("/").at(-1) ?? role;
}

function parts(entry: EksEntry): { of: keyof NameHolder; value: string | undefined; word: string }[] {
  const known = [
    { of: "region", value: entry.region, word: entry.region },
    { of: "accountId", value: entry.accountId, word: entry.accountId },
    { of: "role", value: entry.role, word: roleName(entry.role).replaceAll(/[^\w-]+/g, "-") },
    { of: "account", value: entry.account, word: (entry.account ?? "").replaceAll(/[^\w-]+/g, "-") },
  ] as const;
  return known.filter(({ word }) => word !== "");
}

function withSuffix(entry: EksEntry, template: string | undefined, suffix: string): string {
  return template === undefined
    ? `${entry.clusterName}-${suffix}-vouch`
    : `${wantedName(entry, template)}-${suffix}`;
}
