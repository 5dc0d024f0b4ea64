// The view Memory: live allocations by the statement that made them, what modules have to give back, what was freed lately.
import * as vscode from "vscode";
import type {
  AllocationSite,
  CacheTotal,
  HeapObjectState,
  MemoryRequest,
  MemoryState,
  ModuleHoldings,
  ShadowRun,
} from "../../simulator/protocol.ts";
import { debugType } from "./configuration.ts";
import { dressed, duration, placed, rowOf } from "./places.ts";
import { Row, StateView } from "./state-view.ts";

const memoryRequest: MemoryRequest = "driverlab/memory";
/** More bytes of shadow than these are counted and not shown one by one. */
const CODES = 6;

/** An object of the heap, which VS Code's own memory view can show too. */
class ObjectRow extends Row {
  readonly memoryReference: string;

  constructor(id: string, memoryReference: string, children: readonly Row[]) {
    super(id, memoryReference, children, false);
    this.memoryReference = memoryReference;
    this.contextValue = "heapObject";
  }
}

export function createMemoryView(): vscode.Disposable {
  return vscode.Disposable.from(
    new StateView<MemoryState>({
      id: "driverlab.memory",
      request: memoryRequest,
      rows,
      empty: vscode.l10n.t("No driver has allocated anything yet: continue, or break in its probe or init function."),
    }),
    vscode.commands.registerCommand("driverlab.viewMemory", (row: unknown) => {
      if (row instanceof ObjectRow) return viewMemory(row.memoryReference);
    }),
  );
}

/** The command of VS Code's Variables view, which looks at nothing else of what it is given. */
async function viewMemory(memoryReference: string): Promise<void> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== debugType) return;
  const context = { sessionId: session.id, variable: { memoryReference } };
  await vscode.commands.executeCommand("workbench.debug.viewlet.action.viewMemory", context);
}

function rows({ sites, caches, modules, quarantine, quarantined }: MemoryState): Row[] {
  if (sites.length === 0 && modules.length === 0 && quarantined === 0) return [];
  const bytes = sites.reduce((sum, site) => sum + site.bytes, 0);
  const count = sites.reduce((sum, site) => sum + site.count, 0);
  const left = quarantined - quarantine.length;
  const more = left > 0 ? [rowOf("freed/more", vscode.l10n.t("and {0} freed before", left))] : [];
  return [
    ...modules.filter(({ isLoaded }) => !isLoaded).map(holdingsRow),
    rowOf("live", vscode.l10n.t("Live Allocations"), {
      description: sizeOf(count, bytes),
      children: sites.map(siteRow),
      isOpen: true,
    }),
    ...modules.filter(({ isLoaded }) => isLoaded).map(holdingsRow),
    rowOf("freed", vscode.l10n.t("Quarantine"), {
      description:
        quarantined === 1 ? vscode.l10n.t("1 freed object") : vscode.l10n.t("{0} freed objects", quarantined),
      tooltip: vscode.l10n.t("Freed memory is not used again for a while, so that KASAN sees who still uses it."),
      children: [...quarantine.map((object, index) => objectRow(`freed/${index}`, object)), ...more],
    }),
    rowOf("caches", vscode.l10n.t("Caches"), { description: String(caches.length), children: caches.map(cacheRow) }),
  ];
}

function sizeOf(count: number, bytes: number): string {
  return count === 1
    ? vscode.l10n.t("1 object, {0} bytes", bytes)
    : vscode.l10n.t("{0} objects, {1} bytes", count, bytes);
}

function siteRow({ fn, place, cache, flags, bytes, count, objects }: AllocationSite, index: number): Row {
  const id = `site/${index}`;
  const size = count === 1 ? vscode.l10n.t("{0} bytes", bytes) : sizeOf(count, bytes);
  const left = count - objects.length;
  const row = rowOf(id, `${fn}()`, {
    icon: "symbol-structure",
    description: `${size}, ${cache}`,
    tooltip: [`${fn}()`, cache, flags].filter(Boolean).join("\n"),
    children: [
      ...(flags === "" ? [] : [rowOf(`${id}/flags`, flags, { icon: "symbol-constant" })]),
      ...objects.map((object, at) => objectRow(`${id}/${at}`, object)),
      ...(left > 0 ? [rowOf(`${id}/more`, vscode.l10n.t("and {0} allocated before", left))] : []),
    ],
  });
  return placed(row, place);
}

function objectRow(id: string, object: HeapObjectState): Row {
  const { address, bytes, cache, task, ageNanos, allocatedAt, freedAt, shadow } = object;
  const isFreed = freedAt !== undefined;
  const age = duration(ageNanos);
  const description = isFreed
    ? vscode.l10n.t("{0} bytes of {1}, freed {2} ago by {3}", bytes, cache, age, task)
    : vscode.l10n.t("{0} bytes, allocated {1} ago by {2}", bytes, age, task);
  const places = isFreed
    ? [
        placed(rowOf(`${id}/allocated`, vscode.l10n.t("allocated"), { icon: "debug-stackframe-dot" }), allocatedAt),
        placed(rowOf(`${id}/freed`, vscode.l10n.t("freed"), { icon: "debug-stackframe-dot" }), freedAt),
      ]
    : [];
  const row = new ObjectRow(id, address, [...places, shadowRow(`${id}/shadow`, shadow)]);
  const icon = isFreed ? { icon: "trash" } : { icon: "symbol-object" };
  dressed(row, { ...icon, description });
  const { description: own } = row;
  placed(row, isFreed ? freedAt : allocatedAt);
  if (own !== undefined) row.description = own;
  return row;
}

function shadowRow(id: string, shadow: readonly ShadowRun[]): Row {
  const children = shadow.map((run, index) =>
    rowOf(`${id}/${index}`, codesOf(run), { description: `${run.address}  ${run.meaning}` }),
  );
  return rowOf(id, vscode.l10n.t("shadow"), {
    icon: "shield",
    description: shadow.map(codesOf).join(" "),
    children,
    isOpen: true,
  });
}

function codesOf({ code, count }: ShadowRun): string {
  return count > CODES ? `${code}×${count}` : Array.from({ length: count }, () => code).join(" ");
}

function holdingsRow({ module, isLoaded, holdings }: ModuleHoldings): Row {
  const id = `module/${module}`;
  const children = holdings.map(({ what, count, bytes, place }, index) => {
    const many = count > 1 ? vscode.l10n.t("{0} of them", count) : "";
    const size = bytes > 0 ? vscode.l10n.t("{0} bytes", bytes) : "";
    const description = [many, size].filter(Boolean).join(", ");
    return placed(rowOf(`${id}/${index}`, what, { icon: bytes > 0 ? "symbol-structure" : "plug", description }), place);
  });
  return isLoaded
    ? rowOf(id, vscode.l10n.t("To Be Released by {0}", module), {
        description: vscode.l10n.t("{0} leaks what is left of these when it is gone", module),
        children,
      })
    : rowOf(id, vscode.l10n.t("Leaked by {0}", module), {
        icon: "warning",
        colour: "list.warningForeground",
        description: vscode.l10n.t("{0} is gone, and these are still there", module),
        children,
        isOpen: true,
      });
}

function cacheRow({ name, objects, bytes, isKernels }: CacheTotal): Row {
  const total = sizeOf(objects, bytes);
  const description = isKernels ? vscode.l10n.t("{0}, the kernel's own", total) : total;
  return rowOf(`cache/${name}`, name, { icon: "database", description });
}
