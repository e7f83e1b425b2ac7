import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { pythonBehind } from "./programs.ts";

/** An `aws` that starts in a twentieth of the time: the real one's own code, loaded once, of which each call is a fork. */
export interface ForkedAws {
  readonly program: string;
  close(): Promise<void>;
}

const SCRIPT = path.join(import.meta.dirname, "forked.py");

/** Puts it into a folder, for the `aws` of a path; `home` is HOME of all its calls. */
export async function startForkedAws(
  real: string,
  { folder, home }: { readonly folder: string; readonly home: string },
): Promise<ForkedAws> {
  const python = pythonBehind(real);
  const program = path.join(folder, "aws");
  const address = path.join(folder, "calls");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(program, caller({ python, real, address }), { mode: 0o755 });
  const server = spawn(python, [SCRIPT, address], {
    env: { HOME: home, PATH: process.env["PATH"] ?? "" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  await Promise.race([
    once(server.stdout, "data"),
    once(server, "exit").then(() => Promise.reject(new Error(`${SCRIPT} ended`))),
  ]);
  return {
    program,
    async close() {
      server.stdin.end();
      if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
    },
  };
}

/** Where Python is told to take its modules from elsewhere, the real program starts. */
function caller({ python, real, address }: Readonly<Record<"python" | "real" | "address", string>>): string {
  return `#!${python} -IS
import json, os, socket, sys
words = sys.argv[1:]
if "PYTHONPATH" in os.environ or "PYTHONHOME" in os.environ:
    os.execv(${JSON.stringify(real)}, ["aws", *words])
call = json.dumps({"words": words, "env": dict(os.environ), "folder": os.getcwd()})
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
    server.connect(${JSON.stringify(address)})
    socket.send_fds(server, [call.encode()], [0, 1, 2])
    status = server.recv(1)
sys.exit(status[0] if status else 1)
`;
}
