import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { configuredVariables } from "../client/configured-variables.ts";
import type { ExecBlock } from "./exec-block.ts";

/** What an exec plugin runs with. */
export interface PluginCase {
  readonly evidence: DoctorEvidence;
  readonly exec: ExecBlock | undefined;
}

/** A variable as the exec plugin gets it. */
interface PluginVariable {
  readonly name: string;
  readonly value: string;
  /** `exec.env` wins over the client's own environment. Source: plugin/KUBECTL.md, "Exec block". */
  readonly origin: "exec.env" | "environment";
}

/** The environment of the exec plugin. */
export interface PluginEnvironment {
  /** False: the client's own environment is not known, so what is not found here may still be set. */
  readonly isComplete: boolean;
  readonly variables: readonly PluginVariable[];
}

/** What the plugin runs with: the client's environment, what its own files set, and `exec.env` over both. */
export function pluginEnvironment({ evidence, exec }: PluginCase): PluginEnvironment {
  const outer = knownValue(evidence.environment);
  const inner = exec?.env ?? {};
  const ofFiles = configuredVariables(evidence).map(({ name, value }) => [name, value]);
  const variables = [
    ...Object.entries({ ...Object.fromEntries(ofFiles), ...outer } as Readonly<Record<string, string>>)
      .filter(([name]) => !Object.hasOwn(inner, name))
      .map(([name, value]) => ({ name, value, origin: "environment" as const })),
    ...Object.entries(inner).map(([name, value]) => ({ name, value, origin: "exec.env" as const })),
  ];
  return { isComplete: outer !== undefined, variables };
}

/** The variable, if it is set to something; AWS's tools take an empty one for unset. */
export function pluginVariable({ variables }: PluginEnvironment, name: string): PluginVariable | undefined {
  return variables.find((variable) => variable.name === name && variable.value !== "");
}
