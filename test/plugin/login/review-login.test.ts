import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { LAB_CLUSTER, LAB_PIN, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

describe("a login on a machine that cannot keep it, or that asks twice at once", () => {
  const desk = labDesk();
  const state = (...names: string[]) => path.join(desk.home, ".local/state/kubectl-vouch", ...names);
  const login = () =>
    desk.run(["login", "--pin-stdin", "--key-store", "file"], { stdin: `${LAB_PIN}\n`, terminal: "none" });

  it("is refused before the key is asked where others may write our folder", async () => {
    fs.mkdirSync(state(), { recursive: true });
    fs.chmodSync(state(), 0o777);
    const { status, stderr } = await login();
    assert.equal(status, 6);
    assert.equal(
      stderr,
      `Logging in to ${desk.lab.vouch.url}\nerror: ${state()} can be written by others (mode 777). [directory-unsafe]\n` +
        `If nobody else put anything there: \`chmod 700 ${state()}\`; else remove it.\n`,
    );
  });

  it("ends the session at the server too when it cannot be kept", async () => {
    fs.mkdirSync(state(), { recursive: true, mode: 0o700 });
    fs.writeFileSync(state("sessions"), "");
    const before = desk.lab.vouch.liveSessions;
    const { status, stderr } = await login();
    assert.equal(status, 6, stderr);
    assert.match(stderr, /sessions is not a directory\. \[directory-unsafe\]/);
    assert.equal(desk.lab.vouch.liveSessions, before);
  });

  it("asks one of two kubectl that need it at once; the other uses the session", async () => {
    desk.logIn();
    desk.lab.vouch.faults.down = true;
    await desk.run(["logout"]);
    desk.lab.vouch.faults.down = false;
    desk.write(".config/kubectl-vouch/config.yaml", "keyStore: file\n");
    const terminals = [scriptedTerminal([LAB_PIN]), scriptedTerminal()];
    const words = [
      ...["credential", "eks", "--cluster-name", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE],
      ...["--server", desk.lab.vouch.url],
    ];
    const info = {
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1",
      spec: { interactive: true },
    };
    const answers = await Promise.all(
      terminals.map((terminal, index) =>
        desk.run(words, {
          env: { KUBERNETES_EXEC_INFO: JSON.stringify(info) },
          answersSecret: true,
          parentId: 200 + index,
          terminal,
        }),
      ),
    );
    assert.deepEqual(
      answers.map(({ status, stderr }) => ({ status, stderr })),
      [
        { status: 0, stderr: "" },
        { status: 0, stderr: "" },
      ],
    );
    for (const terminal of terminals) terminal.verify();
    assert.equal(terminals[1]?.shown(), "");
  });
});
