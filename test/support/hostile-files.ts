import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { runCommand } from "./run-command.ts";

/** Puts something that must not be read at a path. The path must be free, and its folder be there. */
type Maker = (file: string) => Promise<void>;

/** Makes a named pipe that nobody writes into. Without PATH, mkfifo is looked for where every POSIX system has it. */
export async function makePipe(file: string): Promise<void> {
  const { status } = await runCommand(["mkfifo", "-m", "600", file], { env: {} });
  if (status !== 0) throw new Error(`mkfifo ended with ${status}`);
}

/** What may be in the place of a file, by what a person is told about it. */
export const HOSTILE_FILES: Readonly<Record<string, Maker>> = {
  "a named pipe": makePipe,
  "a device": async (file) => fs.symlinkSync("/dev/zero", file),
  "a socket": (file) =>
    new Promise((resolve) => {
      // Paths of sockets are short: it is bound under a name of its own folder, and stays when the server is gone.
      const server = net.createServer();
      const from = process.cwd();
      process.chdir(path.dirname(file));
      server.listen(`./${path.basename(file)}`, resolve);
      process.chdir(from);
      server.unref();
    }),
  "a directory": async (file) => void fs.mkdirSync(file),
};

/** A plain file that is larger than anything we read, without a byte on the disk. */
export function hugeFile(file: string): void {
  fs.writeFileSync(file, "");
  fs.truncateSync(file, 8 * 1024 * 1024 * 1024);
}
