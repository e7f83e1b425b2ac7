import { commandWords } from "../../doctor/facts/command-words.ts";
import type { DoctorReport } from "../../doctor/report/doctor-report.ts";
import { readFlags } from "../../token/kubeconfig/exec-stanza.ts";
import { kubeconfigPaths, readKubeconfigs } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { App } from "../app.ts";
import type { SetupEksOptions } from "../commands/setup-eks.run.ts";
import { vouchContexts } from "../vouch-contexts.ts";
import type { LocalMend } from "./local-mend.ts";

const SETUP_FLAGS = {
  "--cluster": "cluster",
  "--region": "region",
  "--role": "role",
  "--via": "via",
  "--server": "server",
  "--account": "account",
  "--context-name": "contextName",
} as const;

/** Our own kubeconfig entry, written anew by `setup eks`, when the report offers just that. */
export function entryMend(app: App, report: DoctorReport, kubeconfig: string | undefined): LocalMend[] {
  const commands = [...report.rootCauses, ...report.warnings].flatMap(({ mend }) =>
    mend.flatMap((way) => way.commands),
  );
  const command = commands
    .map(commandWords)
    .find((words) => words.slice(0, 4).join(" ") === "kubectl vouch setup eks");
  const options = command && setupOptions(command.slice(4), { context: report.context, kubeconfig });
  if (options === undefined || !isSameEntry(app, options)) return [];
  const run = async (changes: Pick<SetupEksOptions, "dryRun" | "diff">) => {
    const { runSetupEks } = await import("../commands/setup-eks.run.ts");
    await runSetupEks({ ...options, ...changes }, app);
  };
  return [
    {
      does: `Write the entry of context ${report.context} anew.`,
      show: () => run({ dryRun: true, diff: true }),
      apply: () => run({ dryRun: false, diff: false }),
    },
  ];
}

/** Setup writes an entry of another cluster or role beside the old one: that would mend nothing. */
function isSameEntry(app: App, { contextName, cluster, role, kubeconfig }: SetupEksOptions): boolean {
  const contexts = vouchContexts(readKubeconfigs(kubeconfigPaths(app, kubeconfig)));
  const stanza = contexts.find(({ name }) => name === contextName)?.stanza;
  return stanza !== undefined && stanza.clusterName === cluster && stanza.role === role;
}

/** Undefined when a value stands in capitals: then a person must fill it in. */
function setupOptions(
  words: readonly string[],
  { context, kubeconfig }: { readonly context: string | undefined; readonly kubeconfig: string | undefined },
): SetupEksOptions | undefined {
  const { flags } = readFlags(words, SETUP_FLAGS);
  const last = (name: string) => flags[name]?.at(-1);
  const cluster = last("cluster");
  if (
    cluster === undefined ||
    Object.values(flags)
      .flat()
      .some((value) => /^[A-Z_]+$/.test(value))
  )
    return undefined;
  return {
    cluster,
    region: last("region"),
    role: last("role"),
    via: flags["via"],
    server: last("server"),
    account: last("account"),
    contextName: last("contextName") ?? context,
    kubeconfig,
    profile: undefined,
    namespace: undefined,
    all: false,
    match: undefined,
    regions: [],
    prune: false,
    absolute: false,
    interactive: false,
    migrate: false,
    dryRun: false,
    diff: false,
    undo: false,
    output: "text",
  };
}
