import type { RbacObjectJson } from "../../../../doctor/evidence/evidence.ts";
import { judgeRbac } from "../judge-rbac.ts";

export const DEFAULT_RBAC_FILE = new URL("../../../../doctor/eks/rbac/default-rbac.ts", import.meta.url);

const HEAD = `import type { RbacObjectJson } from "../../evidence/evidence.ts";

/**
 * The roles and bindings that the API server of Kubernetes 1.36.3 creates, without those of the controllers. Rules of aggregated
 * roles are left out, since they follow from the others. Written by \`node test/peers/corpora/default-rbac/main.ts\`.
 *
 * Source: kubernetes/kubernetes, plugin/pkg/auth/authorizer/rbac/bootstrappolicy.
 */
export const DEFAULT_RBAC: readonly RbacObjectJson[] = [
`;

/** The file's text: an object a line. */
export async function defaultRbacText(): Promise<string> {
  const [verdict] = await judgeRbac([{ objects: [], defaults: true, questions: [] }]);
  const objects = [...(verdict?.listed ?? [])].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const lines = objects.map((object) => `  ${JSON.stringify(bare(object))},\n`);
  return `${HEAD}${lines.join("")}];\n`;
}

/** The judge takes the namespaces in any order. */
function keyOf({ kind, metadata }: RbacObjectJson): string {
  return `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}

/** Without what says nothing of rights: annotations, and API groups that are always the same. */
function bare({ kind, metadata, rules, aggregationRule, roleRef, subjects }: RbacObjectJson): RbacObjectJson {
  const { name, namespace, labels } = metadata;
  return {
    kind,
    metadata: { name, ...(namespace && { namespace }), ...(labels && { labels }) },
    ...(aggregationRule ? { aggregationRule } : rules && { rules }),
    ...(roleRef && { roleRef: { kind: roleRef.kind, name: roleRef.name } }),
    ...(subjects && {
      subjects: subjects.map((one) => ({
        kind: one.kind,
        name: one.name,
        ...(one.namespace && { namespace: one.namespace }),
      })),
    }),
  };
}
