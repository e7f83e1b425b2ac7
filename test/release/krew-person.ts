import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { buildGoPrograms, goProgram } from "../peers/go/programs.ts";
import { fetchKubectl, KUBECTL_RELEASES } from "../peers/kubectl/fetch.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";

/** Somebody with a real kubectl and a real krew, and an empty home of their own. */
export interface KrewPerson {
  readonly home: string;
  /** krew's tree, below the home. */
  readonly krewRoot: string;
  /** Runs a program of the PATH; the plugins krew links are on it. */
  run(command: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandResult>;
  /** The same, and it must succeed. Returns standard output. */
  do(command: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  leave(): void;
}

/** Builds krew and its validator where they are missing, which needs Go. */
export async function krewPerson(): Promise<KrewPerson> {
  const home = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "kubectl-vouch-krew-"));
  const bin = path.join(home, "programs");
  const krewRoot = path.join(home, "krew");
  fs.mkdirSync(bin);
  const newest = KUBECTL_RELEASES.at(-1) ?? assert.fail("there is no kubectl");
  fs.symlinkSync(await fetchKubectl(newest), path.join(bin, "kubectl"));
  await buildGoPrograms((line) => process.stdout.write(`${line}\n`), ["krew"]);
  for (const name of ["kubectl-krew", "validate-krew-manifest"] as const) {
    fs.symlinkSync(goProgram(name), path.join(bin, name));
  }
  const base = {
    HOME: home,
    KREW_ROOT: krewRoot,
    PATH: [bin, path.join(krewRoot, "bin"), "/usr/bin", "/bin"].join(path.delimiter),
    ...GIT,
  };
  const run: KrewPerson["run"] = (command, env = {}) =>
    runCommand(command, { env: { ...base, ...env }, cwd: home, timeoutMs: 300_000 });
  return {
    home,
    krewRoot,
    run,
    do: async (command, env) => {
      const { status, stdout, stderr } = await run(command, env);
      assert.equal(status, 0, `${command.join(" ")}\n${stdout}${stderr}`);
      return stdout;
    },
    leave: () => fs.rmSync(home, { recursive: true, force: true }),
  };
}

/** git asks nobody, and nobody's settings. */
const GIT = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "index",
  GIT_AUTHOR_EMAIL: "index@example.org",
  GIT_COMMITTER_NAME: "index",
  GIT_COMMITTER_EMAIL: "index@example.org",
};

/** A plugin index: a bare git repository that krew clones, and a working copy that pushes to it. */
export async function krewIndex(person: KrewPerson): Promise<{
  readonly uri: string;
  /** Makes this text the index's `vouch.yaml`. */
  publish(manifest: string): Promise<void>;
}> {
  const uri = path.join(person.home, "index.git");
  const copy = path.join(person.home, "index");
  await person.do(["git", "init", "--quiet", "--bare", "--initial-branch=master", uri]);
  await person.do(["git", "clone", "--quiet", uri, copy]);
  fs.mkdirSync(path.join(copy, "plugins"));
  return {
    uri,
    async publish(manifest) {
      fs.writeFileSync(path.join(copy, "plugins/vouch.yaml"), manifest);
      await person.do(["git", "-C", copy, "add", "--all"]);
      await person.do(["git", "-C", copy, "commit", "--quiet", "--message", "vouch"]);
      await person.do(["git", "-C", copy, "push", "--quiet", "origin", "HEAD:master"]);
    },
  };
}

/** Serves the files of a folder on loopback, by their names. */
export async function serveFolder(folder: string): Promise<{ readonly url: string; close(): void }> {
  const server = http.createServer((request, response) => {
    const file = path.join(folder, path.basename(request.url ?? ""));
    if (!fs.existsSync(file)) return response.writeHead(404).end();
    return fs.createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}
