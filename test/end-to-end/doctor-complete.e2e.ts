import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import type { DoctorReport } from "../../doctor/report/report-schema.ts";
import { addAdministrator, LAB_ADMIN_ROLE } from "../lab/administrator.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, type Lab, startLab } from "../lab/lab.ts";
import type { Person } from "../lab/person.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import { CONTEXT, succeeded } from "./lab-person.ts";

const CASE = "case.json";
const COMPLETED = "completed.json";

describe("a case that its cluster admin completes", () => {
  let lab: Lab;
  let ada: Person;
  let grace: Person;
  /** What the doctor told the developer, as text. */
  let told: CommandResult;

  before(async () => {
    lab = await startLab();
    ada = withKubectl(lab);
    grace = withKubectl(await addAdministrator(lab));
    for (const person of [ada, grace])
      succeeded(await vouch(person, ["login", "--pin-stdin"], `${LAB_PIN}\n`));
    succeeded(await vouch(ada, setupOf(LAB_CLUSTER, LAB_ROLE)));
    succeeded(await vouch(grace, setupOf(LAB_CLUSTER, LAB_ADMIN_ROLE)));
    lab.cluster.accessEntries.delete(LAB_ROLE);
    // The cluster remembers for some minutes whom a token is for.
    succeeded(await vouch(ada, ["cache", "clear"]));
    told = await vouch(ada, ["doctor", "--context", CONTEXT, "--save", CASE]);
    fs.copyFileSync(path.join(ada.home, CASE), path.join(grace.home, CASE));
  });
  after(() => lab.close());

  const complete = (...flags: string[]) =>
    vouch(grace, ["doctor", "--evidence", CASE, "--complete", ...flags]);

  it("is suspected by whoever may describe the cluster and nothing else", async () => {
    assert.equal(told.status, 79, told.stderr);
    const judged = await vouch(ada, ["doctor", "--evidence", CASE, "-o", "json"]);
    const { rootCauses, suspicions, adminMessage } = JSON.parse(judged.stdout) as DoctorReport;
    assert.deepEqual([rootCauses, suspicions[0]?.causes], [[], ["E1"]]);
    assert.ok(adminMessage?.includes("kubectl vouch doctor --evidence case.json --complete"));
  });

  it("reads as README shows it, on both sides", async () => {
    const completed = await complete();
    const shown = readmeAnswers();
    assert.deepEqual(
      shown.map(({ command }) => command),
      [
        `ada$ kubectl vouch doctor --context ${CONTEXT} --save ${CASE}`,
        `grace$ kubectl vouch doctor --evidence ${CASE} --complete`,
      ],
    );
    for (const [index, { stdout }] of [told, completed].entries()) {
      let rest = `\n${stdout}`;
      for (const part of shown[index]?.parts ?? []) {
        const at = rest.indexOf(`\n${part}\n`);
        assert.notEqual(at, -1, `README shows\n${part}\nand the doctor said\n${stdout}`);
        rest = rest.slice(at + part.length + 1);
      }
    }
  });

  it("has its cause for certain, and the fix", async () => {
    const { status, stdout, stderr } = await complete("-o", "json");
    assert.equal(status, 79, stderr);
    const { rootCauses, adminMessage } = JSON.parse(stdout) as DoctorReport;
    assert.deepEqual(
      rootCauses.map(({ cause, confidence, fixes }) => ({ cause, confidence, commands: fixes[0]?.commands })),
      [
        {
          cause: "E1",
          confidence: "certain",
          commands: [
            `aws eks create-access-entry --cluster-name ${LAB_CLUSTER} --region ${LAB_REGION} --principal-arn ${LAB_ROLE}`,
            `aws eks associate-access-policy --cluster-name ${LAB_CLUSTER} --region ${LAB_REGION} --principal-arn ${LAB_ROLE} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=namespace,namespaces=default`,
          ],
        },
      ],
    );
    assert.equal(adminMessage, undefined);
    assert.match(
      stderr,
      /^Added .*\baccessEntries\b.*, as \S+\/VouchAdministrator\/grace@example\.com, about \S+$/m,
    );
  });

  it("keeps nothing of the admin: neither in the file nor in the report, and the developer's own parts as they were", async () => {
    const { stdout } = await complete("--save", COMPLETED, "-v");
    const saved = read(grace, COMPLETED);
    // Whom the cluster lets in is part of the case; who looked is not.
    const listed = `"${LAB_ADMIN_ROLE}"`;
    assert.ok(saved.includes(listed));
    for (const text of [stdout, saved.replaceAll(listed, "")])
      assert.doesNotMatch(text, /grace|VouchAdministrator/i);
    const sessions = [...lab.world.sessions.values()].filter(({ roleArn }) => roleArn === LAB_ADMIN_ROLE);
    assert.notEqual(sessions.length, 0);
    for (const { accessKeyId, secretAccessKey, sessionToken } of sessions)
      for (const key of [accessKeyId, secretAccessKey, sessionToken]) assert.ok(!saved.includes(key));
    const [before, after] = [CASE, COMPLETED].map((name) => JSON.parse(read(grace, name)) as DoctorEvidence);
    assert.ok(before && after);
    for (const part of ["callerIdentity", "kubeconfig", "pluginRun", "apiServer", "question"] as const) {
      assert.notEqual(before[part], undefined, part);
      assert.deepEqual(after[part], before[part], part);
    }
  });

  it("is judged the same from the completed file alone, by anybody", async () => {
    await complete("--save", COMPLETED);
    const { status, stdout } = await vouch(ada, [
      "doctor",
      "--evidence",
      path.join(grace.home, COMPLETED),
      "-o",
      "short",
    ]);
    assert.equal(status, 79);
    assert.match(stdout, /^\S+: E1 certain/);
  });

  it("is beyond the developer: the admin's role trusts her alone", async () => {
    const credentials = (person: Person) => vouch(person, ["credential", "aws", "--role", LAB_ADMIN_ROLE]);
    succeeded(await credentials(grace));
    const { status, stdout, stderr } = await credentials(ada);
    assert.deepEqual([status, stdout], [5, ""], stderr);
  });

  it("refuses a context of another cluster", async () => {
    const other = await lab.addCluster({ name: "other", region: LAB_REGION });
    succeeded(await vouch(grace, setupOf("other", LAB_ADMIN_ROLE)));
    const { status, stdout, stderr } = await complete("--context", "other-vouch");
    assert.deepEqual([status, stdout], [6, ""]);
    assert.ok(
      stderr.includes(
        `error: Context other-vouch is for ${other.endpoint}, but the case is about ${lab.cluster.endpoint}. [cluster-mismatch]`,
      ),
      stderr,
    );
  });

  it("refuses where no context is for that cluster", async () => {
    const env = { ...grace.env, KUBECONFIG: path.join(grace.home, "none") };
    const { status, stdout, stderr } = await vouch({ ...grace, env }, [
      "doctor",
      "--evidence",
      CASE,
      "--complete",
    ]);
    assert.deepEqual([status, stdout], [6, ""]);
    assert.match(
      stderr,
      /^error: No context here is for cluster lab \(https:\S+\) of the case\. \[context-missing\]$/m,
    );
    assert.match(stderr, /`aws eks update-kubeconfig --name lab --region us-east-1`/);
  });

  it("refuses a bundle that gives the cluster at that address another name", async () => {
    const bundle = JSON.parse(fs.readFileSync(path.join(grace.home, CASE), "utf8")) as {
      cluster: { cluster: { arn: string } };
    };
    bundle.cluster.cluster.arn = bundle.cluster.cluster.arn.replace(/lab$/, "prod");
    fs.writeFileSync(path.join(grace.home, "crafted.json"), JSON.stringify(bundle));
    const { status, stderr } = await vouch(grace, ["doctor", "--evidence", "crafted.json", "--complete"]);
    assert.equal(status, 6);
    assert.match(stderr, /cluster\/prod, but that address belongs to .*cluster\/lab\. \[cluster-mismatch\]/);
  });

  it("gives the author of a case no more than an honest one, whatever it claims", async () => {
    const commandsOf = async (file: string) => {
      const { stdout, stderr } = await vouch(grace, [
        "doctor",
        "--evidence",
        file,
        "--complete",
        "-o",
        "json",
      ]);
      const { rootCauses } = JSON.parse(stdout) as DoctorReport;
      return { stderr, fixes: rootCauses.map(({ cause, fixes }) => [cause, fixes]) };
    };
    const policyArn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";
    const claims = {
      accessEntries: { accessEntries: [LAB_ROLE] },
      accessEntryDetails: [
        { accessEntry: { principalArn: LAB_ROLE, kubernetesGroups: ["ops-admins"], type: "STANDARD" } },
      ],
      associatedPolicies: [
        {
          principalArn: LAB_ROLE,
          associatedAccessPolicies: [{ policyArn, accessScope: { type: "cluster", namespaces: [] } }],
        },
      ],
      awsAuth: {
        data: { mapRoles: `- rolearn: ${LAB_ROLE}\n  username: ada\n  groups: [system:masters]\n` },
      },
      rbac: { items: [] },
    };
    fs.writeFileSync(
      path.join(grace.home, "claims.json"),
      JSON.stringify({ ...JSON.parse(read(grace, CASE)), ...claims }),
    );
    const honest = await commandsOf(CASE);
    const crafted = await commandsOf("claims.json");
    assert.deepEqual(crafted.fixes, honest.fixes);
    assert.match(
      crafted.stderr,
      /^The cluster differs from the case, and its current state is used: .*\baccessEntries\b/m,
    );
  });

  it("prints no name that is to be redacted", async () => {
    const { stdout, stderr } = await complete("--redact");
    assert.match(stderr, /^Added .*accessEntries/m);
    assert.doesNotMatch(stdout + stderr, /111122223333|Administrator|grace|VouchDeveloper/);
  });

  it("refuses a bundle that says of no cluster", async () => {
    const { kubeconfig: _, cluster: __, ...rest } = JSON.parse(read(grace, CASE));
    fs.writeFileSync(path.join(grace.home, "nowhere.json"), JSON.stringify(rest));
    const { status, stdout, stderr } = await vouch(grace, [
      "doctor",
      "--evidence",
      "nowhere.json",
      "--complete",
    ]);
    assert.deepEqual([status, stdout], [6, ""]);
    assert.match(stderr, /^error: The case does not identify its cluster\. \[evidence-invalid\]$/m);
  });

  it("goes with a bundle, and with nobody else's ARN", async () => {
    const alone = await vouch(grace, ["doctor", "--complete"]);
    assert.equal(alone.status, 64);
    assert.ok(alone.stderr.includes("error: --complete needs a case to complete. [usage]"), alone.stderr);
    const aboutOther = await complete("--principal", LAB_ADMIN_ROLE);
    assert.equal(aboutOther.status, 64);
    assert.ok(
      aboutOther.stderr.includes("error: --complete and --principal cannot be combined. [usage]"),
      aboutOther.stderr,
    );
  });
});

