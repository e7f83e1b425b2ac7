import { type Command, type Run, runPerSystem, type Value } from "./command.ts";

/** What hints have a user do: the words that POSIX, PowerShell and cmd.exe have for it. */
function task(posix: string, onWindows: string | readonly [powershell: string, cmd: string]) {
  const [powershell, cmd] = typeof onWindows === "string" ? [onWindows, onWindows] : onWindows;
  return (...operands: readonly Value[]): Run =>
    runPerSystem(posix.split(" "), { powershell, cmd }, ...operands);
}

/** Who owns a file or folder, and who else may do what with it. */
export const showOwner = task("ls -ld", "icacls");
/** The same for what a link leads to. */
export const showTarget = task("ls -lL", "icacls");
/** What a file or folder is, and how large. */
export const showSize = task("ls -ldh", ["Get-Item -Force -LiteralPath", "dir /a"]);
/** A file, or all in a folder. */
export const listFiles = task("ls -l", ["Get-ChildItem -Force -LiteralPath", "dir /a"]);
export const showText = task("cat", ["Get-Content -LiteralPath", "type"]);
export const removeFile = task("rm", ["Remove-Item -LiteralPath", "del"]);
/** Also one that is read-only, as a lock is. */
export const removeLock = task("rm -f", ["Remove-Item -Force -LiteralPath", "del /f"]);
export const removeFolder = task("rm -r", ["Remove-Item -Recurse -Force -LiteralPath", "rmdir /s"]);
export const move = task("mv", ["Move-Item -LiteralPath", "move"]);
export const copy = task("cp", ["Copy-Item -LiteralPath", "copy"]);
export const makeFolder = task("mkdir -p", "mkdir");
export const freeSpace = task("df -h", ["Get-Volume -FilePath", "dir"]);
export const findAll = task("type -a", ["Get-Command -All", "where"]);
/** The time of this machine's clock, with its offset. */
export const showTime = task("date -u", ["Get-Date -Format o", "powershell Get-Date -Format o"]);

/** The run as a shell of Windows knows it. Undefined: cmd.exe has no words for it. */
export function onWindows({ onWindows: words, ...rest }: Run, shell: "powershell" | "cmd"): Run | undefined {
  if (words === undefined) return rest;
  const [program, ...verb] = (typeof words === "string" ? words : words[shell])?.split(" ") ?? [];
  return program === undefined ? undefined : { ...rest, program, verb };
}

/** The programs that a command runs, one by one. */
export function runsOf(command: Command): readonly Run[] {
  switch (command.kind) {
    case "run":
      return [command];
    case "pipe":
      return command.runs;
    case "write-file":
      return [command.run];
    default:
      return [];
  }
}
