import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { BodyOf } from "../../plugin/kinds/kinds.ts";
import { addAdministrator, LAB_ADMIN_ROLE } from "../lab/administrator.ts";
import { accessPolicy, addEntry, addRole } from "../lab/aws/world.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE, type Lab, startLab } from "../lab/lab.ts";
import type { Person } from "../lab/person.ts";
import { toolsBeside } from "../support/admin-tools.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import { CONTEXT, succeeded } from "./lab-person.ts";

type CaseList = BodyOf<"DoctorCaseList">;

const TESTER = "arn:aws:iam::111122223333:role/VouchTester";
const AUDITOR = "arn:aws:iam::111122223333:role/VouchAuditor";
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const place = (arn: string) => `--cluster-name ${LAB_CLUSTER} --region ${LAB_REGION} --principal-arn ${arn}`;

/** What each developer tried, with which role. */
const TRIED = {
  ada: { role: LAB_ROLE, attempt: "list pods -n payments" },
  bob: { role: LAB_ROLE, attempt: "list pods -n billing" },
  carol: { role: TESTER, attempt: "list pods -n default" },
  dora: { role: AUDITOR, attempt: "list nodes" },
} as const;

describe("saved cases of four developers", () => {
  let lab: Lab;
  let grace: Person;
  const people = new Map<string, Person>();

  before(async () => {
    lab = await startLab();
    lab.cluster.namespaces.add("billing");
    grace = withTools(await addAdministrator(lab));
    const { createDate, trust } = lab.world.roles.get(LAB_ROLE) ?? assert.fail();
    for (const name of ["VouchTester", "VouchAuditor"])
      addRole(lab.world, {
        ...{ name, createDate, trust },
        allows: [{ actions: ["eks:DescribeCluster"], resources: ["*"] }],
      });
    const then = new Date(lab.clock() - 1000 * 60 * 60 * 24);
    addEntry(lab.cluster, lab.world.roles.get(AUDITOR) ?? assert.fail(), {
      kubernetesGroups: ["auditors"],
      ...{ createdAt: then, modifiedAt: then },
      policies: [accessPolicy("AmazonEKSViewPolicy", ["default"])],
    });
    fs.mkdirSync(path.join(grace.home, "cases"));
    fs.writeFileSync(path.join(grace.home, "cases", "README"), "notes");
    await ready(grace, LAB_ADMIN_ROLE);
    for (const [name, { role, attempt }] of Object.entries(TRIED)) {
      const person = withTools(name === "ada" ? lab : await lab.addPerson(`${name}@example.com`));
      people.set(name, person);
      await ready(person, role);
      const file = `${name}.json`;
      const { status, stderr } = await doctor(person, "--for", attempt, "--save", file);
      assert.equal(status, 79, stderr);
      fs.copyFileSync(path.join(person.home, file), path.join(grace.home, "cases", file));
    }
  });
  after(() => lab.close());

  const batch = (...flags: string[]) => vouch(grace, ["doctor", "--evidence", "cases", ...flags]);
  const planOf = async (...flags: string[]): Promise<CaseList> => {
    const { stdout, stderr } = await batch("-o", "json", ...flags);
    assert.match(stdout, /^\{/, stderr);
    return JSON.parse(stdout) as CaseList;
  };

  it("have one plan, in which each scope and each list of groups holds what all need", async () => {
    const { items, plans, skipped, notChecked } = await planOf("--complete");
    assert.deepEqual(
      items.map(({ file, report }) => [
        file,
        report.rootCauses.map(({ cause, confidence }) => `${cause} ${confidence}`),
      ]),
      [
        ["cases/ada.json", ["P1 certain"]],
        ["cases/bob.json", ["P1 certain"]],
        ["cases/carol.json", ["E1 certain"]],
        ["cases/dora.json", ["P3 certain"]],
      ],
    );
    assert.deepEqual([skipped, notChecked], [[{ file: "cases/README", why: "not a .json file" }], []]);
    assert.equal(plans.length, 1);
    const [plan = assert.fail()] = plans;
    const username = "arn:aws:sts::111122223333:assumed-role/VouchAuditor/{{SessionName}}";
    const scoped = (arn: string, namespaces: string) =>
      `aws eks associate-access-policy ${place(arn)} --policy-arn ${VIEW} --access-scope ${namespaces}`;
    const ours = "type=namespace,namespaces=default,team-*";
    assert.deepEqual(
      plan.steps.map(({ cases, commands }) => [cases.join(), ...commands]),
      [
        ["cases/carol.json", `aws eks create-access-entry ${place(TESTER)}`],
        [
          "cases/dora.json",
          `aws eks update-access-entry ${place(AUDITOR)} --kubernetes-groups auditors vouch-nodes-read --username '${username}'`,
        ],
        ["cases/ada.json,cases/bob.json", scoped(LAB_ROLE, `'${ours},payments,billing'`)],
        ["cases/carol.json", scoped(TESTER, "type=namespace,namespaces=default")],
        ["cases/dora.json", "kubectl apply -f vouch-nodes-read.yaml"],
      ],
    );
    assert.deepEqual(
      plan.steps.flatMap(({ checks }) => checks.map(({ expected }) => expected)),
      [
        "username arn:aws:sts::111122223333:assumed-role/VouchAuditor/{{SessionName}}, groups auditors",
        "AmazonEKSViewPolicy: namespaces default, team-*",
      ],
    );
    assert.deepEqual(plan.steps[2]?.undo, [scoped(LAB_ROLE, `'${ours}'`)]);
  });

  it("are read about the cluster once", () => {
    const calls = lab.aws.calls.filter(({ operation }) => operation === "ListAccessEntries");
    // One of each developer, and one of the administrator.
    assert.equal(calls.length, people.size + 1);
  });

  it("are shown with a line each, and no plan without what the administrator can read", async () => {
    const { status, stdout } = await batch();
    assert.equal(status, 79);
    assert.match(stdout, /^\? cases\/carol\.json \(\S+carol@example\.com\): cause unknown .*E1/m);
    assert.match(stdout, /^Plan for cluster lab \(us-east-1\): no cause is certain enough to fix\.$/m);
    assert.match(stdout, /^cases\/README: skipped, not a \.json file$/m);
    assert.match(stdout, /^With --complete, /m);
  });

  it("are all checked but one that gives the cluster at that address another name", async () => {
    const text = fs.readFileSync(path.join(grace.home, "cases", "ada.json"), "utf8");
    fs.writeFileSync(path.join(grace.home, "crafted.json"), text.replaceAll("cluster/lab", "cluster/prod"));
    const { items, notChecked } = await planOf("--evidence", "crafted.json", "--complete");
    assert.equal(items.length, people.size);
    assert.deepEqual(
      notChecked.map(({ file, why }) => [
        file,
        /cluster\/prod, but that address belongs to .*cluster\/lab/.test(why),
      ]),
      [["crafted.json", true]],
    );
  });

  it("are not fixed if nobody can be asked", async () => {
    const { status, stderr } = await batch("--complete", "--fix");
    assert.equal(status, 79);
    assert.match(stderr, /^Not done, because confirming it needs a terminal: Step 1 of 5: /m);
    assert.match(stderr, /^Step 4: skipped, because step 1 was not done\.$/m);
    assert.equal(lab.cluster.accessEntries.has(TESTER), false);
  });

  it("are fixed except what somebody else has changed since it was read", async () => {
    const entry = lab.cluster.accessEntries.get(LAB_ROLE) ?? assert.fail();
    // Just before the step, somebody takes the scope that was read away.
    const before = entry.policies;
    changeWhenRead(lab, () => {
      entry.policies = [accessPolicy("AmazonEKSViewPolicy", ["default", "team-*", "new"])];
    });
    const { plans } = await planOf("--complete", "--fix", "--yes");
    assert.match(
      plans[0]?.steps[4]?.after ?? "",
      /^ClusterRole vouch-nodes-read\n {2}get, list, watch nodes\n/,
    );
    assert.deepEqual(
      plans[0]?.steps.map(({ result }) => result),
      ["done", "done", "changed", "done", "done"],
    );
    assert.deepEqual(entry.policies[0]?.accessScope.namespaces, ["default", "team-*", "new"]);
    entry.policies = before;
  });

  it("are all fixed in the end, and everybody can do what they tried", async () => {
    const { plans } = await planOf("--complete", "--fix", "--yes");
    assert.deepEqual(
      plans[0]?.steps.map(({ cases, result }) => [cases.join(), result]),
      [["cases/ada.json,cases/bob.json", "done"]],
    );
    for (const [name, { attempt }] of Object.entries(TRIED)) {
      const person = people.get(name) ?? assert.fail(name);
      succeeded(await vouch(person, ["cache", "clear"]));
      const { status, stdout } = await doctor(person, "--for", attempt);
      assert.equal(status, 0, `${name}: ${stdout}`);
    }
  });
});

describe("saved cases of two developers of a cluster that knows aws-auth alone", () => {
  let lab: Lab;
  let grace: Person;
  const OTHER = "arn:aws:iam::111122223333:role/VouchOther";
  const LINES = `- rolearn: ${LAB_ADMIN_ROLE}\n  username: admin\n  groups:\n    - system:masters\n`;
  const people: Person[] = [];

  before(async () => {
    lab = await startLab();
    grace = withTools(await addAdministrator(lab));
    Object.assign(lab.cluster, { authenticationMode: "CONFIG_MAP", awsAuth: { mapRoles: LINES } });
    const { createDate, trust } = lab.world.roles.get(LAB_ROLE) ?? assert.fail();
    const allows = [{ actions: ["eks:DescribeCluster"], resources: ["*"] }];
    addRole(lab.world, { name: "VouchOther", createDate, trust, allows });
    await ready(grace, LAB_ADMIN_ROLE);
    for (const [index, role] of [LAB_ROLE, OTHER].entries()) {
      const person = withTools(index === 0 ? lab : await lab.addPerson("bob@example.com"));
      people.push(person);
      await ready(person, role);
      const { status, stderr } = await doctor(person, "--for", "list pods", "--save", "case.json");
      assert.equal(status, 79, stderr);
      fs.copyFileSync(path.join(person.home, "case.json"), path.join(grace.home, `${index}.json`));
    }
  });
  after(() => lab.close());

  it("have one edit of aws-auth, which keeps the old text, and after which both get in", async () => {
    const files = ["--evidence", "0.json", "--evidence", "1.json"];
    const apply = () => vouch(grace, ["doctor", ...files, "--complete", "--fix", "--yes", "-o", "json"]);
    const { stdout, stderr } = await apply();
    const { plans } = JSON.parse(stdout) as CaseList;
    assert.deepEqual(
      plans[0]?.steps.map(({ cases, commands, result }) => [
        cases.join(),
        commands.at(-1)?.split(" ").slice(0, 3).join(" "),
        result,
      ]),
      [
        ["0.json", "kubectl create rolebinding", "done"],
        ["1.json", "kubectl create rolebinding", "done"],
        ["0.json,1.json", "kubectl patch configmap", "done"],
      ],
      stderr,
    );
    const { mapRoles = "" } = lab.cluster.awsAuth ?? {};
    assert.ok(mapRoles.startsWith(LINES), mapRoles);
    for (const role of [LAB_ROLE, OTHER]) assert.ok(mapRoles.includes(`- rolearn: ${role}\n`), mapRoles);
    assert.match(stderr, /^\+- rolearn: \S+VouchOther$/m);
    assert.match(
      fs.readFileSync(path.join(grace.home, "aws-auth-before.yaml"), "utf8"),
      /VouchAdministrator/,
    );
    for (const person of people) {
      succeeded(await vouch(person, ["cache", "clear"]));
      const { status, stdout: said } = await doctor(person, "--for", "list pods");
      assert.equal(status, 0, said);
    }
  });
});

/** Makes a change when the policies have been read for the plan. */
function changeWhenRead({ aws }: Lab, change: () => void): void {
  const seen = aws.calls.length;
  const timer = setInterval(() => {
    const isApplying = aws.calls.slice(seen).some(({ operation }) => operation === "CreateAccessEntry");
    if (!isApplying) return;
    clearInterval(timer);
    change();
  }, 5);
}

/** Logs in, and writes the context. */
async function ready(person: Person, role: string): Promise<void> {
  succeeded(await vouch(person, ["login", "--pin-stdin"], `${LAB_PIN}\n`));
  const cluster = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", role];
  succeeded(await vouch(person, ["setup", "eks", ...cluster]));
}

function doctor(person: Person, ...words: string[]): Promise<CommandResult> {
  return vouch(person, ["doctor", "--context", CONTEXT, ...words]);
}

/** As the person types it, at home. */
function vouch({ env, home }: Person, words: readonly string[], stdin = ""): Promise<CommandResult> {
  return runCommand(["kubectl-vouch", ...words], { env, cwd: home, stdin });
}

function withTools(person: Person): Person {
  return { ...person, env: { ...person.env, PATH: toolsBeside(person.home, person.env["PATH"] ?? "") } };
}
