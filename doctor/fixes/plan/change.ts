import type { Run } from "../../../token/command/command.ts";
import type { EksTarget } from "../../derive/target/target-cluster.ts";
import type { AwsAuthEdit } from "../../eks/aws-auth/aws-auth-edit.ts";
import type { AccessEntryJson, RbacObjectJson } from "../../evidence/evidence.ts";
import type {
  AssociateAccessPolicy,
  CreateAccessEntry,
  CreateBinding,
  DeleteAccessEntry,
  Fix,
  SetAuthenticationMode,
} from "../fix.ts";

/** What a fix changes, in a form in which changes of several cases can be compared and merged. */
export type Change =
  | SetAuthenticationMode
  | DeleteEntry
  | CreateAccessEntry
  | SetGroups
  | AssociateAccessPolicy
  | CreateObject
  | CreateBinding
  | ApplyManifest
  | EditAwsAuth
  | ByHand;

/** Deletes an access entry. */
export interface DeleteEntry extends DeleteAccessEntry {
  /** The entry as the case has it. */
  readonly recorded: AccessEntryJson | undefined;
}

/** Replaces all groups of an access entry. */
export interface SetGroups {
  readonly kind: "set-groups";
  readonly target: EksTarget;
  readonly principalArn: string;
  readonly groups: readonly string[];
  readonly username: string;
}

/** Creates a namespace or a role by `kubectl create`. */
export interface CreateObject {
  readonly kind: "create-object";
  readonly run: Run;
}

/** Applies roles and bindings from a file. */
export interface ApplyManifest {
  readonly kind: "apply-manifest";
  readonly file: string;
  readonly objects: readonly RbacObjectJson[];
}

/** Edits aws-auth, or creates it. */
export interface EditAwsAuth {
  readonly kind: "edit-aws-auth";
  readonly edits: readonly AwsAuthEdit[];
}

/** A fix that only a user can carry out or merge with others. */
export interface ByHand {
  readonly kind: "by-hand";
  readonly fix: Fix;
}

/** Changes of several cases that cannot be merged, so that a user must decide. */
export class Contradiction extends Error {
  /** Indexes of the cases. */
  readonly cases: readonly number[];

  constructor(cases: readonly number[], why: string) {
    super(why);
    this.cases = [...new Set(cases)].sort((a, b) => a - b);
  }
}

/** Something of one case, or of several. */
export interface Of<T> {
  readonly value: T;
  /** Indexes of the cases. */
  readonly cases: readonly number[];
}

/** The cases of several things, in order. */
export function casesOf(all: readonly Of<unknown>[]): readonly number[] {
  return [...new Set(all.flatMap(({ cases }) => cases))].sort((a, b) => a - b);
}

/** The changes of one kind. */
export function ofKind<C extends { readonly kind: string }, K extends C["kind"]>(
  all: readonly Of<C>[],
  kind: K,
): readonly Of<Extract<C, { readonly kind: K }>>[] {
  return all.filter((one): one is Of<Extract<C, { readonly kind: K }>> => one.value.kind === kind);
}

/** One of each, with the cases of all that are alike. */
export function distinct<T>(all: readonly Of<T>[], key: (value: T) => unknown = (value) => value): Of<T>[] {
  return [...Map.groupBy(all, ({ value }) => JSON.stringify(key(value))).values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ value: first.value, cases: casesOf(same) }];
  });
}
