import { unsetVariables } from "../../token/command/command.ts";
import type { Facts } from "../derive/facts.ts";
import type { Action } from "./fix.ts";
import { setExecEnv } from "./kubeconfig-commands.ts";

/** Takes variables away from the plugin, where the first of them that there is stands: in the exec block, else in the shell. */
export function removeVariables(
  facts: Pick<Facts, "context" | "pluginEnvironment">,
  names: readonly string[],
): Action {
  const first = facts.pluginEnvironment.variables.find(({ name }) => names.includes(name));
  return first?.origin === "exec.env"
    ? setExecEnv(facts, Object.fromEntries(names.map((name) => [name, undefined])))
    : unsetVariables(...names);
}
