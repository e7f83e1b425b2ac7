import assert from "node:assert/strict";
import type { RbacObjectJson } from "../../../doctor/evidence/evidence.ts";
import { runCommand } from "../../support/run-command.ts";
import { goProgram } from "../go/programs.ts";
import type { AccessQuestion, RbacAnswer } from "./rbac-world.ts";

/** What is to be judged. */
export interface JudgedCase {
  readonly objects: readonly RbacObjectJson[];
  /** Whether the cluster has, besides, what every cluster begins with. */
  readonly defaults: boolean;
  readonly questions: readonly AccessQuestion[];
}

export interface Verdict {
  /** As a cluster lists them: aggregated roles have the rules that the controller wrote. */
  readonly listed: readonly RbacObjectJson[];
  readonly answers: readonly RbacAnswer[];
}

/** The judge's names of its lists, and what is in them. */
const LISTS = {
  clusterRoles: "ClusterRole",
  clusterRoleBindings: "ClusterRoleBinding",
  roles: "Role",
  roleBindings: "RoleBinding",
} as const;

type Lists = Readonly<Record<keyof typeof LISTS, readonly Omit<RbacObjectJson, "kind">[] | null>>;

/** Asks the API server's own RBAC authorizer: an answer to each question. */
export async function judgeRbac(cases: readonly JudgedCase[]): Promise<Verdict[]> {
  const stdin = cases.map((one) => `${JSON.stringify(asJudged(one))}\n`).join("");
  const { status, stdout, stderr } = await runCommand([goProgram("judge-rbac")], {
    env: {},
    stdin,
  });
  assert.equal(status, 0, `judge-rbac: ${stderr}`);
  const verdicts = stdout.trimEnd().split("\n").map(verdictOf);
  assert.deepEqual(
    verdicts.map(({ answers }) => answers.length),
    cases.map(({ questions }) => questions.length),
  );
  return verdicts;
}

function asJudged({ objects, defaults, questions }: JudgedCase): object {
  const lists = Object.entries(LISTS).map(([list, kind]) => [
    list,
    objects.filter((one) => one.kind === kind),
  ]);
  return { policy: { ...Object.fromEntries(lists), defaults, show: true }, questions };
}

function verdictOf(line: string): Verdict {
  const { policy, answers } = JSON.parse(line) as { policy: Lists; answers: RbacAnswer[] };
  const listed = (Object.keys(LISTS) as (keyof typeof LISTS)[]).flatMap((list) =>
    (policy[list] ?? []).map((object) => ({ ...object, kind: LISTS[list] })),
  );
  return { listed, answers };
}
