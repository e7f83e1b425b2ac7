import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import {
  setExecArgs,
  setExecEnv,
  updateKubeconfig,
  useProfile,
} from "../../../doctor/fixes/kubeconfig-commands.ts";
import {
  awsExec,
  execBlock,
  healthyBundle,
  healthyProfileBundle,
  PROFILE_EXEC,
  ROLE_ARN,
} from "../support/bundle.ts";
import { printed } from "../support/printed.ts";

const FACTS = deriveFacts(healthyBundle());

const useOf = (...of: Parameters<typeof useProfile>) => useProfile(...of).flatMap(printed);

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
    assert.match(useOf(flag, "ops").join(), / --exec-arg=--profile --exec-arg=ops$/);
    assert.match(useOf(FACTS, "ops").join(), / --exec-env=AWS_PROFILE=ops$/);
  });

  it("name another profile in a context of ours, which setup then takes for its own", () => {
    const HUB = ROLE_ARN.replace("Dev", "Hub");
    const roles = `--role, "${ROLE_ARN}", --via, "${HUB}"`;
    const named = (source: string) => {
      const own = healthyProfileBundle(execBlock(PROFILE_EXEC.replace("--profile, dev", source)));
      return useOf(deriveFacts(own), "ops");
    };
    const args = ["credential", "eks", "--cluster-name", "lab", "--region", "eu-west-1"];
    const words = (...more: string[]) => [...args, ...more].map((word) => `--exec-arg=${word}`).join(" ");
    assert.deepEqual(named(`--profile, dev, ${roles}`), [
      `kubectl config set-credentials lab ${words("--profile", "ops", "--role", ROLE_ARN, "--via", HUB)}`,
      `kubectl vouch setup eks --cluster lab --region eu-west-1 --role ${ROLE_ARN} --via ${HUB} --profile ops`,
    ]);
    assert.deepEqual(named("--ambient"), [
      `kubectl config set-credentials lab ${words("--profile", "ops")}`,
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
      [printed(updateKubeconfig(nothing)), useOf(nothing, undefined)],
      [
        ["aws eks update-kubeconfig --name CLUSTER --region REGION"],
        ["kubectl config set-credentials USER --exec-env=AWS_PROFILE=PROFILE"],
      ],
    );
  });
});
