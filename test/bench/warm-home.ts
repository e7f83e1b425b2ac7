import type { Lab } from "../lab/lab.ts";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE } from "../lab/lab.ts";
import { runCommand } from "../support/run-command.ts";

/** The words of a warm call, as setup writes them into the kubeconfig. */
export function warmArguments(lab: Lab): string[] {
  return [
    "credential",
    "eks",
    "--cluster-name",
    LAB_CLUSTER,
    "--region",
    LAB_REGION,
    "--role",
    LAB_ROLE,
    "--server",
    lab.vouch.url,
  ];
}

/** Logs in, writes an AWS profile of ours, and leaves a token in the cache. */
export async function warmUp(lab: Lab): Promise<void> {
  const run = async (words: readonly string[], stdin = "") => {
    const { status, stderr } = await runCommand(["kubectl-vouch", ...words], { env: lab.env, stdin });
    if (status !== 0)
      throw new Error(`kubectl-vouch ${words.join(" ")} ended with status ${status}: ${stderr}`);
  };
  await run(["login", "--pin-stdin"], `${LAB_PIN}\n`);
  await run(["setup", "aws", "--role", LAB_ROLE, "--region", LAB_REGION, "--profile", "vouch"]);
  await run(warmArguments(lab));
}