function setupOf(cluster: string, role: string): string[] {
  return ["setup", "eks", "--cluster", cluster, "--region", LAB_REGION, "--role", role];
}

/** The block of README: each command, and the parts of its answer between the lines that are left out (`…`). */
function readmeAnswers() {
  const readme = fs.readFileSync(path.join(import.meta.dirname, "..", "..", "README.md"), "utf8");
  const [, block] =
    /^<!-- shown: doctor -->\n```\n(.*?)^```$/ms.exec(readme) ?? assert.fail("README has no such block");
  return (block ?? "")
    .trimEnd()
    .split(/\n\n(?=\w+\$ )/)
    .map((answer) => {
      const [command = "", ...lines] = answer.split("\n");
      const parts = lines
        .join("\n")
        .split(/^…$/m)
        .map((part) => part.replaceAll(/^\n|\n$/g, ""));
      return { command, parts: parts.filter((part) => part !== "") };
    });
}

/** A kubectl that tells its version: whoever runs the doctor has one. */
function withKubectl(person: Person): Person {
  const bin = path.join(person.home, "bin");
  fs.mkdirSync(bin);
  fs.writeFileSync(path.join(bin, "kubectl"), "#!/bin/sh\necho 'Client Version: v1.36.0'\n", { mode: 0o755 });
  return { ...person, env: { ...person.env, PATH: `${bin}:${person.env["PATH"]}` } };
}

/** As the person types it, at home. */
function vouch({ env, home }: Person, words: readonly string[], stdin = ""): Promise<CommandResult> {
  return runCommand(["kubectl-vouch", ...words], { env, cwd: home, stdin });
}

function read({ home }: Person, name: string): string {
  return fs.readFileSync(path.join(home, name), "utf8");
}
