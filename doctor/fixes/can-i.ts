import { kubectl, type Run } from "../../token/command/command.ts";
import type { AccessRequest } from "../evidence/evidence.ts";

/** `kubectl auth can-i create pods --subresource=exec -n web` */
export function canI({
  verb,
  group = "",
  resource = "",
  subresource,
  namespace,
  name,
  path,
}: AccessRequest): Run {
  if (path !== undefined) return kubectl("auth can-i", {}, verb, path);
  const full = `${resource}${group === "" ? "" : `.${group}`}${name === undefined ? "" : `/${name}`}`;
  const scope = namespace === undefined ? { A: true as const } : { n: namespace };
  return kubectl("auth can-i", { subresource, ...scope }, verb, full);
}
