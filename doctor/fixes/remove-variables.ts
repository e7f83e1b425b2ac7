import { unsetVariables } from "../../token/command/command.ts";
import type { Facts } from "../derive/facts.ts";
import type { Action } from "./fix.ts";
import { setExecEnv } from "./kubeconfig-commands.ts";

/**
 * Removes variables from the plugin's environment, where the first of them that exists is set: in the exec block, otherwise in the
 * shell.
 */
export function removeVariables(
  facts: Pick<Facts, "context" | "pluginEnvironment">,
  names: readonly string[],
): Action {
  const first = facts.pluginEnvironment.variables.find(({ name }) => names.includes(name));
  return first?.origin === "exec.env"
    ? setExecEnv(facts, Object.fromEntries(names.map((name) => [name, undefined])))
    : unsetVariables(...names);
}
