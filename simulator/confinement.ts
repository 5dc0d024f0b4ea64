// Takes files, the network and other processes from this process before a driver runs in it: a driver is a stranger's code.
import childProcess from "node:child_process";
import cluster from "node:cluster";
import dgram from "node:dgram";
import dns from "node:dns";
import fs from "node:fs";
import inspector from "node:inspector";
import module, { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import process from "node:process";
import tls from "node:tls";
import v8 from "node:v8";
import vm from "node:vm";
import workers from "node:worker_threads";

/** What is left of the machine: read before the walls go up, and handed only to those who need it. */
export interface Outside {
  /** The text of a file; undefined when there is none that may be read. */
  read(path: string): string | undefined;
  /**
   * Runs something for so many milliseconds at most, and ends it then in the midst of what it does; whether it came to
   * its end. Not within itself.
   */
  within(millis: number, run: () => void): boolean;
}

class Confined extends Error {
  constructor(what: string) {
    super(`${what} is not there for drivers`);
  }
}

/** WebAssembly is here for WASI, which would open files by itself where modules can still be loaded. */
const worldly = [
  ...["process", "require", "module", "fetch", "WebSocket", "EventSource", "XMLHttpRequest", "navigator"],
  "WebAssembly",
];

/**
 * The shadowed names of the front end are not enough, since `constructor.constructor` reaches the global object. Node's
 * permission model, under which the editor starts the adapter where it can, is the wall outside of this one.
 */
export function confine(): Outside {
  const { readFileSync } = fs;
  const outside: Outside = { read: (path) => readWith(readFileSync, path), within: timed() };
  // Node makes these streams when they are first asked for, from the parts that are about to go.
  void [process.stdin, process.stdout, process.stderr];
  deny(net.Socket.prototype, ["connect"], "the network");
  deny(net.Server.prototype, ["listen"], "the network");
  deny(dgram.Socket.prototype, ["bind", "connect", "send"], "the network");
  deny(module, ["createRequire", "_load", "_resolveFilename", "_extensions", "register"], "loading of modules");
  deny(module.prototype, ["require", "load", "_compile"], "loading of modules");
  for (const [name, part] of Object.entries({
    ...{ childProcess, cluster, dgram, dns, fs, inspector, net, tls, v8, vm, workers },
    ...{ "fs.promises": fs.promises, "dns.promises": dns.promises },
  })) {
    denyAll(part, name);
  }
  deny(process, ["binding", "_linkedBinding", "dlopen", "kill", "chdir", "getBuiltinModule", "loadEnvFile"], "process");
  syncBuiltinESMExports();
  closeLoader();
  for (const name of worldly) Reflect.deleteProperty(globalThis, name);
  return outside;
}

function readWith(readFileSync: typeof fs.readFileSync, path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch {
    return undefined;
  }
}

/** Only scripts can be given a time by Node: what is to run is called by one, of a context that nobody else sees. */
function timed(): Outside["within"] {
  let wanted = (): void => {};
  const context = vm.createContext({ run: () => wanted() });
  const script = new vm.Script("run()");
  return (timeout, run) => {
    wanted = run;
    try {
      script.runInContext(context, { timeout });
      return true;
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
      throw error;
    }
  };
}

/** Later imports find nothing; older versions of Node have no such hook, and their modules are denied one by one above. */
function closeLoader(): void {
  const hooks = module as { registerHooks?: (hooks: { resolve: (name: string) => never }) => unknown };
  hooks.registerHooks?.({
    resolve: (name) => {
      throw new Confined(`the module ${name}`);
    },
  });
}

function denyAll(part: object, name: string): void {
  const functions = Object.keys(part).filter((key) => typeof Reflect.get(part, key) === "function");
  deny(part, functions, name);
}

function deny(part: object, names: readonly string[], what: string): void {
  for (const name of names) {
    const stub = () => {
      throw new Confined(`${what} (${name})`);
    };
    Reflect.defineProperty(part, name, { value: stub, configurable: false, writable: false });
  }
}
