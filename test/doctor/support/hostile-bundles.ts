import { parse, stringify } from "yaml";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { randomNumbers } from "../../support/mutations.ts";
import { FAULTS, type Fault } from "./faults.ts";
import { HOSTILE_VALUES } from "./hostile-values.ts";
import { withToldParts } from "./told-parts.ts";
import { VARIANTS } from "./variants.ts";

type Random = ReturnType<typeof randomNumbers>;

/** A bundle with something hostile in it. */
export interface HostileBundle {
  /** The row, and how it was changed: fit to be found again. */
  readonly name: string;
  readonly bundle: DoctorEvidence;
}

/** Bundles without end, the same for the same seed: each fault in turn, with what people tell, changed in a way of chance. */
export function* hostileBundles(seed: number, faults: readonly Fault[] = FAULTS): Generator<HostileBundle> {
  const random = randomNumbers(seed);
  for (let round = 0; ; round += 1) {
    for (const { row, bundle } of faults) {
      const [kind, change] = pick(CHANGES, random);
      const whole = pick(withToldParts(bundle), random);
      yield { name: `${row}, ${kind}, seed ${seed}, round ${round}`, bundle: change(whole, random) };
    }
  }
}

/** Every text of every bundle, replaced as a whole by a value of chance, one with a few others at a time. */
export function* eachTextHostile(
  seed: number,
  { atOnce = 8, faults = [...FAULTS, ...VARIANTS] }: { atOnce?: number; faults?: readonly Fault[] } = {},
): Generator<HostileBundle> {
  const random = randomNumbers(seed);
  for (const { row, bundle } of faults) {
    const rounds = Math.ceil(countTexts(bundle) / atOnce);
    for (let round = 0; round < rounds; round += 1) {
      const changed = changeTexts(bundle, (text, index) =>
        index % rounds === round ? pick(HOSTILE_VALUES, random) : text,
      );
      yield { name: `${row}, texts ${round} of ${rounds}, seed ${seed}`, bundle: changed };
    }
  }
}

type Change = (bundle: DoctorEvidence, random: Random) => DoctorEvidence;

const CHANGES: readonly (readonly [string, Change])[] = [
  ["one text", (bundle, random) => changeSome(bundle, random, 1)],
  ["many texts", (bundle, random) => changeSome(bundle, random, 12)],
  ["a name, wherever it stands", (bundle, random) => rename(bundle, random, 1)],
  ["names, wherever they stand", (bundle, random) => rename(bundle, random, 4)],
  ["all names, wherever they stand", (bundle, random) => rename(bundle, random, 400)],
];

/** Replaces texts, or a word in each. */
function changeSome(bundle: DoctorEvidence, random: Random, count: number): DoctorEvidence {
  const total = countTexts(bundle);
  const chosen = new Set(Array.from({ length: count }, () => random(total)));
  return changeTexts(bundle, (text, index) => (chosen.has(index) ? spoilt(text, random) : text));
}

function spoilt(text: string, random: Random): string {
  const value = pick(HOSTILE_VALUES, random);
  const words = [...text.matchAll(WORD)];
  switch (random(4)) {
    case 0:
      return value;
    case 1:
      return random(2) === 0 ? `${text}${value}` : `${value}${text}`;
    default: {
      const word = words[random(words.length || 1)];
      if (word === undefined) return value;
      return `${text.slice(0, word.index)}${value}${text.slice(word.index + word[0].length)}`;
    }
  }
}

/** Names as they stand in ARNs, addresses, commands and sentences. */
const WORD = /[\p{L}\p{N}_.@-]+/gu;

/** Names that bundles give to things, and that rules compare: one is replaced in the same way wherever it stands. */
const NAMES: readonly string[] = [
  ...[
    "lab",
    "web",
    "payments",
    "dev",
    "ops",
    "base",
    "hub",
    "corp",
    "Dev",
    "Hub",
    "NodeRole",
    "team",
    "team-a",
  ],
  ...[
    "ada",
    "ada-example.com",
    "ada@example.com",
    "bob",
    "deploy",
    "developers",
    "deployers",
    "devs",
    "viewer",
  ],
  ...["pods", "secrets", "deployments", "servicemonitors", "monitoring.coreos.com", "nodes", "view", "admin"],
  ...["eu-west-1", "us.vouch.sh", "aws", "kubectl", "kubectl-vouch", "id.example.com", "kubernetes", "helm"],
  ...[
    "0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
    "/home/ada",
    "sg-0123456789abcdef0",
    "rtb-0123456789abcdef0",
    "Ops",
    "/home/ada/.envrc",
  ],
  ...["AKIAEXAMPLEEXAMPLE12", "vpc-0123456789abcdef0", "proxy.example.com", "system:node", "list", "get"],
];

function rename(bundle: DoctorEvidence, random: Random, count: number): DoctorEvidence {
  const text = JSON.stringify(bundle);
  const present = NAMES.filter((name) => text.includes(name));
  const chosen =
    count >= present.length ? present : Array.from({ length: count }, () => pick(present, random));
  const values = new Map(chosen.map((name) => [name, pick(HOSTILE_VALUES, random)]));
  return changeTexts(bundle, (old) =>
    old.replaceAll(NAME, (name) => {
      const value = values.get(name);
      return value === undefined ? name : value;
    }),
  );
}

/** Longest first, and not inside of a word. */
const NAME = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${NAMES.toSorted((a, b) => b.length - a.length)
    .map((name) => name.replaceAll(".", "\\."))
    .join("|")})(?![\\p{L}\\p{N}])`,
  "gu",
);

function countTexts(bundle: DoctorEvidence): number {
  let count = 0;
  changeTexts(bundle, (text) => {
    count += 1;
    return text;
  });
  return count;
}

/** A copy with other texts: values, names of variables, and the texts inside of YAML that stands in the bundle as text. */
function changeTexts(
  { apiVersion, kind, gatheredAt, ...parts }: DoctorEvidence,
  change: (text: string, index: number) => string,
): DoctorEvidence {
  let index = 0;
  const next = (text: string) => change(text, index++);
  const copy = (value: unknown): unknown => {
    if (typeof value === "string") return copyText(value);
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        /^[A-Z_]{3,}$/.test(name) ? next(name) : name,
        copy(item),
      ]),
    );
  };
  const copyText = (text: string): string => {
    const inside = yamlIn(text);
    return inside === undefined ? next(text) : stringify(copy(inside));
  };
  const changed = copy(parts) as Omit<DoctorEvidence, "apiVersion" | "kind">;
  return { apiVersion, kind, ...(gatheredAt === undefined ? {} : { gatheredAt }), ...changed };
}

/** What a kubeconfig or a section of aws-auth holds. */
function yamlIn(text: string): object | undefined {
  if (!/^(?:[\w-]+:|- )[^\n]*\n/.test(text)) return undefined;
  try {
    const value: unknown = parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[random(values.length)] as T;
}
