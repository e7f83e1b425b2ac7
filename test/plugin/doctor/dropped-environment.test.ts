import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { realProbeHost } from "../../../plugin/doctor/real-probe-host.ts";
import { runKubectl } from "../../../plugin/doctor/run-kubectl.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("what the launcher dropped", () => {
  const home = tempFolder();
  const dropped = { NODE_EXTRA_CA_CERTS: "/etc/corp.pem" };

  it("is known to the doctor", () => {
    const app = fakeApp({ home: home(), dropped });
    assert.deepEqual(realProbeHost(app, { kubeconfig: undefined, online: false }).dropped, dropped);
  });

  it("is given back to the kubectl that the doctor runs", async () => {
    const kubectl = path.join(home(), "kubectl");
    fs.writeFileSync(kubectl, '#!/bin/sh\necho "$NODE_EXTRA_CA_CERTS"\n', { mode: 0o755 });
    const app = fakeApp({ home: home(), env: { PATH: home() }, dropped });
    const unasked = { context: undefined, namespace: undefined, for: undefined, error: undefined };
    const question = { ...unasked, principal: undefined, kubeconfig: undefined, command: ["get", "pods"] };
    const options = { ...question, redact: false };
    await runKubectl(app, options);
    assert.equal(app.written.stdout, "/etc/corp.pem\n");
  });
});
