import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { associatePolicy } from "../../../../doctor/fixes/access-entry-actions.ts";
import { type Action, type Fix, forClusterAdmin } from "../../../../doctor/fixes/fix.ts";
import { changesOf } from "../../../../doctor/fixes/plan/changes-of-fix.ts";
import { stateOf } from "../../../../doctor/fixes/plan/cluster-state.ts";
import { mergeChanges } from "../../../../doctor/fixes/plan/merge-changes.ts";
import { type Step, stepsOf } from "../../../../doctor/fixes/plan/steps-of.ts";
import { commandFor, renderFix } from "../../../../doctor/fixes/render-fix.ts";

export const TARGET = { cluster: "lab", region: "eu-west-1", partition: "aws" };
export const DEV = "arn:aws:iam::111122223333:role/Dev";
export const OPS = "arn:aws:iam::111122223333:role/Ops";
export const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
export const EDIT = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";
export const place = (arn: string) => `--cluster-name lab --region eu-west-1 --principal-arn ${arn}`;
export const associate = (arn: string, scope: string, policy = VIEW) =>
  `aws eks associate-access-policy ${place(arn)} --policy-arn ${policy} --access-scope ${scope}`;

export const EMPTY: DoctorEvidence = { apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence" };
export const view = (arn: string, ...namespaces: string[]) =>
  associatePolicy(TARGET, arn, { policyArn: VIEW, accessScope: { type: "namespace", namespaces } });
export const fix = (...actions: Action[]) => forClusterAdmin("A fix.", ...actions);
export const policiesOf = (
  arn: string,
  scopes: Readonly<Record<string, readonly string[]>>,
): DoctorEvidence => ({
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

export interface Merged {
  readonly steps: readonly Step[];
  readonly conflicts: readonly string[];
  /** `CASES: command` */
  readonly lines: readonly string[];
}

/** The plan of cases, which all have the same evidence; `now` is the state of the cluster. */
export function merged(
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

export const onlyOf = (steps: readonly Step[]) => steps[0] ?? assert.fail("no step");

export const line = (command: Step["undo"][number]) => {
  const rendered = commandFor(command, { shell: "bash" });
  return "line" in rendered ? rendered.line : assert.fail(rendered.unprintable);
};

export const LINE_OF_DEV = { section: "mapRoles" as const, arn: DEV, username: "dev", groups: ["devs"] };
