import assert from "node:assert/strict";
import { newEntry } from "../../../../doctor/derive/mapping/aws-auth-edit.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import {
  associateClusterWide,
  associatePolicy,
  createEntry,
  deleteEntry,
  setGroups,
  setMode,
} from "../../../../doctor/fixes/access-entry-actions.ts";
import { addToAwsAuth, editAwsAuth, onAwsAuth } from "../../../../doctor/fixes/aws-auth-fixes.ts";
import { type Action, type Fix, forClusterAdmin } from "../../../../doctor/fixes/fix.ts";
import { changesOf } from "../../../../doctor/fixes/plan/changes-of-fix.ts";
import {
  awsAuthCheck,
  bindingCheck,
  entryCheck,
  policiesCheck,
  scopeCheck,
} from "../../../../doctor/fixes/plan/check.ts";
import { stateOf } from "../../../../doctor/fixes/plan/cluster-state.ts";
import { mergeChanges } from "../../../../doctor/fixes/plan/merge-changes.ts";
import type { Step } from "../../../../doctor/fixes/plan/step.ts";
import { stepsOf } from "../../../../doctor/fixes/plan/steps-of.ts";
import { createBinding, grantManifest } from "../../../../doctor/fixes/rbac-actions.ts";
import { commandFor } from "../../../../doctor/fixes/reader.ts";
import { renderFix } from "../../../../doctor/fixes/render-fix.ts";
import { aws } from "../../../../token/command/aws.ts";
import { kubectl } from "../../../../token/command/kubectl.ts";

const TARGET = { cluster: "lab", region: "eu-west-1", partition: "aws" };
const DEV = "arn:aws:iam::111122223333:role/Dev";
const OPS = "arn:aws:iam::111122223333:role/Ops";
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const EDIT = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";
const place = (arn: string) => `--cluster-name lab --region eu-west-1 --principal-arn ${arn}`;
const associate = (arn: string, scope: string, policy = VIEW) =>
  `aws eks associate-access-policy ${place(arn)} --policy-arn ${policy} --access-scope ${scope}`;

