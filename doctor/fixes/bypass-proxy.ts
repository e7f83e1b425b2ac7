import { type SetVariable, setVariable } from "../../token/command/command.ts";
import { type DoctorEvidence, knownValue } from "../evidence/evidence.ts";

/** The hosts that are reached without a proxy, as the environment names them. */
export function noProxyOf({ environment }: Pick<DoctorEvidence, "environment">): string | undefined {
  const env = knownValue(environment);
  return env?.["NO_PROXY"] ?? env?.["no_proxy"];
}

/** Adds a host to those that are reached without a proxy. */
export function bypassProxy(evidence: Pick<DoctorEvidence, "environment">, host: string): SetVariable {
  const before = noProxyOf(evidence) ?? "";
  const isThere = before.split(",").some((one) => one.trim() === host);
  return setVariable("NO_PROXY", before === "" ? host : isThere ? before : `${before},${host}`);
}
