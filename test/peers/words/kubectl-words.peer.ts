import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { parse } from "yaml";
import type { SetExec } from "../../../doctor/fixes/fix.ts";
import { setExecArgs, setExecEnv } from "../../../doctor/fixes/kubeconfig-commands.ts";
import { createBinding } from "../../../doctor/fixes/rbac-actions.ts";
import { commandsOf } from "../../../doctor/fixes/render-fix.ts";
import { type Command, commaSeparated, kubectl } from "../../../token/command/command.ts";
import { runWords } from "../../../token/command/run-words.ts";
import { SHOWN_VALUES } from "../../doctor/support/hostile-values.ts";
import { runsOf } from "../../doctor/support/printed-commands.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { fetchKubectl, KUBECTL_RELEASES } from "../kubectl/fetch.ts";

const VALUES = [...SHOWN_VALUES, ""];

/** Enough of them for what takes a run each. */
const SOME = VALUES.filter(
  (value, index) => !/^(?:-|$)/.test(value) && (index % 6 === 0 || /[",]/.test(value)),
);

/** The one command that an edit of an exec block is. */
function onlyCommand(edit: SetExec): Command {
  const [command, ...others] = commandsOf(edit);
  return others.length === 0 && command !== undefined ? command : assert.fail("more than one command");
}

/** kubectl cuts some values at commas, and takes others for options. */
for (const release of KUBECTL_RELEASES) {
  describe(`printed commands of kubectl, read by kubectl 1.${release.slice(1)}`, () => {
    const folder = tempFolder();
    let program = "";
    before(async () => {
      program = await fetchKubectl(release);
    });

    /** What it prints, run with the words that we would print. */
    function run(command: Command): string {
      const words = runsOf(command).flatMap(runWords).map(String);
      const env = { HOME: folder(), KUBECONFIG: `${folder()}/config` };
      const { status, stdout, stderr } = spawnSync(program, words.slice(1), { env, encoding: "utf8" });
      assert.equal(status, 0, `${JSON.stringify(words)}: ${stderr}`);
      return stdout;
    }

    function userNow(): { readonly name: string; readonly user: { readonly exec: Record<string, unknown> } } {
      const { users } = parse(fs.readFileSync(`${folder()}/config`, "utf8"));
      return users[0];
    }

    const start = (name: string) =>
      kubectl(
        "config set-credentials",
        { "exec-command": "aws", "exec-api-version": "client.authentication.k8s.io/v1" },
        name,
      );

    it("keep every argument and variable of an exec block", () => {
      const context = { userName: "-ada;" } as Parameters<typeof setExecArgs>[0]["context"];
      run(start("-ada;"));
      run(onlyCommand(setExecArgs({ context }, VALUES)));
      const variables = Object.fromEntries(VALUES.map((value, index) => [`V${index}`, value]));
      run(onlyCommand(setExecEnv({ context }, variables)));
      const { name, user } = userNow();
      assert.equal(name, "-ada;");
      assert.deepEqual(user.exec["args"], VALUES);
      const env = user.exec["env"] as readonly { readonly name: string; readonly value?: string }[];
      assert.deepEqual(Object.fromEntries(env.map((one) => [one.name, one.value ?? ""])), variables);
    });

    it("bind whom they mean", () => {
      for (const value of SOME) {
        const role = { kind: "ClusterRole", name: "view" };
        const [command] = commandsOf(
          createBinding({ name: value, role, subject: { kind: "Group", name: value }, namespace: value }),
        );
        const { kind, options, ...rest } = command as Extract<Command, { readonly kind: "run" }>;
        const dry = { kind, ...rest, options: { ...options, "dry-run": "client", o: "json" } };
        const { metadata, subjects } = JSON.parse(run(dry));
        assert.equal(metadata.name, value);
        assert.equal(metadata.namespace, value);
        assert.deepEqual(
          subjects.map((subject: { readonly name: string }) => subject.name),
          [value],
        );
      }
    });

    it("name the paths and verbs of a role", () => {
      for (const value of SOME) {
        const path = `/${value}`;
        const options = {
          verb: commaSeparated("get", "post"),
          "non-resource-url": commaSeparated(path),
          "dry-run": "client",
          o: "json",
        };
        const { rules } = JSON.parse(run(kubectl("create clusterrole", options, "x")));
        assert.deepEqual(rules, [{ verbs: ["get", "post"], nonResourceURLs: [path] }]);
      }
    });

    it("take `as` out of a user", () => {
      run(start("ada.b"));
      const file = `${folder()}/config`;
      fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("  user:\n", "  user:\n    as: bob\n"));
      run(kubectl("config unset", {}, "users.ada.b.act-as"));
      assert.deepEqual(Object.keys(userNow().user), ["exec"]);
    });
  });
}
