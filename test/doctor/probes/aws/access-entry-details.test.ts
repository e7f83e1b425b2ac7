import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { PROBES } from "../../../../doctor/probes/all.ts";
import type { ProbeHost } from "../../../../doctor/probes/probe-host.ts";
import { onPosix } from "../../../support/platform.ts";
import { ACCOUNT } from "../../support/bundle.ts";
import { askingWith, ended, fakeProbeHost } from "../../support/fake-probe-host.ts";
import { evidenceWith, KUBECONFIG, kubeconfigOf } from "../../support/kubeconfig-of.ts";
import { NEW_SSO, SSO_CALLER, SSO_PATH } from "../../support/mapping-faults.ts";

const BLOCK = {
  apiVersion: "client.authentication.k8s.io/v1beta1",
  command: "aws",
  args: ["--region", "eu-west-1", "eks", "get-token", "--cluster-name", "lab", "--profile", "dev"],
};
const ENTRY = { accessEntry: { principalArn: "any" } };

describe("the entries that are described", () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "doctor-entry-"));
    fs.writeFileSync(path.join(folder, "aws"), "", { mode: 0o755 });
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  /** Whose entry is asked for, on a machine whose CLI keeps its credentials. */
  async function asked(known: Partial<DoctorEvidence>): Promise<readonly string[]> {
    const arns: string[] = [];
    const run: ProbeHost["run"] = async ({ args }) => {
      if (args[0] === "configure") return ended({ exitCode: 2, stderr: "Invalid choice" });
      arns.push(args[args.indexOf("--principal-arn") + 1] ?? "");
      return ended({ stdout: JSON.stringify(ENTRY) });
    };
    const files: Readonly<Record<string, string>> = { [KUBECONFIG]: kubeconfigOf({ user: { exec: BLOCK } }) };
    const host = fakeProbeHost({ env: { PATH: folder }, readText: (file) => files[file], run });
    const evidence = evidenceWith({
      environment: {},
      awsConfig: {
        path: "/home/ada/.aws/config",
        text: "[profile dev]\nsso_start_url = https://a.example\n",
      },
      awsCredentials: { path: "/home/ada/.aws/credentials", text: "" },
      accessEntries: { failed: "AccessDeniedException" },
      ...SSO_CALLER,
      ...known,
    });
    await PROBES.accessEntryDetails.ask(askingWith({ evidence, host }));
    return arns;
  }

  const own = `${SSO_PATH}/${NEW_SSO}`;

  onPosix(
    "programs",
    "are the caller's, where entries may not be listed, with the path of the role, where that is known",
    async () => {
      const role = { Role: { Arn: own, RoleId: "AROAEXAMPLEEXAMPLE456", CreateDate: 0 } };
      assert.deepEqual(await asked({ role }), [own]);
      assert.deepEqual(await asked({ question: { principal: own } }), [own]);
      const text = "[profile dev]\nsso_start_url = https://a.example\nsso_region = eu-west-1\n";
      assert.deepEqual(await asked({ awsConfig: { path: "/home/ada/.aws/config", text } }), [own]);
    },
  );

  onPosix("programs", "are none under half a name, which EKS would not find", async () => {
    await assert.rejects(asked({}), {
      message: `EKS finds an access entry only by its complete ARN, but the path of role ${NEW_SSO} is not known`,
    });
  });

  onPosix("programs", "are the caller's by name and account, where a role needs no path", async () => {
    const Arn = `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada`;
    assert.deepEqual(await asked({ callerIdentity: { Account: ACCOUNT, UserId: "AROA1:ada", Arn } }), [
      `arn:aws:iam::${ACCOUNT}:role/Dev`,
    ]);
  });

  onPosix("programs", "are those of nodes too, where the failure is about nodes", async () => {
    const arn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
    const [user, nodes] = [arn("Developers"), arn("AutoNodeRole")];
    const accessEntries = { accessEntries: [user, own, nodes] };
    assert.deepEqual(await asked({ accessEntries, question: { stderr: "forbidden" } }), [own]);
    assert.deepEqual(await asked({ accessEntries, question: { stderr: "node ip-10-0-0-1 NotReady" } }), [
      own,
      nodes,
    ]);
  });
});
