import assert from "node:assert/strict";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import type { CredentialSource } from "../../../../doctor/derive/identity/aws-source.ts";
import { CASE_GROUPS } from "../../../token/aws/sources/cases.ts";
import { planWords } from "../../../token/aws/sources/plan-words.ts";
import { NO_CRT, type SourceCase } from "../../../token/aws/sources/source-case.ts";
import { awsExec, execBlock, healthyBundle } from "../../support/bundle.ts";
import { GO_READS_OTHERWISE, GO_REFUSES, goKinds, kindsOf } from "./go-kinds.ts";

const CASES = Object.values(CASE_GROUPS).flat();
const OURS = `apiVersion: client.authentication.k8s.io/v1
command: kubectl-vouch
args: [credential, eks, --cluster-name, lab, --region, eu-west-1, `;
const GO =
  "apiVersion: client.authentication.k8s.io/v1beta1\ncommand: aws-iam-authenticator\nargs: [token, -i, lab]\n";

type Program = "ours" | "cli2" | "cli1" | "go";

/** What the doctor says of a case when this program runs in it. */
function sourceOf({ config = "", credentials = "", env = {}, profile }: SourceCase, program: Program) {
  const flag = profile === undefined ? [] : ["--profile", profile];
  const ours = () =>
    execBlock(`${OURS}${(flag[0] ? flag : ["--ambient"]).map((word) => JSON.stringify(word)).join(", ")}]\n`);
  const blocks = {
    ours,
    cli2: () => awsExec({}, flag),
    cli1: () => awsExec({}, flag),
    go: () => execBlock(GO),
  };
  const named = program === "go" && profile !== undefined ? { AWS_PROFILE: profile } : {};
  const version = program === "cli1" ? "aws-cli/1.45.11" : "aws-cli/2.9.19 Python/3.11.2";
  const found = deriveFacts(
    healthyBundle({
      ...blocks[program](),
      environment: { ...env, ...named },
      awsConfig: { path: "DIR/config", text: config },
      awsCredentials: { path: "DIR/credentials", text: credentials },
      execCommand: { command: "aws", resolved: "/usr/bin/aws", version },
    }),
  ).credentials;
  return found ?? assert.fail("a source");
}

function checkOutcome(source: CredentialSource, expected: string | RegExp | readonly unknown[]): void {
  if (typeof expected !== "string") {
    assert.ok(source.fault !== undefined || source.kind === "nothing", `${source.kind}, though it refuses`);
    return;
  }
  assert.equal(source.fault, undefined);
  assert.ok(kindsOf(expected).includes(source.kind), `${source.kind} is not ${expected}`);
  if (source.plan !== undefined) assert.equal(planWords(source.plan), expected);
}

/** What the doctor does not follow: Python's section for all sections, and keys that are empty. */
const NOT_FOLLOWED = ["[DEFAULT]", "an empty id before a process"];

describe("where the program that runs takes credentials from", () => {
  describe("ours: as the planner of tokens has it", () => {
    for (const each of CASES) it(each.name, () => checkOutcome(sourceOf(each, "ours"), each.ours));
  });

  for (const program of ["cli2", "cli1"] as const)
    describe(`AWS CLI ${program.slice(3)}: as measured`, () => {
      for (const each of CASES.filter(({ name }) => !NOT_FOLLOWED.includes(name)))
        it(each.name, () => {
          const { ours, cli2 = ours, cli1 = cli2 } = each;
          const expected = { cli2, cli1 }[program];
          const source = sourceOf(each, program);
          if (expected === NO_CRT) assert.match(JSON.stringify(source.plan), /"kind":"login"/);
          else checkOutcome(source, expected);
        });
    });

  describe("aws-iam-authenticator: as measured", () => {
    const exceptions = { ...GO_READS_OTHERWISE, ...GO_REFUSES };
    for (const each of CASES.filter(({ name }) => exceptions[name] === undefined))
      it(each.name, () => {
        const { kind } = sourceOf(each, "go");
        const kinds = goKinds(each);
        assert.ok(kinds.includes(kind), `${kind} is not ${kinds}`);
      });
  });
});
