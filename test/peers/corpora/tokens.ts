/**
 * A corpus of EKS tokens: good ones of every partition, program and kind of credentials, and mutants that break each rule of
 * the verifier. The same seed and moment give the same corpus.
 */
import type { SigningCredentials } from "../../../token/eks/sigv4-query.ts";
import { partitionOfRegion } from "../../../token/hot/partition.ts";
import { stsHost } from "../../../token/hot/sts-host.ts";
import { tokenOf } from "../../lab-tests/kube/support/presigned-token.ts";
import { randomNumbers } from "../../support/mutations.ts";
import { draftOf, FORMS, goodToken, type TokenRecipe } from "./token-draft.ts";
import { MUTANTS } from "./token-mutants.ts";
import { ACCEPTED_WAYS, FOR_STS } from "./token-oddities.ts";
import { PREFIX, type Way } from "./token-ways.ts";

/** A token, and the verifier that is asked about it. */
export interface TokenCase {
  /**
   * The step of the verifier that refuses it (token/eks/EKS-TOKEN.md, "Verifier") and a word. Or one word: `good`, `odd` (and
   * accepted), `label` (a strange region), `elsewhere` (another region's host), `edit` (of any place).
   */
  readonly rule: string;
  readonly token: string;
  /** Name of the verifier's own cluster. */
  readonly cluster: string;
  readonly partition: string;
  /** Region of the cluster. */
  readonly region: string;
}

interface CorpusOptions {
  readonly seed: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What may sign; STS knows them all. */
  readonly credentials: readonly SigningCredentials[];
  /** Credentials for which STS gives an answer of its own: what they are, by the rule that the answer breaks. */
  readonly answered: Readonly<Record<string, readonly SigningCredentials[]>>;
}

const MINUTE = 60_000;
const GOOD = 1100;
const EACH_RULE = 40;
const EDITS = 600;

const REGIONS = [
  ...["us-east-1", "eu-west-3", "ap-southeast-7", "mx-central-1", "us-gov-west-1", "us-gov-east-1"],
  ...["cn-north-1", "cn-northwest-1", "eusc-de-east-1", "us-iso-east-1", "us-isob-west-1", "eu-isoe-west-1"],
  "us-isof-south-1",
];

/** Regions that no SDK knows for their partition's: a verifier there takes its own host all the same. */
const STRANGE_REGIONS = ["cn-new", "eusc-fr-west-1", "us-gov-new"];

const STRANGE_HOSTS = [
  ...["sts.cn-new.amazonaws.com.cn", "sts.cn-new.amazonaws.com", "sts.cn-new.api.amazonwebservices.com.cn"],
  ...["sts.eusc-fr-west-1.amazonaws.eu", "sts-fips.eusc-fr-west-1.amazonaws.eu", "sts.us-gov-new.api.aws"],
  ...["aws-global", "aws-us-gov-global", "us-gov-east-9"].flatMap((region) => [
    `sts.${region}.amazonaws.com`,
    `sts-fips.${region}.amazonaws.com`,
    `sts.${region}.api.aws`,
  ]),
  ...[
    "sts.aws-cn-global.amazonaws.com.cn",
    "sts.aws-iso-global.c2s.ic.gov",
    "sts.aws-iso-b-global.sc2s.sgov.gov",
  ],
  ...[
    "sts.aws-iso-e-global.cloud.adc-e.uk",
    "sts.aws-iso-f-global.csp.hci.ic.gov",
    "sts.us-iso-new-9.c2s.ic.gov",
  ],
];

/** Names that EKS permits. Source: EKS API reference, CreateCluster. */
const CLUSTERS = ["lab", "a", "0", "Lab_1", "prod-eu--west_", `x${"-".repeat(98)}x`, "Z".repeat(100)];

const GLOBAL_HOST = "sts.amazonaws.com";

