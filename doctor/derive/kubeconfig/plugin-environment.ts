import { type DoctorEvidence, isExcerpt, knownValue } from "../../evidence/evidence.ts";
import { configuredVariables } from "../client/configured-variables.ts";
import type { ExecBlock } from "./exec-block.ts";

/** What determines the environment of an exec plugin. */
export interface PluginCase {
  readonly evidence: DoctorEvidence;
  readonly exec: ExecBlock | undefined;
}

/** A variable as the exec plugin gets it. */
interface PluginVariable {
  readonly name: string;
  readonly value: string;
  /**
   * `exec.env` overrides the client's own environment. Source: plugin/KUBECTL.md, "Exec block". `file`: one of the client's files
   * sets it, and the client's environment is not known.
   */
  readonly origin: "exec.env" | "environment" | "file";
  /** The origin in words: `the environment`. */
  readonly place: string;
}

/** The environment of the exec plugin. */
export interface PluginEnvironment {
  /** False: the client's own environment is not completely known, so variables that are not found here may still be set. */
  readonly isComplete: boolean;
  readonly variables: readonly PluginVariable[];
}

/**
 * The plugin's variables: those of the client's environment, overridden by `exec.env`. If the environment is not known, the
 * variables that the client's own files set.
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

/** The variable, if it is not empty; AWS's tools treat an empty one as unset. */
export function pluginVariable({ variables }: PluginEnvironment, name: string): PluginVariable | undefined {
  return variables.find((variable) => variable.name === name && variable.value !== "");
}
