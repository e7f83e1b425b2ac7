import assert from "node:assert/strict";
import { newEntry } from "../../../../doctor/eks/aws-auth/aws-auth-edit.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { setGroups } from "../../../../doctor/fixes/access-entry-actions.ts";
import { addToAwsAuth, editAwsAuth, onAwsAuth } from "../../../../doctor/fixes/aws-auth-fixes.ts";
import { createBinding, grantManifest } from "../../../../doctor/fixes/rbac-actions.ts";
import { renderFix } from "../../../../doctor/fixes/render-fix.ts";
import { kubectl } from "../../../../token/command/command.ts";
import { READ } from "../../support/aws-auth-faults.ts";

import {
  DEV,
  EMPTY,
  fix,
  LINE_OF_DEV,
  line,
  type Merged,
  merged,
  OPS,
  onlyOf,
  place,
  policiesOf,
  TARGET,
} from "./merged-cases.ts";

describe("the changes of several cases to objects in the cluster", () => {
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
      const evidence = { ...EMPTY, awsAuth: { data: { mapRoles: "" }, metadata: READ } };
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
});
