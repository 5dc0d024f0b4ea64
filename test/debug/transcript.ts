// Debug sessions as text that a person can read, compared with the accepted one; DRIVERLAB_ACCEPT=1 accepts the new.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "vitest";
import type { Lock, Locks, Registers } from "../../simulator/protocol.ts";
import type { Client, Halt } from "./client.ts";

export class Transcript {
  private readonly lines: string[] = [];
  private readonly client: Client;

  constructor(client: Client) {
    this.client = client;
  }

  say(line: string): void {
    this.lines.push(line);
  }

  /** Where the machine stands: reason, threads, the stack of the one that stopped. */
  async halt(halt: Halt): Promise<number> {
    if (halt.kind === "terminated") {
      this.say("the end");
      return 0;
    }
    const { threads } = (await this.client.dap.threadsRequest()).body;
    const name = threads.find(({ id }) => id === halt.threadId)?.name ?? "nobody";
    this.say(`stopped: ${[halt.reason, halt.description, halt.text].filter(Boolean).join(", ")} in ${name}`);
    this.say(`  threads: ${threads.map((thread) => thread.name).join(", ")}`);
    for (const frame of await this.client.stack(halt.threadId!)) {
      const place = frame.source === undefined ? "" : ` ${frame.source.name}:${frame.line}`;
      this.say(`  ${frame.name}${place}`);
    }
    return (await this.client.frame(halt.threadId!)).id;
  }

  async scope(frameId: number, name: string, depth = 1): Promise<void> {
    this.say(`${name}:`);
    await this.variables(await this.client.scope(frameId, name), depth, "  ");
  }

  async locks(): Promise<void> {
    const { locks } = await this.client.custom<Locks>("driverlab/locks");
    this.say(locks.length === 0 ? "locks: none" : "locks:");
    for (const lock of locks) this.say(`  ${lockLine(lock)}`);
  }

  /** Registers that are not 0, the changed ones with a star. */
  async registers(): Promise<void> {
    const { devices } = await this.client.custom<Registers>("driverlab/registers");
    for (const device of devices) {
      this.say(`registers of ${device.name}:`);
      for (const { name, value, changed } of device.registers) {
        if (changed || !/^(0x0+|write-only)$/.test(value)) this.say(`  ${changed ? "*" : " "} ${name} ${value}`);
      }
    }
  }

  check(name: string): void {
    const path = join(import.meta.dirname, `${name}.transcript`);
    const text = `${this.lines.map(blanked).join("\n")}\n`;
    if (process.env.DRIVERLAB_ACCEPT) writeFileSync(path, text);
    expect(existsSync(path), `${path} exists: DRIVERLAB_ACCEPT=1 writes it`).toBe(true);
    expect(text).toBe(readFileSync(path, "utf8"));
  }

  private async variables(
    variables: Awaited<ReturnType<Client["variables"]>>,
    depth: number,
    indent: string,
  ): Promise<void> {
    for (const { name, value, type, variablesReference } of variables) {
      this.say(`${indent}${name}${type ? `: ${type}` : ""} = ${value}`);
      if (depth > 1 && variablesReference > 0) {
        await this.variables(await this.client.variables(variablesReference), depth - 1, `${indent}  `);
      }
    }
  }
}

/** Addresses and counts shift with every change elsewhere, and say nothing here. */
function blanked(line: string): string {
  return line.replaceAll(/(@ |__iomem )[0-9a-f]{8}/g, "$1…").replace(/^( +(?:time|statements) = ).*/, "$1…");
}

function lockLine({ name, flavour, owner, takenAt, waiters }: Lock): string {
  const place = takenAt.find(({ path }) => path !== undefined);
  const taken = place?.path && `, taken in ${place.fn} ${basename(place.path)}:${place.line}`;
  const waiting = waiters.length > 0 ? `, waited for by ${waiters.join(", ")}` : "";
  return `${name} (${flavour}) held by ${owner ?? "nobody"}${taken ?? ""}${waiting}`;
}
