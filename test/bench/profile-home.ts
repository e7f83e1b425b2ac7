import path from "node:path";
import type { Lab } from "../lab/lab.ts";
import { execInfoFor, ITS_INFO, RECORD } from "../support/cluster-infos.ts";
import { SHIPPED_VERSION } from "../support/shipped-files.ts";
import { DEV, keepSourceToken, words } from "../support/source-cases.ts";
import { sourceHome } from "../support/source-files.ts";
import type { Contestant } from "./measure.ts";

/** A warm call by an AWS profile, of somebody who knows no Vouch server, below the folder of the lab. */
const ANY_PROFILE = "credential eks --profile, warm";

/** Keeps a token that was made from six files, and gives the call of `program` that it answers, as kubectl makes it. */
export function profileContestant(lab: Lab, program: readonly string[]): Contestant {
  const home = sourceHome(path.join(lab.home, "any-profile"));
  const variables = { HOME: home.folder };
  const world = { noon: Date.now(), parentId: 0, version: SHIPPED_VERSION };
  keepSourceToken(home, { question: DEV, variables, token: { cluster: RECORD } }, world);
  const env = { ...lab.env, ...variables, KUBERNETES_EXEC_INFO: execInfoFor(ITS_INFO) };
  return { name: ANY_PROFILE, command: [...program, ...words(DEV)], env };
}
