import type { Rule } from "../check/rule.ts";
import { STAGES } from "../check/stages.ts";
import * as definitions from "./all.ts";

/** Every rule, in the order of the chain from kubeconfig to RBAC, then by code; rules about the client come last. */
export const RULES: readonly Rule[] = STAGES.flatMap((stage) =>
  Object.entries(definitions)
    .filter(([path]) => path.startsWith(`${stage}/`))
    .map(([path, definition]): Rule => ({ ...definition, code: path.slice(stage.length + 1), stage }))
    .toSorted((a, b) => a.code.localeCompare(b.code)),
);
