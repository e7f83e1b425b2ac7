import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import {
  setExecArgs,
  setExecEnv,
  updateKubeconfig,
  useProfile,
} from "../../../doctor/fixes/kubeconfig-commands.ts";
import { awsExec, healthyBundle, healthyProfileBundle } from "../support/bundle.ts";
import { printed } from "../support/printed.ts";

const FACTS = deriveFacts(healthyBundle());

describe("commands that change a kubeconfig entry", () => {
  it("set and remove variables under the user's own name", () => {
    assert.deepEqual(printed(setExecEnv(FACTS, { AWS_PROFILE: "ops", NODE_OPTIONS: undefined })), [
      "kubectl config set-credentials lab --exec-env=AWS_PROFILE=ops --exec-env=NODE_OPTIONS-",
    ]);
  });

  it("write arguments so that kubectl does not cut them at a comma, nor lose them", () => {
    assert.deepEqual(printed(setExecArgs(FACTS, ["token", "a,b", 'c"d', ""])), [
      `kubectl config set-credentials lab --exec-arg=token --exec-arg '"a,b"' --exec-arg '"c""d"' --exec-arg '""'`,
    ]);
  });

  it("replace --profile where the entry has it, and set AWS_PROFILE where it has not", () => {
    const flag = deriveFacts(healthyBundle(awsExec({}, ["--profile=dev"])));
    assert.match(printed(useProfile(flag, "ops")).join(), / --exec-arg=--profile --exec-arg=ops$/);
    assert.match(printed(useProfile(FACTS, "ops")).join(), / --exec-env=AWS_PROFILE=ops$/);
  });

  it("set a context of ours up for another profile", () => {
    const own = deriveFacts(healthyProfileBundle());
    assert.deepEqual(printed(useProfile(own, "ops")), [
      "kubectl vouch setup eks --cluster lab --region eu-west-1 --profile ops",
    ]);
  });

  it("write placeholders for what is not known", () => {
    const nothing = {
      evidence: { apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence" },
      context: undefined,
      exec: undefined,
    } as const;
    assert.deepEqual(
      [printed(updateKubeconfig(nothing)), printed(useProfile(nothing, undefined))],
      [
        ["aws eks update-kubeconfig --name CLUSTER --region REGION"],
        ["kubectl config set-credentials USER --exec-env=AWS_PROFILE=PROFILE"],
      ],
    );
  });
});
