import { VouchError } from "../../token/errors/errors.ts";
import type { Identity, StatedIdentity } from "../../token/kubeconfig/identity.ts";
import type { EksEntry } from "./eks-entry.ts";
import { filledTemplate } from "./filled-template.ts";

/** What the context that already has a name is for. Undefined: not known, or of a user we do not know. */
export interface NameHolder {
  readonly region?: string | undefined;
  readonly accountId?: string | undefined;
  readonly source?: StatedIdentity | undefined;
}

interface NameChoice {
  /** `{cluster}`, `{region}`, `{account}`, `{role}` and `{profile}` are filled in. Absent: the default. */
  readonly template?: string | undefined;
  /** Who has a name; undefined when it is free. */
  readonly holderOf: (name: string) => NameHolder | undefined;
}

const PLACEHOLDERS = ["cluster", "region", "account", "role", "profile"] as const;

type Placeholder = (typeof PLACEHOLDERS)[number];

/**
 * The context's name: that of the template if it is free, else with what distinguishes it from the context that has it (region,
 * account, role, person, profile, in this order). Always the same for the same kubeconfig.
 * Throws `usage` for a template that cannot be filled in.
 */
export function contextName(entry: EksEntry, { template, holderOf }: NameChoice): string {
  const wanted = wantedName(entry, template);
  const holder = holderOf(wanted);
  if (holder === undefined) return wanted;

  const held = parts(holder);
  const own = parts(entry).filter(({ of }) => template !== undefined || of !== "profile");
  const differing = own.filter(({ of, value }) => held.find((part) => part.of === of)?.value !== value);
  const all = own.map(({ word }) => word);
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

/** The name it gets if that is free. */
export function wantedName(entry: EksEntry, template?: string): string {
  if (template === undefined) return `${entry.clusterName}-${ending(entry.source)}`;
  const name = filledTemplate({ option: "--context-name", template }, PLACEHOLDERS, (word) =>
    filledIn(entry, word, template),
  );
  if (name.trim() !== "" && !/\p{Cc}/u.test(name)) return name;
  throw new VouchError(
    "usage",
    `--context-name ${JSON.stringify(template)} does not produce a usable name.`,
    {
      hint: "For example: --context-name '{cluster}-{role}'",
    },
  );
}

function filledIn(entry: EksEntry, placeholder: Placeholder, template: string): string {
  const { clusterName: cluster, region, accountId: account, source } = entry;
  const role = source.role === undefined ? undefined : roleName(source.role);
  const profile = profileOf(source) ?? entry.profile;
  const value = { cluster, region, account, role, profile }[placeholder];
  if (value !== undefined) return value;
  throw new VouchError(
    "usage",
    `--context-name ${template} contains {${placeholder}}, but cluster ${cluster} was not set up with a ${placeholder}.`,
    {
      hint:
        placeholder === "role"
          ? "With an AWS profile, a context has a role only if --role is set; use {profile} to tell profiles apart."
          : "Specify one with --profile, or remove {profile}.",
    },
  );
}

/** The last part of a role's ARN. */
function roleName(role: string): string {
  return role.split("/").at(-1) ?? role;
}

/** With a dash for whatever a program could misread. */
function wordOf(text: string): string {
  return text.replaceAll(/[^\w-]+/g, "-");
}

/** What a context's name ends in by default: its AWS profile, else `vouch` or `ambient`. */
function ending(source: Identity): string {
  if (source.kind === "vouch") return source.kind;
  return source.profile === undefined ? "ambient" : wordOf(source.profile);
}

function profileOf(source: StatedIdentity | undefined): string | undefined {
  return source?.kind === "aws" ? source.profile : undefined;
}

/**
 * The last part of a user entry's name. For Vouch that is the name of a role, which has no colon. No dots, since `kubectl config
 * unset` treats them as separators.
 */
export function sourceWord(source: Identity): string {
  if (source.kind === "vouch") return roleName(source.role).replaceAll(".", "-");
  const own = source.profile === undefined ? "ambient:" : `profile:${wordOf(source.profile)}`;
  return source.role === undefined ? own : `${own}:${wordOf(roleName(source.role))}`;
}

interface Part {
  readonly of: string;
  readonly value: string;
  readonly word: string;
}

function parts({ region, accountId, source }: NameHolder): Part[] {
  const role = source?.role;
  const account = source?.kind === "vouch" ? source.account : undefined;
  const profile = profileOf(source);
  const known = [
    { of: "region", value: region, word: region },
    { of: "accountId", value: accountId, word: accountId },
    { of: "role", value: role, word: role && wordOf(roleName(role)) },
    { of: "account", value: account, word: account && wordOf(account) },
    { of: "profile", value: profile, word: profile && wordOf(profile) },
  ];
  return known.flatMap(({ of, value, word }) =>
    value === undefined || word === undefined || word === "" ? [] : [{ of, value, word }],
  );
}

function withSuffix(entry: EksEntry, template: string | undefined, suffix: string): string {
  return template === undefined
    ? `${entry.clusterName}-${suffix}-${ending(entry.source)}`
    : `${wantedName(entry, template)}-${suffix}`;
}
