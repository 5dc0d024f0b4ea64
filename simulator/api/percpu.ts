// linux/percpu, linux/smp and linux/cpumask: CPUs, and variables of which each has its own.
import type { Steps } from "../engine/interfaces.ts";
import type { Core } from "../kernel/core.ts";
import { errno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Header } from "./header.ts";

type Width = 1 | 2 | 4 | 8;

export function percpu(kernel: Kernel): Header {
  const { core, percpu } = kernel;
  const header = new Header(core);
  /** A variable of this type and name that each CPU has. At file scope. A pointer for per_cpu_ptr and its kin. */
  header.plain("DEFINE_PER_CPU", ["size", "string"], "arg0", (bytes: number) => percpu.define(bytes));
  /** The same, allocated and cleared. Task context, may sleep. NULL: no memory. */
  header.plain(
    "alloc_percpu",
    ["size"],
    "arg0",
    (bytes: number) => {
      kernel.slab.mightAlloc(0xcc0, "alloc_percpu");
      return percpu.allocate(bytes);
    },
    { mayBeNull: true },
  );
  /** Frees it. Task context. */
  header.plain("free_percpu", ["ptr"], "void", (address: number) => percpu.free(address));
  for (const name of ["per_cpu_ptr", "per_cpu"]) {
    /** The variable of a CPU. Any context. */
    header.plain(name, ["ptr", "int"], "same", (address: number, cpu: number) => percpu.of(address, cpu));
  }
  for (const name of ["this_cpu_ptr", "raw_cpu_ptr"]) {
    /** The variable of this CPU; the task must not be moved meanwhile. Any context. */
    header.plain(name, ["ptr"], "same", (address: number) => {
      if (name === "this_cpu_ptr") kernel.smp.processorId("smp_processor_id()");
      return percpu.own(address);
    });
  }
  for (const name of ["get_cpu_ptr", "get_cpu_var"]) {
    /** The variable of this CPU, with preemption off. Any context. */
    header.plain(name, ["ptr"], "same", (address: number) => {
      core.preemptDisable();
      return percpu.own(address);
    });
  }
  for (const name of ["put_cpu_ptr", "put_cpu_var"]) {
    /** Turns preemption on again. Any context. */
    header.steps(name, ["ptr"], "void", () => put(core));
  }
  operations(header, kernel);
  return header;
}

/** One instruction each: no interrupt and no other task comes in between. */
function operations(header: Header, { core, percpu }: Kernel): void {
  const load = (address: number, width: Width): bigint =>
    width === 8
      ? core.memory.load64(percpu.own(address), true)
      : BigInt(core.memory.load(percpu.own(address), width, true));
  const store = (address: number, width: Width, value: bigint): void => {
    if (width === 8) core.memory.store64(percpu.own(address), value);
    else core.memory.store(percpu.own(address), width, Number(BigInt.asUintN(32, value)));
  };
  const measured = { measures: [0] } as const;
  /** Reads the variable of this CPU, as 32 bits. Any context. */
  header.plain(
    "this_cpu_read",
    ["ptr"],
    "int",
    (address: number, width: Width) => Number(load(address, width)),
    measured,
  );
  /** Writes the variable of this CPU. Any context. */
  header.plain(
    "this_cpu_write",
    ["ptr", "s64"],
    "void",
    (address: number, value: bigint, width: Width) => store(address, width, value),
    measured,
  );
  const change = (
    name: string,
    by: (value: bigint, operand: bigint) => bigint,
    returns: "void" | "int" = "void",
  ): void =>
    header.plain(
      name,
      ["ptr", "s64"],
      returns,
      (address: number, operand: bigint, width: Width) => {
        const value = by(load(address, width), operand);
        store(address, width, value);
        return Number(BigInt.asIntN(32, value));
      },
      measured,
    );
  /** Adds to the variable of this CPU. Any context. */
  change("this_cpu_add", (value, operand) => value + operand);
  /** Subtracts from the variable of this CPU. Any context. */
  change("this_cpu_sub", (value, operand) => value - operand);
  /** Adds to the variable of this CPU. Any context. The sum, as 32 bits. */
  change("this_cpu_add_return", (value, operand) => value + operand, "int");
  /** Sets bits of the variable of this CPU. Any context. */
  change("this_cpu_or", (value, operand) => value | operand);
  /** Clears bits of the variable of this CPU that the operand lacks. Any context. */
  change("this_cpu_and", (value, operand) => value & operand);
  for (const [name, by] of [
    ["this_cpu_inc", 1n],
    ["this_cpu_dec", -1n],
  ] as const) {
    /** Adds 1 to the variable of this CPU, or subtracts it. Any context. */
    header.plain(
      name,
      ["ptr"],
      "void",
      (address: number, width: Width) => store(address, width, load(address, width) + by),
      measured,
    );
  }
}

