/** Does all jobs, on each worker one after another; one that is promised helps when it is there. A job that rejects ends it all. */
export async function inPool<W, J>(
  workers: readonly (W | Promise<W>)[],
  jobs: readonly J[],
  work: (worker: W, job: J) => Promise<void>,
): Promise<void> {
  const left = [...jobs];
  await Promise.all(
    workers.map(async (worker) => {
      const own = await worker;
      for (let job = left.shift(); job !== undefined; job = left.shift()) await work(own, job);
    }),
  );
}

/** So many of them, drawn at random; all where there are no more. */
export function draw<T>(all: readonly T[], count: number, random: (below: number) => number): T[] {
  const left = [...all];
  return Array.from({ length: Math.min(count, all.length) }, () =>
    left.splice(random(left.length), 1),
  ).flat();
}
