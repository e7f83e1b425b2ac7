import { isDeepStrictEqual } from "node:util";
import type { KubeFaults } from "../kube/faults.ts";
import type { Cluster } from "../model.ts";
import type { Mirror } from "./mirror.ts";
import type { ControlPlanePrograms } from "./start-programs.ts";

interface CatchingUpOptions {
  readonly cluster: Cluster;
  readonly faults: KubeFaults;
  readonly programs: ControlPlanePrograms;
  readonly mirror: Mirror;
}

/** Brings over to the programs what the model and the faults say by now; `restore`, also what was done to the objects there. */
export function catchingUp({ cluster, faults, programs, mirror }: CatchingUpOptions): {
  readonly catchUp: () => Promise<void>;
  readonly restore: () => void;
} {
  const { authenticator, policies, forAuthenticator } = programs;
  let began: unknown;
  let mustRestore = false;

  const catchUp = async () => {
    if (faults.unauthorizedAlways || faults.throttled > 0)
      throw new Error("only the stand-in can refuse every token, or say that there are too many requests");
    const wasAsked = mustRestore;
    mustRestore = false;
    if (wasAsked) await mirror.restore();
    else if (mirror.isBehind()) await mirror.push();
    await policies.setDown(faults.policiesDown);

    const { authenticationMode, accessEntries, awsAuth } = cluster;
    const state = structuredClone([authenticationMode, accessEntries, awsAuth, faults.authenticatorDown]);
    if (isDeepStrictEqual(state, began)) return;
    if (faults.authenticatorDown) await authenticator.stop();
    else await authenticator.begin(forAuthenticator);
    began = state;
  };
  return {
    catchUp: inTurn(catchUp),
    restore() {
      mustRestore = true;
    },
  };
}

/** The same work, never twice at a time: a call during a run gets a run of its own after it. */
function inTurn(work: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    const mine = last.then(work, work);
    last = mine;
    return mine;
  };
}
