import { readCalledContext } from "../called-context.ts";
import { defineProbe } from "../probe.ts";

/** Who is logged in to Vouch, for a context of ours; without a context, at the server in the settings. */
export const vouchProbe = defineProbe({
  gathers: "vouch",
  needs: ["kubeconfig"],
  doing: "contacting the Vouch server",
  ask: async ({ evidence, host }) => {
    const call = readCalledContext(evidence, host);
    if (call !== undefined && !call.isVouch) return undefined;
    return host.vouch.status(call?.exec?.server, call?.account);
  },
});

/** Which security keys are plugged in. They are listed, and never used. */
export const securityKeysProbe = defineProbe({
  gathers: "securityKeys",
  needs: ["kubeconfig"],
  worksOffline: true,
  doing: "looking for security keys",
  ask: async ({ evidence, host }) => {
    const call = readCalledContext(evidence, host);
    if (call !== undefined && !call.isVouch) return undefined;
    return host.vouch.keys();
  },
});
