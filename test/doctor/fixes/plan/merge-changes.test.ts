import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import {
  associateClusterWide,
  associatePolicy,
  createEntry,
  deleteEntry,
  setGroups,
  setMode,
} from "../../../../doctor/fixes/access-entry-actions.ts";
import { addToAwsAuth, patchAwsAuth } from "../../../../doctor/fixes/aws-auth-fixes.ts";
import {
  awsAuthCheck,
  bindingCheck,
  entryCheck,
  policiesCheck,
  scopeCheck,
} from "../../../../doctor/fixes/plan/check.ts";
import { stateOf } from "../../../../doctor/fixes/plan/cluster-state.ts";
import { aws } from "../../../../token/command/command.ts";

import {
  associate,
  DEV,
  EDIT,
  EMPTY,
  fix,
  LINE_OF_DEV,
  line,
  merged,
  OPS,
  place,
  policiesOf,
  TARGET,
  VIEW,
  view,
} from "./merged-cases.ts";

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
    for (const metadata of [{ resourceVersion: "42" }, {}]) {
      const data = { ...EMPTY, awsAuth: { data: { mapRoles: "" }, metadata } };
      const edit = addToAwsAuth({ evidence: data }, "Add.", LINE_OF_DEV);
      assert.match(merged([[api], [edit]], data).conflicts.join(), /^0,1: .*ignores aws-auth/);
    }
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

  it("show a patch of aws-auth that no edit expresses as it is, and never an empty edit", () => {
    const text = "- rolearn: arn:aws:iam::111122223333:role/Dev\n  username: dev\n";
    const evidence = { ...EMPTY, awsAuth: { data: { mapRoles: text } } };
    const respelled = patchAwsAuth(
      "Spell it out.",
      { mapRoles: text.replaceAll("dev\n", '"dev"\n') },
      { resourceVersion: "7" },
    );
    const { steps, lines } = merged([[respelled]], evidence);
    assert.equal(steps.length, 1);
    assert.doesNotMatch(lines.join("\n"), /"data":\{\}/);
    assert.match(lines.join("\n"), /patch configmap aws-auth .*username/);
  });
});
