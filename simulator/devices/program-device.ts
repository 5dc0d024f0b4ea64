// A device whose model is a program of the user's: stepped on the task that accesses it, and at once for all else.
import {
  type Activation,
  type Image,
  MemoryFault,
  type Problem,
  type Program,
  type Raw,
  type Steps,
  type SymbolTable,
  type World,
} from "../engine/interfaces.ts";
import {
  type AccessBytes,
  type Alarm,
  BusError,
  type DevicePorts,
  type Register,
  type SteppedAccess,
} from "./device.ts";
import type { DeviceModel } from "./model.ts";
import { type ModelCalls, modelSymbols } from "./program-calls.ts";
import { identityOf, type ProgramIdentity } from "./program-identity.ts";
import { RegisterDevice } from "./register-device.ts";
import { allOnes, RegisterMap, truncate } from "./registers.ts";

/** What a model runs in: `symbols` is all that it can import. */
export type ModelWorld = (symbols: SymbolTable) => World;

/** A model that does not end within so many statements is taken not to end. */
const MOST_STATEMENTS = 10_000_000;
const EFAULT = -14;

/** A model that does not run, with the place in its source. */
export class ModelError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.file}:${problem.line}: ${problem.message}`);
    this.problem = problem;
  }
}

/** The code of a model in one machine. */
interface Code {
  readonly image: Image;
  readonly identity: ProgramIdentity;
  /** Where its functions are, and what stands there. */
  readonly entries: ReadonlyMap<number, { readonly image: Image; readonly entry: unknown }>;
  /** The device that the calls of the code are about, once there is one. */
  readonly owner: { device: ProgramDevice | undefined };
}

/**
 * Makes a model of a program: its file scope runs now, and it says what it is. Throws a ModelError where something is
 * wrong with it. `place`: where it lies when it hangs on the platform bus.
 */
export function programModel(
  program: Program,
  world: ModelWorld,
  place: { readonly start: number; readonly irq: number },
): DeviceModel {
  const code = load(program, world);
  const { name, summary, mmio, pci } = code.identity;
  const create = (ports: DevicePorts): ProgramDevice => new ProgramDevice(code, ports);
  if (pci !== undefined) return { name, summary, bus: "pci", create: (ports) => Object.assign(create(ports), { pci }) };
  return { name, summary, bus: "mmio", at: place, create: (ports) => Object.assign(create(ports), { mmio: mmio! }) };
}

function load(program: Program, world: ModelWorld): Code {
  const owner: Code["owner"] = { device: undefined };
  const entries = new Map<number, { image: Image; entry: unknown }>();
  const calls = (): ModelCalls => owner.device?.calls ?? unready();
  let texts: (address: number) => string = () => "";
  const inner = world(modelSymbols(calls, (address) => texts(address)));
  texts = inner.textAt;
  const image = program.link({
    ...inner,
    addFunction: (of, name, entry) => {
      const address = inner.addFunction(of, name, entry);
      entries.set(address, { image: of, entry });
      return address;
    },
  });
  const [problem] = [...program.problems, ...(image.problems ?? [])];
  if (problem !== undefined) throw new ModelError(problem);
  const start = image.start();
  try {
    finish(start, () => undefined);
    const identity = identityOf((name) => image.exported?.(name));
    // A map that contradicts itself is told now, not when the machine is made.
    new RegisterMap(identity.registers);
    return { image, identity, entries, owner };
  } catch (error) {
    const { file, line, column } = start.frames()[0]?.site ?? { ...program.sites[0]!, line: 1, column: 1 };
    throw new ModelError({ file, line, column, message: error instanceof Error ? error.message : String(error) });
  }
}

/** Ends the call that the model makes as a fault of its own, with these words and no others. */
class ModelFault extends MemoryFault {
  constructor(message: string) {
    super(0, false);
    this.message = message;
  }
}

function unready(): never {
  throw new ModelFault("functions of driverlab/device cannot be called at file scope: the device is not there yet");
}

/** Runs a call to its end, without stops: nobody can step it. `inner` answers calls of functions by their address. */
function finish(activation: Activation, inner: (address: number, args: readonly Raw[]) => Raw): Raw {
  let value: Raw;
  for (;;) {
    const stop = activation.run(MOST_STATEMENTS, value);
    value = undefined;
    if (stop.kind === "done") return stop.value;
    if (stop.kind === "breakpoint") continue;
    if (stop.kind === "call") value = inner(stop.address, stop.args);
    else if (stop.kind === "fault") throw new Error(stop.fault.message);
    else if (stop.kind === "budget") throw new Error("it does not end");
    else throw new Error("a device model cannot wait: ask for a callback with after()");
  }
}

class ProgramDevice extends RegisterDevice {
  readonly name: string;
  readonly stepped: SteppedAccess;
  readonly calls: ModelCalls;
  private readonly code: Code;
  private readonly alarms = new Map<number, Alarm>();
  private nextAlarm = 1;
  /** An access runs on some task; callbacks wait for its end. */
  private isAccessed = false;
  private readonly waiting: (() => void)[] = [];
  /** It is only looked at, and must stay as it is. */
  private isPeeking = false;

  constructor(code: Code, ports: DevicePorts) {
    super(new RegisterMap(code.identity.registers, { widths: code.identity.widths }), ports);
    this.code = code;
    this.name = code.identity.name;
    this.calls = this.callsOfModel();
    this.stepped = {
      read: (offset, bytes) => this.readStepped(offset, bytes),
      write: (offset, bytes, value) => this.writeStepped(offset, bytes, value),
      end: () => this.endAccess(),
    };
    code.owner.device = this;
    this.now("reset", []);
  }

  override read(offset: number, bytes: AccessBytes): bigint {
    if (this.address("read") === undefined) return super.read(offset, bytes);
    return this.value(this.now("read", [offset, bytes]), bytes);
  }

  override write(offset: number, bytes: AccessBytes, value: bigint): void {
    if (this.address("write") === undefined) super.write(offset, bytes, value);
    else this.now("write", [offset, bytes, raw(value, bytes)]);
  }

  override peek(offset: number, bytes: AccessBytes): bigint {
    if (this.address("peek") === undefined) return super.peek(offset, bytes);
    this.isPeeking = true;
    try {
      return this.value(this.now("peek", [offset, bytes]), bytes);
    } finally {
      this.isPeeking = false;
    }
  }

  /** What a view shows of a register: what the model says that it reads as, where it says that. */
  override held(register: Register): bigint {
    if (this.address("peek") === undefined) return super.held(register);
    return this.peek(register.offset, (register.bits / 8) as AccessBytes);
  }

  protected override onReset(): void {
    for (const alarm of this.alarms.values()) alarm.cancel();
    this.alarms.clear();
    this.now("reset", []);
  }

  private *readStepped(offset: number, bytes: AccessBytes): Steps<bigint> {
    const address = this.address("read");
    if (address === undefined) return super.read(offset, bytes);
    this.isAccessed = true;
    return this.value(yield { kind: "call", address, args: [offset, bytes] }, bytes);
  }

  private *writeStepped(offset: number, bytes: AccessBytes, value: bigint): Steps<void> {
    const address = this.address("write");
    if (address === undefined) {
      super.write(offset, bytes, value);
      return;
    }
    this.isAccessed = true;
    yield { kind: "call", address, args: [offset, bytes, raw(value, bytes)] };
  }

  private endAccess(): void {
    this.isAccessed = false;
    for (const run of this.waiting.splice(0)) run();
  }

  private address(hook: string): number | undefined {
    const found = this.code.image.exported?.(hook);
    return found?.kind === "function" ? found.address : undefined;
  }

  private value(given: Raw, bytes: AccessBytes): bigint {
    return given === undefined ? allOnes(bytes) : truncate(BigInt(given), bytes);
  }

  /** Runs a function of the model here and now. What goes wrong in it is told in the log, and gives nothing. */
  private now(hook: string, args: readonly Raw[]): Raw {
    const address = this.address(hook);
    return address === undefined ? undefined : this.runAt(hook, address, args);
  }

  private runAt(what: string, address: number, args: readonly Raw[]): Raw {
    const run = (at: number, given: readonly Raw[]): Raw => {
      const found = this.code.entries.get(at >>> 0);
      if (found === undefined) throw new Error(`no function of the model is at ${at.toString(16)}`);
      return finish(found.image.call(found.entry, given), run);
    };
    try {
      return run(address, args);
    } catch (error) {
      if (error instanceof BusError) throw error;
      this.ports.log(`${what}() of the model failed: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  /** A callback of the model: now, or when the access that runs is over. */
  private callBack(what: string, address: number, args: readonly Raw[]): void {
    const run = (): void => void this.runAt(what, address, args);
    if (this.isAccessed) this.waiting.push(run);
    else run();
  }

  private callsOfModel(): ModelCalls {
    const { ports } = this;
    const register = (name: string) => {
      const found = this.registers.find((one) => one.name === name);
      if (found === undefined) throw new ModelFault(`${this.name} has no register ${name}`);
      return found;
    };
    const changing = (what: () => void): void => {
      if (this.isPeeking) throw new ModelFault("peek() must leave the device as it is");
      what();
    };
    const word = new Uint8Array(4);
    const view = new DataView(word.buffer);
    return {
      get: (name) => this.getLong(register(name)),
      set: (name, value) => changing(() => this.set(register(name), value)),
      plainRead: (offset, bytes) => (this.isPeeking ? super.peek(offset, bytes) : super.read(offset, bytes)),
      plainWrite: (offset, bytes, value) => changing(() => super.write(offset, bytes, value)),
      irq: (level, output) => changing(() => this.line(level, output)),
      msi: (vector) => changing(() => ports.msi.send(vector)),
      after: (nanos, callback) => {
        const id = this.nextAlarm++;
        changing(() => {
          const ring = (): void => {
            this.alarms.delete(id);
            this.callBack("after", callback, []);
          };
          this.alarms.set(id, ports.clock.after(nanos, ring));
        });
        return id;
      },
      cancel: (id) =>
        changing(() => {
          this.alarms.get(id)?.cancel();
          this.alarms.delete(id);
        }),
      nanos: () => BigInt(Math.trunc(ports.clock.nanos)),
      // Answers come later, as if the bus took its time: the model does not run within itself.
      dmaRead: (address, callback) =>
        changing(() =>
          ports.dma.read(address, word, (refusal) => {
            const value = refusal === undefined ? view.getUint32(0, true) : 0xffffffff;
            this.answer(callback, [value, refusal]);
          }),
        ),
      dmaWrite: (address, value, callback) =>
        changing(() => {
          view.setUint32(0, value, true);
          ports.dma.write(address, word.slice(), (refusal) => this.answer(callback, [refusal]));
        }),
      log: (text) => ports.log(text),
    };
  }

  private answer(callback: number, given: readonly (number | string | undefined)[]): void {
    const refusal = given.at(-1);
    if (refusal !== undefined) this.ports.log(`DMA refused: ${refusal}`);
    const args = [...given.slice(0, -1).map(Number), refusal === undefined ? 0 : EFAULT];
    this.ports.clock.after(0, () => this.callBack("dma", callback, args));
  }
}

/** As functions of the model are given it: narrow values are numbers. */
function raw(value: bigint, bytes: AccessBytes): Raw {
  return bytes === 8 ? value : Number(truncate(value, bytes));
}
