import type { Examination, SetupEks } from "../../doctor/doctor.ts";
import { kubeconfigPaths, readKubeconfigs } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { App } from "../app.ts";
import type { SetupEksOptions } from "../commands/setup-eks.options.ts";
import { vouchContexts } from "../vouch/vouch-contexts.ts";
import type { LocalFix } from "./local-fix.ts";

/** Our own kubeconfig entry, recreated by `setup eks`, if that is what the doctor offers. */
export function contextFix(
  app: App,
  { report, fixes }: Examination,
  kubeconfig: string | undefined,
): LocalFix[] {
  const setup = fixes.flatMap(({ actions = [] }) => actions).find((action) => action.kind === "setup-eks");
  const { context } = report;
  if (setup === undefined || context === undefined || !isSameEntry(app, setup, { context, kubeconfig })) {
    return [];
  }
  const run = async (changes: Pick<SetupEksOptions, "dryRun" | "diff">) => {
    const { runSetupEks } = await import("../commands/setup-eks.run.ts");
    await runSetupEks({ ...setupOptions(setup, { context, kubeconfig }), ...changes }, app);
  };
  return [
    {
      description: `Recreate the entry of context ${context}.`,
      show: () => run({ dryRun: true, diff: true }),
      apply: () => run({ dryRun: false, diff: false }),
    },
  ];
}

interface ContextPlace {
  readonly context: string;
  readonly kubeconfig: string | undefined;
}

/** Setup adds an entry of another cluster, role or profile beside the old one, which would fix nothing. */
function isSameEntry(
  app: App,
  { cluster, role, profile }: SetupEks,
  { context, kubeconfig }: ContextPlace,
): boolean {
  const contexts = vouchContexts(readKubeconfigs(kubeconfigPaths(app, kubeconfig)));
  const stanza = contexts.find(({ name }) => name === context)?.stanza;
  if (cluster === undefined || stanza?.clusterName !== cluster) return false;
  const { source } = stanza;
  if (source.role !== role) return false;
  if (source.kind === "vouch") return profile === undefined;
  return source.profile !== undefined && source.profile === profile;
}

function setupOptions(
  { cluster, region, role, via, server, profile }: SetupEks,
  { context, kubeconfig }: ContextPlace,
): SetupEksOptions {
  return {
    cluster,
    region,
    role,
    via: [...via],
    server,
    account: undefined,
    contextName: context,
    kubeconfig,
    profile,
    namespace: undefined,
    all: false,
    allProfiles: false,
    ambient: false,
    describeProfile: undefined,
    approveProcess: false,
    match: undefined,
    tag: [],
    regions: [],
    prune: false,
    absolute: false,
    interactive: false,
    use: false,
    keepsCurrent: true,
    migrate: false,
    inPlace: false,
    dryRun: false,
    diff: false,
    undo: false,
    output: "text",
  };
}
