import assert from "node:assert/strict";
import { commandWords } from "../../../../doctor/doctor.ts";
import {
  contextOfKubectl,
  isReading,
  wordsOfKubectl,
} from "../../../../plugin/commands/credential/kubectl-verb.ts";

describe("isReading", () => {
  for (const line of [
    "get pods",
    "get pods -o json -n web",
    "get --raw /healthz",
    "get --raw=/api/v1/namespaces/web/pods?limit=5",
    "get services -l app=proxy",
    "-n web get pods",
    "-nweb get pods",
    "-n=web get pods",
    "--namespace=web get pods",
    "--kubeconfig F get pods",
    "--context delete get pods",
    "-v 6 get pods",
    "-v6 --insecure-skip-tls-verify get pods",
    "--as ada --as-group=dev describe pod x",
    "logs -f web-0",
    "top pods",
    "explain deployment.spec",
    "diff -f x.yaml",
    "auth can-i delete pods",
    "auth -n web whoami",
    "api-resources",
    "version",
    "cluster-info dump",
    "events",
    "wait --for=condition=Ready pod/x",
    "rollout status deployment/web",
    "rollout -n web history deployment/web",
    "completion bash",
    "__complete get pods ",
  ])
    it(`is so for kubectl ${line}`, () => assert.ok(isReading(commandWords(line))));

  for (const line of [
    "",
    "delete pod x",
    "-n x delete pod y",
    "-n get delete pod y",
    "-nx delete pod get",
    "--context=get delete pod x",
    "--kubeconfig F apply -f x.yaml",
    "--kubeconfig=F apply -f x.yaml",
    "apply -f -",
    "exec -it web-0 -- get pods",
    "cp web-0:/a b",
    "port-forward web-0 8080",
    "attach web-0",
    "debug web-0",
    "proxy",
    "run x --image=y",
    "edit deployment web",
    "scale --replicas=0 deployment web",
    "drain node-1",
    "rollout restart deployment/web",
    "rollout undo deployment/web",
    "auth reconcile -f x.yaml",
    "auth",
    "rollout",
    "delete get",
    "label pod x get=describe",
    "whatever get",
    // An option that kubectl takes behind the verb alone takes the next word with it, if it stands before.
    "-l get delete pods",
    "--selector get delete pods",
    "-- get pods",
    // Another server answers, and may do anything.
    "get --raw /api/v1/nodes/n1/proxy/run/web/web-0/app?cmd=ls",
    "get --raw=/api/v1/namespaces/web/services/shop/proxy/reset",
    "get --raw /api/v1/namespaces/web/pods/web-0/%70roxy/reset",
  ])
    it(`is not so for kubectl ${line}`, () => assert.ok(!isReading(commandWords(line))));
});

describe("wordsOfKubectl", () => {
  for (const program of [
    "kubectl",
    "/usr/local/bin/kubectl",
    "C:\\bin\\kubectl.exe",
    "kubectl.1.32",
    "kubectl1.36",
  ])
    it(`knows ${program}`, () => assert.deepEqual(wordsOfKubectl([program, "get"]), ["get"]));
  for (const program of ["", "k9s", "helm", "/opt/bin/kubectl-tree", "kubectl-vouch", "kubectlx", "bash"])
    it(`does not take ${program || "nothing"} for one`, () =>
      assert.equal(wordsOfKubectl([program]), undefined));
});

describe("contextOfKubectl", () => {
  it("is the one that is named, wherever", () => {
    assert.equal(contextOfKubectl(["delete", "pod", "x", "--context", "prod"]), "prod");
    assert.equal(contextOfKubectl(["--context=prod", "delete"]), "prod");
    assert.equal(contextOfKubectl(["delete", "pod", "x"]), undefined);
  });
});
