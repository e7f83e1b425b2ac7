import type { Client } from "../../evidence/evidence.ts";

/** Clients that do not use client-go, and read exec blocks in their own ways. Source: plugin/KUBECTL.md, "Other clients". */
const OTHERS =
  /python|javascript|node|java\b|fabric8|ruby|rust|kube-rs|dotnet|c#|lens|freelens|headlamp|vscode|intellij/i;

/** Whether the client uses client-go, as far as its name tells; an unknown client is taken for kubectl. */
export function isGoClient(client: Client | undefined): boolean {
  return client === undefined || !OTHERS.test(client.name);
}
