import { type DoctorEvidence, isExcerpt, knownValue } from "../../evidence/evidence.ts";
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
  /**
   * `exec.env` wins over the client's own environment. Source: plugin/KUBECTL.md, "Exec block". `file`: a file of the client
   * sets it, and its environment is not known.
   */
  readonly origin: "exec.env" | "environment" | "file";
  /** The same in words: `the environment`. */
  readonly place: string;
}

/** The environment of the exec plugin. */
export interface PluginEnvironment {
  /** False: the client's own environment is not known whole, so what is not found here may still be set. */
  readonly isComplete: boolean;
  readonly variables: readonly PluginVariable[];
}

/**
 * What the plugin runs with: `exec.env` over the client's environment. Where that is not known, the client's own files say
 * what they set.
 */
export function pluginEnvironment({ evidence, exec }: PluginCase): PluginEnvironment {
  const outer = knownValue(evidence.environment);
  const inner = exec?.env ?? {};
  const around =
    outer === undefined ? ofFiles(evidence) : variablesOf(outer, "environment", "the environment");
  return {
    isComplete: outer !== undefined && !isExcerpt(evidence, "environment"),
    variables: [
      ...around.filter(({ name }) => !Object.hasOwn(inner, name)),
      ...variablesOf(inner, "exec.env", "the exec block's env"),
    ],
  };
}

function variablesOf(
  variables: Readonly<Record<string, string>>,
  origin: PluginVariable["origin"],
  place: string,
): PluginVariable[] {
  return Object.entries(variables).map(([name, value]) => ({ name, value, origin, place }));
}

function ofFiles(evidence: DoctorEvidence): PluginVariable[] {
  return configuredVariables(evidence).map(({ name, value, file }) => ({
    name,
    value,
    origin: "file",
    place: file,
  }));
}

/** The variable, if it is set to something; AWS's tools take an empty one for unset. */
export function pluginVariable({ variables }: PluginEnvironment, name: string): PluginVariable | undefined {
  return variables.find((variable) => variable.name === name && variable.value !== "");
}
