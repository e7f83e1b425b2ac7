import { mergeEdits } from "../../eks/aws-auth/aws-auth-edit.ts";
import { isAwsAuthEdit } from "../aws-auth-fixes.ts";
import type { Action } from "../fix.ts";
import {
  type ByHand,
  type Change,
  Contradiction,
  casesOf,
  distinct,
  type EditAwsAuth,
  type Of,
  ofKind,
} from "./change.ts";
import type { ClusterState } from "./cluster-state.ts";
import { mergeEntries } from "./merge-entries.ts";
import { mergeRbac } from "./merge-rbac.ts";
import { nameGroupsApart } from "./name-groups-apart.ts";

/** The changes of several cases, so that none takes away what another grants. */
interface MergedChanges {
  /** In the order in which they can be made, each with the indexes of the cases that need it. */
  readonly changes: readonly Of<Change>[];
  readonly conflicts: readonly Conflict[];
}

/** Cases that exclude each other; nothing of them is among the changes. */
export interface Conflict {
  readonly cases: readonly number[];
  readonly why: string;
}

/** Merges the changes of cases about one cluster. Pure. */
export function mergeChanges(cases: readonly (readonly Change[])[], state: ClusterState): MergedChanges {
  const conflicts: Conflict[] = [];
  const apart = nameGroupsApart(cases);
  let open = apart.flatMap((changes, index) => changes.map((value) => ({ value, cases: [index] })));
  for (;;) {
    const merged = mergedOrConflict(open, state);
    if (!(merged instanceof Contradiction)) return { changes: merged, conflicts };
    const { cases: involved, message } = merged;
    conflicts.push({ cases: involved, why: message });
    open = open.filter((one) => !one.cases.some((index) => involved.includes(index)));
  }
}

function mergedOrConflict(
  changes: readonly Of<Change>[],
  state: ClusterState,
): readonly Of<Change>[] | Contradiction {
  try {
    return merge(changes, state);
  } catch (error) {
    if (error instanceof Contradiction) return error;
    throw error;
  }
}

function merge(changes: readonly Of<Change>[], state: ClusterState): readonly Of<Change>[] {
  const byHand = mergedByHand(ofKind(changes, "by-hand"));
  refuseEntriesByHand(byHand, changes);
  const merged: Of<Change>[] = [
    ...mergedModes(changes),
    ...mergeEntries(changes, state),
    ...mergeRbac(changes, state),
    ...mergedAwsAuth(ofKind(changes, "edit-aws-auth"), state),
    ...byHand,
  ];
  return ORDER.flatMap((kind) => ofKind(merged, kind));
}

/** What must be there before something else refers to it comes first. */
const ORDER: readonly Change["kind"][] = [
  "set-authentication-mode",
  "delete-access-entry",
  "create-access-entry",
  "set-groups",
  "associate-access-policy",
  "create-object",
  "apply-manifest",
  "create-binding",
  "edit-aws-auth",
  "by-hand",
];

/** A cluster whose mode is API ignores aws-auth. */
function mergedModes(changes: readonly Of<Change>[]): Of<Change>[] {
  const modes = distinct(
    ofKind(changes, "set-authentication-mode"),
    ({ authenticationMode }) => authenticationMode,
  );
  const edits = [...ofKind(changes, "edit-aws-auth"), ...ofKind(changes, "by-hand").filter(opensAwsAuth)];
  const last = modes.find(({ value }) => value.authenticationMode === "API");
  if (last !== undefined && edits.length > 0)
    throw new Contradiction(
      casesOf([last, ...edits]),
      "one case changes the authentication mode to API, in which EKS ignores aws-auth, but the other edits aws-auth",
    );
  return modes;
}

function opensAwsAuth({ value: { fix } }: Of<ByHand>): boolean {
  return fix.actions?.some((action) => action.kind === "run" && isAwsAuthEdit(action)) === true;
}

/** One edit of the ConfigMap. */
function mergedAwsAuth(edits: readonly Of<EditAwsAuth>[], { awsAuth }: ClusterState): Of<EditAwsAuth>[] {
  const fits = (all: readonly Of<EditAwsAuth>[]) => mergeEdits(awsAuth ?? {}, editsOf(all)) !== undefined;
  for (const one of edits)
    if (!fits([one])) throw new Contradiction(one.cases, "aws-auth differs from what this case recorded");
  for (const [index, one] of edits.entries())
    if (!fits(edits.slice(0, index + 1)))
      throw new Contradiction(
        casesOf([...edits.slice(0, index).filter((other) => !fits([other, one])), one]),
        "they change the same lines of aws-auth in different ways",
      );
  return edits.length === 0
    ? []
    : [{ value: { kind: "edit-aws-auth", edits: editsOf(edits) }, cases: casesOf(edits) }];
}

function editsOf(edits: readonly Of<EditAwsAuth>[]): EditAwsAuth["edits"] {
  return edits.flatMap(({ value }) => value.edits);
}

/** Commands that a user completes can remove what the plan grants to the same principal. */
function refuseEntriesByHand(byHand: readonly Of<ByHand>[], changes: readonly Of<Change>[]): void {
  for (const one of byHand) {
    const arns = (one.value.fix.actions ?? []).flatMap(principalOf);
    const others = [...changes, ...byHand].filter(
      (other) =>
        !other.cases.every((index) => one.cases.includes(index)) &&
        (other.value.kind === "by-hand"
          ? (other.value.fix.actions ?? []).flatMap(principalOf)
          : principalOf(other.value)
        ).some((arn) => arns.includes(arn)),
    );
    if (others.length > 0)
      throw new Contradiction(
        casesOf([one, ...others]),
        `they change the access entry for ${arns[0]}, but one of them requires manual steps`,
      );
  }
}

/** Whose entry an action changes. */
function principalOf(action: Action | Change): readonly string[] {
  const arn =
    "principalArn" in action
      ? action.principalArn
      : action.kind === "run" && !/^(?:describe|list)-/.test(action.verb[1] ?? "")
        ? action.options["principal-arn"]
        : undefined;
  return typeof arn === "string" && arn.startsWith("arn:") ? [arn] : [];
}

/** Fixes with the same commands are one, with the texts of all. */
function mergedByHand(fixes: readonly Of<ByHand>[]): Of<ByHand>[] {
  const isText = ({ kind }: Action) => kind === "document";
  const commands = ({ fix: { actions = [], description } }: ByHand) => {
    const run = actions.filter((action) => !isText(action));
    return run.length > 0 ? run : [description, ...actions];
  };
  return [...Map.groupBy(fixes, ({ value }) => JSON.stringify(commands(value))).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { fix } = first.value;
    const texts = same.flatMap(({ value }) => (value.fix.actions ?? []).filter(isText));
    const distinctTexts = distinct(texts.map((value) => ({ value, cases: [] }))).map(({ value }) => value);
    const actions = [...(fix.actions ?? []).filter((action) => !isText(action)), ...distinctTexts];
    const merged = actions.length === 0 ? fix : { ...fix, actions };
    return [{ value: { kind: "by-hand" as const, fix: merged }, cases: casesOf(same) }];
  });
}