const EMPTY: DoctorEvidence = { apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence" };
const view = (arn: string, ...namespaces: string[]) =>
  associatePolicy(TARGET, arn, { policyArn: VIEW, accessScope: { type: "namespace", namespaces } });
const fix = (...actions: Action[]) => forClusterAdmin("A fix.", ...actions);
const policiesOf = (arn: string, scopes: Readonly<Record<string, readonly string[]>>): DoctorEvidence => ({
  ...EMPTY,
  accessEntries: { accessEntries: [arn] },
  accessEntryDetails: [{ accessEntry: { principalArn: arn, kubernetesGroups: ["devs"], username: "dev" } }],
  associatedPolicies: [
    {
      principalArn: arn,
      associatedAccessPolicies: Object.entries(scopes).map(([policyArn, namespaces]) => ({
        policyArn,
        accessScope: namespaces.length === 0 ? { type: "cluster" } : { type: "namespace", namespaces },
      })),
    },
  ],
});

interface Merged {
  readonly steps: readonly Step[];
  readonly conflicts: readonly string[];
  /** `CASES: command` */
  readonly lines: readonly string[];
}

/** The plan of cases, which all have the same evidence; `now` is the state of the cluster. */
function merged(
  cases: readonly (readonly Fix[])[],
  evidence: DoctorEvidence = EMPTY,
  now: DoctorEvidence = evidence,
): Merged {
  const changes = cases.map((fixes) => fixes.flatMap((one) => changesOf(one, { evidence, target: TARGET })));
  const state = stateOf([now, evidence]);
  const { changes: all, conflicts } = mergeChanges(changes, state);
  const steps = stepsOf(all, state);
  return {
    steps,
    conflicts: conflicts.map(({ cases: involved, why }) => `${involved.join()}: ${why}`),
    lines: steps.flatMap(({ cases: who, audience, description, actions }) =>
      renderFix({ audience, description, actions }, { shell: "bash" }).commands.map(
        (line) => `${who.join()}: ${line}`,
      ),
    ),
  };
}

const onlyOf = (steps: readonly Step[]) => steps[0] ?? assert.fail("no step");

const line = (command: Step["undo"][number]) => {
  const rendered = commandFor(command, { shell: "bash" });
  return "line" in rendered ? rendered.line : assert.fail(rendered.unprintable);
};

describe("the changes of several cases", () => {
  describe("scopes", () => {
    it("unite the namespaces of one principal and policy, with those that it has", () => {
      const evidence = policiesOf(DEV, { [VIEW]: ["web"] });
      const { steps, lines } = merged(
        [[fix(view(DEV, "web", "pay"))], [fix(view(DEV, "web", "shop"))]],
        evidence,
      );
      assert.deepEqual(lines, [`0,1: ${associate(DEV, "type=namespace,namespaces=web,pay,shop")}`]);
      const [step] = steps;
      assert.deepEqual([step?.before, step?.after], ["namespace web", "namespaces pay, shop, web"]);
      assert.deepEqual(
        step?.checks.map(({ run, expected }) => [line(run), expected]),
        [[`aws eks list-associated-access-policies ${place(DEV)}`, "AmazonEKSViewPolicy: namespace web"]],
      );
      assert.deepEqual(step?.undo.map(line), [associate(DEV, "type=namespace,namespaces=web")]);
    });

    it("keep a scope that has grown since a case was saved", () => {
      const now = policiesOf(DEV, { [VIEW]: ["web", "new"] });
      assert.deepEqual(merged([[fix(view(DEV, "web", "pay"))]], now).lines, [
        `0: ${associate(DEV, "type=namespace,namespaces=web,new,pay")}`,
      ]);
    });

    it("are never narrowed from the whole cluster, and need nothing if they cover it", () => {
      assert.deepEqual(merged([[fix(view(DEV, "pay"))]], policiesOf(DEV, { [VIEW]: [] })).lines, []);
      const wide = associateClusterWide(TARGET, DEV, "AmazonEKSViewPolicy");
      assert.deepEqual(merged([[fix(view(DEV, "pay"))], [fix(wide)]]).lines, [
        `0,1: ${associate(DEV, "type=cluster")}`,
      ]);
    });

    it("stay apart for two principals, and for two policies", () => {
      const edit = associatePolicy(TARGET, DEV, {
        policyArn: EDIT,
        accessScope: { type: "namespace", namespaces: ["web"] },
      });
      assert.deepEqual(merged([[fix(view(DEV, "web"))], [fix(view(OPS, "web"))], [fix(edit)]]).lines, [
        `0: ${associate(DEV, "type=namespace,namespaces=web")}`,
        `2: ${associate(DEV, "type=namespace,namespaces=web", EDIT)}`,
        `1: ${associate(OPS, "type=namespace,namespaces=web")}`,
      ]);
    });

    it("can be disassociated where the policy is new", () => {
      const { steps } = merged([[fix(view(DEV, "web"))]], policiesOf(DEV, {}));
      assert.deepEqual(steps[0]?.undo.map(line), [
        `aws eks disassociate-access-policy ${place(DEV)} --policy-arn ${VIEW}`,
      ]);
      assert.equal(steps[0]?.checks[0]?.expected, "AmazonEKSViewPolicy: not associated");
    });

    it("are complete only if it is known what they replace", () => {
      assert.equal(merged([[fix(view(DEV, "web"))]]).steps[0]?.isComplete, false);
      const open = merged([[fix(view(DEV, "EXISTING_NAMESPACES", "web"))], [fix(view(DEV, "pay"))]]);
      assert.deepEqual(open.lines, [
        `0,1: ${associate(DEV, "type=namespace,namespaces=EXISTING_NAMESPACES,web,pay")}`,
      ]);
      const known = policiesOf(DEV, { [VIEW]: ["old"] });
      assert.deepEqual(merged([[fix(view(DEV, "EXISTING_NAMESPACES", "web"))]], known).lines, [
        `0: ${associate(DEV, "type=namespace,namespaces=old,web")}`,
      ]);
    });
  });

  describe("entries", () => {
    it("are created once, with the groups and policies of all", () => {
      const first = fix(createEntry(TARGET, DEV, { kubernetesGroups: ["a"] }), view(DEV, "web"));
      const second = fix(createEntry(TARGET, DEV, { kubernetesGroups: ["b"] }), view(DEV, "pay"));
      const { lines, steps } = merged([[first], [second]], {
        ...EMPTY,
        accessEntries: { accessEntries: [] },
      });
      assert.deepEqual(lines, [
        `0,1: aws eks create-access-entry ${place(DEV)} --kubernetes-groups a b`,
        `0,1: ${associate(DEV, "type=namespace,namespaces=web,pay")}`,
      ]);
      assert.deepEqual(
        steps.map(({ needs, checks, isComplete }) => [needs, checks.length, isComplete]),
        [
          [[], 0, true],
          [[0], 0, true],
        ],
      );
    });

    it("are not created again if they are there by now", () => {
      const { lines } = merged(
        [[fix(createEntry(TARGET, DEV, { kubernetesGroups: ["a"] }), view(DEV, "web"))]],
        policiesOf(DEV, {}),
      );
      assert.deepEqual(lines, [
        `0: aws eks update-access-entry ${place(DEV)} --kubernetes-groups devs a --username dev`,
        `0: ${associate(DEV, "type=namespace,namespaces=web")}`,
      ]);
    });

    it("get the groups of all", () => {
      const entry = { principalArn: DEV, kubernetesGroups: ["devs"], username: "dev" };
      const { lines, steps } = merged(
        [
          [fix(...setGroups(TARGET, entry, ["devs", "a"]))],
          [fix(...setGroups(TARGET, entry, ["devs", "b"]))],
          [fix(...setGroups(TARGET, { principalArn: DEV }, ["EXISTING_GROUPS", "c"]))],
        ],
        policiesOf(DEV, {}),
      );
      assert.deepEqual(lines, [
        `0,1,2: aws eks update-access-entry ${place(DEV)} --kubernetes-groups devs a b c --username dev`,
      ]);
      assert.deepEqual(steps[0]?.undo.map(line), [
        `aws eks update-access-entry ${place(DEV)} --kubernetes-groups devs --username dev`,
      ]);
    });

    it("that one case recreates have what another adds, and what they have by now", () => {
      const recreate = fix(
        deleteEntry(TARGET, DEV),
        createEntry(TARGET, DEV, { kubernetesGroups: ["devs"] }),
        view(DEV, "web"),
      );
      const entry = { principalArn: DEV, kubernetesGroups: ["devs"], username: "dev" };
      const { lines, steps } = merged(
        [[fix(view(DEV, "pay"), ...setGroups(TARGET, entry, ["devs", "ops"]))], [recreate]],
        policiesOf(DEV, { [VIEW]: ["web"], [EDIT]: ["lab"] }),
      );
      assert.deepEqual(lines, [
        `1: aws eks delete-access-entry ${place(DEV)}`,
        `0,1: aws eks create-access-entry ${place(DEV)} --kubernetes-groups devs ops`,
        `0,1: ${associate(DEV, "type=namespace,namespaces=pay,web")}`,
        `1: ${associate(DEV, "type=namespace,namespaces=lab", EDIT)}`,
      ]);
      assert.deepEqual(
        steps[0]?.checks.map(({ expected }) => expected),
        [
          "username dev, groups devs",
          "AmazonEKSEditPolicy: namespace lab; AmazonEKSViewPolicy: namespace web",
        ],
      );
    });

    it("that one case deletes and another needs are a conflict, and nothing of either is printed", () => {
      const moved = fix(deleteEntry(TARGET, DEV), createEntry(TARGET, OPS));
      const { lines, conflicts } = merged([[moved], [fix(view(DEV, "pay"))], [fix(view(OPS, "web"))]]);
      assert.deepEqual(conflicts, [
        `0,1: one case deletes the access entry for ${DEV}, but the other needs it`,
      ]);
      assert.deepEqual(lines, [`2: ${associate(OPS, "type=namespace,namespaces=web")}`]);
    });

    describe("that a case deletes", () => {
      const recreate = fix(
        deleteEntry(TARGET, DEV),
        createEntry(TARGET, DEV, { kubernetesGroups: ["devs"] }),
      );
      const entry = {
        principalArn: DEV,
        kubernetesGroups: ["devs"],
        username: "dev",
        createdAt: "2025-01-01T00:00:00Z",
      };
      const recorded: DoctorEvidence = { ...EMPTY, accessEntryDetails: [{ accessEntry: entry }] };

      for (const [what, changes] of [
        ["groups", { kubernetesGroups: ["devs", "ops"] }],
        ["username", { username: "ops" }],
        ["type", { type: "EC2_LINUX" }],
        ["age", { createdAt: "2025-01-01T00:00:02Z" }],
      ] as const)
        it(`are a conflict if they have changed since: ${what}`, () => {
          const now = {
            ...EMPTY,
            accessEntryDetails: [{ accessEntry: { ...entry, type: "STANDARD", ...changes } }],
          };
          const before = { ...EMPTY, accessEntryDetails: [{ accessEntry: { ...entry, type: "STANDARD" } }] };
          assert.deepEqual(merged([[recreate]], before, now).conflicts, [
            `0: the access entry for ${DEV} has changed since this case was saved`,
          ]);
        });

      it("are as they were if only their time is printed otherwise", () => {
        const now = {
          ...EMPTY,
          accessEntryDetails: [{ accessEntry: { ...entry, createdAt: "2025-01-01T01:00:00.5+01:00" } }],
        };
        assert.equal(merged([[recreate]], recorded, now).lines.length, 2);
      });

      it("are only created if they are gone by now, and cannot get anything without that", () => {
        const now = { ...EMPTY, accessEntries: { accessEntries: [] } };
        assert.deepEqual(merged([[recreate]], recorded, now).lines, [
          `0: aws eks create-access-entry ${place(DEV)} --kubernetes-groups devs`,
        ]);
        assert.deepEqual(merged([[fix(view(DEV, "web"))]], recorded, now).conflicts, [
          `0: the access entry for ${DEV} no longer exists`,
        ]);
      });
    });

    it("with two usernames are a conflict", () => {
      const named = (username: string) => fix(createEntry(TARGET, DEV, { username }));
      const { lines, conflicts } = merged([[named("a")], [named("b")]]);
      assert.deepEqual(conflicts, [
        `0,1: the access entry for ${DEV} can have only one username, not a and b`,
      ]);
      assert.deepEqual(lines, []);
    });

    it("of principals that are not known are not merged", () => {
      const unknown = fix(createEntry(TARGET, "PRINCIPAL_ARN"));
      assert.equal(merged([[unknown], [unknown]]).lines.length, 2);
    });
  });

  it("by hand are a conflict with others of the same entry", () => {
    const disassociate = aws("eks disassociate-access-policy", { "principal-arn": DEV, "policy-arn": VIEW });
    const byHand = fix(disassociate, view(DEV, "x"));
    const { conflicts, steps } = merged([[fix(view(DEV, "web"))], [byHand], [byHand]]);
    assert.deepEqual(conflicts, [
      `0,1,2: they change the access entry for ${DEV}, but one of them requires manual steps`,
    ]);
    assert.equal(merged([[byHand], [byHand]]).steps.length, 1);
    assert.equal(steps.length, 0);
  });

  it("change the mode once, and to API only if nobody edits aws-auth", () => {
    const open = fix(setMode(TARGET, "API_AND_CONFIG_MAP"));
    assert.equal(merged([[open], [open]]).steps.length, 1);
    const api = fix(setMode(TARGET, "API"));
    const data = { ...EMPTY, awsAuth: { data: { mapRoles: "" } } };
    const edit = addToAwsAuth({ evidence: data }, "Add.", LINE_OF_DEV);
    assert.match(merged([[api], [edit]], data).conflicts.join(), /^0,1: .*ignores aws-auth/);
  });

  describe("aws-auth", () => {
    const LINES =
      "- rolearn: arn:aws:iam::111122223333:role/Node\n  username: node\n  groups:\n    - nodes\n";
    const evidence: DoctorEvidence = {
      ...EMPTY,
      awsAuth: { data: { mapRoles: LINES }, metadata: { resourceVersion: "42" } },
    };
    const patchIn = (lines: readonly string[]) => {
      const [, found = assert.fail(lines.join("\n"))] = /--patch '(.*)'$/.exec(lines.at(-1) ?? "") ?? [];
      return JSON.parse(found) as { metadata?: object; data: Record<string, string | null> };
    };

    it("is edited once, with the lines of all", () => {
      const { lines, steps } = merged(
        [
          [addToAwsAuth({ evidence }, "Add.", LINE_OF_DEV)],
          [addToAwsAuth({ evidence }, "Add.", { ...LINE_OF_DEV, arn: OPS })],
          [addToAwsAuth({ evidence }, "Add.", { ...LINE_OF_DEV, groups: ["more"] })],
        ],
        evidence,
      );
      assert.equal(steps.length, 1);
      assert.deepEqual(patchIn(lines), {
        metadata: { resourceVersion: "42" },
        data: {
          mapRoles: `${LINES}${newEntry({ ...LINE_OF_DEV, groups: ["devs", "more"] }, "mapRoles")}${newEntry({ ...LINE_OF_DEV, arn: OPS }, "mapRoles")}`,
        },
      });
      assert.deepEqual(
        steps[0]?.checks.map(({ run, expected }) => [line(run), expected]),
        [["kubectl get configmap aws-auth -n kube-system -o 'jsonpath={.metadata.resourceVersion}'", "42"]],
      );
      assert.deepEqual(patchIn((steps[0]?.undo ?? []).map(line)).data, { mapRoles: LINES });
    });

    it("is created once, with the lines of all", () => {
      const none: DoctorEvidence = { ...EMPTY, awsAuth: null };
      const { steps } = merged(
        [
          [addToAwsAuth({ evidence: none }, "Add.", LINE_OF_DEV)],
          [addToAwsAuth({ evidence: none }, "Add.", { ...LINE_OF_DEV, arn: OPS, section: "mapUsers" })],
        ],
        none,
      );
      assert.equal(steps.length, 1);
      const { commands, text = "" } = renderFix(onlyOf(steps), { shell: "bash" });
      assert.deepEqual(commands, ["kubectl apply -f aws-auth.yaml"]);
      assert.match(text, /mapRoles: \|\n {4}- rolearn: \S+Dev\n[\s\S]*mapUsers: \|\n {4}- userarn: \S+Ops\n/);
    });

    it("edited by hand twice is edited once, with both texts", () => {
      const { steps } = merged(
        [[editAwsAuth("Edit.", "- one\n")], [editAwsAuth("Edit.", "- two\n")]],
        evidence,
      );
      assert.deepEqual(
        steps.map(({ cases, isComplete }) => [cases, isComplete]),
        [[[0, 1], false]],
      );
      assert.equal(renderFix(onlyOf(steps), { shell: "bash" }).text, "- one\n\n- two\n");
    });

    it("that is no longer what a case recorded is a conflict", () => {
      const data = { mapRoles: LINES.replace("username: node", "username: other") };
      const edit = fix(onAwsAuth("patch", { patch: JSON.stringify({ data }) }));
      assert.equal(merged([[edit]], evidence).steps.length, 1);
      assert.deepEqual(
        merged([[edit]], evidence, { ...EMPTY, awsAuth: { data: { mapRoles: "" } } }).conflicts,
        ["0: aws-auth differs from what this case recorded"],
      );
    });

    it("with two usernames of one role is a conflict", () => {
      const { conflicts } = merged(
        [
          [addToAwsAuth({ evidence }, "Add.", LINE_OF_DEV)],
          [addToAwsAuth({ evidence }, "Add.", { ...LINE_OF_DEV, username: "other" })],
        ],
        evidence,
      );
      assert.deepEqual(conflicts, ["0,1: they change the same lines of aws-auth in different ways"]);
    });
  });

  describe("RBAC", () => {
    const list = (resource: string, namespace: string, group = "") => ({
      verb: "list",
      group,
      resource,
      namespace,
    });
    const granted = (subject: string, namespace: string, group?: string) =>
      fix(kubectl("apply", { f: "vouch-pods-read.yaml" }), {
        kind: "document",
        text: grantManifest([list("pods", namespace, group)], { kind: "User", name: subject }),
      });
    const textOf = ({ steps }: Merged) =>
      steps.map((step) => renderFix({ ...step, audience: "you" }, { shell: "bash" }).text ?? "").join("");

    it("binds one role to the subjects of all, also those that it has", () => {
      const there: DoctorEvidence = {
        ...EMPTY,
        rbac: {
          items: [
            {
              kind: "RoleBinding",
              metadata: { name: "vouch-pods-read", namespace: "web" },
              roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "vouch-pods-read" },
              subjects: [{ kind: "User", name: "old" }],
            },
          ],
        },
      };
      const plan = merged([[granted("ada", "web")], [granted("bob", "web")]], there);
      assert.deepEqual(plan.lines, ["0,1: kubectl apply -f vouch-pods-read.yaml"]);
      assert.match(textOf(plan), /name: old\n[\s\S]*name: ada\n[\s\S]*name: bob\n/);
      assert.equal(textOf(plan).match(/^kind: Role$/gm)?.length, 1);
      assert.deepEqual(
        plan.steps[0]?.checks.map(({ expected }) => expected),
        ["User old"],
      );
      assert.deepEqual(plan.steps[0]?.undo.map(line), [
        `kubectl patch rolebinding vouch-pods-read -n web --type=merge --patch '{"subjects":[{"kind":"User","name":"old"}]}'`,
        "kubectl delete role vouch-pods-read -n web",
      ]);
    });

    it("needs nothing that is there by now", () => {
      const [{ objects = [] } = assert.fail()] = merged([[granted("ada", "web")]]).steps.map(({ change }) =>
        change.kind === "apply-manifest" ? change : assert.fail(change.kind),
      );
      assert.deepEqual(merged([[granted("ada", "web")]], { ...EMPTY, rbac: { items: objects } }).lines, []);
      const entry = { principalArn: DEV, username: "dev" };
      const groups = fix(...setGroups(TARGET, entry, ["devs"]));
      assert.deepEqual(merged([[groups]], policiesOf(DEV, {})).lines, []);
    });

    it("is only applied by hand if it is not known what is there", () => {
      const [{ before, undo, checks, isComplete } = assert.fail()] = merged([[granted("ada", "web")]]).steps;
      assert.deepEqual([before, undo, isComplete], [undefined, [], false]);
      assert.deepEqual(
        checks.map(({ run }) => line(run)),
        [
          "kubectl get role vouch-pods-read -n web -o yaml",
          "kubectl get rolebinding vouch-pods-read -n web -o yaml",
        ],
      );
      const [known = assert.fail()] = merged([[granted("ada", "web")]], {
        ...EMPTY,
        rbac: { items: [] },
      }).steps;
      assert.deepEqual([known.before, known.isComplete], ["none", true]);
    });

    it("names a role with other rules apart, and its binding with it", () => {
      const plan = merged([[granted("ada", "web")], [granted("bob", "web", "metrics.k8s.io")]]);
      assert.match(
        textOf(plan),
        /name: vouch-pods-read-2\n[\s\S]*roleRef:\n[\s\S]*name: vouch-pods-read-2\nsubjects:\n[\s\S]*name: bob/,
      );
      assert.deepEqual(plan.conflicts, []);
    });

    it("binds each namespace for itself", () => {
      const text = textOf(merged([[granted("ada", "web")], [granted("bob", "pay")]]));
      assert.equal(text.match(/^kind: RoleBinding$/gm)?.length, 2);
    });

    it("names bindings apart, but only where they differ", () => {
      const bind = (name: string) =>
        fix(
          kubectl("create namespace", {}, "web"),
          createBinding({
            name: "vouch-view",
            role: { kind: "ClusterRole", name: "view" },
            subject: { kind: "User", name },
            namespace: "web",
          }),
        );
      const { lines, steps } = merged([[bind("ada")], [bind("bob")], [bind("ada")]]);
      assert.deepEqual(lines, [
        "0,1,2: kubectl create namespace web",
        "0,2: kubectl create rolebinding vouch-view -n web --clusterrole=view --user=ada",
        "1: kubectl create rolebinding vouch-view-2 -n web --clusterrole=view --user=bob",
      ]);
      assert.deepEqual(
        steps.map(({ needs }) => needs),
        [[], [0], [0]],
      );
    });

    it("binds after it creates the role, not again what is bound, and under no name that is taken", () => {
      const role = { kind: "Role", name: "vouch-read" } as const;
      const grant = fix(
        kubectl("create role", { n: "web", verb: "list", resource: "pods" }, "vouch-read"),
        createBinding({ name: "vouch-read", role, subject: { kind: "User", name: "ada" }, namespace: "web" }),
      );
      const needs = (plan: Merged) => plan.steps.map((step) => step.needs);
      assert.deepEqual(needs(merged([[grant]])), [[], [0]]);
      const binding = (name: string) => ({
        kind: "RoleBinding",
        metadata: { name: "vouch-read", namespace: "web" },
        roleRef: role,
        subjects: [{ kind: "User", name }],
      });
      const there = (name: string) => merged([[grant]], { ...EMPTY, rbac: { items: [binding(name)] } }).lines;
      assert.equal(there("ada").length, 1);
      assert.match(there("bob").at(-1) ?? "", /create rolebinding vouch-read-2 /);
    });

    it("names a new group apart that two principals would share", () => {
      const through = (arn: string, namespace: string) => [
        fix(
          createBinding({
            name: "vouch-devs",
            role: { kind: "ClusterRole", name: "view" },
            subject: { kind: "Group", name: "vouch-devs" },
            namespace,
          }),
        ),
        fix(...setGroups(TARGET, { principalArn: arn, username: "u" }, ["vouch-devs"])),
      ];
      assert.deepEqual(merged([through(DEV, "web"), through(OPS, "pay"), through(DEV, "shop")]).lines, [
        `0,2: aws eks update-access-entry ${place(DEV)} --kubernetes-groups vouch-devs --username u`,
        `1: aws eks update-access-entry ${place(OPS)} --kubernetes-groups vouch-devs-2 --username u`,
        "0: kubectl create rolebinding vouch-devs -n web --clusterrole=view --group=vouch-devs",
        "1: kubectl create rolebinding vouch-devs -n pay --clusterrole=view --group=vouch-devs-2",
        "2: kubectl create rolebinding vouch-devs -n shop --clusterrole=view --group=vouch-devs",
      ]);
    });

    it("names a new group apart that a principal has in aws-auth", () => {
      const evidence = { ...EMPTY, awsAuth: { data: { mapRoles: "" } } };
      const through = (arn: string) => [
        fix(
          createBinding({
            name: "vouch-devs",
            role: { kind: "ClusterRole", name: "view" },
            subject: { kind: "Group", name: "devs" },
            namespace: "web",
          }),
        ),
        addToAwsAuth({ evidence }, "Add.", { ...LINE_OF_DEV, arn }),
      ];
      const { lines } = merged([through(DEV), through(OPS)], evidence);
      assert.ok(
        lines.some((one) => one.endsWith("--group=devs-2")),
        lines.join("\n"),
      );
    });
  });

  it("are made only after a look that finds what is expected, and nothing else", () => {
    const entry = { principalArn: DEV, kubernetesGroups: ["devs"], username: "dev" };
    const rbac = [
      {
        kind: "RoleBinding",
        metadata: { name: "b", namespace: "web" },
        roleRef: { kind: "Role", name: "b" },
        subjects: [{ kind: "User", name: "old" }],
      },
    ];
    const state = stateOf([
      {
        ...policiesOf(DEV, { [VIEW]: ["web"] }),
        awsAuth: { data: { mapRoles: "- a\n" } },
        rbac: { items: rbac },
      },
    ]);
    const versioned = stateOf([{ ...EMPTY, awsAuth: { data: {}, metadata: { resourceVersion: "42" } } }]);
    const policies = (...namespaces: string[]) => ({
      associatedAccessPolicies: [{ policyArn: VIEW, accessScope: { type: "namespace", namespaces } }],
    });
    const present = { type: "namespace", namespaces: ["web"] };
    for (const [check, same, other] of [
      [scopeCheck(TARGET, DEV, { policyArn: VIEW, present }), policies("web"), policies("web", "pay")],
      [policiesCheck(TARGET, DEV, state), policies("web"), { associatedAccessPolicies: [] }],
      [entryCheck(TARGET, DEV, state), { accessEntry: entry }, { accessEntry: { ...entry, username: "x" } }],
      [awsAuthCheck(state), { data: { mapRoles: "- a\n" } }, { data: { mapRoles: "- b\n" } }],
      [awsAuthCheck(versioned), 42, 43],
      [bindingCheck(rbac[0] ?? assert.fail()), rbac[0], { ...rbac[0], subjects: [] }],
    ] as const) {
      const name = line(check.run);
      assert.equal(check.read(JSON.stringify(same)), check.expected, name);
      assert.notEqual(check.read(JSON.stringify(other)), check.expected, name);
    }
  });

  it("create an entry only after the old one is deleted", () => {
    const { steps } = merged([[fix(deleteEntry(TARGET, DEV), createEntry(TARGET, DEV), view(DEV, "web"))]]);
    assert.deepEqual(
      steps.map(({ needs }) => needs),
      [[], [0], [1]],
    );
  });
});

const LINE_OF_DEV = { section: "mapRoles" as const, arn: DEV, username: "dev", groups: ["devs"] };
