// One machine of a recipe, somewhere on the way through its run, with what a session needs to go on with it.
import type { Pause } from "../engine/engine.ts";
import type { Image } from "../engine/interfaces.ts";
import type { Task } from "../engine/task.ts";
import { createMachine, type Machine, type Recipe, type Report } from "../machine.ts";
import type { Inputs } from "./inputs.ts";

/** Told of what happens in whichever machine is run. */
export interface Watcher {
  onImage(instance: Instance, image: Image): void;
  onReport(instance: Instance, report: Report, task: Task | undefined): void;
}

export class Instance {
  readonly machine: Machine;
  /** Where its statements can be stopped before. */
  readonly images: Image[] = [];
  private readonly inputs: Inputs;
  /** So many of the inputs it has had. */
  private had = 0;

  constructor(recipe: Recipe, inputs: Inputs, watcher: Watcher) {
    this.inputs = inputs;
    this.machine = createMachine(recipe, {
      onImage: (image) => {
        this.images.push(image);
        watcher.onImage(this, image);
      },
      onReport: (report, task) => watcher.onReport(this, report, task),
    });
  }

  /** Statements run so far. */
  get clock(): number {
    return this.machine.engine.clock.statements;
  }

  /** Runs at most to a moment, making the inputs that fall on the way. */
  runTo(goal: number): Pause {
    for (;;) {
      const next = this.inputs.after(this.had);
      if (next === undefined || next > goal) return this.machine.run(goal);
      const pause = this.machine.run(next);
      // Where nothing is left to run, an input may begin something.
      const isThere = pause.kind === "clock" || pause.kind === "idle" || pause.kind === "frozen";
      if (!isThere || !this.makeDue()) return pause;
    }
  }

  /** Makes the inputs of the moment at which it stands; whether there were any. */
  makeDue(): boolean {
    const made = this.inputs.makeDue(this.machine, this.had);
    this.had += made;
    return made > 0;
  }

  /** It has had all inputs up to now, and the one that was just made is the last. */
  became(count: number): void {
    this.had = count;
  }

  get inputsHad(): number {
    return this.had;
  }
}
