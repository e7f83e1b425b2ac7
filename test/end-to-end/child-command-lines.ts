import fs from "node:fs";

/** How often to look, in milliseconds: our shortest commands live longer. */
const PERIOD_MS = 15;

/** The command lines of all processes below this one while it watched, as `ps` would show them to anybody. */
export interface CommandLineWatch {
  readonly seen: ReadonlySet<string>;
  stop(): void;
}

/** Begins to watch. Only Linux tells; elsewhere nothing is seen. */
export function watchCommandLines(): CommandLineWatch {
  const seen = new Set<string>();
  const look = () => {
    for (const id of descendants(String(process.pid))) {
      const words = read(`/proc/${id}/cmdline`).replaceAll("\0", " ").trim();
      if (words !== "") seen.add(words);
    }
  };
  const timer = setInterval(look, PERIOD_MS);
  return { seen, stop: () => clearInterval(timer) };
}

function descendants(id: string): string[] {
  const threads = list(`/proc/${id}/task`);
  const children = threads.flatMap((thread) =>
    read(`/proc/${id}/task/${thread}/children`).split(" ").filter(Boolean),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function list(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

/** Empty when the process has gone meanwhile. */
function read(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
