import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { calledClient, runClient } from "../../../../plugin/commands/doctor/question.ts";
import { realProbeHost } from "../../../../plugin/commands/doctor/real-probe-host.ts";
import { fakeApp } from "../../../support/fake-app.ts";
import { onPosix } from "../../../support/platform.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

describe("what the launcher dropped", () => {
  const home = tempFolder();
  const dropped = { NODE_EXTRA_CA_CERTS: "/etc/corp.pem" };

  it("is known to the doctor", () => {
    const app = fakeApp({ home: home(), dropped });
    assert.deepEqual(realProbeHost(app, { kubeconfig: undefined, online: false }).dropped, dropped);
  });

  onPosix("programs", "is given back to the kubectl that the doctor runs", async () => {
    const kubectl = path.join(home(), "kubectl");
    fs.writeFileSync(kubectl, '#!/bin/sh\necho "$NODE_EXTRA_CA_CERTS"\n', { mode: 0o755 });
    const app = fakeApp({ home: home(), env: { PATH: home() }, dropped });
    const client = calledClient(app, ["get", "pods"], { context: undefined, kubeconfig: undefined });
    await runClient(app, client, { kubeconfig: undefined, show: "out" });
    assert.equal(app.written.stdout, "/etc/corp.pem\n");
  });

  for (const show of ["out", "err", "nowhere"] as const)
    onPosix(
      "programs",
      `leaves what the command prints ${show === "nowhere" ? "out" : `on ${show}`}, as it is asked to`,
      async () => {
        fs.writeFileSync(path.join(home(), "helm"), "#!/bin/sh\necho shown; echo said >&2; exit 3\n", {
          mode: 0o755,
        });
        const app = fakeApp({ home: home(), env: { PATH: home() } });
        const client = calledClient(app, ["helm", "list", "a b"], {
          context: undefined,
          kubeconfig: undefined,
        });
        const result = await runClient(app, client, { kubeconfig: undefined, show });
        assert.deepEqual(result, { command: "helm list 'a b'", exitCode: 3, stderr: "said\n" });
        const { stdout, stderr } = app.written;
        assert.equal(stdout, show === "out" ? "shown\n" : "");
        assert.equal(stderr, { out: "said\n", err: "shown\nsaid\n", nowhere: "" }[show]);
      },
    );

  onPosix(
    "programs",
    "leaves out the controls of a terminal, and what a repetition that fails prints",
    async () => {
      const file = path.join(home(), "helm");
      fs.writeFileSync(file, "#!/bin/sh\nprintf '\\033[31mred\\033[0m'\n", { mode: 0o755 });
      const app = fakeApp({ home: home(), env: { PATH: home() } });
      const client = calledClient(app, ["helm", "list"], { context: undefined, kubeconfig: undefined });
      await runClient(app, client, { kubeconfig: undefined, show: "out", isRepeated: true });
      assert.equal(app.written.stdout, "red");
      fs.writeFileSync(file, "#!/bin/sh\necho again; exit 1\n", { mode: 0o755 });
      await runClient(app, client, { kubeconfig: undefined, show: "out", isRepeated: true });
      assert.equal(app.written.stdout, "red");
    },
  );
});
