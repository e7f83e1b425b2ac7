import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { PROBES } from "../../../../doctor/probes/all.ts";
import { findProgram } from "../../../../doctor/probes/local/find-program.ts";
import { ForbiddenProgram, type ProbeHost, type Program } from "../../../../doctor/probes/probe-host.ts";
import { onPosix } from "../../../support/platform.ts";
import { askingWith, ended, fakeProbeHost } from "../../support/fake-probe-host.ts";
import { evidenceWith, KUBECONFIG, kubeconfigOf } from "../../support/kubeconfig-of.ts";

describe("looking for programs", () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "doctor-programs-"));
    for (const bin of ["one", "two"]) fs.mkdirSync(path.join(folder, bin));
    fs.mkdirSync(path.join(folder, "one", "aws"));
    fs.writeFileSync(path.join(folder, "two", "aws"), "", { mode: 0o755 });
    fs.writeFileSync(path.join(folder, "one", "kubectl"), "", { mode: 0o644 });
    fs.writeFileSync(path.join(folder, "two", "kubectl"), "", { mode: 0o755 });
  });
  after(() => fs.rmSync(folder, { recursive: true }));
  const searchPath = () => `${folder}/one::relative:${folder}/two`;
  const run = async ({ args }: Program) => ended({ stdout: `ran ${args.join(" ")} v1.36.3\nmore\n` });

  describe("findProgram", () => {
    onPosix("programs", "takes the first file on PATH that may be executed", () => {
      const search = { searchPath: searchPath(), platform: "linux" } as const;
      assert.equal(findProgram("aws", search), `${folder}/two/aws`);
      assert.equal(findProgram("kubectl", search), `${folder}/two/kubectl`);
      assert.equal(findProgram("nothing", search), undefined);
    });

    it("takes nothing where the first one lies in the current folder, as Go does", () => {
      const here = path.relative(process.cwd(), `${folder}/two`);
      for (const first of [here, `${here}/`, `./${here}`]) {
        const searchPath = `${first}:${folder}/two`;
        assert.equal(findProgram("aws", { searchPath, platform: "linux" }), undefined);
      }
    });

    it("takes a path as it is, wherever PATH leads", () => {
      const search = { searchPath: "", platform: "linux" } as const;
      assert.equal(findProgram(`${folder}/one/kubectl`, search), `${folder}/one/kubectl`);
      assert.equal(findProgram(`${folder}/one/aws`, search), undefined);
    });
  });

  describe("the probe for the exec command", () => {
    const look = (command: string, changes: Partial<ProbeHost> = {}) => {
      const exec = {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        command,
        args: ["eks", "get-token"],
      };
      const readText = () => kubeconfigOf({ user: { exec } });
      const host = fakeProbeHost({ env: { PATH: searchPath() }, readText, run, ...changes });
      return PROBES.execCommand.ask(askingWith({ host }));
    };

    onPosix("programs", "tells where it is found, from a desktop too, and which version it is", async () => {
      assert.deepEqual(await look("aws"), {
        command: "aws",
        resolved: `${folder}/two/aws`,
        resolvedForGui:
          findProgram("aws", { searchPath: "/usr/bin:/bin:/usr/sbin:/sbin", platform: "linux" }) ?? null,
        executable: true,
        version: "ran --version v1.36.3",
      });
    });

    onPosix("programs", "reads a path from the folder of its kubeconfig", async () => {
      const command = "./nowhere/aws";
      const resolved = path.join(path.dirname(KUBECONFIG), "nowhere", "aws");
      assert.deepEqual(await look(command), { command: resolved, resolved: null, resolvedForGui: null });
    });

    onPosix("programs", "tells a file that may not be executed", async () => {
      const file = `${folder}/one/kubectl`;
      const { version: _version, ...found } = { version: "", ...((await look(file)) as object) };
      assert.deepEqual(found, { command: file, resolved: file, resolvedForGui: file, executable: false });
    });

    it("tells no version of what a policy forbids to run", async () => {
      const forbids = async () => {
        throw new ForbiddenProgram("not run");
      };
      assert.equal("version" in ((await look("aws", { run: forbids })) as object), false);
    });

    it("starts nothing when it is to stay offline, nor what it does not know", async () => {
      const surprise = { run: fakeProbeHost().run };
      assert.equal("version" in ((await look("aws", { ...surprise, online: false })) as object), false);
      fs.writeFileSync(path.join(folder, "two", "helper"), "", { mode: 0o755 });
      assert.equal("version" in ((await look("helper", surprise)) as object), false);
    });
  });

  describe("the probe for the client", () => {
    const look = (question: object, env: ProbeHost["env"] = { PATH: searchPath() }) =>
      PROBES.client.ask(
        askingWith({ evidence: evidenceWith({ question }), host: fakeProbeHost({ env, run }) }),
      );

    onPosix("programs", "tells which kubectl it is", async () => {
      const found = { name: "kubectl", path: `${folder}/two/kubectl`, version: "v1.36.3" };
      assert.deepEqual(await look({}), found);
      assert.deepEqual(await look({ command: "kubectl get pods" }), found);
      assert.deepEqual(await look({}, { KUBECTL_PATH: `${folder}/two/kubectl` }), found);
    });

    onPosix(
      "programs",
      "asks another client that is known for its version, and names one that is not here",
      async () => {
        assert.deepEqual(await look({ command: "helm list" }), { name: "helm" });
        fs.writeFileSync(path.join(folder, "helm"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
        assert.deepEqual(await look({ command: "helm list" }, { PATH: folder }), {
          name: "helm",
          path: path.join(folder, "helm"),
          version: "v1.36.3",
        });
      },
    );

    onPosix("programs", "has nothing to say about somebody else, and where no kubectl is found", async () => {
      assert.equal(await look({ principal: "arn:aws:iam::111122223333:role/Dev" }), undefined);
      assert.equal(await look({}, { PATH: "" }), undefined);
      assert.equal(
        await look({}, { KUBECTL_PATH: path.relative(process.cwd(), `${folder}/two/kubectl`) }),
        undefined,
      );
    });
  });
});
