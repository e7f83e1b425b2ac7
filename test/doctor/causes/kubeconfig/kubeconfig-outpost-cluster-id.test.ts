import assert from "node:assert/strict";
import { knownValue } from "../../../../doctor/evidence/evidence.ts";
import { without } from "../../support/bundle.ts";
import { KUBECONFIG_FAULTS, vouchExec } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const K12 = KUBECONFIG_FAULTS.K12;
const ID = "0b1d0b1d-0b1d-0b1d-0b1d-0b1d0b1d0b1d";
const DESCRIBED = knownValue(K12.cluster)?.cluster ?? assert.fail();

testRule("kubeconfig/kubeconfig-outpost-cluster-id", "K12", {
  certain: {
    "a local cluster that is asked for by its name": {
      on: K12,
      commands: [
        "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
        `kubectl config set-credentials lab --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--output --exec-arg=json --exec-arg=--cluster-id --exec-arg=${ID}`,
      ],
    },
    "an entry of ours without the ID": {
      on: { ...K12, ...vouchExec((text) => text) },
      commands: [
        "kubectl vouch setup eks --cluster lab --region eu-west-1 --role arn:aws:iam::111122223333:role/Dev --server https://us.vouch.sh --context-name lab",
        `kubectl config set-credentials lab --exec-arg=credential --exec-arg=eks --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=--role --exec-arg=arn:aws:iam::111122223333:role/Dev --exec-arg=--server --exec-arg=https://us.vouch.sh --exec-arg=--cluster-id --exec-arg=${ID}`,
      ],
    },
  },
  passed: {
    "an entry of ours has the ID": {
      ...K12,
      ...vouchExec((text) => text.replace("lab,", `lab, --cluster-id, ${ID},`)),
    },
  },
  notApplicable: {
    "it is an extended cluster": {
      ...K12,
      cluster: {
        cluster: {
          ...DESCRIBED,
          outpostConfig: { ...DESCRIBED.outpostConfig, etcdInstanceType: "m5.large" },
        },
      },
    },
  },
  unknown: {
    "nobody described the cluster": { on: without(K12, "cluster"), missing: "cluster" },
  },
});
