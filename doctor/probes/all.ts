import type { Probe } from "../probe.ts";
import { apiServerProbe } from "./api-server.ts";
import {
  accessEntriesProbe,
  accessEntryDetailsProbe,
  associatedPoliciesProbe,
  clusterProbe,
  clustersProbe,
  identityProvidersProbe,
  openIdConnectProvidersProbe,
  roleProbe,
} from "./aws.ts";
import { callerIdentityProbe, tokenNamesProbe } from "./caller.ts";
import { clocksProbe } from "./clocks.ts";
import {
  awsConfigProbe,
  awsCredentialsProbe,
  droppedEnvironmentProbe,
  environmentProbe,
  kubeconfigProbe,
} from "./files.ts";
import {
  accessReviewsProbe,
  awsAuthProbe,
  namespacesProbe,
  rbacProbe,
  selfSubjectReviewProbe,
} from "./kube.ts";
import { networkProbe } from "./network.ts";
import { pluginRunProbe, tokenProbe } from "./plugin-run.ts";
import { clientProbe, execCommandProbe } from "./programs.ts";
import { emptyVault } from "./vault.ts";
import { securityKeysProbe, vouchProbe } from "./vouch.ts";

/** What concerns the machine and no cluster. */
export const MACHINE_PROBES: readonly Probe[] = [
  kubeconfigProbe,
  environmentProbe,
  droppedEnvironmentProbe,
  awsConfigProbe,
  awsCredentialsProbe,
  vouchProbe,
  securityKeysProbe,
  clocksProbe,
];

/** One for each part of the bundle. They share a token, so each gathering has its own. */
export function allProbes(): readonly Probe[] {
  const vault = emptyVault();
  return [
    ...MACHINE_PROBES,
    clientProbe,
    execCommandProbe,
    pluginRunProbe(vault),
    tokenProbe(vault),
    callerIdentityProbe(vault),
    tokenNamesProbe(vault),
    networkProbe,
    apiServerProbe(vault),
    clusterProbe(vault),
    clustersProbe(vault),
    accessEntriesProbe(vault),
    accessEntryDetailsProbe(vault),
    associatedPoliciesProbe(vault),
    identityProvidersProbe(vault),
    roleProbe(vault),
    openIdConnectProvidersProbe(vault),
    awsAuthProbe(vault),
    selfSubjectReviewProbe(vault),
    accessReviewsProbe(vault),
    namespacesProbe(vault),
    rbacProbe(vault),
  ];
}
