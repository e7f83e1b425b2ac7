import type { Target } from "../facts/eks-call.ts";

/** Changes the authentication mode, one step forward, and waits until it is in force. Source: eks-auth, B1. */
export function setMode({ cluster, region }: Target, mode: string): readonly (readonly string[])[] {
  const place = ["--name", cluster, "--region", region];
  return [
    ["aws", "eks", "update-cluster-config", ...place, "--access-config", `authenticationMode=${mode}`],
    ["aws", "eks", "wait", "cluster-active", ...place],
  ];
}
