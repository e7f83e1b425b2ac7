import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type DoctorEvidence, knownValue } from "../../../doctor/evidence/evidence.ts";
import type { DoctorReport } from "../../../doctor/report/report-schema.ts";
import { accessPolicy, addEntry, addRole } from "../../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { type LabDesk, labDesk } from "../../support/lab-desk.ts";

interface Fault {
  readonly row: string;
  readonly breakIt: (desk: LabDesk) => void | Promise<void>;
  readonly asks?: readonly string[];
}

const FAULTS: Readonly<Record<string, Fault>> = {
  "nobody is logged in": {
    row: "V1",
    breakIt: ({ home }) => fs.rmSync(path.join(home, ".local"), { recursive: true }),
  },
  "the session is over": { row: "V2", breakIt: (desk) => desk.advance(9 * 3_600_000) },
  "the arguments name another cluster": {
    row: "K10",
    breakIt: (desk) => edit(desk, (text) => text.replace("- lab\n", "- lap\n")),
  },
  "the plugin is not there": {
    row: "K1",
    breakIt: (desk) => edit(desk, (text) => text.replace("command: kubectl-vouch", "command: kubectl-vuoch")),
  },
  "the server is that of a cluster that is gone": {
    row: "N1",
    breakIt: (desk) => edit(desk, (text) => text.replace(/server: https:\S+/, "server: https://127.0.0.1:1")),
  },
  "there is no access entry": {
    row: "E1",
    breakIt: ({ lab }) => void lab.cluster.accessEntries.delete(LAB_ROLE),
  },
  "the role was recreated, and the sessions of the old one are dead": {
    row: "E3",
    breakIt: ({ lab }) => {
      const createDate = new Date(lab.clock() + 1000);
      Object.assign(lab.world.roles.get(LAB_ROLE) ?? {}, { uniqueId: "AROAMADEANEWMADEANEWX", createDate });
    },
  },
  "the cluster's authenticator does not answer": {
    row: "E15",
    breakIt: ({ lab: { clock, cluster, kube } }) => {
      // An entry that is only seconds old might not have taken effect.
      const createdAt = new Date(clock() - 86_400_000);
      Object.assign(cluster.accessEntries.get(LAB_ROLE) ?? {}, { createdAt });
      Object.assign(kube.get(cluster.arn)?.faults ?? {}, { authenticatorDown: true });
    },
  },
  "the role does not trust the ID token": {
    row: "S3",
    breakIt: ({ lab }) => void Object.assign(lab.world.roles.get(LAB_ROLE) ?? {}, { trust: [] }),
  },
  "no policy reaches the namespace": { row: "P1", breakIt: () => undefined, asks: ["-n", "payments"] },
};

function edit(desk: LabDesk, change: (text: string) => string): void {
  const before = desk.read(".kube/config");
  const after = change(before);
  assert.notEqual(after, before, "the fault changed nothing");
  desk.write(".kube/config", after);
}

