import { ours } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { shown } from "../../../token/text/printable.ts";
import { timestamp } from "../../../token/text/time.ts";
import type { BodyOf } from "../../kinds/kinds.ts";
import type { EksSetup } from "../../setup/eks-setup.ts";
import type { SetupCheck, SetupChecks } from "../../setup/setup-check.ts";

interface Checked {
  readonly setups: readonly EksSetup[];
  /** The file of `--kubeconfig`. */
  readonly kubeconfig: string | undefined;
}

/** Whether the first context works, and who its user is in the cluster; the same for AI agents with a role of their own. */
export function checkLines({ user, agent }: SetupChecks, checked: Checked): string[] {
  return [
    ...(user === undefined ? [] : checkLine(user, { who: "you are", whose: "" }, checked)),
    ...(agent === undefined
      ? []
      : checkLine(agent, { who: "AI agents are", whose: " for AI agents" }, checked)),
  ];
}

function checkLine(
  check: SetupCheck,
  { who, whose }: { readonly who: string; readonly whose: string },
  { setups, kubeconfig }: Checked,
): string[] {
  const [first, ...others] = setups;
  if (first === undefined) return [];
  const { context, clusterArn } = first;
  const which = others.length === 0 ? "" : ` (checked: ${context})`;
  if ("problem" in check) return [`warning: No token for context ${context}${whose}: ${check.problem}`];
  const { cluster } = check;
  if ("problem" in cluster)
    return [
      withCommands`warning: Context ${context} does not work yet${whose}: ${cluster.problem} Find out why: ${ours("doctor", { context, kubeconfig })}`,
    ];
  const groups = cluster.groups.filter((group) => group !== "system:authenticated");
  const inGroups =
    groups.length === 0 ? "" : `, in group${groups.length > 1 ? "s" : ""} ${groups.join(", ")}`;
  const name = clusterArn.slice(clusterArn.indexOf("/") + 1);
  return [`Works: ${who} ${shown(cluster.username)}${shown(inGroups)} in cluster ${name}.${which}`];
}

/** The checks for programs. */
export function checksObject({ user, agent }: SetupChecks): Pick<BodyOf<"EksSetup">, "token" | "agentToken"> {
  return {
    ...(user === undefined ? {} : { token: checkObject(user) }),
    ...(agent === undefined ? {} : { agentToken: checkObject(agent) }),
  };
}

function checkObject(check: SetupCheck): NonNullable<BodyOf<"EksSetup">["token"]> {
  return "expires" in check ? { ...check, expires: timestamp(check.expires) } : check;
}
