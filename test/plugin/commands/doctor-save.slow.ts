import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import type { DoctorReport } from "../../../doctor/report/report-schema.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { type LabDesk, labDesk } from "../../support/lab-desk.ts";

const CONTEXT = `${LAB_CLUSTER}-vouch`;

/** A person logged in, with the context that setup writes. */
async function setUp(desk: LabDesk): Promise<void> {
  desk.logIn();
  const cluster = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
  const { status, stderr } = await desk.run(["setup", "eks", ...cluster]);
  assert.equal(status, 0, stderr);
}

/** The doctor's report on the context, as a program reads it. */
async function report(desk: LabDesk, args: readonly string[]): Promise<DoctorReport> {
  const { stdout, stderr } = await desk.run(["doctor", "--context", CONTEXT, "-o", "json", ...args]);
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout);
}

describe("kubectl vouch doctor --save", () => {
  const desk = labDesk();

  it("saves what it judged, and judges the same from the file alone", async () => {
    await setUp(desk);
    desk.lab.cluster.accessEntries.delete(LAB_ROLE);
    const file = path.join(desk.home, "evidence.json");
    const live = await report(desk, ["--save", file]);
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    fs.rmSync(desk.kubeconfig);
    const { status, stdout } = await desk.run(["doctor", "--evidence", file, "-o", "json"]);
    assert.equal(status, 79);
    assert.deepEqual(JSON.parse(stdout), live);
  });

  it("saves through a link, and puts nothing in the place of what is no file", async () => {
    await setUp(desk);
    const [file, link, socket] = ["evidence.json", "link", "socket"].map((name) =>
      path.join(desk.home, name),
    ) as [string, string, string];
    fs.symlinkSync(file, link);
    await report(desk, ["--offline", "--save", link]);
    assert.equal(fs.readlinkSync(link), file);
    assert.match(fs.readFileSync(file, "utf8"), /"DoctorEvidence"/);
    const server = net.createServer().listen(socket);
    await once(server, "listening");
    const { status, stderr } = await desk.run([
      "doctor",
      "--context",
      CONTEXT,
      "--offline",
      "--save",
      socket,
    ]);
    assert.match(
      stderr,
      /^error: \S+\/socket cannot be written: it is not a regular file\. \[file-unwritable\]$/m,
    );
    assert.deepEqual([status, fs.statSync(socket).isSocket()], [6, true]);
    server.close();
  });

  it("saves for nobody else's eyes, whatever mode the file had", async () => {
    await setUp(desk);
    const file = desk.write("open", "");
    fs.chmodSync(file, 0o666);
    await report(desk, ["--offline", "--save", file]);
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  });

  // Only root can make a file of somebody else.
  if (process.getuid?.() === 0)
    it("does not save where another user made the file or a link", async () => {
      await setUp(desk);
      const [theirs, own] = [desk.write("theirs", "a"), desk.write("own", "b")];
      const link = path.join(desk.home, "link");
      fs.symlinkSync(own, link);
      for (const file of [theirs, link]) {
        fs.lchownSync(file, 65_534, 65_534);
        const asked = ["doctor", "--context", CONTEXT, "--offline", "--save", file];
        const { status, stderr } = await desk.run(asked);
        assert.equal(status, 6);
        assert.match(stderr, /cannot be written: it belongs to another user\. \[file-unwritable\]$/m);
      }
      assert.deepEqual(
        [theirs, own].map((file) => fs.readFileSync(file, "utf8")),
        ["a", "b"],
      );
    });
});
