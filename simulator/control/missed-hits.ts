// Counts the hits that a journey has passed by: counts are of all that ran, whichever way one came to a moment.
import type { DataBreakpoints } from "./data-breakpoints.ts";
import type { Portions, Run } from "./run.ts";

/** Up to the present moment. */
export function* countMissed(run: Run, data: DataBreakpoints): Portions {
  const { breakpoints, clock: to } = run;
  const from = Math.min(breakpoints.uncountedFrom, data.uncountedFrom);
  if (from < to) {
    // Conditions are looked at where the statement that made an access is over.
    const { isConditional } = data;
    const take = (): void => {
      for (const access of run.watches.take()) {
        if (access.clock < to) data.reach(access, run.frameOf(access.task));
      }
    };
    const resume = run.planting.interrupt();
    yield* run.scan(from, to, {
      plant: () => run.planting.onlyBreakpoints(),
      begin: () => {
        run.watches.listen(data.watches, () => {
          if (isConditional) run.lookClosely();
        });
        run.planting.wanted = run.watches.wanted;
      },
      visit: (task, site) => {
        run.watches.visit(task);
        run.planting.looking = false;
        take();
        if (run.clock < to) breakpoints.reached(task, site, run.clock);
      },
      portion: take,
      end: take,
    });
    resume();
  }
  breakpoints.countedTo(to);
  data.countedTo(to);
}
