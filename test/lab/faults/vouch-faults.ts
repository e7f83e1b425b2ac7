import fs from "node:fs";
import path from "node:path";
import { editContext } from "./kubeconfig-edit.ts";
import { CONTEXTS, type FaultPlace, type LabFault } from "./lab-fault.ts";

const CLEAR_CACHE = ["kubectl-vouch", "cache", "clear"];

/**
 * Rows V: the session with the Vouch server. Each begins with a login of its own, because none can be undone at the
 * server: they come last in a lab.
 */
export const VOUCH_FAULTS: readonly LabFault[] = [
  {
    row: "V1",
    name: "nobody is logged in",
    breakIt: async ({ logIn, run }) => {
      await logIn();
      await run(["kubectl-vouch", "logout"]);
    },
    says: /You are not logged in to https:\/\/localhost/,
    fix: { says: /kubectl vouch login --server https:\/\/localhost/, byHand: ({ logIn }) => logIn() },
  },
  {
    row: "V2",
    name: "the session has come to its end",
    breakIt: async (place) => {
      await place.logIn();
      endSession(place);
    },
    says: /session-expired|expired|ended/,
    fix: { says: /kubectl vouch login --server https:\/\/localhost/, byHand: ({ logIn }) => logIn() },
  },
  {
    row: "V3",
    name: "the server has ended the session",
    breakIt: async ({ logIn, lab, run }) => {
      await logIn();
      lab.vouch.revokeSessions();
      await run(CLEAR_CACHE);
    },
    says: /session/,
    fix: { says: /kubectl vouch login --server https:\/\/localhost/, byHand: ({ logIn }) => logIn() },
  },
  {
    row: "V4",
    name: "the server cannot be reached",
    breakIt: async ({ logIn, lab, run }) => {
      await logIn();
      await run(CLEAR_CACHE);
      lab.vouch.faults.down = true;
    },
    says: /localhost/,
    fix: {
      says: /Check the path to the server[\s\S]*curl -sSv https:\/\/localhost/,
      byHand: ({ lab }) => {
        lab.vouch.faults.down = false;
      },
    },
  },
  {
    row: "V6",
    name: "the entry switches off that certificates are checked",
    breakIt: async ({ logIn, kubeconfig }) => {
      await logIn();
      editContext(kubeconfig, CONTEXTS.ours, ({ exec }) => {
        exec.env = [{ name: "NODE_TLS_REJECT_UNAUTHORIZED", value: "0" }];
      });
    },
    says: /NODE_TLS_REJECT_UNAUTHORIZED/,
    gated: true,
  },
  {
    row: "V8",
    name: "the entry sends the client to another server than the one that setup recorded",
    breakIt: async ({ logIn, kubeconfig }) => {
      await logIn();
      editContext(kubeconfig, CONTEXTS.ours, ({ cluster }) => {
        cluster["server"] = String(cluster["server"]).replace("127.0.0.1", "localhost");
      });
    },
    says: /the client calls localhost .*; setup recorded 127\.0\.0\.1 /,
  },
  {
    row: "V8",
    name: "the entry checks the certificate for a name that is not the cluster's",
    breakIt: ({ kubeconfig }) =>
      editContext(kubeconfig, CONTEXTS.ours, ({ cluster }) => {
        cluster["tls-server-name"] = "wrong.example";
      }),
    says: /the client calls wrong\.example .*; setup recorded 127\.0\.0\.1 /,
    asking: "looks",
  },
  {
    row: "V8",
    name: "the same of an entry that others wrote, under a name of their own",
    breakIt: async ({ logIn, kubeconfig }) => {
      await logIn();
      editContext(kubeconfig, CONTEXTS.ours, ({ config, context, cluster }) => {
        const { extensions: _, ...plain } = cluster;
        const server = String(cluster["server"]).replace("127.0.0.1", "localhost");
        config.clusters.push({ name: "theirs", cluster: { ...plain, server } });
        delete context["extensions"];
        context["cluster"] = "theirs";
      });
    },
    says: /the client calls localhost .*; setup recorded 127\.0\.0\.1 /,
  },
];

/** As if it had been eight hours: in the file that says who is logged in. */
function endSession({ lab }: FaultPlace): void {
  const file = path.join(lab.home, ".local", "state", "kubectl-vouch", "current.json");
  const text = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, text.replace(/"end": \d+/, `"end": ${lab.clock() - 1000}`));
}
