import type { PlanAccess } from "../../token/aws/sources/opened-source.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { runApprovedProgram } from "../doctor/program-runner.ts";

/** How long a `credential_process` may take, in milliseconds: it can query a server, but not the user. */
const LIMIT_MS = 60_000;

/** Runs the `credential_process` of an AWS profile, which the user approved, to its end. */
export function credentialProcessRunner(signal: AbortSignal, limitMs = LIMIT_MS): PlanAccess["runProcess"] {
  return async (command, env) => {
    const late = AbortSignal.timeout(limitMs);
    try {
      const ended = await runApprovedProgram(command, { env, signal: AbortSignal.any([signal, late]) });
      const { exitCode, stdout, stderr } = ended;
      return { status: exitCode < 0 ? undefined : exitCode, stdout, stderr };
    } catch (error) {
      if (signal.aborted) throw new VouchError("interrupted", "Interrupted while a credential_process ran.");
      if (late.aborted) return { status: undefined, stdout: "", stderr: "", lateMs: limitMs };
      throw error;
    }
  };
}
