import { readCalledContext } from "../called-context.ts";
import type { Asking, Probes } from "../probe.ts";

export const VOUCH_PROBES = {
  /** Who is logged in to Vouch, for a context of ours; without a context, at the server in the settings. */
  vouch: {
    needs: ["kubeconfig"],
    doing: "contacting the Vouch server",
    ask: async (asking) => {
      const { call, isVouch } = called(asking);
      return isVouch ? asking.host.vouch.status(call?.exec?.server, call?.account) : undefined;
    },
  },
  /** Which security keys are plugged in. They are listed, and never used. */
  securityKeys: {
    needs: ["kubeconfig"],
    worksOffline: true,
    doing: "looking for security keys",
    ask: async (asking) => (called(asking).isVouch ? asking.host.vouch.keys() : undefined),
  },
} satisfies Probes;

function called({ evidence, host }: Pick<Asking, "evidence" | "host">) {
  const call = readCalledContext(evidence, host);
  return { call, isVouch: call === undefined || call.isVouch };
}