export function smp(kernel: Kernel): Header {
  const { core, smp } = kernel;
  const header = new Header(core);
  counts(header, kernel);
  /** The number of this CPU; preemption should be off. Any context. */
  header.plain("smp_processor_id", [], "int", () => smp.processorId("smp_processor_id()"));
  /** The same without a word. Any context. */
  header.plain("raw_smp_processor_id", [], "int", () => core.engine.cpu);
  /** The number of this CPU, with preemption off. Any context. */
  header.plain("get_cpu", [], "int", () => {
    core.preemptDisable();
    return core.engine.cpu;
  });
  /** Turns preemption on again. Any context. */
  header.steps("put_cpu", [], "void", () => put(core));
  /** Calls a function on every CPU, in an interrupt on the others. Interrupts on. */
  header.steps("on_each_cpu", ["callback", "ptr", "int"], "void", (fn: number, info: number, isWaiting: number) =>
    smp.call(smp.cpus, fn, info, isWaiting !== 0),
  );
  /** The same on all CPUs but this. Interrupts on. */
  header.steps("smp_call_function", ["callback", "ptr", "int"], "void", (fn: number, info: number, isWaiting: number) =>
    smp.call(
      smp.cpus.filter((cpu) => cpu !== core.engine.cpu),
      fn,
      info,
      isWaiting !== 0,
    ),
  );
  /** Calls a function on a CPU. Interrupts on. 0, or -ENXIO. */
  header.steps(
    "smp_call_function_single",
    ["int", "callback", "ptr", "int"],
    "int",
    function* (cpu: number, fn: number, info: number, isWaiting: number): Steps<number> {
      if (!smp.cpus.includes(cpu)) return -errno.ENXIO;
      yield* smp.call([cpu], fn, info, isWaiting !== 0);
      return 0;
    },
  );
  return header;
}

export function cpumask(kernel: Kernel): Header {
  const header = new Header(kernel.core);
  counts(header, kernel);
  const { core, statics } = kernel;
  const masks = new Map<number, number>();
  /** A mask with one CPU. Any context. */
  header.plain("cpumask_of", ["u32"], "ptr", (cpu: number) => {
    let address = masks.get(cpu);
    if (address === undefined) {
      address = statics.global(4, 4, "cpu_bit_bitmap");
      core.memory.poke(address, 4, 1 << cpu);
      masks.set(cpu, address);
    }
    return address;
  });
  return header;
}

function counts(header: Header, { smp }: Kernel): void {
  for (const name of ["num_online_cpus", "num_possible_cpus", "num_present_cpus", "nr_cpu_ids"]) {
    /** How many CPUs there are. Any context. */
    header.plain(name, [], "u32", () => smp.cpus.length);
  }
  for (const name of ["cpu_online", "cpu_possible", "cpu_present"]) {
    /** Whether there is such a CPU. Any context. */
    header.plain(name, ["u32"], "bool", (cpu: number) => smp.cpus.includes(cpu));
  }
}

function* put(core: Core): Steps<void> {
  core.preemptEnable();
  yield* core.letIn();
}
