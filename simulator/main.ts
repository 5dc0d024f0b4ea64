// The program `driverlab-dap`: the debug adapter on standard input and output, and the process in which a driver runs.
import { createHash } from "node:crypto";
import process from "node:process";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { confine } from "./confinement.ts";
import { DriverSession } from "./debug/session.ts";

/** Put in place when the program is built. */
declare const DRIVERLAB_VERSION: string;

const usage = `Usage: driverlab-dap

The Driverlab debug adapter; an editor starts it and speaks the debug adapter protocol with it over its standard
input and output. The driver runs in this very process, which can then reach no file, network or other process.
`;

if (process.argv.includes("--help") || process.argv.includes("--version")) {
  process.stdout.write(process.argv.includes("--help") ? usage : `${DRIVERLAB_VERSION}\n`);
} else {
  const { stdin, stdout, stderr } = process;
  const exit = process.exit.bind(process);
  // A driver's regular expression that goes back without end would hear no pause: V8 then takes its linear engine.
  setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
  const { memoryUsage } = process;
  const heapLimit = getHeapStatistics().heap_size_limit;
  const outside = confine();
  const session = new DriverSession({
    ...outside,
    // A client that cannot keep up with what is printed would see nothing else for long. An immediate that is asked for
    // while a request is looked at comes before the next one.
    soon: (run) => void (stdout.writableNeedDrain ? stdout.once("drain", run) : setImmediate(() => setImmediate(run))),
    process: process.pid,
    now: () => performance.now(),
    heap: () => {
      const { heapUsed, arrayBuffers } = memoryUsage();
      return { used: heapUsed + arrayBuffers, limit: heapLimit };
    },
    sha256: (text) => createHash("sha256").update(text).digest("hex"),
    log: (text) => void stderr.write(`${text}\n`),
    end: () => void stdout.write("", () => exit(0)),
  });
  session.start(stdin, stdout);
}
