// The program `driverlab-sim`: runs a driver in the simulated kernel and prints the kernel log.
import { existsSync, readFileSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { confine, type Outside } from "./confinement.ts";
import { listed } from "./control/hardware.ts";
import { type Loaded, loadDriver } from "./control/load.ts";
import { DEFAULT_DEVICES } from "./devices/index.ts";
import { parseSvd, SvdError } from "./devices/svd.ts";
import { svdOf } from "./devices/svd-export.ts";
import { listOf, tableOf } from "./devices/svd-text.ts";
import type { Problem } from "./engine/interfaces.ts";
import type { Preemption } from "./kernel/core.ts";
import { createMachine, type Machine } from "./machine.ts";

/** Put in place when the program is built. */
declare const DRIVERLAB_VERSION: string;

const usage = `Usage: driverlab-sim run [options] DRIVER.ts
       driverlab-sim svd FILE.svd [PERIPHERAL]
       driverlab-sim svd DEVICES

run: runs a driver in the simulated kernel, and prints the kernel log.
svd: prints the peripherals of a CMSIS-SVD file, or the registers of one; or writes
     such a file for devices of the machine ("edu,sp804"), where they lie on its bus.

Options of run:
  --scenario FILE   what users do (default: DRIVER.scenario.ts if there is one, or
                    else the driver is loaded, its devices are used, it is unloaded)
  --seed N          every choice of the simulated machine follows from it (default: 1)
  --cpus N          CPUs of the machine, 1 to 8 (default: 2)
  --preempt MODEL   where a task in the kernel may lose its CPU: none, voluntary (at
                    might_sleep()) or full (anywhere; default)
  --kcsan           look for data races, as with CONFIG_KCSAN; also where a line
                    "// checks: kcsan" of the scenario or the driver asks for it
  --devices LIST    devices of the machine, with commas between them: names, your own
                    models (./counter.ts), peripherals of CMSIS-SVD files
                    (chip.svd#UART0); default: what a line "// devices: LIST" of the
                    scenario or the driver says, or else an edu
  --device FILE     one more device of your own
  --device-log      print what devices log too, to standard error
  --limit N         statements after which the run is stopped (default: 50000000)
  --version         print the version
  --help            print this text

Exit code: 0 nothing to complain of, 1 a check reported, an oops happened, a test
failed or the limit was reached, 2 wrong use or a driver that does not compile.
`;

interface Options {
  readonly driver: string;
  readonly scenario: string | undefined;
  readonly seed: number;
  readonly cpus: number;
  readonly preempt: Preemption;
  readonly kcsan: boolean;
  readonly limit: number;
  readonly devices: readonly string[] | undefined;
  readonly deviceLog: boolean;
}

function fail(message: string): never {
  process.stderr.write(`driverlab-sim: ${message}\n`);
  process.exit(2);
}

function misused(message: string): never {
  process.stderr.write(`driverlab-sim: ${message}\n${usage}`);
  process.exit(2);
}

function readOptions(): Options {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse();
  } catch (error) {
    misused(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) process.stdout.write(usage);
  if (values.version) process.stdout.write(`${DRIVERLAB_VERSION}\n`);
  if (values.help || values.version) process.exit(0);
  const [command, driver, ...rest] = positionals;
  if (command === "svd") printSvd(driver, rest);
  if (command !== "run") misused(command === undefined ? "no command given" : `no such command: ${command}`);
  if (driver === undefined) misused("no driver given");
  if (rest.length > 0) misused(`one driver at a time: ${rest.join(" ")}`);
  return {
    driver,
    scenario: values.scenario,
    seed: number("seed", values.seed, 0, 0xffffffff),
    cpus: number("cpus", values.cpus, 1, 8),
    preempt: preemption(values.preempt),
    kcsan: values.kcsan,
    limit: number("limit", values.limit, 1, Number.MAX_SAFE_INTEGER),
    devices: devicesOf(values.devices, values.device),
    deviceLog: values["device-log"],
  };
}

function parse() {
  return parseArgs({
    allowPositionals: true,
    options: {
      scenario: { type: "string" },
      seed: { type: "string", default: "1" },
      cpus: { type: "string", default: "2" },
      preempt: { type: "string", default: "full" },
      kcsan: { type: "boolean", default: false },
      limit: { type: "string", default: "50000000" },
      devices: { type: "string" },
      device: { type: "string", multiple: true },
      "device-log": { type: "boolean", default: false },
      version: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
}

/** Paths on the command line are relative to where it is typed. */
function devicesOf(list: string | undefined, more: readonly string[] = []): readonly string[] | undefined {
  if (list === undefined && more.length === 0) return undefined;
  const wanted = [...(list === undefined ? DEFAULT_DEVICES : listed(list)), ...more];
  return wanted.map((one) => (/\.ts$|\.svd#/i.test(one) ? absolute(one) : one));
}

function printSvd(file: string | undefined, [name, ...more]: readonly string[]): never {
  if (file === undefined || more.length > 0) misused("svd takes a file, and the name of a peripheral");
  const text = readText(file);
  if (text === undefined && name === undefined && !/\.svd$/i.test(file)) writeSvd(listed(file));
  if (text === undefined) fail(`${file}: no such file`);
  try {
    const chip = parseSvd(text);
    const peripheral = name === undefined ? undefined : chip.peripheral(name);
    if (name !== undefined && peripheral === undefined) {
      fail(`${file}: no peripheral ${name}; there are ${chip.names.join(", ")}`);
    }
    process.stdout.write(peripheral === undefined ? listOf(chip) : tableOf(peripheral));
  } catch (error) {
    if (error instanceof SvdError) fail(`${file}: ${error.message}`);
    throw error;
  }
  process.exit(0);
}

/** The devices as they lie in a machine that has them and no others. */
function writeSvd(names: readonly string[]): never {
  const { recipe } = loadDriver(
    { read: (path) => (path === "/svd.ts" ? "" : undefined) },
    "/svd.ts",
    undefined,
    names,
  )!;
  const { kernel } = machineOf(recipe);
  const placed = kernel.hardware.all.map((device) => ({
    name: device.name,
    registers: device.registers.flatMap((register) => {
      const address = kernel.mmio.busAddressOf(device, register.offset);
      return address === undefined ? [] : [{ ...register, address }];
    }),
  }));
  const reached = placed.filter(({ registers }) => registers.length > 0);
  if (reached.length === 0) fail(`${names.join(", ")}: no registers on the bus of the machine`);
  process.stdout.write(svdOf(names.join("-"), reached));
  process.exit(0);
}

function machineOf(recipe: Loaded["recipe"]): Machine {
  try {
    return createMachine(recipe);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

function preemption(text: string): Preemption {
  if (text === "none" || text === "voluntary" || text === "full") return text;
  misused(`--preempt is none, voluntary or full: not ${text}`);
}

function number(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  misused(`--${name} is a number from ${least}${most < 0xffffffff ? ` to ${most}` : ""}: not ${text}`);
}

const absolute = (path: string): string => resolve(path).replaceAll("\\", "/");

function readText(path: string): string | undefined {
  if (!existsSync(path) || !statSync(path).isFile()) return undefined;
  return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
}

function load({ driver, scenario, devices }: Options, read: Outside["read"]): Loaded {
  if (!driver.endsWith(".ts")) fail(`${driver}: not a TypeScript driver`);
  if (scenario !== undefined && read(absolute(scenario)) === undefined) fail(`${scenario}: no such file`);
  const chosen = scenario === undefined ? undefined : absolute(scenario);
  return loadDriver({ read }, absolute(driver), chosen, devices) ?? fail(`${driver}: no such file`);
}

/** As compilers do, so that editors and terminals lead there. */
function problemLine({ file, line, column, message }: Problem): string {
  return `${relative(process.cwd(), file).replaceAll("\\", "/")}:${line}:${column}: error: ${message}\n`;
}

/** Who is still there when nothing happens any more, and what for. */
function unfinished({ engine }: Machine): string[] {
  const waiting = engine.tasks.filter(
    ({ state, isDaemon }) => !isDaemon && (state === "blocked" || state === "spinning"),
  );
  return waiting.map(({ id, name, waitingOn }) => `${name}/${id} still waits for ${waitingOn?.words ?? "something"}`);
}

function run(options: Options, { recipe }: Loaded): number {
  const { seed, cpus, preempt, kcsan, limit, deviceLog } = options;
  const say = (text: string): void => void process.stderr.write(`driverlab-sim: ${text}\n`);
  const machine = createMachine(
    { ...recipe, seed, cpus, preempt, scopes: false, ...(kcsan ? { kcsan } : {}) },
    {
      onLog: ({ text }) => void process.stdout.write(`${text}\n`),
      ...(deviceLog ? { onDevice: ({ text }) => void process.stderr.write(`${text}\n`) } : {}),
    },
  );
  const { kind } = machine.run(limit);
  if (kind === "clock") say(`stopped after ${limit} statements: does the driver end? --limit N lets it run longer`);
  else for (const line of unfinished(machine)) say(line);
  const { length } = machine.reports;
  if (length > 0)
    say(`${length} ${length === 1 ? "report" : "reports"}: ${machine.reports.map(({ id }) => id).join(", ")}`);
  const failed = machine.tests.filter(({ status }) => status === "not ok");
  if (failed.length > 0)
    say(`${failed.length} of ${machine.tests.length} tests failed: ${failed.map(({ name }) => name).join(", ")}`);
  return kind === "clock" || length > 0 || failed.length > 0 ? 1 : 0;
}

// A reader such as `head` may close the pipe; that is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 2));

const options = readOptions();
// What a device model says of itself is found out by running it: from here on a stranger's code runs in this process.
const loaded = load(options, confine().read);
if (loaded.problems.length > 0) {
  for (const problem of loaded.problems) process.stderr.write(problemLine(problem));
  process.exitCode = 2;
} else process.exitCode = run(options, loaded);
