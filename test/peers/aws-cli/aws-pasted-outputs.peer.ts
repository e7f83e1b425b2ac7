/**
 * What the real kubectl and the real AWS CLI 2 print in the lab, copied from a terminal: each piece is known for what it is, and the
 * diagnosis is the one that was meant.
 *
 * Needs AWS CLI 2 on PATH. No network but loopback.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { check } from "../../../doctor/doctor.ts";
import type { EvidencePart } from "../../../doctor/evidence/evidence.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";
import { RULES } from "../../../doctor/rules/index.ts";
import { administratorEnvironment, LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { describeKubectl, type KubectlLab } from "../kubectl/kubectl-lab.ts";
import { startForkedAws } from "./forked-aws.ts";
import { awsCli } from "./programs.ts";

const OF_CLUSTER = ["--cluster-name", LAB_CLUSTER, "--region", LAB_REGION];
const OF_ROLE = [...OF_CLUSTER, "--principal-arn", LAB_ROLE];

/** The part that each command shows. */
const COMMANDS: readonly (readonly [part: EvidencePart, words: readonly string[]])[] = [
  ["question", ["kubectl", "get", "secrets"]],
  ["kubeconfig", ["kubectl", "config", "view"]],
  ["environment", ["env"]],
  ["selfSubjectReview", ["kubectl", "auth", "whoami"]],
  ["accessReviews", ["kubectl", "auth", "can-i", "list", "secrets"]],
  ["apiServer", ["kubectl", "get", "--raw", "/api"]],
  ["callerIdentity", ["aws", "sts", "get-caller-identity"]],
  ["cluster", ["aws", "eks", "describe-cluster", "--name", LAB_CLUSTER, "--region", LAB_REGION]],
  ["clusters", ["aws", "eks", "list-clusters", "--region", LAB_REGION]],
  ["accessEntries", ["aws", "eks", "list-access-entries", ...OF_CLUSTER]],
  ["accessEntryDetails", ["aws", "eks", "describe-access-entry", ...OF_ROLE]],
  ["associatedPolicies", ["aws", "eks", "list-associated-access-policies", ...OF_ROLE]],
  ["role", ["aws", "iam", "get-role", "--role-name", LAB_ROLE.split("/").at(-1) ?? ""]],
  ["pluginRun", ["aws", "eks", "get-token", ...OF_CLUSTER]],
];

describeKubectl("what the real programs print, pasted", (peer, release) => {
  /** A terminal's text, in which these commands ran one after the other. */
  async function terminal(lab: KubectlLab, output: "json" | "yaml"): Promise<string> {
    const aws = await startForkedAws(awsCli(2).program, {
      folder: path.join(lab.folder, "aws"),
      home: lab.lab.home,
    });
    const turns: string[] = [];
    for (const [, words] of COMMANDS) {
      const [program = "", ...rest] = words;
      const own =
        program === "kubectl" ? [lab.program, ...rest] : program === "aws" ? [aws.program, ...rest] : words;
      const more =
        program === "aws" ? { ...administratorEnvironment(), AWS_DEFAULT_OUTPUT: output, AWS_PAGER: "" } : {};
      const { stdout, stderr } = await lab.run(own, { env: more });
      turns.push(`ada@laptop:~$ ${words.join(" ")}\n${stdout}${stderr}`);
    }
    await aws.close();
    return turns.join("");
  }

  const output = release === "v36" ? "yaml" : "json";
  it(`is known piece by piece, and judged: ${output}`, async () => {
    const text = await terminal(peer(), output);
    const { evidence, taken } = readPasted([{ text }], peer().lab.clock());
    const known = new Set(taken.flatMap(({ parts }) => parts));
    assert.deepEqual(
      COMMANDS.map(([part]) => part).filter((part) => !known.has(part)),
      [],
      text,
    );
    assert.deepEqual(
      taken.filter(({ parts, problem }) => parts.length === 0 || problem !== undefined),
      [],
      text,
    );
    const { report } = check(evidence, { rules: RULES, redact: false, shell: "bash", format: "aws" });
    assert.deepEqual(report.chain.at(-1)?.state, "broken", JSON.stringify(report.chain));
  });
});
