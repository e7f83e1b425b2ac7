import { run } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { namedKubeconfig, readChosenKubeconfigs } from "../../../token/kubeconfig/kubeconfig-files.ts";
import type { App } from "../../app.ts";
import type { BodyOf } from "../../kinds/kinds.ts";
import type { ProfileRound } from "../../setup/all-profiles.ts";
import type { FoundSetup } from "../../setup/eks-entries.ts";
import { isGone, type PrunedContext } from "../../setup/eks-plan.ts";
import { clusterContexts, type SeenCluster, seenClusters } from "../../setup/seen-clusters.ts";
import {
  commonExit,
  failureObject,
  passedObjects,
  profileLines,
  type SearchFailure,
  searchFailures,
  searchLines,
  skippedLines,
} from "../../setup/setup-report.ts";
import { printObject, table } from "../../terminal/output.ts";
import type { Desk } from "../../workplace/workplace.ts";
import { findSetups } from "./setup-eks.find.ts";
import { isIdentityGiven, type SetupEksOptions } from "./setup-eks.options.ts";

/** Table cell of a cluster without a context, or without a profile that sees it. */
const NONE = "-";

/** Lists the clusters that the profiles see; the exit status is 0, or that of what could not be searched. */
export async function runEksList(desk: Desk, given: SetupEksOptions): Promise<number> {
  const { app } = desk;
  const options = isIdentityGiven(given) ? given : { ...given, allProfiles: true };
  const contexts = clusterContexts(desk, readChosenKubeconfigs(app, options.kubeconfig));
  const found = await findSetups(desk, options, { isListing: true });
  // Profiles with the identity of another one are listed with it.
  const round = {
    done: found.done,
    failures: searchFailures(found),
    passedOver: found.passedOver.filter(({ sameAs }) => sameAs === undefined),
  };
  const clusters = seenClusters(found, contexts);
  const gone = contexts.flatMap(({ name, clusterArn }) =>
    clusterArn !== undefined && found.done.some((setup) => isGone(clusterArn, setup.found.live))
      ? [{ context: name, clusterArn }]
      : [],
  );
  const listed = { clusters, gone, round };
  if (options.output === "text") printText(app, listed, options);
  else printObject(app, options.output, "EksClusters", asObject(listed));
  return commonExit(round.failures);
}

/** What was searched, with the regions that failed. */
interface ListedRound extends Omit<ProfileRound<FoundSetup>, "failures"> {
  readonly failures: readonly SearchFailure[];
}

interface Listed {
  readonly clusters: readonly SeenCluster[];
  /** Contexts whose cluster no longer exists. */
  readonly gone: readonly PrunedContext[];
  readonly round: ListedRound;
}

function printText({ io }: App, { clusters, gone, round }: Listed, options: SetupEksOptions): void {
  const rows = clusters.map(({ name, region, accountId, profiles, contexts }) => [
    ...[name, region, accountId],
    ...[profiles, contexts.map((context) => context.name)].map((names) => names.join(", ") || NONE),
  ]);
  if (rows.length > 0) io.out(table([["CLUSTER", "REGION", "ACCOUNT", "PROFILES", "CONTEXT"], ...rows]));
  const found = round.done.map((setup) => setup.found);
  const lines = [
    ...(rows.length > 0 ? [] : ["No clusters found."]),
    ...skippedLines(found),
    ...searchLines(found, { ...options, all: true }),
    ...gone.map(
      ({ context, clusterArn }) =>
        withCommands`Context ${context}: ${clusterArn} no longer exists; to remove it: ${run("kubectl", "config delete-context", { kubeconfig: namedKubeconfig(options.kubeconfig) }, context)}`,
    ),
    ...profileLines(round),
  ];
  io.err([...new Set(lines)].map((line) => `${line}\n`).join(""));
}

function asObject({ clusters, gone, round }: Listed): BodyOf<"EksClusters"> {
  const of = <T>(part: (setup: FoundSetup) => readonly T[]) =>
    round.done.flatMap((setup) => part(setup).map((one) => ({ profile: setup.identity.profile, ...one })));
  return {
    clusters: clusters.map(({ name, region, accountId, arn, profiles, contexts }) => ({
      ...{ name, region, account: accountId, arn, profiles },
      contexts: contexts.map((context) => context.name),
    })),
    gone: [...gone],
    skipped: of(({ found }) => found.skipped),
    notSearched: of(({ found }) => found.notSearched),
    failures: round.failures.map(failureObject),
    passedOver: passedObjects(round),
  };
}
