/**
 * What the release in the folder that KUBECTL_VOUCH_RELEASE names loads or starts only now and then: a browser, a QR code, a
 * message on the desktop. Its native addons have core-inside.peer.ts and keyring.peer.ts. Needs xdg-utils, libnotify-bin,
 * curl and strace.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { CENTER_PROFILE } from "../end-to-end/center-story.ts";
import { type LabPerson, labPerson, succeeded } from "../end-to-end/lab-person.ts";
import { addAssignment } from "../lab/aws/identity-center.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE, type Lab, startLab } from "../lab/lab.ts";
import { shipped } from "../support/shipped-files.ts";

const { launcher } = shipped();
const LOGIN = ["login", "--profile", "center"];

describe("the release, where it seldom goes", () => {
  let lab: Lab;
  let person: LabPerson;
  before(async () => {
    lab = await startLab();
    person = labPerson(lab);
    addAssignment(lab.world, { userName: "ada", permissionSet: "Dev" });
    lab.world.identityCenter.person = { userName: "ada" };
    fs.mkdirSync(path.join(lab.home, ".aws"));
    fs.writeFileSync(path.join(lab.home, ".aws", "config"), CENTER_PROFILE);
  });
  after(() => lab.close());

  it("opens the system's browser, whose words have no secret, and says who logged in", async () => {
    const browser = path.join(person.folder, "browser");
    const words = path.join(person.folder, "words");
    const follow = 'exec curl --silent --location --cacert "$VOUCH_CA_BUNDLE" "$1"';
    const handlers =
      "[Default Applications]\nx-scheme-handler/http=own.desktop\nx-scheme-handler/https=own.desktop\n";
    const entry = `[Desktop Entry]\nType=Application\nName=own\nExec=${browser} %u\n`;
    for (const [file, text] of [
      [".config/mimeapps.list", handlers],
      [".local/share/applications/own.desktop", entry],
    ] as const) {
      fs.mkdirSync(path.join(lab.home, path.dirname(file)), { recursive: true });
      fs.writeFileSync(path.join(lab.home, file), text);
    }
    fs.writeFileSync(browser, `#!/bin/sh\necho "$@" > ${words}\n${follow} > ${words}.page\n`, {
      mode: 0o755,
    });
    const { status, stderr } = await person.run([launcher, ...LOGIN, "--timeout", "20"], {
      env: { DISPLAY: ":0" },
    });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /\nLogged in to IAM Identity Center \(sso-session lab\) as ada until /);
    assert.match(fs.readFileSync(words, "utf8"), /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\n$/);
    assert.match(fs.readFileSync(`${words}.page`, "utf8"), /You are logged in/);
  });

  it("draws a QR code on a terminal", async () => {
    const login = [launcher, ...LOGIN, "--device-code", "--force", "--timeout", "1"].join(" ");
    const { stdout } = await person.run(["script", "-qec", `stty cols 120; ${login}`, "/dev/null"], {
      env: { LANG: "C.UTF-8", TERM: "xterm" },
    });
    assert.match(stdout, /(?:[^\n]*[█▀▄ ]{20,}[^\n]*\n){10}/);
    assert.match(stdout, /approve the code [A-Z]{4}-[A-Z]{4}/);
  });

  it("tells the desktop that kubectl needs a login, by the system's program", async () => {
    succeeded(await person.run([launcher, "config", "set", "notify", "on"]));
    const started = path.join(person.folder, "started");
    const strace = ["strace", "-f", "-qq", "-e", "trace=execve", "-s", "200", "-o", started];
    const question = ["--cluster-name", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
    const { stderr } = await person.run([...strace, launcher, "credential", "eks", ...question]);
    assert.match(stderr, /\[logged-out\]/);
    assert.match(
      fs.readFileSync(started, "utf8"),
      /execve\("\/usr\/bin\/notify-send", \["\/usr\/bin\/notify-send", "--app-name=kubectl-vouch", "--", "kubectl needs a login", .*\) = 0/,
    );
  });
});
