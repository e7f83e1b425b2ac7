import assert from "node:assert/strict";
import {
  effectiveContext,
  readKubeconfigEvidence,
} from "../../../../doctor/derive/kubeconfig/effective-context.ts";
import { execBlock } from "../../../../doctor/derive/kubeconfig/exec-block.ts";
import { AWS_EXEC, healthyBundle, kubeconfigText, ROLE_ARN, VOUCH_EXEC } from "../../support/bundle.ts";

function execIn(exec: string, environment: Readonly<Record<string, string>> = {}) {
  const bundle = healthyBundle({ kubeconfig: { files: [{ path: "/k", text: kubeconfigText(exec) }] } });
  return execBlock(effectiveContext(bundle, readKubeconfigEvidence(bundle)), () => environment);
}

describe("execBlock", () => {
  it("reads what update-kubeconfig writes", () => {
    assert.deepEqual(execIn(AWS_EXEC), {
      command: "aws",
      program: "aws",
      tool: "aws",
      args: ["--region", "eu-west-1", "eks", "get-token", "--cluster-name", "lab", "--output", "json"],
      env: { AWS_PROFILE: "dev" },
      apiVersion: "client.authentication.k8s.io/v1beta1",
      interactiveMode: undefined,
      clusterName: "lab",
      clusterId: undefined,
      region: "eu-west-1",
      role: undefined,
      userRole: undefined,
      agent: undefined,
      safeguards: { agentRole: undefined, isProtected: false },
      via: [],
      profile: undefined,
      isAmbient: false,
      server: undefined,
    });
  });

  it("reads what setup eks writes", () => {
    assert.deepEqual(execIn(VOUCH_EXEC), {
      command: "kubectl-vouch",
      program: "kubectl-vouch",
      tool: "kubectl-vouch",
      args: [
        ...["credential", "eks", "--cluster-name", "lab", "--region", "eu-west-1"],
        ...["--role", ROLE_ARN, "--server", "https://us.vouch.sh"],
      ],
      env: {},
      apiVersion: "client.authentication.k8s.io/v1",
      interactiveMode: "Never",
      clusterName: "lab",
      clusterId: undefined,
      region: "eu-west-1",
      role: ROLE_ARN,
      userRole: ROLE_ARN,
      agent: undefined,
      safeguards: { agentRole: undefined, isProtected: false },
      via: [],
      profile: undefined,
      isAmbient: false,
      server: "https://us.vouch.sh",
    });
  });

  it("has the role that kubectl gets: an AI agent's, if one runs it", () => {
    const agentRole = "arn:aws:iam::111122223333:role/reader";
    const exec = VOUCH_EXEC.replace(
      /args: \[(.*)\]/,
      `args: [$1, --agent-role, "${agentRole}", --protected]`,
    );
    const unprotected = (words: string) =>
      execIn(exec.replace("--protected", words))?.safeguards.isProtected === false;
    assert.ok(unprotected("--protected, --protected=false") && unprotected("--, --protected"));
    const safeguards = { agentRole, isProtected: true };
    const of = (block: ReturnType<typeof execIn>) => {
      const { role, userRole, agent, safeguards } = block ?? assert.fail();
      return { role, userRole, agent, safeguards };
    };
    assert.deepEqual(of(execIn(exec)), { role: ROLE_ARN, userRole: ROLE_ARN, agent: undefined, safeguards });
    assert.deepEqual(of(execIn(exec, { GEMINI_CLI: "1" })), {
      ...{ role: agentRole, userRole: ROLE_ARN, agent: "gemini", safeguards },
    });
    assert.equal(execIn(VOUCH_EXEC, { GEMINI_CLI: "1" })?.role, ROLE_ARN, "a context without such a role");
  });

  const blocks: Readonly<Record<string, readonly [string, string, object]>> = {
    "aws on Windows": [
      "C:\\Program Files\\Amazon\\AWSCLIV2\\AWS.exe",
      "[eks, get-token, --cluster-name=lab, --role=arn:aws:iam::111122223333:role/Dev, --profile, p]",
      { tool: "aws", clusterName: "lab", role: ROLE_ARN, profile: "p" },
    ],
    "aws for an Outposts cluster": [
      "aws",
      "[eks, get-token, --cluster-id, 0b1d]",
      { tool: "aws", clusterId: "0b1d" },
    ],
    "aws-iam-authenticator": [
      "/usr/local/bin/aws-iam-authenticator",
      `[token, -i, lab, -r, "${ROLE_ARN}"]`,
      { tool: "aws-iam-authenticator", clusterName: "lab", role: ROLE_ARN },
    ],
    "upstream's vouch": [
      "vouch",
      "[credential, eks, --cluster-name, lab]",
      { tool: "vouch", clusterName: "lab" },
    ],
    "ours, by an AWS profile": [
      "kubectl-vouch",
      `[credential, eks, --cluster-name, lab, --profile, p, --role, "${ROLE_ARN}"]`,
      { tool: "kubectl-vouch", clusterName: "lab", profile: "p", role: ROLE_ARN },
    ],
    "ours, by a profile that only says which role of Vouch is meant": [
      "kubectl-vouch",
      "[credential, eks, --cluster-name, lab, --profile, p, --account, work]",
      { tool: "kubectl-vouch", clusterName: "lab" },
    ],
    "ours, by whatever the environment gives": [
      "kubectl-vouch",
      "[credential, eks, --ambient, --cluster-name, lab]",
      { tool: "kubectl-vouch", clusterName: "lab", isAmbient: true },
    ],
    "kubectl as a detour": [
      "kubectl",
      "[vouch, credential, eks, --cluster-name, lab]",
      { tool: "kubectl-vouch", clusterName: "lab" },
    ],
    "a wrapper": [
      "aws-vault",
      "[exec, p, --, aws, eks, get-token, --cluster-name, lab]",
      { tool: "other", clusterName: "lab" },
    ],
    "a shell": [
      "sh",
      `[-c, "aws eks get-token --cluster-name lab --region 'eu-west-1'"]`,
      { tool: "other", clusterName: "lab", region: "eu-west-1" },
    ],
  };
  for (const [name, [command, args, expected]] of Object.entries(blocks)) {
    it(`reads ${name}`, () => {
      const block = execIn(
        `apiVersion: client.authentication.k8s.io/v1beta1\ncommand: '${command}'\nargs: ${args}\n`,
      );
      const { tool, clusterName, clusterId, role, region, profile, isAmbient } = block ?? {};
      const read = { tool, clusterName, clusterId, role, region, profile, isAmbient: isAmbient || undefined };
      assert.deepEqual(
        Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)),
        expected,
      );
    });
  }

  it("is unknown for a user without one", () => {
    const text = kubeconfigText(AWS_EXEC).replace(/ {4}exec:[\s\S]*/, "    token: abc\n");
    const bundle = healthyBundle({ kubeconfig: { files: [{ path: "/k", text }] } });
    assert.equal(execBlock(effectiveContext(bundle, readKubeconfigEvidence(bundle))), undefined);
  });
});
