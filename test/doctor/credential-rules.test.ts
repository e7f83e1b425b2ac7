import assert from "node:assert/strict";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { healthyBundle, healthyVouchBundle, without } from "./support/bundle.ts";
import { awsConfig, findingsOf, keysRefused, pluginFailed, unauthorized } from "./support/credential-case.ts";
import { rulesOf } from "./support/rules-of.ts";

const HEALTHY = { "an aws context": healthyBundle(), "a Vouch context": healthyVouchBundle() };

describe("every rule on credentials, STS and trust", () => {
  for (const rule of rulesOf(/^[LSV]/)) {
    for (const [name, bundle] of Object.entries(HEALTHY)) {
      it(`${rule.code} is silent on ${name} with nothing wrong`, () => {
        assert.deepEqual(findingsOf(rule, bundle) ?? [], []);
      });

      it(`${rule.code} blames nobody when a piece of ${name} is missing`, () => {
        for (const part of Object.keys(bundle) as (keyof DoctorEvidence)[]) {
          const findings = findingsOf(rule, without(bundle, part)) ?? [];
          assert.deepEqual(findings, [], part);
        }
      });
    }

    it(`${rule.code} is never sure of a 401 alone`, () => {
      for (const part of Object.keys(healthyBundle()) as (keyof DoctorEvidence)[]) {
        const findings = findingsOf(rule, without(unauthorized(), part)) ?? [];
        assert.deepEqual(findings, [], part);
      }
    });
  }

  // doctor/EKS-ACCESS.md, "Not faults".
  const innocent: Readonly<Record<string, Partial<DoctorEvidence>>> = {
    "a token signed in another region of the partition": {
      token: {
        bytes: 1574,
        host: "sts.us-east-2.amazonaws.com",
        region: "us-east-2",
        partition: "aws",
        accessKeyId: "ASIAEXAMPLEEXAMPLE12",
        temporary: true,
        problems: [],
      },
    },
    "a deprecation line on the plugin's stderr": {
      pluginRun: {
        exitCode: 0,
        stderr:
          "Kubeconfig user entry is using deprecated API version client.authentication.k8s.io/v1alpha1.\n",
      },
    },
    "no permission for any eks: action": {
      cluster: { failed: "AccessDeniedException: not authorized to perform: eks:DescribeCluster" },
      accessEntries: { failed: "AccessDeniedException: not authorized to perform: eks:ListAccessEntries" },
      role: { failed: "AccessDenied: not authorized to perform: iam:GetRole" },
    },
  };
  for (const [name, changes] of Object.entries(innocent)) {
    it(`blames nobody for ${name}`, () => {
      for (const bundle of [healthyBundle(changes), unauthorized(changes)]) {
        assert.deepEqual(
          rulesOf(/^[LSV]/).flatMap((rule) => findingsOf(rule, bundle) ?? []),
          [],
        );
      }
    });
  }

  it("is silent on somebody else's access, whatever the caller's own credentials are", () => {
    const bundle = unauthorized({
      question: { principal: "arn:aws:iam::111122223333:role/Other", stderr: "error: You must be logged in" },
      callerIdentity: {
        failed: "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation",
      },
    });
    const found = rulesOf(/^[LSV]/).flatMap((rule) => findingsOf(rule, bundle) ?? []);
    assert.deepEqual(found, []);
  });
});

const INVALID_KEY =
  "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.";
const NOBODY = "Nobody is logged in to https://us.vouch.sh.";

/** Faults that several rules see, and the causes that are left. */
const FAULTS: Readonly<
  Record<string, { readonly bundle: DoctorEvidence; readonly causes: readonly string[] }>
> = {
  "a profile whose helper is Vouch, with nobody logged in": {
    bundle: pluginFailed(`Error when retrieving credentials from custom-process: ${NOBODY}`, {
      changes: awsConfig(
        "[profile dev]\ncredential_process = kubectl-vouch credential aws --role arn:aws:iam::111122223333:role/Dev\n",
      ),
    }),
    causes: ["V1"],
  },
  "temporary keys of the wrong kind in an opt-in region": {
    bundle: keysRefused(INVALID_KEY, {
      token: {
        bytes: 1500,
        host: "sts.me-south-1.amazonaws.com",
        region: "me-south-1",
        accessKeyId: "ASIAEXAMPLEEXAMPLE12",
        temporary: true,
        problems: [],
      },
    }),
    causes: ["S7"],
  },
  "keys in the environment that AWS does not know": {
    bundle: keysRefused(INVALID_KEY, {
      environment: { AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE12", AWS_SECRET_ACCESS_KEY: "***" },
    }),
    causes: ["L6"],
  },
  "a clock that is far behind, which AWS says too": {
    bundle: keysRefused(
      "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: Signature expired: 20260115T110000Z is now earlier than 20260115T114500Z",
      { clocks: [{ peer: "sts.eu-west-1.amazonaws.com", aheadSeconds: -3600 }] },
    ),
    causes: ["S8"],
  },
  "a session that ended, and a server that is asked in vain": {
    bundle: pluginFailed("The session of ada@example.com at https://us.vouch.sh ended at 11:00.", {
      vouch: true,
      changes: {
        vouch: {
          server: "https://us.vouch.sh",
          loggedIn: false,
          sessionEnd: "2026-01-15T11:00:00Z",
          serverConfirms: false,
        },
      },
    }),
    causes: ["V2"],
  },
};

describe("the rules on credentials together", () => {
  for (const [fault, { bundle, causes }] of Object.entries(FAULTS)) {
    it(`name ${causes.join(", ")} for ${fault}`, () => {
      const { rootCauses } = diagnose(rulesOf(/^[LSV]/), deriveFacts(bundle));
      assert.deepEqual(
        rootCauses.map(({ cause }) => cause),
        causes,
      );
    });
  }
});
