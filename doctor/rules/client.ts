import type { Rule } from "../rule.ts";
import { clientCiKubeconfig } from "./client-ci-kubeconfig.ts";
import { clientDifference } from "./client-difference.ts";
import { clientGuiEnvironment } from "./client-gui-environment.ts";
import { clientIgnoresExec } from "./client-ignores-exec.ts";
import { clientLateRefresh } from "./client-late-refresh.ts";
import { clientNoExecInfo } from "./client-no-exec-info.ts";
import { clientTerraformCreator } from "./client-terraform-creator.ts";
import { clientTerraformIdentity } from "./client-terraform-identity.ts";
import { clientTerraformRunner } from "./client-terraform-runner.ts";
import { clientTerraformToken } from "./client-terraform-token.ts";
import { clientTokenAndExec } from "./client-token-and-exec.ts";
import { clientTokenOutlived } from "./client-token-outlived.ts";

/** Faults of the programs that use a kubeconfig: desktops, jobs, Terraform, other languages. Rows T1 and T3 to T13. */
export const CLIENT_RULES: readonly Rule[] = [
  clientGuiEnvironment,
  clientCiKubeconfig,
  clientTerraformIdentity,
  clientTerraformRunner,
  clientTerraformToken,
  clientTerraformCreator,
  clientTokenAndExec,
  clientNoExecInfo,
  clientIgnoresExec,
  clientTokenOutlived,
  clientLateRefresh,
  clientDifference,
];
