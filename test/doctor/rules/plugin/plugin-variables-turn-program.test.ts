import assert from "node:assert/strict";
import { pluginVariablesTurnProgram } from "../../../../doctor/rules/plugin/plugin-variables-turn-program.ts";
import { healthyBundle, healthyVouchBundle, VOUCH_EXEC } from "../../support/bundle.ts";
import {
  awsExec,
  confidences,
  execBlock,
  findingsOf,
  pluginFailed,
  verdicts,
} from "../../support/credential-case.ts";

const vouchExec = (name: string, value: string) =>
  execBlock(`${VOUCH_EXEC}env:\n- name: ${name}\n  value: "${value}"\n`);

describe("plugin-variables-turn-program", () => {
  for (const name of ["NODE_OPTIONS", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "OPENSSL_CONF"]) {
    it(`warns of ${name} in the entry`, () => {
      assert.deepEqual(
        verdicts(
          pluginVariablesTurnProgram,
          healthyBundle(awsExec({ AWS_PROFILE: "dev", [name]: "/tmp/x" })),
        ),
        [
          {
            cause: "V6",
            stage: "plugin",
            severity: "warning",
            confidence: "certain",
            commands: [`kubectl config set-credentials lab --exec-env=${name}-`],
          },
        ],
      );
    });
  }

  it("warns of what the launcher dropped, and offers our own variable for a company's CA", () => {
    const droppedEnvironment = { NODE_EXTRA_CA_CERTS: "/etc/corp.pem" };
    assert.deepEqual(
      verdicts(pluginVariablesTurnProgram, healthyVouchBundle({ droppedEnvironment }))?.[0]?.commands,
      ["unset NODE_EXTRA_CA_CERTS", "export VOUCH_CA_BUNDLE=PEM_FILE"],
    );
  });

  it("is the cause when kubectl-vouch refuses to run", () => {
    const words = "NODE_TLS_REJECT_UNAUTHORIZED=0 would switch off the check of certificates.";
    const bundle = pluginFailed(words, { vouch: true });
    assert.deepEqual(
      findingsOf(pluginVariablesTurnProgram, bundle)?.map(({ severity, confidence }) => [
        severity,
        confidence,
      ]),
      [["error", "certain"]],
    );
  });

  it("is silent on variables that turn nothing", () => {
    assert.deepEqual(
      confidences(
        pluginVariablesTurnProgram,
        healthyBundle(awsExec({ NODE_ENV: "production", OPENSSL_LOG: "1" })),
      ),
      [],
    );
  });

  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL_STS: "http://evil.example.com",
    VOUCH_CA_BUNDLE: "/tmp/ca.pem",
    HOME: "/tmp/home",
    DBUS_SESSION_BUS_ADDRESS: "unixexec:path=/bin/sh",
  })) {
    it(`warns of ${name} in an entry of ours, which does not go by it`, () => {
      const [finding] =
        findingsOf(pluginVariablesTurnProgram, healthyVouchBundle(vouchExec(name, value))) ?? [];
      assert.match(finding?.summary ?? "", new RegExp(`sets ${name}; a kubeconfig does not choose where`));
      assert.deepEqual(finding?.evidence, [`exec.env has ${name}=${value}.`]);
    });
  }

  it("shows where the environment differs from the session's record", () => {
    const bundle = healthyVouchBundle({
      vouch: { server: "https://us.vouch.sh", loggedIn: true, endpoints: { awsCaBundle: "/a.pem" } },
      environment: { AWS_CA_BUNDLE: "/a.pem", AWS_ENDPOINT_URL: "https://sts.example.com" },
    });
    assert.deepEqual(
      findingsOf(pluginVariablesTurnProgram, bundle)?.map(({ evidence }) => evidence),
      [
        [
          "AWS_ENDPOINT_URL is https://sts.example.com; on record is the default: AWS's own hosts, and the built-in roots.",
        ],
      ],
    );
  });
});
