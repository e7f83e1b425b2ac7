import { parseRoleArn, requireSamePartition } from "../../token/aws/arn.ts";
import { VouchError } from "../../token/errors/errors.ts";
import type { Question, SourceTokenQuestion, TokenQuestion } from "../../token/hot/question.ts";
import type { App } from "../app.ts";
import { requireClusterName } from "../cluster/cluster-name.ts";
import { isVouchProfile, type RoleOptions, resolveRegion, resolveRole } from "../vouch/role-choice.ts";
import { credentialServer, readWorkplace } from "../vouch/workplace.ts";

/** What kubectl's command line asks for; what is missing comes from the profile and the settings. */
export interface ExecQuestion extends RoleOptions {
  readonly clusterName: string;
  /** The credentials of the caller's environment, whatever they are. */
  readonly ambient: boolean;
  /** `spec.cluster` of KUBERNETES_EXEC_INFO, not checked. */
  readonly calledCluster?: unknown;
}

/** Throws `usage`, `region-missing`, `cluster-name-invalid`, and what is wrong with roles and profiles. */
export function readExecQuestion(options: ExecQuestion, app: App): Question {
  requireClusterName(options.clusterName);
  const asked = readSourceQuestion(options, app) ?? readVouchQuestion(options, app);
  for (const arn of [...asked.via, ...(asked.role === null ? [] : [asked.role])])
    requireSamePartition(parseRoleArn(arn), asked.region);
  return asked;
}

/**
 * By the environment, or by the profile that is named; undefined where Vouch is meant: without a profile, with a server or
 * account beside it, or by a profile that itself gets its credentials from Vouch.
 */
function readSourceQuestion(options: ExecQuestion, app: App): SourceTokenQuestion | undefined {
  const { clusterName: cluster, ambient, profile, role = null, via = [] } = options;
  const isOfServer = options.server !== undefined || options.account !== undefined;
  if (ambient && (profile !== undefined || isOfServer))
    throw new VouchError("usage", "--ambient goes with no --profile, --server or --account.");
  if (!ambient && (profile === undefined || isOfServer || isVouchProfile(profile, app))) return undefined;
  if (role === null && via.length > 0)
    throw new VouchError("usage", "--via names roles on the way to another: name that with --role.");
  const region = requireRegion(resolveRegion(options, app)?.value, cluster);
  return { cluster, region, profile: profile ?? null, role, via };
}

function readVouchQuestion(options: ExecQuestion, app: App): TokenQuestion {
  const { role, via, region, account, ...choice } = resolveRole(options, app);
  const server = credentialServer(app, readWorkplace(app), choice.server).base;
  const cluster = options.clusterName;
  return { cluster, region: requireRegion(region?.value, cluster), role, via, server, account };
}

function requireRegion(region: string | undefined, cluster: string): string {
  if (region !== undefined) return region;
  throw new VouchError("region-missing", `The region of cluster ${cluster} is not known.`);
}
