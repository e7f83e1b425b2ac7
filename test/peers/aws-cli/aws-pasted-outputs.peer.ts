/**
 * What the real kubectl and the real AWS CLI 2 print in the lab, copied from a terminal: each piece is known for what it is, and the
 * diagnosis is the one that was meant.
 *
 * Needs both AWS CLIs on PATH. No network but loopback: a proxy leads AWS's names to the lab.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { RULES } from "../../../doctor/causes/index.ts";
import { check } from "../../../doctor/doctor.ts";
import { failureOf } from "../../../doctor/evidence/evidence.ts";
import type { EvidencePart } from "../../../doctor/evidence/parts.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";
import { succeeded } from "../../end-to-end/lab-person.ts";
import { administratorEnvironment, LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { type ConnectProxy, connectProxy } from "../../token/net/connect-proxy.ts";
import { describeKubectl } from "../kubectl/kubectl-lab.ts";
import { addEksModel } from "./aws-cli-lab.ts";
import { type ForkedAws, startForkedAws } from "./forked-aws.ts";
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

/** What ends otherwise: what was tried, and the answer that it is not allowed. */
const REFUSED: readonly EvidencePart[] = ["question", "accessReviews"];
/** Commands of the person; the others are an administrator's, who may read the cluster and IAM. */
const OWN: readonly EvidencePart[] = ["callerIdentity", "pluginRun"];
const PROFILE = "dev";

describeKubectl("what the real programs print, pasted", (peer, release) => {
  let aws: ForkedAws;
  let proxy: ConnectProxy;
  before(async () => {
    const { lab, folder, vouch } = peer();
    await addEksModel(awsCli(1), awsCli(2), lab.home);
    aws = await startForkedAws(awsCli(2).program, { folder: path.join(folder, "aws"), home: lab.home });
    proxy = await connectProxy({ port: Number(new URL(lab.aws.url).port) });
    succeeded(await vouch(["setup", "aws", "--role", LAB_ROLE, "--profile", PROFILE]));
  });
  after(async () => {
    await proxy.close();
    await aws.close();
  });

  /** A terminal's text, in which these commands ran one after the other; each must have said what it is to show. */
  async function terminal(output: "json" | "yaml"): Promise<string> {
    const { run, program } = peer();
    const turns: string[] = [];
    for (const [part, words] of COMMANDS) {
      const [name = "", ...rest] = words;
      const own = name === "kubectl" ? [program, ...rest] : name === "aws" ? [aws.program, ...rest] : words;
      const who = OWN.includes(part) ? { AWS_PROFILE: PROFILE } : administratorEnvironment();
      const call = {
        AWS_DEFAULT_OUTPUT: output,
        AWS_PAGER: "",
        HTTPS_PROXY: proxy.url,
        NO_PROXY: "localhost",
      };
      const { status, stdout, stderr } = await run(own, { env: name === "aws" ? { ...call, ...who } : {} });
      assert.equal(status === 0, !REFUSED.includes(part), `${words.join(" ")}: ${stderr}`);
      turns.push(`ada@laptop:~$ ${words.join(" ")}\n${stdout}${stderr}`);
    }
    return turns.join("");
  }

  const output = release === "v36" ? "yaml" : "json";
  it(`is known piece by piece, and judged: ${output}`, async () => {
    const text = await terminal(output);
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
    assert.deepEqual(
      COMMANDS.map(([part]) => part).filter((part) => failureOf(evidence[part]) !== undefined),
      [],
      text,
    );
    const { report } = check(evidence, { rules: RULES, redact: false, shell: "bash", format: "aws" });
    // The policy of the entry is View, which leaves secrets out; what RBAC allows nobody has shown.
    assert.deepEqual(
      report.rootCauses.map(({ cause, confidence }) => [cause, confidence]),
      [["P4", "likely"]],
      text,
    );
  });
});
