/**
 * What the launcher of the release in the folder that KUBECTL_VOUCH_RELEASE names keeps from the core, and what of it
 * reaches a core that is started directly, or the npm package. Needs a C compiler and the built program.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type LabCa, makeLabCa } from "../lab/tls.ts";
import { markerLibrary } from "../support/marker-library.ts";
import { silentServer, type WatchedServer, watchedHttps } from "../support/watched-server.ts";
import {
  core,
  filesLeft,
  LOGIN,
  launcher,
  NPM,
  refusal,
  root,
  run,
  VERSION_LINE,
  writeKubeconfig,
} from "./spoilt-place.ts";

describe("what stays outside of the core", () => {
  let ca: LabCa;
  let server: WatchedServer;
  before(async () => {
    ca = await makeLabCa();
    server = await watchedHttps(await ca.issue(["127.0.0.1"]));
  });
  after(() => server.close());

  /** Logs in at a server whose certificate nobody knows but the variables. Whether it was trusted, and the result. */
  const login = async (program: readonly string[], env: Readonly<Record<string, string>>) => {
    const before = server.requests();
    const words = [
      "login",
      "--server",
      `https://127.0.0.1:${server.port}`,
      "--key-store",
      "file",
      "--pin-stdin",
    ];
    const result = await run([...program, ...words], { env });
    return { trusted: server.requests() > before, result };
  };
  const caFile = () => {
    const file = path.join(root(), "ca.pem");
    fs.writeFileSync(file, ca.cert);
    return file;
  };

  it("trusts no authority but the built-in ones and that of VOUCH_CA_BUNDLE", async () => {
    const file = caFile();
    assert.equal((await login([launcher], { VOUCH_CA_BUNDLE: file })).trusted, true);
    const variables: Record<string, string>[] = [
      {},
      { NODE_EXTRA_CA_CERTS: file },
      { NODE_USE_SYSTEM_CA: "1", SSL_CERT_FILE: file },
      { NODE_OPTIONS: "--use-openssl-ca", SSL_CERT_FILE: file },
      { SSL_CERT_FILE: file, SSL_CERT_DIR: root() },
      { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
    ];
    for (const env of variables) {
      const { trusted, result } = await login([launcher], env);
      assert.deepEqual(
        [env, trusted, refusal(result)],
        [env, false, { status: 4, code: "server-untrusted" }],
      );
    }
  });

  // The core itself is a Node, which reads these before any of our code runs: the roots are said in full at each connection.
  it("trusts no other authority without the launcher either", async () => {
    const file = caFile();
    for (const env of [
      { NODE_EXTRA_CA_CERTS: file },
      { NODE_USE_SYSTEM_CA: "1", SSL_CERT_FILE: file },
      { SSL_CERT_FILE: file },
    ])
      assert.equal((await login([core], env)).trusted, false);
  });

  for (const [what, program] of Object.entries({
    "the core itself": [core],
    "what npm has": [process.execPath, NPM],
  })) {
    it(`refuses to run where certificates would not be checked: ${what}`, async () => {
      for (const words of [["version"], LOGIN, ["--help"], ["credential", "eks", "--cluster-name", "c"]]) {
        const result = await run([...program, ...words], { env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
        assert.equal(result.stdout, "");
        assert.deepEqual(refusal(result), { status: 6, code: "tls-check-disabled" });
      }
    });
  }

  it("is kept from writing and telling by the launcher", async () => {
    const into = (name: string) => path.join(root(), name);
    fs.mkdirSync(into("coverage"));
    const env = {
      NODE_V8_COVERAGE: into("coverage"),
      NODE_REDIRECT_WARNINGS: into("warnings"),
      NODE_COMPILE_CACHE: into("compiled"),
      NODE_DEBUG: "*",
      NODE_DEBUG_NATIVE: "*",
      NODE_REPL_EXTERNAL_MODULE: into("repl.cjs"),
      NODE_PENDING_DEPRECATION: "1",
    };
    const plain = await run([launcher, ...LOGIN]);
    assert.deepEqual(await run([launcher, ...LOGIN], { env }), plain);
    assert.deepEqual(filesLeft(), ["coverage"]);
    assert.deepEqual(fs.readdirSync(into("coverage")), []);
  });

  it("asks no proxy for NODE_USE_ENV_PROXY, but ours as ever", async () => {
    const proxy = await silentServer();
    try {
      const env = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
      const { result } = await login([launcher], { ...env, VOUCH_CA_BUNDLE: caFile() });
      assert.equal(proxy.requests(), 0);
      assert.doesNotMatch(result.stderr, /Warning/);
    } finally {
      await proxy.close();
    }
  });

  it("is loaded by the system's loader into the core alone, never through the launcher", async () => {
    const library = markerLibrary(root());
    const early = markerLibrary(root(), "libdl.so.2");
    const variables = { LD_PRELOAD: library.file, LD_LIBRARY_PATH: root(), LD_AUDIT: library.file };
    for (const [name, value] of Object.entries(variables)) {
      const result = await run([launcher, "version"], { env: { [name]: value } });
      assert.deepEqual(result, { status: 0, stdout: VERSION_LINE, stderr: "" }, name);
      assert.deepEqual([library.wasLoaded(), early.wasLoaded()], [false, false], name);
    }
    // The known limit of every dynamic program: around the launcher the system's loader obeys them.
    await run([core, "version"], { env: { LD_PRELOAD: library.file } });
    assert.ok(library.wasLoaded());
    await run([core, "version"], { env: { LD_LIBRARY_PATH: root() } });
    assert.ok(early.wasLoaded());
  });

  it("is in the evidence of the doctor, and not handed on as ours", async () => {
    writeKubeconfig("kubectl-vouch");
    const saved = path.join(root(), "evidence.json");
    const env = { NODE_OPTIONS: "--require /x", LD_PRELOAD: "", KUBECTL_VOUCH_DROPPED_NODE_PATH: "/forged" };
    await run([launcher, "doctor", "--offline", "--save", saved], { env });
    const text = fs.readFileSync(saved, "utf8");
    const { environment = {} } = JSON.parse(text) as { environment?: Record<string, unknown> };
    assert.deepEqual([environment["NODE_OPTIONS"], environment["LD_PRELOAD"]], ["--require /x", ""]);
    assert.doesNotMatch(text, /forged|KUBECTL_VOUCH_DROPPED/);
  });
});
