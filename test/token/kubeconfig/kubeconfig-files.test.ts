import assert from "node:assert/strict";
import path from "node:path";
import { VouchError } from "../../../token/errors/errors.ts";
import { kubeconfigPaths, resolvedBody } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { mergeKubeconfigs } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { onPosix } from "../../support/platform.ts";

const machine = (KUBECONFIG?: string, platform: NodeJS.Platform = "linux") => ({
  env: { KUBECONFIG },
  platform,
  homeDir: "/home/ada",
});

describe("kubeconfigPaths", () => {
  const table: Record<string, [string | undefined, string[]]> = {
    "the default": [undefined, ["/home/ada/.kube/config"]],
    "the default for an empty variable": ["", ["/home/ada/.kube/config"]],
    "the default for blanks alone": [" :\t: ", ["/home/ada/.kube/config"]],
    "a list in its order, without blanks": [":/b:  :/a:", ["/b", "/a"]],
    "a repeated file once": ["/a:/b:/a", ["/a", "/b"]],
  };
  for (const [what, [variable, paths]] of Object.entries(table)) {
    onPosix("paths", `gives ${what}`, () => assert.deepEqual(kubeconfigPaths(machine(variable)), paths));
  }

  onPosix("paths", "gives the file of --kubeconfig alone", () => {
    assert.deepEqual(kubeconfigPaths(machine("/a:/b"), "/c"), ["/c"]);
  });

  it("makes relative files absolute", () => {
    assert.deepEqual(kubeconfigPaths(machine("kube/a")), [path.resolve("kube/a")]);
  });

  it("separates by semicolons on Windows", () => {
    assert.equal(kubeconfigPaths(machine("C:\\a;D:\\b", "win32")).length, 2);
  });
});

describe("readKubeconfigs", () => {
  const read = (files: Record<string, string | undefined>) =>
    mergeKubeconfigs(Object.keys(files), (file) => files[file]);
  const user = (name: string, token: string) => `users:\n- name: ${name}\n  user: {token: ${token}}\n`;

  it("takes of entries with one name the first file's, and tells of the others", () => {
    const view = read({
      "/a": user("u", "one"),
      "/none": undefined,
      "/b": user("u", "two"),
      "/c": user("v", "three"),
    });
    assert.deepEqual(
      view.entries.users,
      new Map([
        ["u", { body: { token: "one" }, path: "/a" }],
        ["v", { body: { token: "three" }, path: "/c" }],
      ]),
    );
    assert.deepEqual(view.shadowed, [{ section: "users", name: "u", path: "/b", shadowedBy: "/a" }]);
  });

  it("takes the current context of the first file that sets one", () => {
    const view = read({
      "/a": "current-context: ''",
      "/b": "current-context: x",
      "/c": "current-context: z",
    });
    assert.deepEqual(view.currentContext, { name: "x", path: "/b" });
    assert.equal(read({ "/a": "" }).currentContext, undefined);
  });

  const targets: [string, Record<string, string | undefined>, string][] = [
    ["the only file, also when it is missing", { "/a": undefined }, "/a"],
    ["the first file that exists", { "/none": undefined, "/a": "", "/b": user("u", "x") }, "/a"],
    ["the last file when none exists", { "/a": undefined, "/b": undefined }, "/b"],
  ];
  for (const [what, files, target] of targets) {
    it(`puts a new entry into ${what}`, () => assert.equal(read(files).newEntryPath, target));
  }

  it("fails with the name of the file that is broken, as kubectl does", () => {
    assert.throws(() => read({ "/a": "", "/b": "clusters: x" }), {
      code: "kubeconfig-invalid",
      message: "Cannot use kubeconfig /b: its clusters are not a list.",
    });
  });

  it("fails when a file cannot be read", () => {
    const fail = () => {
      throw new VouchError("file-unreadable", "/a cannot be read: it is a directory.");
    };
    assert.throws(() => mergeKubeconfigs(["/a"], fail), { code: "file-unreadable" });
  });
});

describe("resolvedBody", () => {
  onPosix("paths", "makes the files of an entry absolute, seen from the kubeconfig", () => {
    const entry = (body: Record<string, unknown>) => ({ body, path: "/home/ada/.kube/config" });
    assert.deepEqual(resolvedBody("clusters", entry({ server: "x", "certificate-authority": "../ca.crt" })), {
      server: "x",
      "certificate-authority": "/home/ada/ca.crt",
    });
    assert.deepEqual(
      resolvedBody(
        "users",
        entry({
          "client-key": "/etc/key",
          tokenFile: "t",
          "client-certificate": "",
          exec: { command: "./bin/x", args: ["./y"] },
        }),
      ),
      {
        "client-key": "/etc/key",
        tokenFile: "/home/ada/.kube/t",
        "client-certificate": "",
        exec: { command: "/home/ada/.kube/bin/x", args: ["./y"] },
      },
    );
    assert.deepEqual(resolvedBody("users", entry({ exec: { command: "aws" } })), {
      exec: { command: "aws" },
    });
  });
});
