// The views of the stopped machine: contexts, locks, memory, as the adapter describes them.
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, test } from "vitest";
import type { Contexts } from "../../simulator/contexts/protocol.ts";
import type { HeapObjectState, LockClass, Locks, LockUser, MemoryState, Place } from "../../simulator/protocol.ts";
import { Client, edu, root } from "./client.ts";
import { beats, Walk } from "./walk.ts";

const abba = join(root, "test/debug/drivers/abba.ts");

describe("views", () => {
  let client: Client;
  let walk: Walk;
  beforeEach(async () => {
    client = await Client.start();
    walk = new Walk(client);
  });
  afterEach(() => client.stop());

  const at = (place: Place | undefined, before = " at ") =>
    place?.path === undefined
      ? ""
      : `${before}${place.fn} ${basename(place.path)}: ${walk.placed(place.line!, place.path)}`;

  async function contexts(): Promise<void> {
    const { cpus, tasks, timers, works, modules, drivers, devices } =
      await client.custom<Contexts>("driverlab/contexts");
    for (const { cpu, isRunning, layers, preemptCount, irqsDisabled, held } of cpus) {
      walk.say(`  CPU ${cpu}${isRunning ? ", stopped here" : ""}, interrupts ${irqsDisabled ? "off" : "on"}`);
      for (const { context, name, place } of layers) walk.say(`    ${context} ${name}${at(place)}`);
      const set = preemptCount.fields.filter(({ count }) => count > 0);
      walk.say(`    preempt_count ${preemptCount.value}${at(preemptCount.disabledAt, ", since ")}`);
      for (const { name, count, meaning } of set) walk.say(`      ${name} ${count}: ${meaning}`);
      for (const { name, takenAt } of held) walk.say(`    holds ${name}${at(takenAt, ", taken ")}`);
    }
    for (const { name, letter, word, now, waitsFor, owners, waitsOn, place, stackUsed, stackSize, held } of tasks) {
      const waits = waitsFor === undefined ? "" : ` for ${waitsFor}`;
      const of = owners.length === 0 ? "" : `, which ${owners.join(", ")} has`;
      walk.say(`  ${name} ${letter} (${word}) ${now}${waits}${of}${at(place)}`);
      if (waitsOn !== undefined) walk.say(`    ${waitsOn.kind} @ ${waitsOn.address}${at(waitsOn.takenAt, ", taken ")}`);
      walk.say(`    stack ${stackUsed} of ${stackSize}${held.length === 0 ? "" : `, holds ${held.join(", ")}`}`);
    }
    for (const { kind, fn, cpu, inNanos } of timers) {
      walk.say(`  ${kind} ${fn} on CPU ${cpu}, ${inNanos > 0 ? "to come" : "due"}`);
    }
    for (const { name, state } of modules) walk.say(`  module ${name} ${state}`);
    for (const { name, bus, state } of drivers) walk.say(`  ${bus} driver ${name} ${state}`);
    for (const { name, bus, state, driver, runtime, managed } of devices) {
      const power = runtime === undefined ? "" : `, runtime PM ${runtime.status}, users ${runtime.users}`;
      walk.say(`  ${bus} device ${name} ${state}${driver === undefined ? "" : ` to ${driver}`}${power}`);
      for (const what of managed) walk.say(`    ${what}`);
    }
    for (const { fn, wq, cpu } of works) walk.say(`  work ${fn} on ${wq}${cpu === undefined ? "" : `, CPU ${cpu}`}`);
  }

  async function locks(): Promise<void> {
    const { classes, deadlocks } = await client.custom<Locks>("driverlab/locks");
    for (const { waits } of deadlocks) {
      walk.say("  DEADLOCK");
      for (const { task, lock, place } of waits) walk.say(`    ${task} waits for ${lock}${at(place)}`);
    }
    for (const lockClass of classes) lockClassIn(lockClass);
  }

  function lockClassIn({ name, flavour, usage, uses, instances, before }: LockClass): void {
    const user = ({ task, isRead, place }: LockUser) => `${task}${isRead ? " as reader" : ""}${at(place)}`;
    walk.say(`  ${name} (${flavour}) {${usage}}`);
    for (const use of uses) walk.say(`    ${use.name}${at(use.place)}`);
    for (const { owners, waiting } of instances) {
      walk.say(`    held by ${owners.map(user).join(", ") || "nobody"}`);
      for (const one of waiting) walk.say(`      ${user(one)} waits`);
    }
    for (const { to, place, heldAt, cycle } of before) {
      walk.say(`    then ${to}${at(place)}${at(heldAt, ", held since ")}`);
      if (cycle !== undefined) walk.say(`      CIRCLE ${cycle.join(" -> ")}`);
    }
  }

  async function memory(): Promise<void> {
    const state = await client.custom<MemoryState>("driverlab/memory");
    const object = ({ bytes, cache, task, allocatedAt, freedAt, shadow }: HeapObjectState) => {
      walk.say(`    ${bytes} bytes of ${cache} by ${task}${at(allocatedAt)}${at(freedAt, ", freed ")}`);
      walk.say(`      ${shadow.map(({ code, count, meaning }) => `${code}*${count} ${meaning}`).join(", ")}`);
    };
    for (const { fn, place, cache, flags, bytes, count, objects } of state.sites) {
      walk.say(`  ${count} of ${cache}, ${bytes} bytes: ${fn} ${flags}${at(place)}`);
      for (const one of objects) object(one);
    }
    for (const { module, isLoaded, holdings } of state.modules) {
      walk.say(`  ${module} ${isLoaded ? "has to give back" : "has left"}`);
      for (const { what, count, bytes, place } of holdings)
        walk.say(`    ${count} ${what}, ${bytes} bytes${at(place)}`);
    }
    walk.say(`  ${state.quarantined} in quarantine`);
    for (const one of state.quarantine) object(one);
    for (const { name, objects, bytes } of state.caches.filter((total) => !total.isKernels)) {
      walk.say(`  cache ${name}: ${objects} objects, ${bytes} bytes`);
    }
  }

  test("in the handler of an interrupt", async () => {
    await walk.launch({ program: edu });
    await walk.setLines(edu, { line: walk.lineOf("d.computing = false;") });
    await walk.begin();
    await contexts();
    await locks();
    await memory();
    walk.check("views-handler");
  });

  test("in a timer, before its work", async () => {
    await walk.launch({ program: beats, cpus: 1 });
    await walk.setLines(beats, { line: walk.lineOf("if (b.count < 4)") });
    await walk.begin();
    await contexts();
    walk.check("views-timer");
  });

  test("two tasks that wait for each other", async () => {
    await walk.launch({ program: abba });
    await client.dap.setExceptionBreakpointsRequest({ filters: ["lock-order-inversion"] });
    await walk.begin();
    await contexts();
    await locks();
    await memory();
    walk.say("-- what the timer freed is in quarantine");
    await walk.setLines(abba, { line: walk.lineOf("if (d.count < 20)") });
    await walk.go("continue");
    await memory();
    await walk.setLines(abba);
    walk.say("-- a moment before, there is nothing of it yet");
    await walk.setFunctions({ name: "abba_ioctl" });
    await walk.go("reverseContinue");
    await walk.go("reverseContinue");
    await locks();
    walk.check("views-deadlock");
  });
});
