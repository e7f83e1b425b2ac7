import { readExecInfo } from "../../token/hot/exec-info.ts";
import type { App } from "../app.ts";

/** Whether kubectl calls us, the kubeconfig allows prompts, and there is somebody to ask. */
export function isInteractive({ env }: Pick<App, "env">): boolean {
  return readExecInfo(env["KUBERNETES_EXEC_INFO"])?.interactive === true;
}
