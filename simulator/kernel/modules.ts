// Modules: loading and unloading, reference counts, and what an unloaded module leaves behind.
import type { Image, KernelExport, Program, Steps, SymbolTable, World } from "../engine/interfaces.ts";
import type { Core } from "./core.ts";
import { errno } from "./errno.ts";
import type { StackEntry } from "./events.ts";
import { fileScope } from "./file-scope.ts";
import { module as module_layout, offsetOf } from "./layouts.ts";
import type { ModuleParams } from "./module-params.ts";
import type { Log } from "./printk.ts";
import type { Resources } from "./resources.ts";
import type { Slab } from "./slab.ts";
import type { Statics } from "./statics.ts";
import { putText } from "./text.ts";

export interface Module {
  readonly name: string;
  /** Of its `struct module`: THIS_MODULE. */
  readonly address: number;
  readonly image: Image;
  state: "loading" | "live" | "going" | "gone";
  /** Open files and other users: it cannot be unloaded while there are some. */
  references: number;
  init: number;
  exit: number;
  /** Of module_pci_driver() and its kin, which stand for both. */
  driver: DriverModule | undefined;
  /** What the MODULE_… macros said: `license`, `author`, `description`, `version`. */
  readonly info: Map<string, string>;
}

/** A module that is nothing but a driver. */
export interface DriverModule {
  register(): Steps<number>;
  unregister(): Steps<void>;
}

interface Loadable {
  readonly name: string;
  readonly program: Program;
  link(world: World): Image;
}

/** Licences that keep the kernel free of taint, license_is_gpl_compatible(). */
const FREE_LICENSES: ReadonlySet<string> = new Set([
  "GPL",
  "GPL v2",
  "GPL and additional rights",
  "Dual BSD/GPL",
  "Dual MIT/GPL",
  "Dual MPL/GPL",
]);

export class Modules {
  private readonly core: Core;
  private readonly statics: Statics;
  private readonly log: Log;
  private readonly slab: Slab;
  private readonly resources: Resources;
  private readonly params: ModuleParams;
  private readonly world: (symbols: SymbolTable) => World;
  private readonly loadable = new Map<string, Loadable>();
  private readonly symbols = new Map<string, SymbolTable>();
  private readonly loaded = new Map<string, Module>();
  private readonly told = new Map<string, Map<string, readonly string[]>>();
  private loading: Module | undefined;
  private tainted = false;
  /** Asked when a module is live: MODULE_STATE_LIVE of the module notifiers. */
  private readonly leaving: ((image: Image, name: string) => void)[] = [];
  private readonly notified: ((name: string) => Steps<void>)[] = [];

  constructor(
    core: Core,
    statics: Statics,
    log: Log,
    slab: Slab,
    resources: Resources,
    params: ModuleParams,
    world: (symbols: SymbolTable) => World,
  ) {
    this.core = core;
    this.statics = statics;
    this.log = log;
    this.slab = slab;
    this.resources = resources;
    this.params = params;
    this.world = world;
  }

  /** Puts a program where insmod() finds it, under the module's name. */
  register(name: string, program: Program, symbols: SymbolTable): void {
    this.loadable.set(name, { name, program, link: (world) => program.link(world) });
    this.symbols.set(name, symbols);
    this.resources.own(new Set(program.sites.map(({ file }) => file)), name);
  }

  /** The module that insmod() without a name means: the first one registered. */
  get first(): string | undefined {
    return this.loadable.keys().next().value;
  }

  /** Of every module that can be loaded, or is. */
  get names(): readonly string[] {
    return [...this.loadable.keys()];
  }

  /** Loaded modules, in the order in which they were loaded. */
  get all(): readonly Module[] {
    return [...this.loaded.values()];
  }

  find(name: string): Module | undefined {
    return this.loaded.get(name);
  }

  /** Loads a module and runs its init function; 0, or a negative errno. */
  *insmod(name: string, args = ""): Steps<number> {
    const loadable = this.loadable.get(name);
    if (loadable === undefined) return -errno.ENOENT;
    if (this.loaded.has(name)) return -errno.EEXIST;
    const module = this.create(loadable);
    this.loaded.set(name, module);
    this.loading = module;
    this.core.emit({ kind: "module", name, phase: "loading", result: 0 });
    yield* this.core.callDriver(fileScope(this.core.engine, module.image), []);
    this.taint(module);
    const parsed = yield* this.params.parse(name, args);
    if (parsed < 0) {
      this.unload(module);
      this.core.emit({ kind: "module", name, phase: "failed", result: parsed });
      return parsed;
    }
    this.loading = undefined;
    const result = yield* this.core.steps("do_one_initcall", this.begin(module));
    if (result < 0) {
      this.unload(module);
      this.core.emit({ kind: "module", name, phase: "failed", result });
      return result;
    }
    if (result > 0) {
      const text = `do_init_module: '${name}'->init suspiciously returned ${result}, it should follow 0/-E convention`;
      this.log.write(text, 4);
    }
    module.state = "live";
    this.core.emit({ kind: "module", name, phase: "live", result });
    for (const notify of this.notified) yield* notify(name);
    return 0;
  }

  /** register_module_notifier(), for modules that are live. */
  whenLive(notify: (name: string) => Steps<void>): void {
    this.notified.push(notify);
  }

  /** Told of a module whose code is about to go, after its exit function or a failed init. */
  whenGone(notify: (image: Image, name: string) => void): void {
    this.leaving.push(notify);
  }

  /** The module whose file scope or init runs. */
  get current(): string | undefined {
    return this.loading?.name;
  }

