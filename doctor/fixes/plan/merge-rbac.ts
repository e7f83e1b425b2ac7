import type { RbacObjectJson } from "../../evidence/evidence.ts";
import type { CreateBinding } from "../fix.ts";
import { freeName } from "../rbac-actions.ts";
import {
  type ApplyManifest,
  type Change,
  Contradiction,
  type CreateObject,
  casesOf,
  distinct,
  type Of,
  ofKind,
} from "./change.ts";
import type { ClusterState } from "./cluster-state.ts";

type RbacChange = CreateObject | ApplyManifest | CreateBinding;

/**
 * Namespaces, roles and bindings, each once. Bindings of one name are named apart, or get all subjects if they grant the same role.
 * Throws `Contradiction`.
 */
export function mergeRbac(changes: readonly Of<Change>[], { rbac }: ClusterState): Of<RbacChange>[] {
  const manifests = mergedManifests(ofKind(changes, "apply-manifest"), rbac ?? []);
  const taken = manifests.flatMap(({ value }) => value.objects.map(objectKey));
  return [
    ...mergedObjects(ofKind(changes, "create-object")),
    ...manifests,
    ...namedApart(
      ofKind(changes, "create-binding").filter(
        ({ value }) => !(rbac ?? []).some((one) => isBound(one, value)),
      ),
      [...taken, ...(rbac ?? []).map(objectKey)],
    ),
  ];
}

function mergedObjects(objects: readonly Of<CreateObject>[]): Of<CreateObject>[] {
  const all = distinct(objects);
  const named = Map.groupBy(all, ({ value: { run } }) =>
    JSON.stringify([run.verb, run.operands, run.options["n"]]),
  );
  for (const [same, other] of named.values())
    if (same !== undefined && other !== undefined)
      throw new Contradiction(
        casesOf([same, other]),
        `both create ${same.value.run.verb[1]} ${String(same.value.run.operands[0])}, but with different rules`,
      );
  return all;
}

/** Bindings without those that are alike; those of one name get numbers. */
function namedApart(bindings: readonly Of<CreateBinding>[], taken: readonly string[]): Of<CreateBinding>[] {
  const names = new Set(taken);
  return distinct(bindings).map(({ value, cases }) => {
    const kind = value.namespace === undefined ? "ClusterRoleBinding" : "RoleBinding";
    const isTaken = (name: string) => names.has(keyOf(kind, value.namespace, name));
    let { name } = value;
    for (const tried = [name]; isTaken(name); tried.push(name)) name = freeName(value.name, tried);
    names.add(keyOf(kind, value.namespace, name));
    return { value: { ...value, name }, cases };
  });
}

/** Whether a binding of the cluster already grants what another would. */
function isBound({ kind, metadata, roleRef, subjects }: RbacObjectJson, binding: CreateBinding): boolean {
  const { namespace, role, subject } = binding;
  return (
    kind === (namespace === undefined ? "ClusterRoleBinding" : "RoleBinding") &&
    metadata.namespace === namespace &&
    roleRef?.kind === role.kind &&
    roleRef.name === role.name &&
    (subjects ?? []).some(
      (one) =>
        one.kind === subject.kind &&
        one.name === subject.name &&
        (subject.kind !== "ServiceAccount" || one.namespace === subject.namespace),
    )
  );
}

export function objectKey({ kind, metadata: { name, namespace } }: RbacObjectJson): string {
  return keyOf(kind, namespace, name);
}

function keyOf(kind: string, namespace: string | undefined, name: string): string {
  return JSON.stringify([kind, namespace, name]);
}

/**
 * One manifest per file. A role that has other rules elsewhere gets another name; a binding gets the subjects of all cases, and
 * those that it has in the cluster, since `kubectl apply` would remove them.
 */
function mergedManifests(
  manifests: readonly Of<ApplyManifest>[],
  present: readonly RbacObjectJson[],
): Of<ApplyManifest>[] {
  const objects = new Map<string, Of<RbacObjectJson>>();
  const files = new Map<string, Set<string>>();
  for (const { value, cases } of manifests) {
    const known = [...present, ...[...objects.values()].map((one) => one.value)];
    const keys = files.get(value.file) ?? new Set();
    for (const object of withFreeNames(value.objects, known)) {
      const key = objectKey(object);
      const before = objects.get(key);
      const there = before?.value ?? present.find((one) => objectKey(one) === key);
      objects.set(key, {
        value: withSubjects(object, there),
        cases: [...(before?.cases ?? []), ...cases],
      });
      keys.add(key);
    }
    files.set(value.file, keys);
  }
  const isThere = ({ value }: Of<RbacObjectJson>) => present.some((one) => isSameObject(one, value));
  return [...files].flatMap(([file, keys]) => {
    const own = [...keys].flatMap((key) => objects.get(key) ?? []);
    const value = { kind: "apply-manifest" as const, file, objects: own.map((one) => one.value) };
    return own.every(isThere) ? [] : [{ value, cases: casesOf(own) }];
  });
}

/** Whether the cluster has an object as it should be. */
function isSameObject(one: RbacObjectJson, other: RbacObjectJson): boolean {
  const subjects = ({ subjects: all }: RbacObjectJson) => all?.map(({ kind, name }) => `${kind} ${name}`);
  const content = (object: RbacObjectJson) => JSON.stringify([ruling(object), subjects(object)]);
  return objectKey(one) === objectKey(other) && content(one) === content(other);
}

/** What a role allows, or which role a binding grants. */
function ruling({ rules, roleRef }: RbacObjectJson): string {
  const allowed = rules?.map(({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }) => [
    ...[apiGroups, resources, resourceNames, nonResourceURLs, verbs],
  ]);
  return JSON.stringify([allowed, roleRef?.kind, roleRef?.name]);
}

/** The objects of a case, renamed if one of them has the name of another role, or of a binding to another role. */
function withFreeNames(
  objects: readonly RbacObjectJson[],
  known: readonly RbacObjectJson[],
): readonly RbacObjectJson[] {
  const clash = (object: RbacObjectJson) =>
    known.some((one) => objectKey(one) === objectKey(object) && ruling(one) !== ruling(object));
  const name = objects[0]?.metadata.name ?? "";
  for (let number = 1; ; number++) {
    const next = number === 1 ? name : `${name}-${number}`;
    const tried = objects.map((object) => renamed(object, name, next));
    if (!tried.some(clash)) return tried;
  }
}

function renamed(object: RbacObjectJson, name: string, next: string): RbacObjectJson {
  const { metadata, roleRef } = object;
  return {
    ...object,
    metadata: metadata.name === name ? { ...metadata, name: next } : metadata,
    ...(roleRef?.name === name ? { roleRef: { ...roleRef, name: next } } : {}),
  };
}

function withSubjects(object: RbacObjectJson, there: RbacObjectJson | undefined): RbacObjectJson {
  if (object.subjects === undefined) return object;
  const all = [...(there?.subjects ?? []), ...object.subjects];
  const distinctOnes = Map.groupBy(all, ({ kind, name, namespace }) =>
    JSON.stringify([kind, namespace, name]),
  );
  return { ...object, subjects: [...distinctOnes.values()].flatMap(([first]) => first ?? []) };
}
