import fs from "node:fs";
import path from "node:path";
import type { AwsCredentials } from "../../../../token/aws/aws-credentials.ts";
import { openPlan } from "../../../../token/aws/sources/open-source.ts";
import type { OpenPlan, PlanAccess } from "../../../../token/aws/sources/opened-source.ts";
import { readSharedFiles } from "../../../../token/aws/sources/shared-files.ts";
import { planOf } from "../../../../token/aws/sources/source-plan.ts";
import type { Env } from "../../../../token/env.ts";
import { findCredential } from "../../../lab/aws/caller.ts";
import { type AwsStandIn, startAwsStandIn } from "../../../lab/aws/stand-in.ts";
import { labWorld } from "../../../lab/aws/world.ts";
import { type LabClock, labClock } from "../../../lab/clock.ts";
import type { LabWorld } from "../../../lab/model.ts";
import { makeLabCa } from "../../../lab/tls.ts";
import { type KeptCredentials, keptBelow } from "./kept-credentials.ts";
import { planAccess } from "./source-access.ts";

export const ROLE = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

/** The stand-in for AWS, with the home of somebody who has AWS profiles before it. */
export interface SourceLab {
  readonly standIn: AwsStandIn;
  readonly world: LabWorld;
  readonly clock: LabClock;
  readonly home: string;
  readonly kept: KeptCredentials;
  access(more?: Partial<PlanAccess>): PlanAccess;
  open(asked: Asked, more?: Partial<PlanAccess>): Promise<OpenPlan>;
  /** Whom STS takes somebody with these credentials for. */
  callerOf(credentials: AwsCredentials): string;
  close(): Promise<void>;
}

/** Files, variables and a flag. */
interface Asked {
  readonly config?: string;
  readonly credentials?: string;
  readonly env?: Env;
  readonly profile?: string;
}

const sharedCa = makeLabCa();

export async function startSourceLab(home: string): Promise<SourceLab> {
  const ca = await sharedCa;
  const clock = labClock();
  const world = labWorld({ url: "https://localhost:1", ca: ca.cert });
  const standIn = await startAwsStandIn({ ca, clock, world });
  const caFile = path.join(home, "ca.pem");
  fs.writeFileSync(caFile, ca.cert);
  const kept = keptBelow(path.join(home, "kept"), clock);
  const access = (more: Partial<PlanAccess> = {}): PlanAccess =>
    planAccess({
      homeDir: home,
      clock,
      endpoints: {
        awsCaBundle: caFile,
        stsEndpoint: standIn.url,
        ssoEndpoint: standIn.url,
        ssoOidcEndpoint: standIn.url,
        signinEndpoint: standIn.url,
      },
      kept: kept.kept,
      ...more,
    });
  return {
    standIn,
    world,
    clock,
    home,
    kept,
    access,
    async open({ config, credentials, env = {}, profile }, more = {}) {
      const files = readSharedFiles(
        { path: path.join(home, "config"), text: config },
        { path: path.join(home, "credentials"), text: credentials },
      );
      const plan = planOf({ profile, region: "us-east-1" }, files, env);
      return openPlan({ plan, witnesses: [] }, access({ env, ...more }));
    },
    callerOf({ accessKeyId, sessionToken }) {
      const found = findCredential(world, accessKeyId, sessionToken, new Date(clock()));
      return typeof found === "string" ? found : found.caller.arn;
    },
    close: () => standIn.close(),
  };
}
