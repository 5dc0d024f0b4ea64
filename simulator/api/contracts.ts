// Functions of which only the contract is known: by header, from what a script wrote of the knowledge base.
import type { KernelFunction, Type } from "../engine/interfaces.ts";
import { contractLayouts } from "../kernel/contract-layouts.ts";
import type { Contract } from "../kernel/contracts.ts";
import type { Kernel } from "../kernel/kernel.ts";
import contracts from "./contracts.json" with { type: "json" };
import { Header } from "./header.ts";

const byHeader = new Map<string, Contract[]>();
for (const contract of contracts) byHeader.set(contract.header, [...(byHeader.get(contract.header) ?? []), contract]);

/** Headers that have some, sorted. */
export const contractHeaders: readonly string[] = [...byHeader.keys()].sort();

/** Whether a function is only a contract. */
export function isContract(header: string, name: string): boolean {
  return byHeader.get(header)?.some((contract) => contract.name === name) === true;
}

/** Those of a header, and the structs that drivers hand to them, beside what is simulated of it. */
export function addContracts(exports: Header["exports"], name: string, kernel: Kernel): void {
  const header = new Header(kernel.core);
  for (const contract of byHeader.get(name) ?? []) {
    if (exports.has(contract.name)) continue;
    const params = contract.params as readonly Type[];
    header.plain(
      contract.name,
      params,
      contract.returns as KernelFunction["returns"],
      (...args: number[]) => kernel.contracts.call(contract, args),
      { optional: params.length, ...(contract.mayBeNull === true ? { mayBeNull: true } : {}) },
    );
  }
  for (const layout of contractLayouts[name] ?? []) header.layout(layout.name, layout);
  for (const [key, value] of header.exports) exports.set(key, value);
}
