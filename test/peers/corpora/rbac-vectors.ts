import fs from "node:fs";
import type { RbacObjectJson } from "../../../doctor/evidence/evidence.ts";
import { type AccessQuestion, type RbacAnswer, withDefaults } from "./rbac-world.ts";

interface RbacVector {
  readonly name: string;
  /** Besides the defaults. */
  readonly objects: readonly RbacObjectJson[];
  /** Defaults that are gone: `ClusterRole view`. */
  readonly deleted?: readonly string[];
  readonly asked: readonly { readonly question: AccessQuestion; readonly answer: RbacAnswer }[];
}

/** One case for each kind of thing that RBAC decides by, with the answers of the API server's own authorizer. */
export function rbacVectors(): readonly RbacVector[] {
  const text = fs.readFileSync(new URL("../../vectors/rbac.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly cases: readonly RbacVector[] }).cases;
}

/** All that is in the vector's cluster. */
export function clusterOf({ objects, deleted = [] }: RbacVector): readonly RbacObjectJson[] {
  return withDefaults(objects).filter(({ kind, metadata }) => !deleted.includes(`${kind} ${metadata.name}`));
}

/** What a person would show of it; all where that a default is gone is to be seen. */
export function typedOf(vector: RbacVector): readonly RbacObjectJson[] {
  return vector.deleted === undefined ? vector.objects : clusterOf(vector);
}
