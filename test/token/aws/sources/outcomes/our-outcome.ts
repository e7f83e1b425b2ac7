import assert from "node:assert/strict";
import { credentialProcessRunner } from "../../../../../plugin/programs/program-runner.ts";
import { openPlan } from "../../../../../token/aws/sources/open-source.ts";
import { stepOf } from "../../../../../token/aws/sources/plan-kinds.ts";
import { approveProcess } from "../../../../../token/aws/sources/process-approval.ts";
import { readAwsFiles, witnessedPlan } from "../../../../../token/aws/sources/read-plan.ts";
import { VouchError } from "../../../../../token/errors/errors.ts";
import { awsMachine } from "../../../../support/aws-machine.ts";
import { WISH } from "../source-access.ts";
import type { OutcomeCase } from "./outcome-case.ts";
import type { Scene } from "./scene.ts";

/** What comes of a case by our own code, for a cluster in us-east-1, with a process that somebody approved. */
export async function ourOutcome(scene: Scene, each: OutcomeCase): Promise<string | VouchError> {
  const { lab, metadata } = scene;
  const { profile, mfaCode } = each;
  const env = { PATH: process.env["PATH"], ...each.env };
  scene.prepare(each);
  try {
    const files = readAwsFiles(awsMachine(lab.home, env, lab.clock));
    const { plan, witnesses } = witnessedPlan({ profile, region: "us-east-1" }, files, env);
    const line = stepOf(plan, "process");
    const machine = { env, isWindows: false, lookPath: () => assert.fail("a program without folders") };
    const access = lab.access({
      env,
      metadataEndpoint: metadata.url,
      mfaCode: mfaCode === undefined ? undefined : async () => mfaCode,
      approvedProcess: line === undefined ? undefined : approveProcess(line, machine),
      runProcess: credentialProcessRunner(new AbortController().signal),
    });
    const credentials = await (await openPlan({ plan, witnesses }, access)).credentials(WISH);
    return scene.whoHas(credentials.accessKeyId, credentials.sessionToken);
  } catch (error) {
    if (error instanceof VouchError) return error;
    throw error;
  }
}
