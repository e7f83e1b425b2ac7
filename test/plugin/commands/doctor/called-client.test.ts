import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { calledClient } from "../../../../plugin/commands/doctor/question.ts";
import { onPosix } from "../../../support/platform.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

describe("the command after --", () => {
  const folder = tempFolder();
  const NO_FLAGS = { context: undefined, kubeconfig: undefined };

  function called(command: readonly string[], flags: Partial<typeof NO_FLAGS | Record<string, string>> = {}) {
    for (const name of ["kubectl", "helm", "terraform", "ns"])
      fs.writeFileSync(path.join(folder(), name), "#!/bin/sh\n", { mode: 0o755 });
    const app = { env: { PATH: folder() }, dropped: {}, platform: process.platform };
    const { program, words, args } = calledClient(app, command, { ...NO_FLAGS, ...flags });
    return [path.basename(program), words.join(" "), args.join(" ")];
  }

  const CASES: Readonly<Record<string, readonly [string, string]>> = {
    "get pods -n web": ["kubectl", "kubectl get pods -n web"],
    "kubectl get pods": ["kubectl", "kubectl get pods"],
    "-n web get pods": ["kubectl", "kubectl -n web get pods"],
    "helm list -n web": ["helm", "helm list -n web"],
    "terraform plan": ["terraform", "terraform plan"],
    "ctx prod": ["kubectl", "kubectl ctx prod"],
  };
  for (const [command, [program, words]] of Object.entries(CASES)) {
    onPosix("programs", `is run by ${program}: ${command}`, () => {
      const [ran, meant] = called(command.split(" "));
      assert.deepEqual([ran, meant], [program, words]);
    });
  }

  onPosix(
    "programs",
    "gets the context and the kubeconfig by the client's own flags, and neither stands in the question",
    () => {
      const flags = { context: "prod", kubeconfig: "/k" };
      assert.deepEqual(called(["get", "pods"], flags), [
        "kubectl",
        "kubectl get pods",
        "--context prod --kubeconfig /k get pods",
      ]);
      assert.deepEqual(called(["ctx", "prod"], flags), [
        "kubectl",
        "kubectl ctx prod",
        "ctx prod --context prod --kubeconfig /k",
      ]);
      assert.deepEqual(called(["helm", "list"], flags), ["helm", "helm list", "list --kube-context prod"]);
    },
  );

  onPosix(
    "programs",
    "gets the namespace of the doctor's own option if it names none, and says so in the question",
    () => {
      const flags = { namespace: "payments" };
      assert.deepEqual(called(["get", "pods"], flags), [
        "kubectl",
        "kubectl get pods -n payments",
        "--namespace payments get pods",
      ]);
      for (const command of [
        ["get", "pods", "-n", "web"],
        ["get", "pods", "-A"],
      ])
        assert.equal(called(command, flags)[2], command.join(" "));
    },
  );

  it("is refused where it is not known how the client is told a context", () => {
    assert.throws(() => called(["terraform", "plan"], { context: "prod" }), { code: "usage" });
  });

  onPosix("programs", "is refused where it is a file that may not be run", () => {
    const file = path.join(folder(), "notes");
    fs.writeFileSync(file, "", { mode: 0o644 });
    assert.throws(() => called([file]), { code: "usage", message: /not a program that you can run/ });
  });

  it("is refused without kubectl", () => {
    const app = { env: { PATH: "/nowhere" }, dropped: {}, platform: process.platform };
    assert.throws(() => calledClient(app, ["get", "pods"], NO_FLAGS), {
      code: "usage",
      message: /not on PATH/,
    });
  });
});
