// Runs a driver and keeps of its trace what tells it from any other: a hash of all events, and one of who ran when.
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Loaded, loadDriver } from "../../simulator/control/load.ts";
import { createMachine, type Recipe } from "../../simulator/machine.ts";

const files = { read: (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined) };
const LIMIT = 10_000_000;

const examples = join(import.meta.dirname, "../../simulator/examples");

/** The example drivers that have a scenario, by their paths within the examples, sorted. */
export function examplesWithScenario(): readonly string[] {
  return globSync("**/*.scenario.ts", { cwd: examples })
    .map((path) => path.replaceAll("\\", "/").replace(/\.scenario\.ts$/, ".ts"))
    .filter((path) => existsSync(join(examples, path)))
    .sort();
}

export function loadExample(path: string): Loaded {
  const loaded = loadDriver(files, join(examples, path).replaceAll("\\", "/"));
  if (loaded === undefined) throw new Error(`no example ${path}`);
  return loaded;
}

export interface Traced {
  /** Of every event with its moment, to the byte. */
  readonly events: string;
  /** Of which task ran on which CPU at which statement: equal schedules have equal ones. */
  readonly schedule: string;
  /** `95 double-free`: the line and the check, in order. */
  readonly reports: readonly string[];
  readonly statements: number;
  /** `idle` when everything came to its end. */
  readonly end: string;
}

/** `limit`: statements after which the run is left. */
export function traced({ recipe }: Loaded, options: Partial<Recipe>, limit = LIMIT): Traced {
  const machine = createMachine({ ...recipe, ...options });
  const [events, schedule] = [new Hash(), new Hash()];
  machine.engine.trace.listen((event, { clock, nanos, cpu, task, comm, context, site }) => {
    events.add(`${clock} ${nanos} ${cpu} ${task} ${comm} ${context} ${site?.id}`);
    addValue(events, event);
    schedule.add(`${clock} ${cpu} ${task} ${context}`);
  });
  const end = machine.run(limit).kind;
  for (const { text } of machine.log) events.add(text);
  return {
    events: events.text,
    schedule: schedule.text,
    reports: machine.reports.map(({ id, site }) => `${site?.line} ${id}`).sort(),
    statements: machine.engine.clock.statements,
    end,
  };
}

/** All that an event says; of a statement its number is enough. */
function addValue(hash: Hash, value: unknown): void {
  if (typeof value !== "object" || value === null) hash.add(String(value));
  else if ("id" in value && "endColumn" in value) hash.add(String(value.id));
  else {
    for (const [name, each] of Object.entries(value)) {
      hash.add(name);
      addValue(hash, each);
    }
  }
}

/** Two times FNV-1a, from different starts. */
class Hash {
  private one = 0x811c9dc5;
  private other = 0x9e3779b9;

  add(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      this.one = Math.imul(this.one ^ code, 0x01000193);
      this.other = Math.imul(this.other ^ code, 0x01000193);
    }
  }

  get text(): string {
    return [this.one, this.other].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }
}
