import {
  awsExec,
  execBlock,
  healthyBundle,
  healthyVouchBundle,
  pluginFailed,
  VOUCH_EXEC,
} from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const vouchExec = (name: string, value: string) =>
  execBlock(`${VOUCH_EXEC}env:\n- name: ${name}\n  value: "${value}"\n`);

/** A variable in the exec block's env that turns a program. */
const turns = (name: string) => ({
  on: healthyBundle(awsExec({ AWS_PROFILE: "dev", [name]: "/tmp/x" })),
  severity: "warning" as const,
  commands: `kubectl config set-credentials lab --exec-env=${name}-`,
});

/** A variable in an entry of ours, which does not go by it. */
const ignored = (name: string, value: string) => ({
  on: healthyVouchBundle(vouchExec(name, value)),
  severity: "warning" as const,
  summary: new RegExp(`sets ${name}, but a kubeconfig cannot choose where`),
  evidence: [`exec.env sets ${name}=${value}.`],
});

/** Variables for other programs: the launcher removes one, and the session's record differs from the other. */
const DIFFERING = {
  vouch: { server: "https://us.vouch.sh", loggedIn: true, endpoints: { awsCaBundle: "/a.pem" } },
  environment: {
    NODE_EXTRA_CA_CERTS: "/etc/corp.pem",
    AWS_CA_BUNDLE: "/a.pem",
    AWS_ENDPOINT_URL: "https://sts.example.com",
  },
};

testRule("plugin/plugin-variables-turn-program", "V6", {
  certain: {
    "is the cause when kubectl-vouch refuses to run": pluginFailed(
      "NODE_TLS_REJECT_UNAUTHORIZED=0 would disable certificate verification.",
      { vouch: true },
    ),
    "is the cause when an older kubectl-vouch refuses to run": pluginFailed(
      "NODE_TLS_REJECT_UNAUTHORIZED=0 would switch off the check of certificates.",
      { vouch: true },
    ),
    "shows where the environment differs from the session's record, if the plugin fails": {
      on: {
        ...pluginFailed("Could not reach sts.eu-west-1.amazonaws.com.", { vouch: true }),
        ...DIFFERING,
      },
      severity: "warning",
      evidence: [
        "AWS_ENDPOINT_URL is https://sts.example.com; the login recorded the default (AWS's own hosts and the built-in root CAs).",
      ],
    },
    "warns of NODE_OPTIONS in the entry": turns("NODE_OPTIONS"),
    "warns of LD_PRELOAD in the entry": turns("LD_PRELOAD"),
    "warns of DYLD_INSERT_LIBRARIES in the entry": turns("DYLD_INSERT_LIBRARIES"),
    "warns of OPENSSL_CONF in the entry": turns("OPENSSL_CONF"),
    "warns of an STS endpoint in an entry of ours": ignored(
      "AWS_ENDPOINT_URL_STS",
      "http://evil.example.com",
    ),
    "warns of a CA bundle in an entry of ours": ignored("VOUCH_CA_BUNDLE", "/tmp/ca.pem"),
    "warns of a HOME in an entry of ours": ignored("HOME", "/tmp/home"),
    "warns of a bus in an entry of ours": ignored("DBUS_SESSION_BUS_ADDRESS", "unixexec:path=/bin/sh"),
  },
  passed: {
    "variables that are for others, where the call works": healthyVouchBundle(DIFFERING),
    "variables that turn nothing": healthyBundle(awsExec({ NODE_ENV: "production", OPENSSL_LOG: "1" })),
  },
});
