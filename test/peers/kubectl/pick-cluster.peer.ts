/** The list of clusters on a pseudo-terminal, with the program as it is bundled. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { addCluster, CLUSTER_READS, LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import { LAB_REGION, type Lab, startLab } from "../../lab/lab.ts";
import { runInTerminal, type Typed } from "./kubectl-terminal.ts";

const USER = "arn:aws:iam::111122223333:user/lab-admin";

describe("the list of clusters on a terminal", () => {
  let lab: Lab;
  let home: string;
  before(async () => {
    lab = await startLab();
    lab.world.users.get(USER)?.allows.push(CLUSTER_READS);
    addCluster(lab.world, {
      ...{ name: "web", endpoint: "https://127.0.0.1:9", certificateAuthority: lab.ca.cert },
    });
  });
  after(() => lab.close());
  beforeEach(() => {
    home = fs.mkdtempSync(path.join(path.dirname(lab.home), "pick-"));
    fs.mkdirSync(path.join(home, ".aws"));
    fs.writeFileSync(
      path.join(home, ".aws", "config"),
      `[profile dev]\nregion = ${LAB_REGION}\naws_access_key_id = ${LAB_ADMIN_KEY.accessKeyId}\naws_secret_access_key = ${LAB_ADMIN_KEY.secretAccessKey}\n`,
    );
  });
  afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

  const kubeconfig = () => path.join(home, "kubeconfig");
  /** The program, how it ended, and what it left of the terminal. */
  const run = (typed: readonly Typed[], redirection = "") =>
    runInTerminal(
      `stty cols 100 rows 30; kubectl-vouch setup eks ${redirection}; echo status $?; stty -a | grep -o -- '-*\\(icanon\\|echo\\)\\b' | tr '\\n' ' '`,
      {
        env: {
          ...{ ...lab.env, HOME: home, KUBECONFIG: kubeconfig(), PATH: `${lab.env["PATH"]}:/usr/bin:/bin` },
          ...{ TERM: "xterm", LANG: "C.UTF-8" },
        },
        typed,
      },
    );

  it("finds what is typed, and sets it up by Enter", async () => {
    const { screen } = await run([
      { after: "❯ lab", text: "WE" },
      { after: "❯ web", text: "\r" },
    ]);
    assert.match(
      screen,
      /Without the list: `kubectl vouch setup eks --cluster web --region us-east-1 --profile dev`/,
    );
    assert.match(screen, /Context web-dev added: /);
    assert.match(screen, /status 0\r\nicanon echo /);
    assert.match(fs.readFileSync(kubeconfig(), "utf8"), /^current-context: web-dev$/m);
  });

  it("moves by the arrows, and shows nothing on stdout", async () => {
    const output = path.join(home, "output");
    const { screen } = await run(
      [
        { after: "❯ lab", text: "\u001b[B" },
        { after: "❯ web", text: "\r" },
      ],
      `-o json > ${output}`,
    );
    assert.match(screen, /status 0\r\n/);
    assert.equal(JSON.parse(fs.readFileSync(output, "utf8")).contexts[0].context, "web-dev");
  });

  for (const [what, text] of Object.entries({ Esc: "\u001b", "Ctrl-C": "\u0003", "Ctrl-D": "\u0004" }))
    it(`is left by ${what}: nothing is written, and the terminal is as before`, async () => {
      const { screen } = await run([{ after: "❯ lab", text }]);
      const end = screen.slice(screen.indexOf("error:"));
      assert.ok(screen.slice(0, screen.indexOf("error:")).endsWith("\u001b[?25h"), screen);
      assert.match(
        end,
        /^error: Interrupted\. \[interrupted\]\r\nRun the command again when you are ready\.\r\nstatus 130\r\nicanon echo /,
      );
      assert.equal(fs.existsSync(kubeconfig()), false);
    });
});
