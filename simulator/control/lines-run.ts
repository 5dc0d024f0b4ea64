// In which contexts and on which CPUs each statement of a run was begun, and how often: counted by going through it again.
import type { Site } from "../engine/interfaces.ts";
import type { Context } from "../engine/trace.ts";
import type { Portions, Run } from "./run.ts";

export interface SiteRuns {
  readonly context: Context;
  readonly cpu: number;
  times: number;
}

/** What was counted so far: the next time only the rest is gone through. */
export class RunsOfSites {
  counted = 0;
  private readonly runs = new Map<Site, SiteRuns[]>();
  private inputs: unknown;

  /** Up to a moment, but for statements beyond the most that are counted. */
  *count(run: Run, to: number, most: number): Portions {
    const { list } = run.inputs;
    // What a person did makes another run of it.
    if (list !== this.inputs) {
      this.inputs = list;
      this.counted = 0;
      this.runs.clear();
    }
    const [from, goal] = [this.counted, Math.min(to, most)];
    if (goal <= from) return;
    let next = from;
    yield* run.scan(from, goal, {
      plant: () => run.planting.everywhere(),
      visit: (task, site) => {
        // A statement that a pause interrupts is met once more.
        if (run.clock < next || run.clock >= goal) return;
        next = run.clock + 1;
        this.add(site, task.layers.at(-1)?.context ?? "task", task.cpu);
      },
    });
    this.counted = goal;
  }

  of(file: string): readonly (readonly [Site, readonly SiteRuns[]])[] {
    return [...this.runs].filter(([site]) => site.file === file);
  }

  private add(site: Site, context: Context, cpu: number): void {
    const known = this.runs.get(site);
    const same = known?.find((one) => one.context === context && one.cpu === cpu);
    if (same !== undefined) same.times++;
    else if (known !== undefined) known.push({ context, cpu, times: 1 });
    else this.runs.set(site, [{ context, cpu, times: 1 }]);
  }
}
