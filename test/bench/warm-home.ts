import path from "node:path";
import { parseRoleArn } from "../../token/aws/arn.ts";
import { keepClusterRecord } from "../../token/mint/cluster-records.ts";
import type { Lab } from "../lab/lab.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE } from "../lab/lab.ts";
import { execInfoFor, ITS_INFO, RECORD } from "../support/cluster-infos.ts";
import { CREDENTIAL_WORDS } from "../support/lab-words.ts";
import { runCommand } from "../support/run-command.ts";

/** The words of a warm call, as setup writes them into the kubeconfig. */
export function warmArguments(lab: Lab): string[] {
  return [...CREDENTIAL_WORDS, "--server", lab.vouch.url];
}

/** What kubectl adds to the environment for an entry of ours: the cluster, with a CA as long as those of EKS. */
export function kubectlEnvironment(lab: Lab): Readonly<Record<string, string>> {
  return { ...lab.env, KUBERNETES_EXEC_INFO: execInfoFor(ITS_INFO) };
}

/** Logs in, writes an AWS profile of ours, and leaves a token in the cache, with a record of its cluster. */
export async function warmUp(lab: Lab): Promise<void> {
  const run = async (words: readonly string[], stdin = "") => {
    const { status, stderr } = await runCommand(["kubectl-vouch", ...words], { env: lab.env, stdin });
    if (status !== 0)
      throw new Error(`kubectl-vouch ${words.join(" ")} ended with status ${status}: ${stderr}`);
  };
  await run(["login", "--pin-stdin"], `${LAB_PIN}\n`);
  await run(["setup", "aws", "--role", LAB_ROLE, "--region", LAB_REGION, "--profile", "vouch"]);
  const state = path.join(lab.home, ".local/state/kubectl-vouch");
  const { account } = parseRoleArn(LAB_ROLE);
  keepClusterRecord(state, { cluster: LAB_CLUSTER, region: LAB_REGION, account }, RECORD);
  await run(warmArguments(lab));
}