  /** Runs a module's exit function and takes its code away; 0, or a negative errno. */
  *rmmod(name: string): Steps<number> {
    const module = this.loaded.get(name);
    if (module === undefined) return -errno.ENOENT;
    if (module.state !== "live") return -errno.EBUSY;
    if (module.references > 0) return -errno.EAGAIN;
    // A module with an init and no exit function is there to stay, kernel/module/main.c.
    if (module.init !== 0 && module.exit === 0) return -errno.EBUSY;
    module.state = "going";
    this.core.emit({ kind: "module", name, phase: "going", result: 0 });
    yield* this.core.steps("__do_sys_delete_module", this.end(module));
    this.unload(module);
    this.core.emit({ kind: "module", name, phase: "gone", result: 0 });
    return 0;
  }

  /** module_init(), at file scope of what is being loaded. */
  setInit(address: number): void {
    if (this.loading !== undefined) this.loading.init = address;
  }

  setExit(address: number): void {
    if (this.loading !== undefined) this.loading.exit = address;
  }

  setDriver(driver: DriverModule): void {
    if (this.loading !== undefined) this.loading.driver = driver;
  }

  setInfo(key: string, value: string): void {
    if (this.loading === undefined) return;
    this.loading.info.set(key, value);
    const told = this.told.get(this.loading.name)!;
    told.set(key, [...(told.get(key) ?? []), value]);
  }

  /** What a module that was loaded once says of itself: `modinfo -F`. */
  infoOf(name: string, key: string): readonly string[] {
    return this.told.get(name)?.get(key) ?? [];
  }

  /** try_module_get() on a `struct module`; NULL is the kernel itself, which never goes. */
  get(address: number): boolean {
    if (address === 0) return true;
    const module = this.at(address);
    if (module === undefined || module.state === "going" || module.state === "gone") return false;
    this.count(module, 1);
    return true;
  }

  put(address: number): void {
    const module = this.at(address);
    if (module !== undefined) this.count(module, -1);
  }

  private at(address: number): Module | undefined {
    return this.all.find((module) => module.address === address);
  }

  private count(module: Module, by: number): void {
    module.references = Math.max(0, module.references + by);
    this.core.memory.poke(module.address + offsetOf(module_layout, "refcnt"), 4, module.references);
  }

  private create(loadable: Loadable): Module {
    const { name } = loadable;
    const address = this.statics.global(module_layout.size, module_layout.align, name);
    putText(this.core.memory, address + offsetOf(module_layout, "name"), name.slice(0, 55));
    this.told.set(name, new Map());
    const image = loadable.link(this.world(withModule(this.symbols.get(name)!, address)));
    return {
      name,
      address,
      image,
      state: "loading",
      references: 0,
      init: 0,
      exit: 0,
      driver: undefined,
      info: new Map(),
    };
  }

  private *begin({ init, driver }: Module): Steps<number> {
    if (driver !== undefined) return yield* driver.register();
    return init === 0 ? 0 : yield* this.core.callDriver(init, []);
  }

  private *end({ exit, driver }: Module): Steps<void> {
    if (driver !== undefined) yield* driver.unregister();
    else if (exit !== 0) yield* this.core.callDriver(exit, []);
  }

  private taint({ name, info }: Module): void {
    const license = info.get("license") ?? "unspecified";
    if (!this.tainted) this.log.write(`${name}: loading out-of-tree module taints kernel.`, 4);
    this.tainted = true;
    if (!FREE_LICENSES.has(license)) this.log.write(`${name}: module license '${license}' taints kernel.`, 4);
  }

  private unload(module: Module): void {
    module.state = "gone";
    this.loaded.delete(module.name);
    this.params.forget(module.name);
    for (const notify of this.leaving) notify(module.image, module.name);
    this.reportLeaks(module.name);
    this.core.engine.removeFunctions(module.image);
  }

  /** One event for each statement that allocated, and one for each other thing. */
  private reportLeaks(module: string): void {
    const sites = new Map<string, { what: string; count: number; bytes: number; stack: readonly StackEntry[] }>();
    for (const { bytes, cache, allocated, address } of this.slab.live) {
      if (this.leaked.has(address) || this.slab.isOwn(cache) || this.slab.isDoomed(address)) continue;
      if (this.resources.moduleOf(allocated.stack) !== module) continue;
      this.leaked.add(address);
      const site = allocated.stack.find((entry) => entry.site !== undefined)?.site;
      const key = `${site?.file}:${site?.line}:${site?.column}:${cache}`;
      const found = sites.get(key) ?? { what: cache, count: 0, bytes: 0, stack: allocated.stack };
      sites.set(key, { ...found, count: found.count + 1, bytes: found.bytes + bytes });
    }
    for (const leak of sites.values()) this.core.emit({ kind: "module-leak", module, ...leak });
    for (const { what, bytes, stack } of this.resources.heldBy(module)) {
      this.core.emit({ kind: "module-leak", module, what, count: 1, bytes, stack });
    }
    this.resources.forget(module);
  }

  /** What was reported once is not reported again when the module is loaded and unloaded anew. */
  private readonly leaked = new Set<number>();
}

/** THIS_MODULE is in every header. */
const WITH_MODULE = {};

function withModule(symbols: SymbolTable, address: number): SymbolTable {
  const own: KernelExport = { kind: "constant", value: address };
  return {
    edition: symbols.edition && WITH_MODULE,
    find: (header, name) => (name === "THIS_MODULE" ? own : symbols.find(header, name)),
    names: (header) => symbols.names(header),
  };
}
