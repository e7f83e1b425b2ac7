/** How the person of the real AWS CLI writes a context for the lab's cluster. */
export function updateKubeconfig(region: string, more: readonly string[] = []): string[] {
  const cluster = ["--name", "lab", "--region", region];
  return ["env", "AWS_PROFILE=grace", "aws", "eks", "update-kubeconfig", ...cluster, ...more];
}
