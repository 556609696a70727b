import { Bench } from "tinybench";

export interface Figure {
  readonly name: string;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly samples: number;
  /** p50 over the p50 of the suite's floor, measured in the same run. */
  readonly ratio?: number;
}

export interface Suite {
  readonly title: string;
  /** What the machine itself needs for the least that the work could be; the first of the figures. */
  readonly floor: { readonly name: string; run(): unknown };
  readonly cases: readonly { readonly name: string; run(): unknown }[];
  /** Milliseconds given to each figure. */
  readonly time?: number;
}

/** Measures floor and cases in turns within one run, so that a machine that slows down slows all of them. */
export async function measure(suite: Suite): Promise<Figure[]> {
  const rounds = 3;
  const time = (suite.time ?? 1_500) / rounds;
  const tasks = [suite.floor, ...suite.cases];
  const samples = new Map<string, number[]>(tasks.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const task of tasks) {
      const bench = new Bench({
        time,
        iterations: 3,
        warmupTime: 50,
        warmupIterations: 1,
        retainSamples: true,
      });
      bench.add(task.name, async () => {
        await task.run();
      });
      const [done] = await bench.run();
      if (done?.result.state !== "completed")
        throw new Error(`${task.name} did not complete`, { cause: done?.result });
      samples.get(task.name)?.push(...(done.result.latency.samples ?? []));
    }
  }
  const floor = quantile(samples.get(suite.floor.name) ?? [], 0.5);
  return tasks.map(({ name }, index) => {
    const taken = samples.get(name) ?? [];
    const p50 = quantile(taken, 0.5);
    return {
      name,
      p50,
      p95: quantile(taken, 0.95),
      samples: taken.length,
      ...(index === 0 ? {} : { ratio: p50 / floor }),
    };
  });
}

/** Nearest-rank quantile of unsorted samples. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
