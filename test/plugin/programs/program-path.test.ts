import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { lastingProgram, programOnPath } from "../../../plugin/programs/program-path.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("programOnPath", () => {
  const home = tempFolder();
  const make = (name: string, mode = 0o755) => {
    const file = path.join(home(), name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "", { mode });
    return file;
  };
  const find = (env: Record<string, string>, platform: NodeJS.Platform = "linux") =>
    programOnPath(fakeApp({ home: home(), env, platform }));
  const on = (...folders: string[]) => folders.map((folder) => path.join(home(), folder)).join(":");

  onPosix("paths", "finds the first that can be run", () => {
    make("a/kubectl-vouch", 0o644);
    fs.mkdirSync(path.join(home(), "b", "kubectl-vouch"), { recursive: true });
    const wanted = make("c/kubectl-vouch");
    make("d/kubectl-vouch");
    assert.equal(find({ PATH: on("missing", "a", "b", "c", "d") }), wanted);
  });

  onPosix("links", "does not follow links, which an upgrade would change", () => {
    const store = make("store/1.2.3/kubectl-vouch");
    fs.mkdirSync(path.join(home(), "bin"));
    fs.symlinkSync(store, path.join(home(), "bin", "kubectl-vouch"));
    assert.equal(find({ PATH: on("bin") }), path.join(home(), "bin", "kubectl-vouch"));
  });

  it("does not take a link that leads nowhere", () => {
    fs.mkdirSync(path.join(home(), "bin"));
    fs.symlinkSync("/nonexistent/kubectl-vouch", path.join(home(), "bin", "kubectl-vouch"));
    assert.equal(find({ PATH: on("bin") }), undefined);
  });

  it("looks into no folder that depends on where one stands", () => {
    make("bin/kubectl-vouch");
    const relative = path.relative(process.cwd(), path.join(home(), "bin"));
    assert.equal(fs.existsSync(path.join(relative, "kubectl-vouch")), true);
    assert.equal(find({ PATH: relative }), undefined);
    assert.equal(find({ PATH: ":." }), undefined);
  });

  it("finds nothing without a PATH", () => assert.equal(find({}), undefined));
});

describe("lastingProgram", () => {
  const home = tempFolder();
  const find = (startedAs: string, env: Record<string, string> = {}) =>
    lastingProgram(fakeApp({ home: home(), env, startedAs }));
  const make = (name: string) => {
    const file = path.join(home(), name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "", { mode: 0o755 });
    return file;
  };

  onPosix("paths", "is what PATH has, however we were started", () => {
    const onPath = make("bin/kubectl-vouch");
    const found = find(make("else/kubectl-vouch"), { PATH: path.dirname(onPath) });
    assert.deepEqual(found, { path: onPath, onPath: true });
  });

  it("is the typed path, made absolute, where PATH has us not", () => {
    const typed = make("here/kubectl-vouch");
    assert.deepEqual(find(typed), { path: typed, onPath: false });
    assert.deepEqual(find(path.relative(process.cwd(), typed)), { path: typed, onPath: false });
  });

  for (const name of ["store/vouch/v0.1.0/kubectl-vouch", "dist/kubectl-vouch.mjs", "here/vouch-core"]) {
    it(`is not ${name}`, () => assert.equal(find(make(name)), undefined));
  }

  it("is not a bare name, nor what is gone", () => {
    assert.equal(find("kubectl-vouch"), undefined);
    assert.equal(find("/nonexistent/kubectl-vouch"), undefined);
  });
});
