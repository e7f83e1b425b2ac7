import type { Options, Run } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import type { Hints, VouchError } from "../../token/errors/errors.ts";
import { vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import { kubeconfigPaths, readKubeconfigs } from "../../token/kubeconfig/kubeconfig-files.ts";
import { ownedCluster } from "../../token/kubeconfig/kubeconfig-view.ts";
import type { App } from "../app.ts";
import type { ChosenIdentity } from "../aws/choose-identity.ts";
import { authorityHint } from "../aws/hints.ts";
import { nearestWord } from "../command-line/nearest-word.ts";
import { foreignEksUser } from "./foreign-user.ts";
import { FLAGS_OF_SEVERAL } from "./setup-flags.ts";

interface HintOptions {
  readonly all: boolean;
  readonly describeProfile: string | undefined;
  readonly cluster: string | undefined;
  readonly kubeconfig: string | undefined;
  /** Whether EKS listed the cluster, so that only a permission can be missing. */
  readonly isListed: boolean;
}

/** The hints for failures of a setup, by code; `again` is the command as it was typed. */
export function setupHints(
  app: App,
  error: VouchError,
  {
    choice,
    options,
    again,
  }: { readonly choice: ChosenIdentity; readonly options: HintOptions; readonly again: Run },
): Hints {
  const isOfCluster = !options.all && error.message.includes("eks:DescribeCluster");
  const isUnsure = isOfCluster && !options.isListed;
  return {
    ...(choice.kind === "aws" ? { "aws-untrusted": authorityHint(again) } : {}),
    ...(options.all ? { "region-missing": everyRegionHint(again) } : {}),
    "aws-denied": `${isUnsure ? checkNames(app, choice, options) : ""}${deniedHint(options, again, isUnsure)}`,
  };
}

function everyRegionHint(again: Run): string {
  const everywhere: Run = { ...again, options: { ...again.options, regions: "all" } };
  return withCommands`Specify it with --region, or search every region: ${everywhere}`;
}

/** A name or a region that is wrong looks like a denial to a user who is allowed to describe only some clusters. */
function checkNames(app: App, choice: ChosenIdentity, { cluster = "", kubeconfig }: HintOptions): string {
  const region = choice.kind === "aws" ? choice.region : choice.choice.region;
  const from = region === undefined ? "" : ` (${region.value}, from ${region.origin.replace(/^flag /, "")})`;
  const known = knownClusters(app, kubeconfig).filter(
    (one) => one.name !== cluster || one.region !== region?.value,
  );
  const near = nearestWord(
    cluster,
    known.map(({ name }) => name),
  );
  const other = known.find(({ name }) => name === near);
  const also = other === undefined ? "" : ` The kubeconfig has cluster ${other.name} in ${other.region}.`;
  return `Check the cluster name and the region${from} first: AWS returns the same error for a cluster that does not exist.${also} If both are right: `;
}

/** The EKS clusters of the kubeconfig, as its cluster entries and the programs of its users name them. */
export function knownClusters(app: App, kubeconfig: string | undefined) {
  try {
    const { clusters, users } = readKubeconfigs(kubeconfigPaths(app, kubeconfig)).entries;
    const named = [...users.values()].map(({ body }) => foreignEksUser(body) ?? vouchStanza(body));
    return [
      ...[...clusters].map(([entry, { body }]) => {
        const [, , , region = "", , resource = ""] = (ownedCluster(body) ?? entry).split(":");
        return { name: resource.replace(/^cluster\//, ""), region };
      }),
      ...named.map((one) => ({ name: one?.clusterName ?? "", region: one?.region ?? "" })),
    ].filter(({ name, region }) => region !== "" && name !== "");
  } catch {
    return [];
  }
}

/** Two calls can be denied: the one that lists clusters, and the one that describes one. */
function deniedHint({ all, describeProfile }: HintOptions, again: Run, isSecond: boolean): string {
  const ask = `${isSecond ? "ask" : "Ask"} an IAM administrator to allow this action`;
  const withOptions = (options: Options): Run => ({ ...again, options });
  if (all) {
    const one = Object.entries(again.options).filter(([flag]) => !FLAGS_OF_SEVERAL.has(flag));
    return withCommands`${ask}, or specify the cluster: ${withOptions({ ...Object.fromEntries(one), cluster: "NAME" })}`;
  }
  if (describeProfile !== undefined) return `${ask}.`;
  const other = withOptions({ ...again.options, "describe-profile": "NAME" });
  return withCommands`${ask}, or describe the cluster with a different AWS profile: ${other}`;
}
