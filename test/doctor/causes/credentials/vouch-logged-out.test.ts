import { awsConfig, pluginFailed, without } from "../../support/bundle.ts";
import { KUBECONFIG_FAULTS } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const NOBODY = "You are not logged in to https://us.vouch.sh.";
const OUT = { vouch: { server: "https://us.vouch.sh", loggedIn: false } };

testRule("credentials/vouch-logged-out", "V1", {
  certain: {
    "this machine has no session": {
      on: pluginFailed(NOBODY, { vouch: true, changes: OUT }),
      commands: "kubectl vouch login --server https://us.vouch.sh",
    },
    "finds it behind a profile with our helper, and explains the helper's failure": {
      on: pluginFailed(`Error when retrieving credentials from custom-process: ${NOBODY}`, {
        changes: {
          ...OUT,
          ...awsConfig(
            "[profile dev]\ncredential_process = kubectl-vouch credential aws --role arn:aws:iam::111122223333:role/Dev\n",
          ),
        },
      }),
      explains: ["L13"],
    },
  },
  likely: {
    "believes an older release's words": without(
      pluginFailed("Nobody is logged in to https://us.vouch.sh.", { vouch: true }),
      "vouch",
    ),
    "believes the plugin's words, less sure where the session is not known": without(
      pluginFailed(NOBODY, { vouch: true }),
      "vouch",
    ),
    "no context says whose session it needs, and a session has been here": {
      on: { ...KUBECONFIG_FAULTS.K14, vouch: { ...OUT.vouch, identity: "ada@example.com" } },
      severity: "warning",
    },
    "believes our words where not even the kubeconfig is known": {
      on: without(pluginFailed(NOBODY, { vouch: true }), "vouch", "kubeconfig"),
      commands: "kubectl vouch login --server https://us.vouch.sh",
    },
  },
  possible: {
    "a token is given all the same": pluginFailed("", {
      vouch: true,
      changes: { ...OUT, pluginRun: { exitCode: 0, stderr: "" } },
    }),
  },
  passed: {
    "the user of the context is missing, and there are AWS profiles alone": {
      ...KUBECONFIG_FAULTS.K15,
      ...OUT,
    },
    "somebody is logged in": pluginFailed("It broke.", { vouch: true }),
    "leaves a session that has ended to its own rule (V2)": pluginFailed(
      "The session of ada@example.com at https://us.vouch.sh ended at 11:00.",
      { vouch: true, changes: { vouch: { ...OUT.vouch, sessionEnd: "2026-01-15T11:00:00Z" } } },
    ),
  },
  notApplicable: {
    "a context that has nothing to do with Vouch": pluginFailed("Unable to locate credentials", {
      changes: OUT,
    }),
  },
  unknown: {
    "there is no context at all, and nobody has ever logged in": {
      on: { ...KUBECONFIG_FAULTS.K14, ...OUT, ...awsConfig("") },
      missing: ["callerIdentity", "pluginRun"],
    },
    "does not take a session that may have ended for none": {
      on: without(
        pluginFailed("It broke.", {
          vouch: true,
          changes: { vouch: { ...OUT.vouch, sessionEnd: "2026-01-15T11:00:00Z" } },
        }),
        "gatheredAt",
      ),
      missing: "gatheredAt",
    },
  },
});
