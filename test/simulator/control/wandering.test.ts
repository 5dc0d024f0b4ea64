// Somebody who goes to and fro in a run at random, jumps, disturbs it and lets going back be prepared: it stays one run.
import { join } from "node:path";
import { expect, test } from "vitest";
import { jump } from "../../../simulator/control/jump.ts";
import { obstacleTo } from "../../../simulator/control/obstacles.ts";
import { Session } from "../../../simulator/control/session.ts";
import type { Journey, Stopped } from "../../../simulator/control/stop.ts";
import { numberOf } from "../../../simulator/control/tasks.ts";
import { Dice } from "../../dice.ts";
import { load } from "../drivers.ts";

const examples = join(import.meta.dirname, "../../../simulator/examples");
const MOVES = 60;
const LIMIT = 100_000;

/** A journey that comes to no end is a mistake, too. */
function travel(journey: Journey): Stopped {
  for (let portions = 0; portions < LIMIT; portions++) {
    const { done, value } = journey.next();
    if (done === true) return value;
  }
  throw new Error("a journey without end");
}

/** All that can be seen of a moment. */
function seen({ clock, machine }: Session): unknown {
  return [clock, machine.log.map(({ text }) => text), machine.reports.map(({ title }) => title)];
}

class Wanderer {
  private readonly dice: Dice;
  private readonly session: Session;
  private preparing: ReturnType<Session["prepare"]> | undefined;
  private furthest = 0;
  jumps = 0;

  constructor(path: string, seed: number) {
    this.dice = new Dice(seed);
    const { recipe } = load(join(examples, path));
    this.session = new Session({ ...recipe, seed }, { stopsAt: () => this.dice.chance(3), limit: LIMIT });
    this.session.start();
  }

  wander(): void {
    const moves = [this.anywhere, this.back, this.step, this.prepare, this.jump, this.jump, this.breakpoint];
    moves.push(this.forwards, this.backwards, this.disturb, this.thereAndBack);
    for (let made = 0; made < MOVES; made++) {
      if (this.dice.chance(2)) this.preparing?.next();
      this.dice.of(moves).call(this);
      this.furthest = Math.max(this.furthest, this.session.clock);
    }
  }

  private anywhere(): void {
    travel(this.session.goTo(this.dice.below(this.furthest + 50)));
  }

  private back(): void {
    travel(this.session.stepBack(this.session.at.task));
  }

  private step(): void {
    const { task } = this.session.at;
    if (task !== undefined) travel(this.session.step(task, this.dice.of(["in", "over", "out"])));
  }

  private prepare(): void {
    this.preparing = this.session.prepare();
  }

  private jump(): void {
    const { session, dice } = this;
    const { task } = session.at;
    const at = task?.layers.at(-1)?.activation.site;
    if (task === undefined || at === undefined) return;
    const sites = session.machine.programs.flatMap((program) => program.sites);
    const to = dice.of(sites.filter(({ file, fn }) => file === at.file && fn === at.fn));
    if (obstacleTo(task, to) !== undefined) return;
    expect(travel(jump(session, numberOf(task), to)).task?.layers.at(-1)?.activation.site).toBe(to);
    this.furthest = session.clock;
    this.jumps++;
  }

  private breakpoint(): void {
    const { file, line } = this.dice.of(this.session.machine.programs[0]!.sites);
    this.session.setBreakpoints(file, this.dice.chance(3) ? [] : [{ line }]);
  }

  private forwards(): void {
    travel(this.session.continue());
  }

  private backwards(): void {
    travel(this.session.reverseContinue());
  }

  private disturb(): void {
    this.session.act({ kind: "interrupt", irq: 11 });
    this.furthest = this.session.clock;
  }

  /** A task that faulted is still to be seen at a moment that is no moment of the replay. */
  private thereAndBack(): void {
    const { session, dice } = this;
    if (session.machine.engine.hasFaulted) return;
    const before = seen(session);
    const { clock } = session;
    travel(session.goTo(dice.below(clock + 1)));
    travel(session.goTo(clock));
    expect(seen(session)).toEqual(before);
  }
}

test.each([
  ["edu.ts", 12],
  ["kthread-queue/kthread-queue.ts", 19],
  ["timer-work/timer-work.ts", 14],
  ["net-loopback/net-loopback.ts", 94],
])("through %s, seed %d", (path, seed) => {
  const wanderer = new Wanderer(path, seed);
  wanderer.wander();
  expect(wanderer.jumps).toBeGreaterThan(0);
});