describe("kubectl vouch doctor, on a broken lab", () => {
  const desk = labDesk();
  beforeEach(async () => {
    desk.logIn();
    const cluster = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
    const { status, stderr } = await desk.run(["setup", "eks", ...cluster]);
    assert.equal(status, 0, stderr);
    const reads = { actions: ["eks:*", "iam:Get*", "iam:List*"], resources: ["*"] };
    desk.lab.world.roles.get(LAB_ROLE)?.allows.push(reads);
  });

  async function diagnose(asks: readonly string[] = []) {
    const args = ["doctor", "--context", `${LAB_CLUSTER}-vouch`, "-o", "json", ...asks];
    const { status, stdout } = await desk.run(args);
    return { status, report: JSON.parse(stdout) as DoctorReport };
  }

  it("judges a pasted error by itself where the context does not explain it", async () => {
    const error = "Unable to connect to the server: x509: certificate signed by unknown authority";
    const { stdout } = await desk.run(["doctor", "--context", `${LAB_CLUSTER}-vouch`, "--error", error]);
    assert.match(stdout, /^! .*\n {2}1\. /m);
    assert.ok(!stdout.includes("could not see"), stdout);
  });

  it("names K5 where the person's kuberc forbids the plugin, which is then not run", async () => {
    const kuberc =
      "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: DenyAll\n";
    const file = desk.write(".kube/kuberc", kuberc);
    const [ours = ""] = (desk.lab.env["PATH"] ?? "").split(":");
    const diagnosed = async (PATH: string) => {
      const words = ["doctor", "--context", `${LAB_CLUSTER}-vouch`, "-o", "json"];
      return JSON.parse((await desk.run(words, { env: { PATH } })).stdout) as DoctorReport;
    };
    // Without a kubectl nobody knows whether it is one that reads kuberc.
    const { rootCauses, notSeen } = await diagnosed(ours);
    assert.deepEqual(
      rootCauses.map(({ cause, confidence }) => `${cause} ${confidence}`),
      ["K5 likely"],
    );
    assert.match(
      rootCauses[0]?.summary ?? "",
      /^kubectl is not allowed to run .*kubectl-vouch: the policy in \S+kuberc \(DenyAll\) forbids it/,
    );
    const why = `credentialPluginPolicy DenyAll in ${file} does not allow kubectl to run kubectl-vouch, so kubectl-vouch was not run`;
    assert.equal(notSeen.find(({ part }) => part === "pluginRun")?.reason, why);

    const kubectl = desk.write("bin/kubectl", "#!/bin/sh\necho Client Version: v1.36.0\n");
    fs.chmodSync(kubectl, 0o755);
    const [cause] = (await diagnosed(`${path.dirname(kubectl)}:${ours}`)).rootCauses;
    assert.equal(`${cause?.cause} ${cause?.confidence}`, "K5 certain");
  });

  for (const [what, { row, breakIt, asks }] of Object.entries(FAULTS)) {
    it(`names ${row} when ${what}`, async () => {
      await breakIt(desk);
      const { status, report } = await diagnose(asks);
      const causes = report.rootCauses.map(({ cause }) => cause);
      assert.deepEqual({ status, causes }, { status: 79, causes: [row] }, JSON.stringify(report.unknown));
    });
  }

  it("suspects the mode beside a missing line where the cluster reads aws-auth only, which a refused caller cannot see", async () => {
    desk.lab.cluster.authenticationMode = "CONFIG_MAP";
    const { status, report } = await diagnose();
    assert.deepEqual([status, report.rootCauses], [79, []]);
    assert.deepEqual(report.suspicions[0]?.causes, ["A1", "M1"]);
  });

  it("looks at entries that are like the one that is missing", async () => {
    const { world, cluster } = desk.lab;
    cluster.accessEntries.delete(LAB_ROLE);
    const twin = addRole(world, { name: "VouchDeveloper", account: "444455556666" });
    addEntry(cluster, twin, { policies: [accessPolicy("AmazonEKSViewPolicy")] });
    const file = path.join(desk.home, "evidence.json");
    const { status } = await diagnose(["--save", file]);
    const evidence = JSON.parse(fs.readFileSync(file, "utf8")) as DoctorEvidence;
    const entries = knownValue(evidence.accessEntryDetails)?.map(
      ({ accessEntry }) => accessEntry.principalArn,
    );
    const policies = knownValue(evidence.associatedPolicies)?.map(({ principalArn }) => principalArn);
    assert.deepEqual(
      { status, entries, policies },
      { status: 79, entries: [twin.arn], policies: [twin.arn] },
    );
  });

  // The last one: what the server has ended stays ended.
  it("names V3 when the server has ended the session", async () => {
    desk.lab.vouch.revokeSessions();
    const { status, report } = await diagnose();
    assert.deepEqual([status, report.rootCauses.map(({ cause }) => cause)], [79, ["V3"]]);
  });
});
