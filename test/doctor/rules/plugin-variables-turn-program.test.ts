import assert from "node:assert/strict";
import { pluginVariablesTurnProgram } from "../../../doctor/rules/plugin-variables-turn-program.ts";
import { healthyBundle, healthyVouchBundle } from "../support/bundle.ts";
import { awsExec, findingsOf, pluginFailed, sureness, verdicts } from "../support/credential-case.ts";

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
      sureness(
        pluginVariablesTurnProgram,
        healthyBundle(awsExec({ NODE_ENV: "production", OPENSSL_LOG: "1" })),
      ),
      [],
    );
  });
});
