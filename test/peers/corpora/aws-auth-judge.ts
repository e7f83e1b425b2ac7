import { spawnSync } from "node:child_process";
import {
  type AwsAuthReading,
  accountIds,
  type Lookup,
  lossesIn,
  type Sections,
} from "../../support/aws-auth-readings.ts";
import { goProgram } from "../go/programs.ts";

interface Mapping {
  readonly rolearn?: string;
  readonly userarn?: string;
  readonly username: string;
  readonly groups: readonly string[] | null;
}

interface Answer {
  readonly roles: readonly Mapping[] | null;
  readonly users: readonly Mapping[] | null;
  readonly accounts: readonly string[] | null;
  readonly error?: string;
  readonly callers: readonly JudgedCaller[] | null;
}

interface JudgedCaller {
  readonly canonical: string;
  readonly error?: string;
  readonly role?: Mapping;
  readonly user?: Mapping;
  readonly account?: boolean;
}

export interface Judgement {
  readonly reading: AwsAuthReading;
  readonly error: string;
  readonly canonical: readonly string[];
  readonly lookups: readonly Lookup[];
}

/** What the real parser and mapper say of each ConfigMap, and of each of these callers in it. */
export function judgeAwsAuth(maps: readonly Sections[], arns: readonly string[]): Judgement[] {
  const input = maps.map((data) => JSON.stringify({ data, arns })).join("\n");
  const { stdout, stderr, status } = spawnSync(goProgram("judge-aws-auth"), { input, maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`judge-aws-auth: ${stderr}`);
  const lines = stdout.toString().trim().split("\n");
  return lines.map((line) => judgementOf(JSON.parse(line) as Answer));
}

/** Roles that only `sso` names are left out: EKS matches nobody with them. */
function judgementOf({ roles, users, accounts, error = "", callers }: Answer): Judgement {
  const entriesOf = (mappings: readonly Mapping[] | null) =>
    (mappings ?? []).flatMap(({ rolearn, userarn, username, groups }) => {
      const arn = rolearn ?? userarn;
      return arn === undefined ? [] : [[arn, username, groups ?? []] as const];
    });
  return {
    reading: {
      roles: entriesOf(roles),
      users: entriesOf(users),
      accounts: accountIds(accounts),
      loses: lossesIn(error),
    },
    error,
    canonical: (callers ?? []).map((one) =>
      one.error === undefined ? one.canonical : `refused: ${one.error}`,
    ),
    lookups: (callers ?? []).map(lookupOf),
  };
}

function lookupOf({ role, user, account }: JudgedCaller): Lookup {
  const found = role ?? user;
  if (found !== undefined) return [found.username, found.groups ?? []];
  return account ? "by account" : "refused";
}
