import assert from "node:assert/strict";
import { stringify } from "yaml";
import { kubeconfigDraft } from "../../../plugin/setup/kubeconfig-draft.ts";
import { migrateUsers } from "../../../plugin/setup/migrate-users.ts";
import { mergeKubeconfigs } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { awsMachine } from "../../support/aws-machine.ts";
import { labEntry } from "./lab-entry.ts";

const CANARY = "canary-9c1d";

describe("--migrate passes over nothing in silence", () => {
  const entry = labEntry();
  const AWS = [
    "--region",
    "us-east-1",
    "eks",
    "get-token",
    "--cluster-name",
    "lab",
    "--role-arn",
    entry.source.role,
  ];
  const aws = { exec: { command: "aws", args: AWS } };
  const here = { server: entry.endpoint };

  /** One user, and the clusters that its contexts call. */
  const migrate = (user: object, ...clusters: object[]) => {
    const text = stringify({
      clusters: clusters.map((cluster, index) => ({ name: `c${index}`, cluster })),
      contexts: clusters.map((_, index) => ({
        name: `x${index}`,
        context: { cluster: `c${index}`, user: "me" },
      })),
      users: [{ name: "me", user }],
    });
    const draft = kubeconfigDraft(mergeKubeconfigs(["/kc"], () => text));
    const migrations = migrateUsers(draft, [entry], {
      ...awsMachine("/nonexistent"),
      isApproved: () => false,
    });
    const isWritten = draft.changes().length > 0;
    assert.equal(
      isWritten,
      migrations.some(({ migrated }) => migrated),
    );
    assert.ok(!JSON.stringify(migrations).includes(CANARY), "no argument is repeated");
    return migrations.map(({ was, migrated, reason, replaceable }) => ({
      by: was.by,
      migrated,
      reason,
      replaceable,
    }));
  };

  const unknown: Record<string, [user: object, by: string, reason: string]> = {
    "aws-vault": [
      { exec: { command: "aws-vault", args: ["exec", CANARY, "--", "aws", ...AWS] } },
      "aws-vault",
      "it runs aws-vault, which itself decides whose credentials sign the token",
    ],
    "a shell's command line": [
      { exec: { command: "/bin/bash", args: ["-lc", `TOKEN=${CANARY} aws eks get-token`] } },
      "bash",
      "it runs a shell command line (bash -c), so its identity is unknown",
    ],
    "that of sh": [
      { exec: { command: "sh", args: ["-c", "aws eks get-token"] } },
      "sh",
      "it runs a shell command line (sh -c), so its identity is unknown",
    ],
    "that of cmd": [
      { exec: { command: "cmd.exe", args: ["/c", "aws eks get-token"] } },
      "cmd",
      "it runs a shell command line (cmd -c), so its identity is unknown",
    ],
    "a script by its shell": [
      { exec: { command: "zsh", args: ["/opt/token.zsh"] } },
      "zsh",
      "it runs a script with zsh, so its identity is unknown",
    ],
    "a program that starts another": [
      { exec: { command: "env", args: ["AWS_PROFILE=x", "aws", ...AWS] } },
      "env",
      "it runs another program through env, so its identity is unknown",
    ],
    "a wrapper script": [
      { exec: { command: "/opt/tools/eks-token", args: [CANARY] } },
      "eks-token",
      "it runs /opt/tools/eks-token, a program unknown to kubectl-vouch, so its identity is unknown",
    ],
    "an unknown plugin": [
      { exec: { command: "rancher", args: ["token"] } },
      "rancher",
      "it runs rancher, but only entries that run aws, aws-iam-authenticator or vouch can be switched",
    ],
    "another command of aws": [
      { exec: { command: "aws", args: ["sts", "get-caller-identity"] } },
      "aws",
      "it runs aws, but not in a way known to request an EKS token",
    ],
    "a token": [{ token: CANARY }, "token", "it has a token and does not run a program"],
    "a certificate": [
      { "client-certificate-data": CANARY },
      "client-certificate-data",
      "it has a client certificate and does not run a program",
    ],
    nothing: [{}, "nothing", "it does not have credentials"],
  };
  for (const [what, [user, by, reason]] of Object.entries(unknown)) {
    it(`lists ${what}`, () => {
      assert.deepEqual(migrate(user, here), [{ by, migrated: false, reason, replaceable: ["x0"] }]);
    });
  }

  it("leaves one that asks for tokens of another cluster, whoever it is", () => {
    for (const [command, ...args] of [
      ["aws", "eks", "get-token", "--cluster-name", "prod", "--role-arn", entry.source.role],
      ["aws", "eks", "get-token", "--cluster-name", "prod", "--profile", "dev"],
      ["aws-iam-authenticator", "token", "-i", "prod", "-r", entry.source.role],
    ])
      assert.deepEqual(
        migrate({ exec: { command, args } }, here).map(({ migrated, reason }) => [migrated, reason]),
        [[false, 'it requests tokens for cluster "prod"']],
      );
  });

  it("lists a wrapper that no context names, or one of another address, by what it asks for", () => {
    const wrapper = { exec: { command: "bash", args: ["-c", "aws eks get-token --cluster-name lab"] } };
    const [listed] = migrate(wrapper);
    assert.deepEqual([listed?.by, listed?.replaceable], ["bash", []]);
    assert.equal(migrate(wrapper, { server: "https://localhost:8443" }).length, 1);
    const elsewhere = wrapper.exec.args[1]?.replace("get-token", "get-token --region eu-west-1") ?? "";
    assert.deepEqual(migrate({ exec: { command: "bash", args: ["-c", elsewhere] } }), []);
    assert.deepEqual(migrate({ exec: { command: "bash", args: ["-c", "echo lab"] } }), []);
  });

  it("is silent about users of other clusters, and about our own", () => {
    assert.deepEqual(migrate({ token: "x" }, { server: "https://gke.example" }), []);
    const args = ["credential", "eks", "--cluster-name", "lab"];
    assert.deepEqual(migrate({ exec: { command: "kubectl-vouch", args } }, here), []);
  });

  const left: Record<string, [clusters: object[], reason: string, replaceable: string[]]> = {
    "calls another cluster as well": [
      [here, { server: "https://other.example" }],
      "its context x1 connects to https://other.example too",
      [],
    ],
    "calls another address": [
      [{ server: "https://localhost:8443" }],
      `its context x0 connects to https://localhost:8443, but the API server is ${entry.endpoint}`,
      [],
    ],
    "does not check certificates": [
      [{ ...here, "insecure-skip-tls-verify": true }],
      "its cluster entry c0 disables certificate verification (insecure-skip-tls-verify), so kubectl-vouch would not issue a token",
      ["x0"],
    ],
    "trusts another authority": [
      [{ ...here, "certificate-authority-data": "T1RIRVI=" }],
      "its cluster entry c0 has a different CA than EKS reports",
      ["x0"],
    ],
    "demands another name of the certificate": [
      [{ ...here, "tls-server-name": "other.example" }],
      `its cluster entry c0 connects to other.example (tls-server-name), but the API server is ${entry.endpoint}`,
      ["x0"],
    ],
  };
  for (const [what, [clusters, reason, replaceable]] of Object.entries(left)) {
    it(`leaves a user of aws alone whose context ${what}`, () => {
      assert.deepEqual(migrate(aws, ...clusters), [{ by: "aws", migrated: false, reason, replaceable }]);
    });
  }

  it("knows the cluster at the end of a tunnel by the name of its certificate", () => {
    const tunnel = {
      server: "https://localhost:8443",
      "tls-server-name": new URL(entry.endpoint).hostname.toUpperCase(),
      "certificate-authority-data": `${entry.caData.slice(0, 8)}\n${entry.caData.slice(8)}`,
    };
    assert.deepEqual(
      migrate(aws, tunnel).map(({ migrated }) => migrated),
      [true],
    );
  });
});
