import { matchAwsAuth, parseAwsAuth } from "../../doctor/eks/aws-auth/aws-auth.ts";
import { principalOfArn } from "../../doctor/eks/principal/principal.ts";
import { parseAwsAuth as parseInLab } from "../lab/kube/authentication/aws-auth.ts";
import { canonicalArn } from "../lab/kube/authentication/canonical-arn.ts";
import { awsAuthMapper } from "../lab/kube/authentication/mappers.ts";

export type Sections = Readonly<Record<string, string>>;

type Entry = readonly [arn: string, username: string, groups: readonly string[]];

/** How a reader interprets aws-auth. */
export interface AwsAuthReading {
  readonly roles: readonly Entry[];
  readonly users: readonly Entry[];
  readonly accounts: readonly string[];
  /** Whether a section of entries, or an entry, is lost. */
  readonly loses: { readonly section: boolean; readonly entry: boolean };
}

/** Username and groups, the account whose mapping counts, or the refusal. */
export type Lookup = readonly [username: string, groups: readonly string[]] | "by account" | "refused";

/** Messages of the authenticator that say that a section, or an entry, is lost. */
const LOST_SECTION =
  /yaml: (?!unmarshal errors)|unsupported (?:map key|value)|invalid character|unexpected end of JSON|into Go value of type \[\]config/;
const LOST_ENTRY = /must be supplied|can be supplied|is not a valid/;

export function lossesIn(errors: string): AwsAuthReading["loses"] {
  return { section: LOST_SECTION.test(errors), entry: LOST_ENTRY.test(errors) };
}

/** An empty ID is nobody's: the authenticator leaves some after an error. */
export function accountIds(accounts: readonly string[] | null): readonly string[] {
  return (accounts ?? []).filter((id) => id !== "");
}

export function readInLab(data: Sections): AwsAuthReading {
  const { roles, users, accounts, errors } = parseInLab(data);
  const entries = (mappings: typeof roles) =>
    mappings.map(({ arn, username, groups }): Entry => [arn, username, groups]);
  return {
    roles: entries(roles),
    users: entries(users),
    accounts: accountIds(accounts),
    loses: lossesIn(errors.join("\n")),
  };
}

/** Undefined: the doctor cannot tell, since parsers read it differently. */
export function readByDoctor(data: Sections): AwsAuthReading | undefined {
  const awsAuth = parseAwsAuth({ data });
  if (!awsAuth) return undefined;
  const { roles, users, accounts } = awsAuth;
  const entries = (section: typeof roles) =>
    section.entries.map(({ arn, username, groups }): Entry => [arn, username, groups]);
  const isLoss = ({ kind }: (typeof roles.problems)[number]) => kind === "no-arn" || kind === "sso";
  return {
    roles: entries(roles),
    users: entries(users),
    accounts: accountIds(accounts),
    loses: {
      section: [roles, users].some(({ syntaxError }) => syntaxError !== undefined),
      entry: [roles, users].some(({ problems }) => problems.some(isLoss)),
    },
  };
}

export function lookUpInLab(data: Sections, arns: readonly string[]): readonly Lookup[] {
  const mapper = awsAuthMapper(data);
  return arns.map((arn) => {
    const canonical = canonicalInLab(arn);
    if (!canonical.startsWith("arn:")) return "refused";
    const accountId = canonical.split(":")[4] ?? "";
    const ids = { accountId, userId: "", sessionName: "", accessKeyId: "" };
    const found = mapper.map({ arn, canonicalArn: canonical, ...ids });
    if (found !== undefined) return [found.username, found.groups];
    return mapper.allowsAccount(accountId) ? "by account" : "refused";
  });
}

/** The canonical ARN, or why there is none. */
export function canonicalInLab(arn: string): string {
  try {
    return canonicalArn(arn).arn;
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

export function lookUpByDoctor(data: Sections, arns: readonly string[]): readonly Lookup[] | undefined {
  const awsAuth = parseAwsAuth({ data });
  if (!awsAuth) return undefined;
  return arns.map((arn) => {
    const principal = principalOfArn(arn);
    const match = principal && matchAwsAuth(awsAuth, principal);
    if (!match) return "refused";
    return match.by === "mapAccounts" ? "by account" : [match.username, match.groups];
  });
}