export function tokenCorpus({ seed, now, credentials, answered }: CorpusOptions): TokenCase[] {
  const random = randomNumbers(seed);
  const one = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const cases: TokenCase[] = [];

  const recipe = (who = one(credentials), region = one(REGIONS)): TokenRecipe => ({
    credentials: who,
    cluster: one(CLUSTERS),
    region,
    host: one(hostsOf(region)) ?? "",
    signedAt: now - random(14 * MINUTE),
  });
  const add = (rule: string, { cluster, region }: TokenRecipe, token: string) => {
    cases.push({ rule, token, cluster, region, partition: partitionOfRegion(region).id });
  };
  const mutate = (rule: string, ways: readonly Way[]) => {
    for (let index = 0; index < Math.max(EACH_RULE, ways.length); index += 1) {
      const made = recipe();
      add(rule, made, ways[index % ways.length]?.(draftOf(made, one(FORMS)), now) ?? "");
    }
  };

  for (const [rule, ways] of Object.entries({ ...MUTANTS, ...FOR_STS })) mutate(rule, ways);
  for (const [rule, known] of Object.entries(answered)) {
    for (const who of known) {
      const made = recipe(who);
      add(rule, made, goodToken(made, one(FORMS)));
    }
  }
  for (const [region, made, host] of foreignHosts(recipe)) {
    const token = goodToken({ ...made, host, region }, one(FORMS));
    add("elsewhere", made, token);
  }
  for (let round = 0; round < 6; round += 1) mutate("odd", ACCEPTED_WAYS);
  for (let index = 0; index < EDITS; index += 1) {
    const made = recipe();
    add("edit", made, edited(goodToken(made, one(FORMS)), random));
  }
  for (let index = 0; index < GOOD; index += 1) {
    const made = recipe();
    add("good", made, goodToken(made, one(FORMS)));
  }
  return cases;
}

const EDIT_TEXTS = [
  ..."abzAZ019%&=?#;:/@.-_~+ \t\n\"'\\[]<>{}|^`$!*(),\0\u007fé\u212a",
  ...["", "", "%2", "%zz", "%00", "%C3%A9", "%ff", "&&", "//", "..", "sts", "Action", "=60", "X-Amz-"],
];

/** One text put in, or in place of up to two characters: of the URL, or in one of six of the token; often at the beginning. */
function edited(token: string, random: ReturnType<typeof randomNumbers>): string {
  const edit = (text: string) => {
    const at = random(random(3) === 0 ? text.length : 80);
    return text.slice(0, at) + EDIT_TEXTS[random(EDIT_TEXTS.length)] + text.slice(at + random(3));
  };
  if (random(6) === 0) return edit(token);
  return tokenOf(edit(Buffer.from(token.slice(PREFIX.length), "base64url").toString()));
}

/** AWS's names of STS for a region, as our signer may choose them. */
function hostsOf(region: string): string[] {
  const flags = [false, true];
  const hosts = flags.flatMap((fips) => flags.map((dualStack) => stsHost(region, { fips, dualStack })));
  const global = region === "us-east-1" ? [GLOBAL_HOST] : [];
  return [...new Set([...hosts, ...global])].filter((host) => host !== undefined);
}

/** Tokens for a host of every region, and for strange ones, at the verifiers of every other. */
function foreignHosts(
  recipe: (who: undefined, region: string) => TokenRecipe,
): (readonly [region: string, made: TokenRecipe, host: string])[] {
  const known = REGIONS.flatMap((region) =>
    hostsOf(region)
      .slice(0, 2)
      .map((host) => [region, host] as const),
  );
  const strange = STRANGE_HOSTS.map((host) => [host.split(".")[1] ?? "", host] as const);
  return [...REGIONS, ...STRANGE_REGIONS].flatMap((home) =>
    [...known, ["us-east-1", GLOBAL_HOST] as const, ...strange]
      .filter(([region]) => region !== home || STRANGE_REGIONS.includes(home))
      .map(([region, host]) => [region, recipe(undefined, home), host] as const),
  );
}
