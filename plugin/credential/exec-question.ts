import { parseRoleArn, requireSamePartition } from "../../token/aws/arn.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { Question } from "../../token/hot/question.ts";
import { type ChosenIdentity, chooseIdentity, type IdentityFlags } from "../aws/source-choice.ts";
import { requireClusterName } from "../cluster/cluster-name.ts";
import { credentialServer, type Desk } from "../vouch/workplace.ts";

/** The question in kubectl's command line; what it lacks comes from the profile and the settings. */
export interface CredentialFlags extends IdentityFlags {
  readonly clusterName: string;
  /** `spec.cluster` of KUBERNETES_EXEC_INFO, not checked. */
  readonly calledCluster?: unknown;
}

/** Throws `usage`, `region-missing`, `cluster-name-invalid`, and what is wrong with roles and profiles. */
export function readExecQuestion(options: CredentialFlags, desk: Desk): Question {
  const cluster = options.clusterName;
  requireClusterName(cluster);
  const question = questionOf(desk, cluster, chooseIdentity(options, desk));
  const roles = question.role === undefined ? [] : [...question.via, question.role];
  for (const arn of roles) requireSamePartition(parseRoleArn(arn), question.region);
  return question;
}

function questionOf(desk: Desk, cluster: string, chosen: ChosenIdentity): Question {
  if (chosen.kind === "vouch") {
    const { role, via, account, ...choice } = chosen.choice;
    const server = credentialServer(desk, choice.server).base;
    return { cluster, region: requireRegion(choice.region?.value, cluster), role, via, server, account };
  }
  const { profile, role, via } = chosen.source;
  return { cluster, region: requireRegion(chosen.region?.value, cluster), profile, role, via };
}

function requireRegion(region: string | undefined, cluster: string): string {
  if (region !== undefined) return region;
  throw new VouchError("region-missing", `The region of cluster ${cluster} is not known.`);
}
